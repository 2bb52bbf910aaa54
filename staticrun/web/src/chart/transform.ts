// From rows to what is drawn: where a point stands on the horizontal axis, and smoothing.
// Everything here goes by steps, so that neither zoom nor the chosen axis changes a smoothed value
// at a point.

import { lowerBound, places, type Rows } from "../data/buckets.ts";
import { center } from "./group.ts";

/** The horizontal axis: steps, time since the run's start, time, or another metric. */
export type Axis =
  | { readonly kind: "step" | "relative" | "wall" }
  | { readonly kind: "metric"; readonly name: string };

/** Ways to smooth, each with its strength. */
export type Smoothing =
  | { readonly kind: "none" }
  | { readonly kind: "ema" | "twema" | "gauss" | "mean"; readonly strength: number };

/** The step of each row: of a bucket, its middle. */
export function stepsOf(rows: Rows): Float64Array {
  return middles(places(rows), rows.kind === "points" ? null : rows.width);
}

/** The steps in the middle of buckets; steps themselves for width null. */
export function middles(at: Float64Array, width: number | null): Float64Array {
  if (width === null) return at;
  const size = 2 ** width;
  return at.map((one) => (one + 0.5) * size);
}

/**
 * Place rows on the horizontal axis; NaN where they have no place.
 *
 * @param started When the run began, Unix seconds; NaN where unknown.
 * @param other For a metric as axis: its rows, of the same width.
 */
export function along(rows: Rows, axis: Axis, started: number, other?: Rows): Float64Array {
  if (axis.kind === "step") return stepsOf(rows);
  if (axis.kind === "metric")
    return other ? lookUp(rows, other) : places(rows).map(() => Number.NaN);
  if (rows.time.length === 0) return places(rows).map(() => Number.NaN);
  return axis.kind === "wall" ? rows.time : rows.time.map((time) => time - started);
}

/** What another metric has at the same steps or in the same buckets. */
function lookUp(rows: Rows, other: Rows): Float64Array {
  const [there, values] = [places(other), center(other)];
  return places(rows).map((at) => {
    const i = lowerBound(there, at);
    return there[i] === at ? (values[i] ?? Number.NaN) : Number.NaN;
  });
}

/**
 * Smooth values; what is not finite stays, and counts for nothing.
 *
 * - `ema`: exponential moving average, debiased: strength 0 to 1 is the weight that is left of a
 *   point after the next one. A bucket counts as its points.
 * - `twema`: the same by distance of steps: what is left after one `spacing`.
 * - `gauss`: weights by a normal curve with a deviation of so many spacings.
 * - `mean`: the mean of what lies within half of so many spacings.
 *
 * @param at Steps, ascending.
 * @param counts Logged points of each; 1 for points.
 * @param spacing The mean distance of the series' logged steps.
 */
export function smooth(
  at: Float64Array,
  values: Float64Array,
  how: Smoothing,
  counts?: Float64Array,
  spacing = 1,
): Float64Array {
  if (how.kind === "none") return values;
  if (how.kind === "ema" || how.kind === "twema") {
    return exponential(
      at,
      values,
      how.kind,
      Math.min(Math.max(how.strength, 0), 0.999),
      counts,
      spacing,
    );
  }
  const reach = how.kind === "mean" ? (how.strength / 2) * spacing : 3 * how.strength * spacing;
  const weight = (distance: number): number =>
    how.kind === "mean" ? 1 : Math.exp(-0.5 * (distance / (how.strength * spacing)) ** 2);
  return windowed(at, values, reach, weight, counts);
}

function exponential(
  at: Float64Array,
  values: Float64Array,
  kind: "ema" | "twema",
  left: number,
  counts: Float64Array | undefined,
  spacing: number,
): Float64Array {
  let [sum, total, last] = [0, 0, Number.NaN];
  return values.map((value, i) => {
    if (!Number.isFinite(value)) return value;
    const count = Math.max(counts?.[i] ?? 1, 1);
    const gap = kind === "ema" || Number.isNaN(last) ? count : ((at[i] ?? 0) - last) / spacing;
    last = at[i] ?? 0;
    const decay = left ** gap;
    // The points of a bucket weigh as much as if they came one by one with its mean.
    const gain = kind === "ema" ? (1 - left ** count) / (1 - left) : 1;
    sum = sum * decay + gain * value;
    total = total * decay + gain;
    return sum / total;
  });
}

function windowed(
  at: Float64Array,
  values: Float64Array,
  reach: number,
  weight: (distance: number) => number,
  counts: Float64Array | undefined,
): Float64Array {
  let first = 0;
  return values.map((value, i) => {
    if (!Number.isFinite(value)) return value;
    const here = at[i] ?? 0;
    while ((at[first] ?? here) < here - reach) first++;
    let [sum, total] = [0, 0];
    for (let j = first; j < at.length && (at[j] ?? 0) <= here + reach; j++) {
      const other = values[j] ?? Number.NaN;
      if (!Number.isFinite(other)) continue;
      const w = weight((at[j] ?? 0) - here) * Math.max(counts?.[j] ?? 1, 1);
      sum += w * other;
      total += w;
    }
    return sum / total;
  });
}

/** How many steps before a window smoothing looks at, for a value that is right to 1 %. */
export function memory(how: Smoothing, spacing: number): number {
  if (how.kind === "none") return 0;
  if (how.kind === "gauss") return 3 * how.strength * spacing;
  if (how.kind === "mean") return (how.strength / 2) * spacing;
  const left = Math.min(Math.max(how.strength, 0), 0.999);
  return left === 0 ? 0 : (spacing * Math.log(0.01)) / Math.log(left);
}
