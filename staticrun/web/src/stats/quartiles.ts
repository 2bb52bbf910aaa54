/** Lowest value, lower quartile, median, upper quartile, highest value. */
export type Five = readonly [low: number, lower: number, median: number, upper: number, high: number];

/**
 * Sum up numbers by five; undefined without a finite one.
 *
 * Quartiles lie between two values by a straight line (type 7 of R. J. Hyndman and Y. Fan, The
 * American Statistician 50 (1996)), as numpy's.
 */
export function quartiles(values: readonly number[]): Five | undefined {
  const sorted = values.filter(Number.isFinite).sort((a, b) => a - b);
  if (sorted.length === 0) return undefined;
  return [0, 1, 2, 3, 4].map((quarter) => {
    const at = (quarter * (sorted.length - 1)) / 4;
    const [low, high] = [sorted[Math.floor(at)] ?? 0, sorted[Math.ceil(at)] ?? 0];
    return low + (high - low) * (at % 1);
  }) as unknown as Five;
}
