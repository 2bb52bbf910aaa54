// The values of a column, and how many runs have each: one click keeps them or leaves them out.

import { plural } from "../data/format.ts";
import { fieldOf, narrow, test } from "./actions.ts";
import { textOf } from "./cells.ts";
import type { Column } from "./column.ts";
import type { State } from "./state.ts";
import type { Table } from "./table.ts";
import type { SetState } from "./use_table.ts";
import { counted } from "./vocabulary.ts";

const MOST = 60;

/** Props of `ValuesPanel`. */
export interface ValuesProps {
  readonly table: Table;
  readonly column: Column;
  readonly state: State;
  readonly set: SetState;
}

/** The facets of a column, over the rows that are shown. */
export function ValuesPanel({ table, column, state, set }: ValuesProps) {
  const name = fieldOf(column) ?? "";
  const counts = counted(column.column, table.arranged.rows);
  const add = (value: unknown, equal: boolean): void =>
    set({ filter: narrow(state.filter, test(name, value, equal)) });
  return (
    <>
      <p class="note">
        {column.title}: {plural(counts.length, "value")} in the runs that are shown
        {counts.length > MOST && `, the ${MOST} most frequent ones`}.
      </p>
      <ul class="values">
        {counts.slice(0, MOST).map(([value, n]) => {
          const text = textOf(value, column, table.facts);
          return (
            <li key={text}>
              <span class="value">{text}</span> <span class="dim">{n}</span>
              <button type="button" aria-label={`Only ${text}`} onClick={() => add(value, true)}>
                only
              </button>
              <button type="button" aria-label={`Without ${text}`} onClick={() => add(value, false)}>
                without
              </button>
            </li>
          );
        })}
      </ul>
    </>
  );
}
