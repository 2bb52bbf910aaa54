// A line's way over the pixels: gaps stay gaps, a point without neighbours is a dot, and of many
// points in one column of pixels the first, the lowest, the highest and the last are drawn.

import { lowerBound } from "../data/buckets.ts";
import type { Frame } from "./frame.ts";
import type { Line } from "./picture.ts";
import { placer } from "./scale.ts";

/** What takes a path: a canvas, a Path2D, or the text of SVG. */
export interface Tracer {
  moveTo(x: number, y: number): void;
  lineTo(x: number, y: number): void;
  closePath(): void;
}

const ascending = new WeakMap<Float64Array, boolean>();

/** Whether places ascend, gaps left out; known once for each column. */
export function isAscending(x: Float64Array): boolean {
  let known = ascending.get(x);
  if (known === undefined) {
    known = x.every((value, i) => i === 0 || value >= (x[i - 1] ?? 0));
    ascending.set(x, known);
  }
  return known;
}

/** The places of a line that reach into the view: from one before it to one behind it. */
export function onView(line: Line, frame: Frame): readonly [number, number] {
  const { x } = line;
  if (!isAscending(x)) return [0, x.length];
  const { from, to } = frame.range.x;
  return [Math.max(lowerBound(x, from) - 1, 0), Math.min(lowerBound(x, to) + 2, x.length)];
}

const [DENSE_POINTS, DENSE_TRAVEL] = [100, 8];

/** Whether a line of many points goes up and down all the way: drawn thin, it can be read. */
export function isDense(line: Line, frame: Frame): boolean {
  const [start, end] = onView(line, frame);
  if (end - start < DENSE_POINTS) return false;
  const toY = placer(frame.y);
  let [travel, low, high, last] = [
    0,
    Number.POSITIVE_INFINITY,
    Number.NEGATIVE_INFINITY,
    Number.NaN,
  ];
  for (let i = start; i < end; i++) {
    const y = toY(line.y[i] ?? Number.NaN);
    if (!Number.isFinite(y)) continue;
    if (!Number.isNaN(last)) travel += Math.abs(y - last);
    if (y < low) low = y;
    if (y > high) high = y;
    last = y;
  }
  return travel > DENSE_TRAVEL * (high - low);
}

/** Draw a line; lone points are put into `dots`. */
export function trace(
  to: Tracer,
  line: Line,
  frame: Frame,
  dots: (readonly [number, number])[],
): void {
  const [toX, toY] = [placer(frame.x), placer(frame.y)];
  const [start, end] = onView(line, frame);
  const dense = isAscending(line.x) && end - start > 2 * (frame.right - frame.left);
  let column = Number.NaN;
  let [low, high, last] = [0, 0, 0];
  let [firstX, firstY] = [0, 0];
  let length = 0;
  const finish = (): void => {
    // What is left of a column of pixels: its lowest, its highest, its last.
    if (Number.isNaN(column)) return;
    if (low !== high) {
      to.lineTo(column, low);
      to.lineTo(column, high);
    }
    to.lineTo(column, last);
    column = Number.NaN;
  };
  for (let i = start; i < end; i++) {
    const [x, y] = [toX(line.x[i] ?? Number.NaN), toY(line.y[i] ?? Number.NaN)];
    if (!Number.isFinite(x) || !Number.isFinite(y)) {
      finish();
      if (length === 1) dots.push([firstX, firstY]);
      length = 0;
      continue;
    }
    if (length === 0) {
      to.moveTo(x, y);
      [firstX, firstY] = [x, y];
    } else if (!dense) to.lineTo(x, y);
    else {
      const pixel = Math.round(x);
      if (pixel !== column) {
        finish();
        column = pixel;
        low = high = y;
        to.lineTo(pixel, y);
      }
      if (y < low) low = y;
      if (y > high) high = y;
      last = y;
    }
    length += 1;
  }
  finish();
  if (length === 1) dots.push([firstX, firstY]);
}

/** Fill between the edges of a line's band, gap by gap. */
export function traceBand(to: Tracer, line: Line, frame: Frame): void {
  const { low, high } = line;
  if (low === undefined || high === undefined) return;
  const [toX, toY] = [placer(frame.x), placer(frame.y)];
  const floor = frame.y.bent === "log" ? frame.bottom + 2 : Number.NaN;
  const [start, end] = onView(line, frame);
  const xs: number[] = [];
  const [lows, highs]: [number[], number[]] = [[], []];
  const finish = (): void => {
    if (xs.length > 1) {
      xs.forEach((x, i) => (i === 0 ? to.moveTo(x, highs[i] ?? 0) : to.lineTo(x, highs[i] ?? 0)));
      for (let i = xs.length - 1; i >= 0; i--) to.lineTo(xs[i] ?? 0, lows[i] ?? 0);
      to.closePath();
    }
    xs.length = lows.length = highs.length = 0;
  };
  for (let i = start; i < end; i++) {
    const x = toX(line.x[i] ?? Number.NaN);
    const top = toY(high[i] ?? Number.NaN);
    const under = toY(low[i] ?? Number.NaN);
    // On a logarithmic axis a band that reaches below zero goes down to the edge.
    const bottom = Number.isNaN(under) && Number.isFinite(low[i]) ? floor : under;
    if (!Number.isFinite(x) || !Number.isFinite(top) || !Number.isFinite(bottom)) {
      finish();
      continue;
    }
    const again =
      xs.length > 1 &&
      Math.abs(x - (xs.at(-1) ?? 0)) < 0.5 &&
      end - start > 2 * (frame.right - frame.left);
    if (again) {
      highs.push(Math.min(highs.pop() ?? top, top));
      lows.push(Math.max(lows.pop() ?? bottom, bottom));
    } else {
      xs.push(x);
      highs.push(top);
      lows.push(bottom);
    }
  }
  finish();
}
