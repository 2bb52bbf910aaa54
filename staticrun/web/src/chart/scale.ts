// From values to pixels and back: straight, logarithmic, or opening up towards a whole, by the
// logarithm of what a share lacks. The last is for shares of which more is better, where 0.98 and
// 0.99 stand as far apart as 0.8 and 0.9; the whole itself stands at the edge.

export type Bent = "linear" | "log" | "error";

/** What goes from `low` to `high` over pixels `start` to `end`. */
export interface Scale {
  readonly low: number;
  readonly high: number;
  readonly start: number;
  readonly end: number;
  readonly bent: Bent;
  /** What a value is a share of, for `error`. */
  readonly whole: number;
}

// Closer to the whole than this, as a share of it, is the whole but for rounding.
const NEAREST = 1e-6;
/** A share above this is so near to the whole that a straight scale hides what tells it from others. */
const NEAR = 0.9;

/** Where a value stands on a scale that goes straight; NaN where it has no place. */
export function bend(value: number, bent: Bent, whole = 1): number {
  if (bent === "log") return value > 0 ? Math.log10(value) : Number.NaN;
  if (bent === "error") {
    if (!(value >= 0 && value <= whole * (1 + NEAREST))) return Number.NaN;
    return -Math.log10(Math.max(whole - value, NEAREST ** 2 * whole));
  }
  return value;
}

/** The value at a place: the reverse of `bend`. */
export function straighten(place: number, bent: Bent, whole = 1): number {
  if (bent === "log") return 10 ** place;
  return bent === "error" ? whole - 10 ** -place : place;
}

/** Make a function that gives the pixel of a value; NaN where it has none. */
export function placer(scale: Scale): (value: number) => number {
  const { bent, whole, start, end } = scale;
  const [low, high] = [bend(scale.low, bent, whole), bend(scale.high, bent, whole)];
  const middle = (start + end) / 2;
  if (!(low < high))
    return (value) => (Number.isFinite(bend(value, bent, whole)) ? middle : Number.NaN);
  // Halves, since the distance of two huge numbers leaves float64.
  const factor = (end - start) / (high / 2 - low / 2) / 2;
  if (bent === "linear") return (value) => start + (value - low) * factor;
  const top = bent === "error" ? high : Number.POSITIVE_INFINITY;
  return (value) => start + (Math.min(bend(value, bent, whole), top) - low) * factor;
}

/** The value at a pixel. */
export function valueAt(scale: Scale, pixel: number): number {
  const { bent, whole, start, end } = scale;
  const [low, high] = [bend(scale.low, bent, whole), bend(scale.high, bent, whole)];
  const share = end === start ? 0 : (pixel - start) / (end - start);
  return straighten(low * (1 - share) + high * share, bent, whole);
}

/** Whether a share is the whole, but for rounding. */
export function isWhole(value: number, whole: number): boolean {
  return whole - value <= NEAREST * whole;
}

/** The share one tick beyond another: where the whole is drawn. */
export function edge(best: number, whole: number): number {
  const error = whole - best;
  const power = Math.floor(Math.log10(error));
  for (const down of [power, power - 1]) {
    for (const part of [5, 2, 1]) {
      const step = Number(`${part}e${down}`);
      if (step < error * (1 - 1e-9)) return Number((whole - step).toPrecision(15));
    }
  }
  return whole;
}

/**
 * Choose how the vertical axis is bent, as the figures that the builder draws do.
 *
 * @param values All finite values of the chosen lines.
 * @param results Those that the lines came to.
 * @param direction Of the metric: only of what is better high the whole is the end.
 */
export function suitable(
  values: Float64Array,
  results: Float64Array,
  direction: string | undefined,
): Bent {
  let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const value of values) {
    if (value < low) low = value;
    if (value > high) high = value;
  }
  if (!(low < high)) return "linear";
  const shares = low >= 0 && high <= 1 && !isWhole(low, 1);
  if (direction === "max" && shares && results.some((value) => value > NEAR)) return "error";
  if (!(low > 0 && high / low >= 10)) return "linear";
  const typical = Math.min(median(values), median(results));
  return typical < low + (high / 10 - low / 10) ? "log" : "linear";
}

function median(values: Float64Array): number {
  const sorted = Float64Array.from(values).sort();
  const [low, high] = [(sorted.length - 1) >> 1, sorted.length >> 1];
  return (sorted[low] ?? Number.NaN) / 2 + (sorted[high] ?? Number.NaN) / 2;
}
