// How a param goes with a metric over the runs that have both: which param matters.

import { average } from "./difference.ts";

/** How strongly a param and a metric go together. */
export interface Association {
  /** Runs that have both. */
  readonly n: number;
  /** Distinct values of the param among them. */
  readonly levels: number;
  /**
   * The share of the metric's variance that the param's values explain by themselves, corrected
   * for their number, at least 0; undefined where it cannot be told.
   */
  readonly explained: number | undefined;
  /** Spearman's rank correlation, for params that are numbers; undefined otherwise. */
  readonly rank: number | undefined;
}

/**
 * Tell how a param goes with a metric.
 *
 * Each distinct value of the param is a group of its own, so that no form is assumed; interactions
 * are not seen. Runs without a finite metric or without the param are left out.
 *
 * Source: ω² of W. L. Hays, Statistics (1963); ranks by C. Spearman, ties by their mean.
 */
export function associate(param: readonly unknown[], metric: readonly number[]): Association {
  const groups = new Map<unknown, number[]>();
  const pairs: [number, number][] = [];
  param.forEach((value, i) => {
    const y = metric[i];
    if (value === undefined || y === undefined || !Number.isFinite(y)) return;
    const key = typeof value === "object" ? JSON.stringify(value) : value;
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [y]);
    else group.push(y);
    if (typeof value === "number") pairs.push([value, y]);
  });
  const all = [...groups.values()].flat();
  return {
    n: all.length,
    levels: groups.size,
    explained: omegaSquared([...groups.values()], all),
    rank: pairs.length === all.length ? spearman(pairs) : undefined,
  };
}

function omegaSquared(groups: readonly number[][], all: readonly number[]): number | undefined {
  const within = all.length - groups.length;
  if (groups.length < 2 || within < 1) return undefined;
  const mean = average(all);
  const total = squares(all, mean);
  if (!(total > 0)) return undefined;
  const inside = groups.reduce((sum, group) => sum + squares(group, average(group)), 0);
  const noise = inside / within;
  return Math.max(0, (total - inside - (groups.length - 1) * noise) / (total + noise));
}

function squares(values: readonly number[], mean: number): number {
  return values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
}

/** Spearman's rank correlation of pairs; undefined for fewer than three or without variance. */
export function spearman(pairs: readonly (readonly [number, number])[]): number | undefined {
  if (pairs.length < 3) return undefined;
  const [x, y] = [ranks(pairs.map((pair) => pair[0])), ranks(pairs.map((pair) => pair[1]))];
  const middle = (pairs.length + 1) / 2;
  let [xy, xx, yy] = [0, 0, 0];
  x.forEach((rank, i) => {
    const [a, b] = [rank - middle, (y[i] ?? 0) - middle];
    xy += a * b;
    xx += a * a;
    yy += b * b;
  });
  return xx > 0 && yy > 0 ? xy / Math.sqrt(xx * yy) : undefined;
}

/** The place of each value among all; equal ones share the mean of theirs. */
function ranks(values: readonly number[]): number[] {
  const sorted = [...values].sort((a, b) => a - b);
  const first = new Map([...sorted].reverse().map((value, i) => [value, sorted.length - i]));
  const last = new Map(sorted.map((value, i) => [value, i + 1]));
  return values.map((value) => ((first.get(value) ?? 0) + (last.get(value) ?? 0)) / 2);
}
