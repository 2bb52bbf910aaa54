// Means, intervals and differences over the few runs of a group: what staticrun/analysis/statistics.py
// says of declared comparisons, for those that a reader chooses. Non-finite values are left out and
// counted; where a number cannot be known, `reason` says why and no interval is invented.

import { quantile, twoSided } from "./student.ts";

export const CONFIDENCE = 0.95;

export interface Interval {
  readonly n: number;
  readonly mean?: number;
  readonly std?: number;
  readonly low?: number;
  readonly high?: number;
  readonly leftOut: number;
  readonly reason: string;
}

export interface Difference {
  /** Mean of `a` less mean of `b`. */
  readonly delta?: number;
  readonly low?: number;
  readonly high?: number;
  /** Two-sided, of the hypothesis that the means are equal. */
  readonly p?: number;
  readonly df?: number;
  readonly nA: number;
  readonly nB: number;
  readonly leftOut: number;
  readonly reason: string;
}

/** The mean of values with its Student-t interval. */
export function meanInterval(values: readonly number[]): Interval {
  const finite = values.filter(Number.isFinite);
  const n = finite.length;
  const leftOut = values.length - n;
  if (n === 0) return { n, leftOut, reason: "no finite value" };
  const mean = average(finite);
  if (n === 1) return { n, mean, leftOut, reason: "one value has no interval" };
  if (isConstant(finite)) {
    return { n, mean, std: 0, leftOut, reason: `all ${n} values are equal` };
  }
  const std = deviation(finite);
  const half = (quantile(n - 1, CONFIDENCE) * std) / Math.sqrt(n);
  const [low, high] = [mean - half, mean + half];
  if (!Number.isFinite(low) || !Number.isFinite(high)) {
    return { n, mean, leftOut, reason: "the spread is beyond the numbers of this machine" };
  }
  return { n, mean, std, low, high, leftOut, reason: "" };
}

/**
 * Welch's t test: `a` less `b`, variances not assumed equal.
 *
 * Source: B. L. Welch, Biometrika 34 (1947), with Satterthwaite's degrees of freedom.
 */
export function welch(a: readonly number[], b: readonly number[]): Difference {
  const [x, y] = [a.filter(Number.isFinite), b.filter(Number.isFinite)];
  const counts = { nA: x.length, nB: y.length, leftOut: a.length + b.length - x.length - y.length };
  if (x.length === 0 || y.length === 0) {
    return { ...counts, reason: "one side has no finite value" };
  }
  const delta = average(x) - average(y);
  if (x.length < 2 || y.length < 2) {
    return { ...counts, delta, reason: "one side has a single value" };
  }
  const partX = isConstant(x) ? 0 : deviation(x) / Math.sqrt(x.length);
  const partY = isConstant(y) ? 0 : deviation(y) / Math.sqrt(y.length);
  if (partX === 0 && partY === 0) return { ...counts, delta, reason: "neither side varies" };
  const error = Math.hypot(partX, partY);
  const [shareX, shareY] = [(partX / error) ** 2, (partY / error) ** 2];
  const df = 1 / (shareX ** 2 / (x.length - 1) + shareY ** 2 / (y.length - 1));
  const half = quantile(df, CONFIDENCE) * error;
  const [low, high] = [delta - half, delta + half];
  if (!Number.isFinite(low) || !Number.isFinite(high)) {
    return { ...counts, delta, reason: "the spread is beyond the numbers of this machine" };
  }
  return { ...counts, delta, low, high, p: twoSided(delta / error, df), df, reason: "" };
}

/**
 * Hedges' g: the difference of means in pooled standard deviations, corrected for small samples;
 * undefined where there is no spread or a side has one value.
 *
 * Source: L. V. Hedges, J. Educational Statistics 6 (1981), with the usual 1 - 3 / (4 df - 1).
 */
export function effectSize(a: readonly number[], b: readonly number[]): number | undefined {
  const [x, y] = [a.filter(Number.isFinite), b.filter(Number.isFinite)];
  if (x.length < 2 || y.length < 2) return undefined;
  const df = x.length + y.length - 2;
  const pooled = Math.sqrt(
    ((x.length - 1) * deviation(x) ** 2 + (y.length - 1) * deviation(y) ** 2) / df,
  );
  if (!(pooled > 0) || (isConstant(x) && isConstant(y))) return undefined;
  return ((average(x) - average(y)) / pooled) * (1 - 3 / (4 * df - 1));
}

/**
 * Probability of improvement: the share of pairs in which the value of `a` is above that of `b`,
 * ties by half; undefined where a side has no finite value.
 *
 * Source: R. Agarwal et al., NeurIPS 2021: Mann and Whitney's U by the number of pairs.
 */
export function improvement(a: readonly number[], b: readonly number[]): number | undefined {
  const [x, y] = [a.filter(Number.isFinite), b.filter(Number.isFinite)];
  if (x.length === 0 || y.length === 0) return undefined;
  let wins = 0;
  for (const one of x) for (const other of y) wins += one > other ? 1 : one === other ? 0.5 : 0;
  return wins / (x.length * y.length);
}

/**
 * Correct p-values of several tests, in the order given; undefined stays undefined.
 *
 * Source: S. Holm, Scandinavian J. Statistics 6 (1979).
 */
export function holm(given: readonly (number | undefined)[]): (number | undefined)[] {
  const order = given
    .map((p, place) => ({ p, place }))
    .filter((one): one is { p: number; place: number } => one.p !== undefined)
    .sort((one, other) => one.p - other.p);
  const corrected = new Array<number | undefined>(given.length).fill(undefined);
  let least = 0;
  order.forEach(({ p, place }, rank) => {
    least = Math.max(least, Math.min(1, p * (order.length - rank)));
    corrected[place] = least;
  });
  return corrected;
}

/** The mean of finite values; halves of huge ones are summed, whose sum leaves float64. */
export function average(values: readonly number[]): number {
  const first = values.reduce((sum, value) => sum + value / values.length, 0);
  // One step of refinement takes the rounding of the first pass away.
  return first + values.reduce((sum, value) => sum + (value - first) / values.length, 0);
}

/** The sample standard deviation, n - 1. */
export function deviation(values: readonly number[]): number {
  const mean = average(values);
  const scale = values.reduce((most, value) => Math.max(most, Math.abs(value - mean)), 0);
  if (scale === 0) return 0;
  const squares = values.reduce((sum, value) => sum + ((value - mean) / scale) ** 2, 0);
  return scale * Math.sqrt(squares / (values.length - 1));
}

function isConstant(values: readonly number[]): boolean {
  return values.every((value) => value === values[0]);
}
