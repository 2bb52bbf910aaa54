// What a key asks of the table. Row -1 is the head.

import { askedBy, type Keys, type Pressed } from "../page/keys.ts";

/** A cell. */
export interface Place {
  readonly row: number;
  readonly column: number;
}

/** Numbers of rows and columns, and of the rows that are in sight at once. */
export interface Size {
  readonly rows: number;
  readonly columns: number;
  readonly page: number;
}

export type Command =
  | { readonly is: "move"; readonly to: Place }
  | { readonly is: "open" }
  | { readonly is: "select"; readonly range: boolean }
  | { readonly is: "sort"; readonly more: boolean }
  | { readonly is: "resize"; readonly by: number }
  | { readonly is: "shift"; readonly by: number }
  | { readonly is: "only" }
  | { readonly is: "without" };

type Act = (at: Place, size: Size) => Command;

/** By how many pixels a key makes a column wider. */
export const STEP = 16;
const sort = (more: boolean): Command => ({ is: "sort", more });
const go =
  (row: (at: Place, size: Size) => number, column: (at: Place, size: Size) => number): Act =>
  (at, size) => ({
    is: "move",
    to: {
      row: Math.max(-1, Math.min(size.rows - 1, row(at, size))),
      column: Math.max(0, Math.min(size.columns - 1, column(at, size))),
    },
  });
const row = ({ row }: Place): number => row;
const column = ({ column }: Place): number => column;
const first = (): number => 0;
const last = (): number => Number.POSITIVE_INFINITY;

/** The keys of a table. */
export const TABLE_KEYS: readonly Keys<Act>[] = [
  {
    does: "from cell to cell; the head is above the first row",
    acts: {
      ArrowUp: go((at) => at.row - 1, column),
      ArrowDown: go((at) => at.row + 1, column),
      ArrowLeft: go(row, (at) => at.column - 1),
      ArrowRight: go(row, (at) => at.column + 1),
    },
  },
  { does: "to the first column, to the last", acts: { Home: go(row, first), End: go(row, last) } },
  { does: "to the first row, to the last", acts: { "Ctrl+Home": go(first, first), "Ctrl+End": go(last, last) } },
  {
    does: "a page of rows up, down",
    acts: {
      // A page up ends at the first row; the head is one more step.
      PageUp: go((at, { page }) => (at.row <= 0 ? -1 : Math.max(0, at.row - page)), column),
      PageDown: go((at, { page }) => at.row + page, column),
    },
  },
  {
    does: "open the run, or the group; in a head, sort by it",
    acts: { Enter: ({ row }) => (row < 0 ? sort(false) : { is: "open" }) },
  },
  {
    does: "select the row; with Shift all from the last one on; in a head, sort by it",
    acts: {
      " ": ({ row }) => (row < 0 ? sort(false) : { is: "select", range: false }),
      "Shift+ ": ({ row }) => (row < 0 ? sort(true) : { is: "select", range: true }),
    },
  },
  { does: "sort by the column", acts: { s: () => sort(false) } },
  {
    does: "sort by the column behind those that sort already",
    acts: { "Shift+s": () => sort(true), "Shift+Enter": ({ row }) => (row < 0 ? sort(true) : { is: "open" }) },
  },
  { does: "keep only the runs with the value of the cell", acts: { "=": () => ({ is: "only" }) } },
  { does: "leave out the runs with the value of the cell", acts: { "!": () => ({ is: "without" }) } },
  {
    does: "move the column",
    acts: { "Shift+ArrowLeft": () => ({ is: "shift", by: -1 }), "Shift+ArrowRight": () => ({ is: "shift", by: 1 }) },
  },
  {
    does: "make the column wider, narrower",
    acts: { "+": () => ({ is: "resize", by: STEP }), "-": () => ({ is: "resize", by: -STEP }) },
  },
];

/** Say what a key asks; undefined for keys that are not the table's. */
export function command(pressed: Pressed, at: Place, size: Size): Command | undefined {
  return askedBy(pressed, TABLE_KEYS)?.(at, size);
}
