// The table on a phone: a name, then what was chosen of its columns, each with its label.

import { page } from "../data/version.ts";
import { MISSING } from "../data/format.ts";
import { CellContent, SelectBox } from "./cell.tsx";
import { colourClass } from "./colours.ts";
import type { Column } from "./column.ts";
import type { GridProps } from "./grid.tsx";
import { rowsInSight } from "./geometry.ts";
import { lineName } from "./lines.ts";
import { chosenOf, type Table } from "./table.ts";
import { useSight } from "./use_sight.ts";

const HEIGHT = 64;
const SHOWN = 9;
const PARAMS = 2;
const RESULTS = 2;

/** Props of `List`. */
export interface ListProps {
  readonly table: Table;
  readonly run: GridProps["run"];
  readonly empty: string;
}

/** Runs as a list of two lines each. */
export function List({ table, run, empty }: ListProps) {
  const [place, sight, look] = useSight();
  const { lines } = table.arranged;
  const { first, end } = rowsInSight(lines.length, HEIGHT, sight.top, sight.height);
  const columns = few(table);
  const places = Array.from({ length: end - first }, (_, i) => first + i);
  if (lines.length === 0) return <p class="note">{empty}</p>;
  return (
    <div
      class="list-runs"
      ref={place}
      onScroll={look}
      tabIndex={0}
      role="region"
      aria-label="List of runs"
      style={{ maxHeight: `${SHOWN * HEIGHT}px` }}
    >
      <ul role="list" style={{ height: `${lines.length * HEIGHT}px` }}>
        {places.map((at) => (
          <Item key={at} at={at} table={table} columns={columns} run={run} />
        ))}
      </ul>
    </div>
  );
}

interface ItemProps {
  readonly at: number;
  readonly table: Table;
  readonly columns: readonly Column[];
  readonly run: GridProps["run"];
}

function Item({ at, table, columns, run }: ItemProps) {
  const { arranged, facts, open } = table;
  const line = arranged.lines[at] ?? 0;
  const name = lineName(line, arranged, facts);
  const chosen = chosenOf(line, table);
  const isShown = line >= 0 && (table.selected.size === 0 || chosen !== "none");
  const colour = isShown ? colourClass(table.colours.get(line)) : undefined;
  const where = { row: at, column: 0 };
  return (
    <li
      aria-setsize={arranged.lines.length}
      aria-posinset={at + 1}
      class={colour && `sel ${colour}`}
      style={{ transform: `translateY(${at * HEIGHT}px)`, height: `${HEIGHT}px` }}
    >
      <span class="name">
        <SelectBox name={name} chosen={chosen} onChange={() => run({ is: "select", range: false }, where)} />
        {line >= 0 ? (
          <a class="q mono" href={page(facts.runs.url(line))}>
            {name}
          </a>
        ) : (
          <button type="button" class="opener" aria-expanded={open.has(-1 - line)} onClick={() => run({ is: "open" }, where)}>
            {name}
          </button>
        )}
      </span>
      <span class="facts">
        {columns.map((column) => {
          const cell = table.cells(line, column);
          // A phone has room for what is there and is worth a word.
          if (cell.text === MISSING || cell.status === "finished") return null;
          return (
            <span key={column.id}>
              {!cell.status && <span class="dim">{column.head}&#160;</span>}
              <CellContent cell={cell} />
            </span>
          );
        })}
      </span>
    </li>
  );
}

/** The first results, the status where it is worth a word, and the first params. */
function few({ columns }: Table): Column[] {
  const results = columns.filter((column) => column.result).slice(0, RESULTS);
  const params = columns.filter((column) => column.ref.space === "params").slice(0, PARAMS);
  const status = columns.filter((column) => column.id === "r:status");
  return [...status, ...results, ...params];
}
