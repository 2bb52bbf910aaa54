// The values of a column, and how many runs have each: one click keeps them or leaves them out.

import { at } from "../data/columns.ts";
import { plural } from "../data/format.ts";
import { fieldOf, narrow, test } from "./actions.ts";
import { textOf } from "./cells.ts";
import type { Column } from "./column.ts";
import type { State } from "./state.ts";
import type { Table } from "./table.ts";
import type { SetState } from "./use_table.ts";

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
  const counts = count(table, column);
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

function count({ arranged }: Table, { column }: Column): [unknown, number][] {
  const counts = new Map<unknown, number>();
  for (const run of arranged.rows) {
    const value = at(column, run);
    if (value !== undefined && typeof value !== "object") counts.set(value, (counts.get(value) ?? 0) + 1);
  }
  return [...counts].sort((a, b) => b[1] - a[1]);
}
