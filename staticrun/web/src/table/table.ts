// A table as it is shown: rows, columns, cells and what the reader did with them.

import type { Arranged } from "./arrange.ts";
import type { Cells } from "./cells.ts";
import type { Column } from "./column.ts";
import type { Facts } from "./facts.ts";
import { runsOfLine } from "./lines.ts";
import type { Order } from "./state.ts";
import type { Measured } from "./widths.ts";

export interface Table {
  readonly facts: Facts;
  readonly arranged: Arranged;
  /** After the name's. */
  readonly columns: readonly Column[];
  readonly cells: Cells;
  readonly order: readonly Order[];
  readonly selected: ReadonlySet<number>;
  readonly baseline: ReadonlySet<number>;
  /** Run → colour 1 to 10, of those that have one. */
  readonly colours: ReadonlyMap<number, number>;
  /** Widths that columns want, the name's first; what stands behind their numbers. */
  readonly measured: Measured;
  /** Groups whose members are shown. */
  readonly open: ReadonlySet<number>;
}

export type Chosen = "all" | "some" | "none";

/** How many of a line's runs are selected. */
export function chosenOf(line: number, { arranged, selected }: Table): Chosen {
  const runs = runsOfLine(line, arranged);
  let n = 0;
  for (let i = 0; i < runs.length; i++) n += Number(selected.has(runs[i] ?? -1));
  return n === 0 ? "none" : n === runs.length ? "all" : "some";
}

/** The id of the column at a place of the grid, where the name's is the first. */
export function columnId(place: number, { columns }: Table): string {
  return place === 0 ? "r:name" : (columns[place - 1]?.id ?? "r:name");
}

/** How a column is ordered, for `aria-sort`; undefined where others decide first. */
export function sortOf(id: string, { order }: Table): "ascending" | "descending" | undefined {
  const [first] = order;
  if (first?.column !== id) return undefined;
  return first.down ? "descending" : "ascending";
}

/**
 * Order by a column: once more in the other direction, a third time no longer.
 *
 * @param more Whether it comes behind the columns that order already.
 */
export function nextOrder(order: readonly Order[], id: string, better: boolean, more: boolean): Order[] {
  const now = order.find((one) => one.column === id);
  const next: Order | undefined =
    now === undefined
      ? { column: id, down: better }
      : now.down === better
        ? { column: id, down: !better }
        : undefined;
  const changed = next === undefined ? [] : [next];
  if (!more) return changed;
  if (now === undefined) return [...order, ...changed];
  return order.flatMap((one) => (one === now ? changed : [one]));
}
