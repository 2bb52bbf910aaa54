// Runs that are equal in some columns, as groups, and what the values of a group come to.

import { at, type Col } from "../data/columns.ts";
import { average, deviation } from "../stats/difference.ts";

/** Rows in groups. */
export interface Groups {
  readonly n: number;
  /** For each run its group; -1 for those that are in none. */
  readonly of: Int32Array;
  /** Group g has `members[starts[g]]` to `members[starts[g + 1]]`, in the order of the rows. */
  readonly starts: Uint32Array;
  readonly members: Uint32Array;
}

/** Statistics of one column, a value for each group. */
export interface Statistics {
  /** Finite values of runs that count. */
  readonly n: Float64Array;
  /** NaN where n is 0. */
  readonly mean: Float64Array;
  /** Sample standard deviation, n - 1; NaN below two values. */
  readonly sd: Float64Array;
  readonly min: Float64Array;
  readonly max: Float64Array;
  /** Runs that count but have no such value. */
  readonly missing: Float64Array;
  /** Runs that count and whose value is not finite. */
  readonly nonfinite: Float64Array;
}

/**
 * Group rows.
 *
 * @param rows In the order in which members are to stand.
 * @param columns Rows of one group are equal in each; to have no value is to be equal in that.
 * @returns Groups in natural order of their values, column by column, missing ones last.
 */
export function groupRows(rows: Uint32Array, columns: readonly Col[], size: number): Groups {
  const of = new Int32Array(size).fill(-1);
  for (const row of rows) of[row] = 0;
  let n = rows.length > 0 ? 1 : 0;
  for (const column of columns) {
    const { codes, n: many } = ranks(column, rows);
    // A pair of group and code is a new group; ascending pairs keep the order.
    const pairs = new Map<number, number>();
    for (const row of rows) pairs.set((of[row] ?? 0) * many + (codes[row] ?? 0), 0);
    [...pairs.keys()].sort((a, b) => a - b).forEach((pair, g) => pairs.set(pair, g));
    for (const row of rows) of[row] = pairs.get((of[row] ?? 0) * many + (codes[row] ?? 0)) ?? 0;
    n = pairs.size;
  }
  const starts = new Uint32Array(n + 1);
  for (const row of rows) starts[(of[row] ?? 0) + 1] = (starts[(of[row] ?? 0) + 1] ?? 0) + 1;
  for (let g = 0; g < n; g++) starts[g + 1] = (starts[g + 1] ?? 0) + (starts[g] ?? 0);
  const next = starts.slice();
  const members = new Uint32Array(rows.length);
  for (const row of rows) {
    const g = of[row] ?? 0;
    members[next[g] ?? 0] = row;
    next[g] = (next[g] ?? 0) + 1;
  }
  return { n, of, starts, members };
}

/** Give the members of a group. */
export function membersOf(groups: Groups, group: number): Uint32Array {
  return groups.members.subarray(groups.starts[group], groups.starts[group + 1]);
}

/** Number the distinct values of a column in their order; what is missing has the last number. */
function ranks(column: Col, rows: Uint32Array): { codes: Int32Array; n: number } {
  if (column.kind === "words") {
    const n = column.words.length;
    return { codes: column.codes.map((code) => (code < 0 ? n : code)), n: n + 1 };
  }
  const { values, nan } = column;
  const distinct = new Map<number, number>();
  for (const row of rows) {
    const value = values[row] ?? Number.NaN;
    if (!Number.isNaN(value)) distinct.set(value, 0);
  }
  const n = distinct.size;
  [...distinct.keys()].sort((a, b) => a - b).forEach((value, rank) => distinct.set(value, rank));
  const codes = new Int32Array(values.length);
  // A NaN that was written is a value, and stands behind the numbers.
  for (const row of rows) codes[row] = distinct.get(values[row] ?? 0) ?? (nan.has(row) ? n : n + 1);
  return { codes, n: n + 2 };
}

/**
 * Choose the runs of each group that a mean is over: those that ended well, and open ones only
 * where none did.
 *
 * @param ended Runs that finished or were stopped.
 * @param open Runs without an end.
 */
export function counting(groups: Groups, ended: Uint8Array, open: Uint8Array): Uint8Array {
  const some = new Uint8Array(groups.n);
  for (const row of groups.members) {
    if (ended[row] === 1) some[groups.of[row] ?? 0] = 1;
  }
  const counts = new Uint8Array(groups.of.length);
  for (const row of groups.members) {
    counts[row] = some[groups.of[row] ?? 0] === 1 ? (ended[row] ?? 0) : (open[row] ?? 0);
  }
  return counts;
}

/**
 * Sum up a column over groups.
 *
 * @param counts The runs that take part.
 */
export function statistics(
  groups: Groups,
  column: Col,
  counts: Uint8Array,
): Statistics {
  const fill = (value: number): Float64Array => new Float64Array(groups.n).fill(value);
  const [n, mean, sd, missing, nonfinite] = [fill(0), fill(0), fill(0), fill(0), fill(0)];
  const [min, max] = [fill(Number.NaN), fill(Number.NaN)];
  for (let g = 0; g < groups.n; g++) {
    const own: number[] = [];
    for (const row of membersOf(groups, g)) {
      if (counts[row] !== 1) continue;
      const value = at(column, row);
      if (typeof value === "number" && Number.isFinite(value)) own.push(value);
      else if (value === undefined && !isNaN(column, row)) missing[g] = (missing[g] ?? 0) + 1;
      else nonfinite[g] = (nonfinite[g] ?? 0) + 1;
    }
    n[g] = own.length;
    mean[g] = own.length > 0 ? average(own) : Number.NaN;
    sd[g] = own.length > 1 ? deviation(own) : Number.NaN;
    for (const value of own) {
      if (!((min[g] ?? 0) <= value)) min[g] = value;
      if (!((max[g] ?? 0) >= value)) max[g] = value;
    }
  }
  return { n, mean, sd, min, max, missing, nonfinite };
}

function isNaN(column: Col, run: number): boolean {
  return column.kind === "numbers" && column.nan.has(run);
}
