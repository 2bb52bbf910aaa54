// Filters over columns: a table that has many runs is asked for columns, and for single runs only
// where it has no column.

import { check, compiled, getter, type Fields } from "./filter.ts";
import type { Expression, Field, Test } from "./tree.ts";

/** Values that occur, and for each run the place of its own; -1 for none. */
export interface Words {
  readonly words: readonly unknown[];
  readonly codes: Int32Array;
}

/** Runs as columns. A field that is neither `numbers` nor `words` is looked up run by run. */
export interface Table {
  /** How many runs. */
  readonly n: number;
  /** n numbers; NaN where a run has none, or where it is NaN. */
  numbers(field: Field): Float64Array | undefined;
  /** n codes; of a field of datasets, words are lists. */
  words(field: Field): Words | undefined;
  /** Give the fields of a run. It is asked for one run at a time, and may be one object. */
  row(run: number): Fields;
}

/** Give the places of the runs that pass a filter, ascending. */
export function select(expression: Expression, table: Table): Uint32Array {
  const holds = compiled<number>(expression, (test) => leaf(test, table));
  const found = new Uint32Array(table.n);
  let n = 0;
  for (let run = 0; run < table.n; run++) {
    if (holds(run)) found[n++] = run;
  }
  return found.slice(0, n);
}

function leaf(test: Test, table: Table): (run: number) => boolean {
  const holds = check(test);
  const get = getter(test.field);
  const one = (run: number): boolean => holds(get(table.row(run)));
  const values = table.numbers(test.field);
  if (values !== undefined) {
    // A column of numbers does not say whether a value is missing or NaN.
    if (test.is !== "exists") return (run) => holds(values[run]);
    return (run) => (Number.isNaN(values[run]) ? one(run) : !test.negated);
  }
  const column = table.words(test.field);
  if (column === undefined) return one;
  const { codes } = column;
  const known = column.words.map(holds);
  const missing = holds(undefined);
  return (run) => known[codes[run] ?? -1] ?? missing;
}
