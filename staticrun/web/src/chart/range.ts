// From where to where the axes of a chart go, and the ticks within. Context, ghosts and what is
// behind a smoothed line never set the scale: they widen it a little and are cut off beyond.

import { factorOf } from "../data/format.ts";
import { chosen, type Line, type Picture, type Window } from "./picture.ts";
import { bend, edge, isWhole, straighten, type Bent } from "./scale.ts";
import {
  durationTicks,
  errorTicks,
  linearTicks,
  logTicks,
  timeTicks,
  type Ticks,
} from "./ticks.ts";

const BESIDE_SHARE = 0.25;
const PADDING = 0.04;
const LARGEST = Number.MAX_VALUE;

/** How axes are bent by the reader's wish; `auto` as suits the values. */
export interface Bends {
  readonly x: "linear" | "log";
  readonly y: "auto" | "linear" | "log";
}

/** The limits of both axes, their ticks, and what has no place on them. */
export interface Range {
  readonly x: Window;
  readonly y: Window;
  readonly xBent: Bent;
  readonly yBent: Bent;
  readonly xTicks: Ticks;
  readonly yTicks: Ticks;
  /** Values of chosen lines that a logarithmic axis cannot show. */
  readonly unshown: number;
  /** Whether the whole is reached, which then stands at the upper edge. */
  readonly atEdge: boolean;
}

/**
 * Find the limits that hold every chosen line and its band whole.
 *
 * @returns Undefined where nothing can be drawn.
 */
export function findRange(
  picture: Picture,
  bends: Bends,
  xMost: number,
  yMost: number,
): Range | undefined {
  const own = chosen(picture.lines);
  const xBent = bends.x;
  const x = picture.window ?? across(own, xBent);
  if (x === undefined) return undefined;
  const yBent = bends.y === "auto" ? picture.suits : bends.y;
  const found = heights(own, x, xBent, yBent);
  if (found.span === undefined) return undefined;
  const others = picture.lines.filter((line) => !own.includes(line));
  const rest = heights(others, x, xBent, yBent).span;
  const { atEdge } = found;
  const y = vertical(found.span, rest, yBent, atEdge);
  const factor = factorOf(picture.about);
  return {
    x,
    y,
    xBent,
    yBent,
    xTicks: horizontalTicks(x, xBent, picture, xMost, own),
    yTicks: verticalTicks(y, yBent, factor, atEdge, yMost),
    unshown: found.unshown,
    atEdge,
  };
}

/** From the first place on the horizontal axis to the last. */
function across(lines: readonly Line[], bent: Bent): Window | undefined {
  let [from, to] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const { x, y } of lines) {
    for (let i = 0; i < x.length; i++) {
      const at = x[i] ?? Number.NaN;
      if (!Number.isFinite(at) || !Number.isFinite(y[i]) || (bent === "log" && !(at > 0))) continue;
      if (at < from) from = at;
      if (at > to) to = at;
    }
  }
  return from <= to ? { from, to } : undefined;
}

/** From the lowest value on view to the highest, bands included, and what has no place. */
function heights(
  lines: readonly Line[],
  window: Window,
  xBent: Bent,
  yBent: Bent,
): { span: Window | undefined; unshown: number; atEdge: boolean } {
  let [from, to, unshown, atEdge] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 0, false];
  const straight = yBent === "linear";
  const add = (value: number): void => {
    if (!Number.isFinite(value)) return;
    if (!straight && Number.isNaN(bend(value, yBent))) unshown += 1;
    else if (yBent === "error" && isWhole(value, 1)) atEdge = true;
    else {
      if (value < from) from = value;
      if (value > to) to = value;
    }
  };
  for (const { x, y, low, high } of lines) {
    for (let i = 0; i < x.length; i++) {
      const at = x[i] ?? Number.NaN;
      const value = y[i] ?? Number.NaN;
      if (xBent === "log" && at <= 0 && Number.isFinite(value)) unshown += 1;
      if (!(at >= window.from && at <= window.to)) continue;
      add(value);
      if (low && high) {
        add(low[i] ?? Number.NaN);
        add(high[i] ?? Number.NaN);
      }
    }
  }
  return { span: from <= to ? { from, to } : undefined, unshown, atEdge };
}

function vertical(span: Window, rest: Window | undefined, bent: Bent, atEdge: boolean): Window {
  const top = atEdge ? edge(span.to, 1) : span.to;
  // Below this share of their size, numbers differ by rounding alone.
  if (top / 2 - span.from / 2 <= 1e-12 * Math.max(Math.abs(span.from), Math.abs(top))) return span;
  const beside = rest && { from: bend(rest.from, bent), to: bend(rest.to, bent) };
  const { from, to } = widened({ from: bend(span.from, bent), to: bend(top, bent) }, beside);
  let [low, high] = [straighten(from, bent), straighten(to, bent)];
  if (bent === "log") return { from: Math.max(low, 1e-323), to: Math.min(high, LARGEST) };
  if (bent === "error") return { from: Math.max(low, 0), to: atEdge ? top : high };
  // Padding invents no sign, and no share above the whole.
  const least = Math.min(span.from, rest?.from ?? span.from);
  const most = Math.max(span.to, rest?.to ?? span.to);
  if (least >= 0 && low < 0) low = 0;
  if (least >= 0 && most <= 1 && high > 1) high = 1;
  return { from: low, to: high };
}

function widened(span: Window, rest: Window | undefined): Window {
  const half = span.to / 2 - span.from / 2;
  let { from, to } = span;
  if (rest) {
    from = Math.max(Math.min(from, rest.from), from - 2 * BESIDE_SHARE * half);
    to = Math.min(Math.max(to, rest.to), to + 2 * BESIDE_SHARE * half);
  }
  return {
    from: Math.max(from - 2 * PADDING * half, -LARGEST),
    to: Math.min(to + 2 * PADDING * half, LARGEST),
  };
}

function horizontalTicks(
  x: Window,
  bent: Bent,
  picture: Picture,
  most: number,
  own: readonly Line[],
): Ticks {
  const { kind } = picture.options.axis;
  if (bent === "log") return logTicks(x.from, x.to, most);
  if (kind === "relative") return durationTicks(x.from, x.to, most);
  if (kind === "wall") return timeTicks(x.from, x.to, most);
  const whole =
    kind === "step" &&
    own.every((line) => line.width !== null || line.step.every(Number.isInteger));
  return linearTicks(x.from, x.to, most, whole);
}

function verticalTicks(
  y: Window,
  bent: Bent,
  factor: number,
  atEdge: boolean,
  most: number,
): Ticks {
  const [low, high] = [y.from * factor, y.to * factor];
  let ticks: Ticks;
  if (!(y.from < y.to)) ticks = linearTicks(low, low, most);
  else if (bent === "log") ticks = logTicks(low, high, most);
  else if (bent === "error") ticks = errorTicks(low, high, factor, most + 2);
  else ticks = linearTicks(low, high, most);
  const values = ticks.values.map((value) => value / factor);
  if (!atEdge || ticks.base !== "") return { ...ticks, values };
  // What stands at the upper edge is the whole.
  const below = values.filter((value) => value < y.to * (1 - 1e-12));
  const texts = [...ticks.texts.slice(0, below.length), String(factor)];
  return { values: [...below, y.to], texts, base: "" };
}
