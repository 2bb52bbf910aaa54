// Which columns there are and in which order: a list to check, search, drag and move by keys.

import { useMemo, useRef, useState } from "preact/hooks";

import { plural } from "../data/format.ts";
import { freeze } from "./actions.ts";
import { offered } from "./catalog.ts";
import { titleOf } from "./column.ts";
import { spellRef, type Ref } from "./spelling.ts";
import type { State } from "./state.ts";
import type { Table } from "./table.ts";
import type { SetState } from "./use_table.ts";

const MOST = 80;
const SPACES: Readonly<Record<Ref["space"], string>> = {
  run: "of the run",
  params: "param",
  metrics: "metric",
  summary: "summary",
  tags: "tag",
};

/** Props of `ColumnsPanel`. */
export interface ColumnsProps {
  readonly table: Table;
  readonly state: State;
  readonly set: SetState;
  readonly compact: boolean;
  readonly setCompact: (compact: boolean) => void;
}

interface Item {
  readonly id: string;
  readonly title: string;
  readonly about: string;
}

/** The picker of columns. */
export function ColumnsPanel({ table, state, set, compact, setCompact }: ColumnsProps) {
  const [wanted, want] = useState("");
  const shown = table.columns.map((column) => column.id);
  const all = useMemo(() => offered(table.facts.runs).map(itemOf), [table.facts]);
  const byId = new Map(all.map((item) => [item.id, item]));
  const words = wanted.toLowerCase().split(/\s+/).filter(Boolean);
  const fits = ({ title, about }: Item): boolean =>
    words.every((word) => `${title} ${about}`.toLowerCase().includes(word));
  const rest = all.filter((item) => !shown.includes(item.id) && fits(item));
  const put = (ids: readonly string[], frozen = state.frozen): void =>
    set({ columns: ids, frozen: Math.min(frozen, ids.length) });
  const drag = useDrag(shown, put);
  const move = (id: string, by: number): void => {
    const ids = shown.filter((one) => one !== id);
    ids.splice(Math.max(0, shown.indexOf(id) + by), 0, id);
    put(ids);
  };
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
        {table.columns.map((column, i) => {
          const item = byId.get(column.id) ?? itemOf(column.ref);
          if (!fits(item)) return null;
          const frozen = i < state.frozen;
          return (
            <li key={column.id} draggable {...drag(column.id)}>
              <Check item={item} on put={() => put(shown.filter((id) => id !== column.id), frozen ? state.frozen - 1 : state.frozen)} />
              <button type="button" disabled={i === 0} aria-label={`${item.title}: earlier`} onClick={() => move(column.id, -1)}>
                earlier
              </button>
              <button type="button" disabled={i === shown.length - 1} aria-label={`${item.title}: later`} onClick={() => move(column.id, 1)}>
                later
              </button>
              <button
                type="button"
                aria-pressed={frozen}
                aria-label={`${item.title}: keep in sight`}
                onClick={() => set(freeze(table, state, column.id))}
              >
                {frozen ? "kept in sight" : "keep in sight"}
              </button>
            </li>
          );
        })}
        {rest.slice(0, MOST).map((item) => (
          <li key={item.id}>
            <Check item={item} on={false} put={() => put([...shown, item.id])} />
          </li>
        ))}
      </ul>
      {rest.length > MOST && (
        <p class="note">{plural(rest.length - MOST, "more column")}: find them by a part of their name.</p>
      )}
    </>
  );
}

function Check({ item, on, put }: { item: Item; on: boolean; put: () => void }) {
  return (
    <label>
      <input type="checkbox" checked={on} onChange={put} />{" "}
      <span class="name">{item.title}</span> <span class="dim">{item.about}</span>
    </label>
  );
}

function itemOf(ref: Ref): Item {
  return { id: spellRef(ref), title: titleOf(ref), about: SPACES[ref.space] };
}

/** Drag an item onto another to stand before it. */
function useDrag(ids: readonly string[], put: (ids: readonly string[]) => void) {
  const dragged = useRef<string | undefined>(undefined);
  return (id: string) => ({
    onDragStart: (event: DragEvent) => {
      dragged.current = id;
      event.dataTransfer?.setData("text/plain", id);
    },
    onDragOver: (event: DragEvent) => {
      if (dragged.current !== undefined) event.preventDefault();
    },
    onDrop: (event: DragEvent) => {
      event.preventDefault();
      const from = dragged.current;
      dragged.current = undefined;
      if (from === undefined || from === id) return;
      const next = ids.filter((one) => one !== from);
      const later = ids.indexOf(from) < ids.indexOf(id);
      next.splice(next.indexOf(id) + Number(later), 0, from);
      put(next);
    },
  });
}
