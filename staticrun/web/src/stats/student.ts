// Student's t: tails and quantiles, to 1e-9 of their size up to 10,000 degrees of freedom.
//
// With tan θ = t / √df, the density is cos^(df-1) θ up to a factor, so that a tail is an area over
// the whole area. Areas by the double exponential rule (H. Takahasi and M. Mori, 1974), which does
// not mind how steep an end is.

const STEP = 1 / 32;
// From the end of an interval, as a share of its width, and the weight.
const NODES = Array.from({ length: 8 / STEP + 1 }, (_, i) => {
  const at = i * STEP - 4;
  const far = Math.exp(Math.PI * Math.sinh(at));
  return [1 / (1 + far), (Math.cosh(at) * far) / (1 + far) ** 2] as const;
});

/** The integral of cos^(df-1) over the last `width` before π/2, up to a factor. */
function area(width: number, df: number): number {
  return NODES.reduce(
    (sum, [share, weight]) => sum + width * weight * Math.sin(width * share) ** (df - 1),
    0,
  );
}

/** Probability that |T| exceeds |t|, for T of Student's distribution. */
export function twoSided(t: number, df: number): number {
  return area(Math.atan2(Math.sqrt(df), Math.abs(t)), df) / area(Math.PI / 2, df);
}

/** The t that |T| exceeds with probability 1 - confidence. */
export function quantile(df: number, confidence: number): number {
  // Newton's method: tails are convex, so that it comes from below and never leaps over.
  const slope = Math.PI * STEP * Math.sqrt(df) * area(Math.PI / 2, df);
  let t = 0;
  for (let step = 1; step > 1e-12 * t; t += step) {
    step = (twoSided(t, df) - 1 + confidence) * slope * (1 + (t * t) / df) ** ((df + 1) / 2);
  }
  return t;
}
