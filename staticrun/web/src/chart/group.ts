// What several runs did on average, at each step or in each bucket: a run has one vote, however
// often it logged, and a number depends on these runs and this place alone.

import { places, type Buckets, type Points, type Rows } from "../data/buckets.ts";
import { CONFIDENCE } from "../stats/difference.ts";
import { quantile } from "../stats/student.ts";

/** What a band shows. */
export type Band = "range" | "std" | "sem" | "ci" | "none";

/** Statistics over runs, a value for each place that one of them has. */
export interface Group {
  /** log2 of the buckets' width; null for steps. */
  readonly width: number | null;
  /** Steps, or numbers of buckets, ascending. */
  readonly at: Float64Array;
  /** Runs with a finite value. */
  readonly n: Float64Array;
  /** Mean over the runs of what each has: its value, or its mean in the bucket; NaN where n is 0. */
  readonly mean: Float64Array;
  /** Sample standard deviation of the same, n - 1; NaN below two runs. */
  readonly std: Float64Array;
  /** Lowest and highest logged value, or mean over writers. */
  readonly min: Float64Array;
  readonly max: Float64Array;
  /** Mean of another column of the runs, as `others` gives it; NaN where unknown. */
  readonly other: Float64Array;
}

/**
 * Sum up runs whose rows are all points, or all buckets of one width.
 *
 * @param others A column beside the rows of each run, such as its times; or none.
 */
export function group(members: readonly Rows[], others?: readonly Float64Array[]): Group {
  const at = union(members.map(places));
  const slots = members.map((rows) => slotsOf(places(rows), at));
  const fill = (): Float64Array => new Float64Array(at.length);
  const [n, mean, std, other] = [fill(), fill(), fill(), fill()];
  const [min, max] = [fill().fill(Number.NaN), fill().fill(Number.NaN)];
  const known = fill();
  const values = members.map(center);
  members.forEach((rows, m) => {
    const [low, high] = edges(rows);
    (slots[m] ?? []).forEach((slot, i) => {
      const value = values[m]?.[i] ?? Number.NaN;
      if (Number.isFinite(value)) {
        const count = (n[slot] = (n[slot] ?? 0) + 1);
        // Step by step, since the sum of huge values leaves float64.
        const before = mean[slot] ?? 0;
        mean[slot] = before + (value / count - before / count);
      }
      if (!((min[slot] ?? 0) <= (low[i] ?? Number.NaN)) && Number.isFinite(low[i]))
        min[slot] = low[i] ?? 0;
      if (!((max[slot] ?? 0) >= (high[i] ?? Number.NaN)) && Number.isFinite(high[i]))
        max[slot] = high[i] ?? 0;
      const beside = others?.[m]?.[i];
      if (beside !== undefined && Number.isFinite(beside)) {
        const count = (known[slot] = (known[slot] ?? 0) + 1);
        other[slot] = (other[slot] ?? 0) + (beside - (other[slot] ?? 0)) / count;
      }
    });
  });
  members.forEach((_, m) => {
    (slots[m] ?? []).forEach((slot, i) => {
      const value = values[m]?.[i] ?? Number.NaN;
      if (Number.isFinite(value)) std[slot] = (std[slot] ?? 0) + (value - (mean[slot] ?? 0)) ** 2;
    });
  });
  at.forEach((_, slot) => {
    const count = n[slot] ?? 0;
    std[slot] = count > 1 ? Math.sqrt((std[slot] ?? 0) / (count - 1)) : Number.NaN;
    if (count === 0) mean[slot] = Number.NaN;
    if (known[slot] === 0) other[slot] = Number.NaN;
  });
  return {
    width: members[0]?.kind === "buckets" ? members[0].width : null,
    at,
    n,
    mean,
    std,
    min,
    max,
    other,
  };
}

/** What a run has at each of its rows: the value, or the mean of the bucket's finite values. */
export function center(rows: Rows): Float64Array {
  if (rows.kind === "points") return rows.value;
  return rows.sum.map((sum, i) => {
    const n = rows.n[i] ?? 0;
    if (n === 0) return Number.NaN;
    // A mean of equal numbers may round past them.
    return Math.min(Math.max(sum / n, rows.min[i] ?? sum), rows.max[i] ?? sum);
  });
}

/** The lowest and the highest value of each row. */
export function edges(rows: Points | Buckets): readonly [Float64Array, Float64Array] {
  if (rows.kind === "buckets") return [rows.min, rows.max];
  return rows.low.length > 0 ? [rows.low, rows.high] : [rows.value, rows.value];
}

/** The edges of a group's band; NaN where there is none. */
export function band(of: Group, kind: Band): readonly [Float64Array, Float64Array] {
  if (kind === "range") return [of.min, of.max];
  const half = of.std.map((std, i) => {
    const n = of.n[i] ?? 0;
    if (kind === "none" || n < 2) return Number.NaN;
    if (kind === "std") return std;
    const error = std / Math.sqrt(n);
    return kind === "sem" ? error : error * studentT(n - 1);
  });
  return [
    of.mean.map((mean, i) => mean - (half[i] ?? 0)),
    of.mean.map((mean, i) => mean + (half[i] ?? 0)),
  ];
}

const quantiles = new Map<number, number>();

function studentT(df: number): number {
  const known = quantiles.get(df) ?? quantile(df, CONFIDENCE);
  quantiles.set(df, known);
  return known;
}

/** All values of ascending columns, each once. */
export function union(columns: readonly Float64Array[]): Float64Array {
  const [first] = columns;
  if (first === undefined) return new Float64Array(0);
  if (columns.every((column) => same(column, first))) return first;
  const all = new Float64Array(columns.reduce((sum, column) => sum + column.length, 0));
  let end = 0;
  for (const column of columns) {
    all.set(column, end);
    end += column.length;
  }
  all.sort();
  return all.filter((value, i) => i === 0 || value !== all[i - 1]);
}

function same(a: Float64Array, b: Float64Array): boolean {
  return a === b || (a.length === b.length && a.every((value, i) => value === b[i]));
}

/** For each value of a column its place in `all`; both ascend. */
function slotsOf(column: Float64Array, all: Float64Array): Uint32Array {
  let slot = 0;
  return Uint32Array.from(column, (value) => {
    while ((all[slot] ?? value) < value) slot++;
    return slot;
  });
}
