// What stands at a place of the horizontal axis: a point of each line, and the one that is meant.

import { lowerBound } from "../data/buckets.ts";
import type { Frame } from "./frame.ts";
import type { Pointed } from "./hover.ts";
import type { Line, Picture } from "./picture.ts";
import { placer } from "./scale.ts";
import { isAscending } from "./trace.ts";

/** A point of a line, and where it is drawn. */
export interface Hit {
  readonly line: Line;
  readonly i: number;
  readonly x: number;
  readonly y: number;
}

// Lines that log at other steps have a point at the same place within so many pixels.
const NEAR = 6;

/** Lines that are read at a place: not what is behind a smoothed line, nor what was superseded. */
export function readable(picture: Picture): readonly Line[] {
  return picture.lines.filter((line) => line.kind !== "raw" && line.kind !== "ghost");
}

/** The point of a line that is closest to a pixel; undefined where none is on view. */
function closestOn(line: Line, frame: Frame, pixel: number, value: number): Hit | undefined {
  const [toX, toY] = [placer(frame.x), placer(frame.y)];
  let found: Hit | undefined;
  const consider = (i: number): void => {
    const [x, y] = [toX(line.x[i] ?? Number.NaN), toY(line.y[i] ?? Number.NaN)];
    if (!Number.isFinite(x) || !Number.isFinite(y)) return;
    if (x < frame.left - 1 || x > frame.right + 1) return;
    if (found === undefined || Math.abs(x - pixel) < Math.abs(found.x - pixel))
      found = { line, i, x, y };
  };
  if (!isAscending(line.x)) line.x.forEach((_, i) => consider(i));
  else {
    const at = lowerBound(line.x, value);
    // The next ones to both sides may be gaps.
    for (let i = at; i < Math.min(at + 4, line.x.length); i++) consider(i);
    for (let i = at - 1; i >= Math.max(at - 4, 0); i--) consider(i);
  }
  return found;
}

/** The points at a place, all lines at the one that is closest to it. */
export function hitsAt(picture: Picture, frame: Frame, pixel: number, value: number): Hit[] {
  const all = readable(picture)
    .map((line) => closestOn(line, frame, pixel, value))
    .filter((hit) => hit !== undefined);
  const own = all.filter((hit) => hit.line.kind !== "context");
  const first = closest(own.length > 0 ? own : all, (hit) => Math.abs(hit.x - pixel));
  return first === undefined ? [] : all.filter((hit) => Math.abs(hit.x - first.x) <= NEAR);
}

/** The point that is meant: the closest to a height, others in preference to context. */
export function meant(hits: readonly Hit[], y: number): Hit | undefined {
  const weight = { context: 20, member: 9 } as Readonly<Record<string, number>>;
  return closest(hits, (hit) => Math.abs(hit.y - y) + (weight[hit.line.kind] ?? 0));
}

function closest(hits: readonly Hit[], distance: (hit: Hit) => number): Hit | undefined {
  let found: Hit | undefined;
  for (const hit of hits) if (found === undefined || distance(hit) < distance(found)) found = hit;
  return found;
}

/** The next place to one side at which a line has a point; undefined at the end. */
export function nextPlace(
  picture: Picture,
  frame: Frame,
  from: number,
  side: 1 | -1,
): number | undefined {
  const { range } = frame;
  let found: number | undefined;
  const own = readable(picture).filter((line) => line.kind !== "context");
  const front = own.filter((line) => line.kind !== "member");
  for (const line of front.length > 0 ? front : own) {
    const consider = (i: number): boolean => {
      const x = line.x[i] ?? Number.NaN;
      const beyond = side > 0 ? x > from : x < from;
      if (!beyond || !Number.isFinite(line.y[i]) || x < range.x.from || x > range.x.to)
        return false;
      if (found === undefined || (side > 0 ? x < found : x > found)) found = x;
      return true;
    };
    if (!isAscending(line.x)) line.x.forEach((_, i) => consider(i));
    else {
      let i = lowerBound(line.x, from) - (side < 0 ? 1 : 0);
      while (i >= 0 && i < line.x.length && !consider(i)) i += side;
    }
  }
  return found;
}

/** What a line is known by on all charts of a page. */
export function identity(line: Line): string {
  return `${line.n ? "" : line.runs[0]}\n${line.label}`;
}

/** What is pointed at by a point of a chart. */
export function pointedAt(chart: string, { line, i }: Hit): Pointed {
  return { chart, x: line.x[i] ?? 0, line: identity(line), runs: line.runs };
}

/** The lines of some runs, or those in which they have a part. */
export function linesWith(picture: Picture, runs: readonly string[]): readonly Line[] {
  const all = readable(picture);
  const own = all.filter((line) => line.runs.every((run) => runs.includes(run)));
  return own.length > 0 ? own : all.filter((line) => line.runs.some((run) => runs.includes(run)));
}

/** Points that the arrow keys reach at a place, from the top down: of means, not their runs. */
export function inReadingOrder(hits: readonly Hit[]): readonly Hit[] {
  const front = hits.filter(({ line }) => line.kind === "mean" || line.kind === "baseline");
  const own = front.length > 0 ? front : hits.filter(({ line }) => line.kind !== "context");
  return [...own].sort((a, b) => a.y - b.y);
}
