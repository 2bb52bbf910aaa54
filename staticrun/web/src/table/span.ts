// What the numbers of a whole column say of each of them: its decimals, and which is the best.

/** The numbers of a column that stand for all. */
export interface Span {
  /** The largest, the smallest and a broken one: they decide on the decimals of all. */
  readonly anchors: readonly number[];
  /** The smallest and the largest finite value of what counts; infinite where there is none. */
  readonly low: number;
  readonly high: number;
}

/**
 * Look through numbers.
 *
 * @param rows Places of `values`; all where undefined.
 * @param failed Places that are shown but do not count.
 */
export function spanOf(values: Float64Array, rows?: Uint32Array, failed?: Uint8Array): Span {
  let [least, most, broken] = [Number.POSITIVE_INFINITY, 0, 0];
  let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  const n = rows?.length ?? values.length;
  for (let i = 0; i < n; i++) {
    const row = rows === undefined ? i : (rows[i] as number);
    const value = values[row] as number;
    if (!Number.isFinite(value)) continue;
    const size = Math.abs(value);
    if (size > most) most = size;
    if (size < least && size > 0) least = size;
    if (broken === 0 && !Number.isInteger(size)) broken = size;
    if (failed !== undefined && failed[row] === 1) continue;
    if (value < low) low = value;
    if (value > high) high = value;
  }
  return { anchors: most > 0 ? [least, most, broken || most] : [], low, high };
}

/** The best value; undefined where all are equal, or there is no more than one. */
export function bestOf({ low, high }: Span, direction: "min" | "max" | undefined): number | undefined {
  if (direction === undefined || !(low < high)) return undefined;
  return direction === "min" ? low : high;
}
