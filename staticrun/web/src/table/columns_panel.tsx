// Which columns there are and in which order: those that are shown, to move by keys or by dragging,
// and below them all that can be, in groups.

import { useMemo, useState } from "preact/hooks";

import { freeze, shift, withColumns } from "./actions.ts";
import { offered } from "./catalog.ts";
import { ColumnGroup, grouped } from "./column_groups.tsx";
import type { State } from "./state.ts";
import type { Table } from "./table.ts";
import { useDrag } from "./use_drag.ts";
import type { SetState } from "./use_table.ts";

/** Columns up to which all groups are open. */
const FEW = 40;

/** Props of `ColumnsPanel`. */
export interface ColumnsProps {
  readonly table: Table;
  readonly state: State;
  readonly set: SetState;
  readonly compact: boolean;
  readonly setCompact: (compact: boolean) => void;
}

/** The picker of columns. */
export function ColumnsPanel({ table, state, set, compact, setCompact }: ColumnsProps) {
  const [wanted, want] = useState("");
  const shown = table.columns.map(({ id }) => id);
  const refs = useMemo(() => offered(table.facts.runs), [table.facts]);
  const groups = useMemo(() => grouped(refs), [refs]);
  const words = wanted.toLowerCase().split(/\s+/).filter(Boolean);
  const fits = (text: string): boolean => words.every((word) => text.toLowerCase().includes(word));
  const found = groups
    .map(({ name, items }) => ({ name, items: items.filter(({ title }) => fits(`${name} ${title}`)) }))
    .filter(({ items }) => items.length > 0);
  const put = (ids: readonly string[]): void => set(withColumns(table, state, ids));
  const drag = useDrag(shown, put);
  return (
    <>
      <div class="bar">
        <label>
          Find <input type="search" value={wanted} onInput={(event) => want(event.currentTarget.value)} />
        </label>
        <button type="button" onClick={() => set({ columns: undefined, frozen: 0, widths: new Map() })}>
          As the page has them
        </button>
        <label>
          <input type="checkbox" checked={compact} onChange={(event) => setCompact(event.currentTarget.checked)} />{" "}
          Close rows
        </label>
      </div>
      <ul class="columns" aria-label="Columns, in order">
        {table.columns.map(({ id, title, under }, i) => {
          const frozen = i < state.frozen;
          if (!fits(title)) return null;
          return (
            <li key={id} {...drag(id)}>
              <span class="name">
                {title} <span class="dim">{under}</span>
              </span>
              <button type="button" aria-disabled={i === 0} aria-label={`${title}: earlier`} onClick={() => set(shift(table, state, i + 1, -1))}>
                earlier
              </button>
              <button
                type="button"
                aria-disabled={i === shown.length - 1}
                aria-label={`${title}: later`}
                onClick={() => set(shift(table, state, i + 1, 1))}
              >
                later
              </button>
              <button
                type="button"
                aria-pressed={frozen}
                aria-label={`${title}: keep in sight`}
                onClick={() => set(freeze(table, state, id))}
              >
                {frozen ? "kept in sight" : "keep in sight"}
              </button>
              <button type="button" aria-label={`${title}: hide`} onClick={() => put(shown.filter((one) => one !== id))}>
                hide
              </button>
            </li>
          );
        })}
      </ul>
      {found.map((group) => (
        <ColumnGroup
          key={group.name}
          group={group}
          shown={shown}
          open={words.length > 0 || refs.length <= FEW}
          toggle={(ids, on) => put([...shown.filter((id) => on || !ids.includes(id)), ...(on ? ids.filter((id) => !shown.includes(id)) : [])])}
        />
      ))}
      {found.length === 0 && <p class="note">No column has all of these words in its name.</p>}
    </>
  );
}
