// A line's way over the pixels: gaps stay gaps, a point without neighbours is a dot, and of a line
// that goes up and down within a pixel there are its mean and the area that it fills.

import { lowerBound, widen } from "../data/buckets.ts";
import type { Frame } from "./frame.ts";
import { center } from "./group.ts";
import type { Line } from "./picture.ts";
import { placer, valueAt } from "./scale.ts";

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

/** Whether a line that goes up and down all the way has more points than pixels. */
export function isCrowded(line: Line, frame: Frame): boolean {
  const [start, end] = onView(line, frame);
  const toX = placer(frame.x);
  const room = toX(line.x[end - 1] ?? 0) - toX(line.x[start] ?? 0);
  return end - start > room && isAscending(line.x) && isDense(line, frame);
}

// A mean over so many columns of pixels is a line, and no area.
const COLUMNS = 3;

/** A line as it is drawn: a crowded one as its mean, and from its lowest to its highest. */
export function condense(line: Line, frame: Frame): Line {
  if (!isCrowded(line, frame)) return line;
  const toX = placer(frame.x);
  const cut = (column?: Float64Array): Float64Array =>
    column?.subarray(...onView(line, frame)) ?? new Float64Array(0);
  const rows = widen(
    {
      kind: "points",
      step: cut(line.x).map((x) => toX(x) / COLUMNS),
      value: cut(line.y),
      time: cut(),
      low: cut(line.low),
      high: cut(line.high),
    },
    0,
  );
  const x = rows.at.map((at) => valueAt(frame.x, (at + 0.5) * COLUMNS));
  // Of many lines, or of a mean without a band, none has an area of its own.
  const alone = line.n === undefined && ["mean", "baseline", "raw"].includes(line.kind);
  const edges = line.low || alone ? { low: rows.min, high: rows.max } : {};
  return { ...line, x, y: center(rows), ...edges };
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
  let [length, last] = [0, [0, 0] as readonly [number, number]];
  for (let i = start; i <= end; i++) {
    const [x, y] = [toX(line.x[i] ?? Number.NaN), toY(line.y[i] ?? Number.NaN)];
    if (i < end && Number.isFinite(x) && Number.isFinite(y)) {
      if (length++ === 0) to.moveTo(x, y);
      else to.lineTo(x, y);
      last = [x, y];
    } else {
      if (length === 1) dots.push(last);
      length = 0;
    }
  }
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
    xs.push(x);
    highs.push(top);
    lows.push(bottom);
  }
  finish();
}
