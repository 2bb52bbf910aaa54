// Where everything of a chart stands, in pixels: the same for the screen and for files.

import { spread } from "./labels.ts";
import { named, type Line, type Picture } from "./picture.ts";
import { findRange, type Bends, type Range } from "./range.ts";
import { placer, type Scale } from "./scale.ts";
import { shorten, visible } from "./text.ts";

/** A name at the end of a line. */
export interface Label {
  readonly line: Line;
  readonly text: string;
  /** Left edge and middle of the text. */
  readonly x: number;
  readonly y: number;
  /** From the line's end to the name; empty where they are close. */
  readonly leader: readonly (readonly [number, number])[];
}

/** The last point of a line that is on view. */
export interface End {
  readonly line: Line;
  readonly x: number;
  readonly y: number;
  /** Whether the line ends here, or goes on beyond the view. */
  readonly last: boolean;
}

/** A laid out chart. */
export interface Frame {
  readonly width: number;
  readonly height: number;
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
  readonly range: Range;
  readonly x: Scale;
  readonly y: Scale;
  readonly xName: string;
  /** From the end of the axis to its name. */
  readonly nameGap: number;
  readonly labels: readonly Label[];
  readonly ends: readonly End[];
}

const FONT = 11.5;
const GAP = 7;
const LABEL_GAP = 12;
const LABEL_SHARE = 0.4;
const LINE_HEIGHT = 1.18 * FONT;
const FLOOR = 24;

/**
 * Lay a chart out.
 *
 * @param measure Gives the width of a text in the axis's font.
 * @returns Undefined where nothing can be drawn.
 */
export function layOut(
  picture: Picture,
  bends: Bends,
  width: number,
  height: number,
  measure: (text: string) => number,
): Frame | undefined {
  const yMost = height > 360 ? 7 : 4;
  const range = findRange(picture, bends, width > 640 ? 8 : width > 300 ? 5 : 4, yMost);
  if (range === undefined) return undefined;
  const most = Math.floor((LABEL_SHARE * width) / (0.56 * FONT));
  const texts = new Map(
    named(picture.lines).map((line) => [line, shorten(visible(line.label), most)]),
  );
  const xName = nameOf(picture);
  const beyond = [...texts.values()].map((text) => LABEL_GAP + measure(text));
  const nameGap = measure(range.xTicks.texts.at(-1) ?? "") / 2 + GAP;
  // The name is in italics of 13.5 px.
  const right = width - Math.ceil(Math.max(nameGap + 1.15 * measure(xName), ...beyond, GAP));
  const left = Math.ceil(Math.max(30, GAP + Math.max(0, ...range.yTicks.texts.map(measure))));
  const top = 8 + (range.yTicks.base ? FONT + 2 : 0);
  const bottom = height - FLOOR - (range.xTicks.base ? FONT + 2 : 0);
  const x: Scale = {
    low: range.x.from,
    high: range.x.to,
    start: left,
    end: right,
    bent: range.xBent,
    whole: 1,
  };
  const y: Scale = {
    low: range.y.from,
    high: range.y.to,
    start: bottom,
    end: top,
    bent: range.yBent,
    whole: 1,
  };
  const ends = picture.lines.map((line) => endOf(line, x, y)).filter((end) => end !== undefined);
  const labels = labelsOf(ends, texts, right, top, bottom);
  return { width, height, left, right, top, bottom, range, x, y, xName, nameGap, labels, ends };
}

/** The name of the horizontal axis. */
export function nameOf(picture: Picture): string {
  const { axis } = picture.options;
  if (axis.kind === "metric") return visible(shorten(axis.name, 24));
  return { step: picture.options.stepName, relative: "since start", wall: "UTC" }[axis.kind];
}

function endOf(line: Line, x: Scale, y: Scale): End | undefined {
  const [toX, toY] = [placer(x), placer(y)];
  const { low, high } = { low: x.start - 0.5, high: x.end + 0.5 };
  let found: End | undefined;
  let later = false;
  for (let i = line.x.length - 1; i >= 0 && found === undefined; i--) {
    const [px, py] = [toX(line.x[i] ?? Number.NaN), toY(line.y[i] ?? Number.NaN)];
    if (!Number.isFinite(px) || !Number.isFinite(py)) continue;
    if (px >= low && px <= high) found = { line, x: px, y: py, last: !later };
    else later = true;
  }
  return found;
}

function labelsOf(
  ends: readonly End[],
  texts: ReadonlyMap<Line, string>,
  right: number,
  top: number,
  bottom: number,
): Label[] {
  const own = ends.filter((end) => texts.has(end.line));
  const x = right + LABEL_GAP;
  const clamp = (y: number): number => Math.min(Math.max(y, top), bottom);
  const places = spread(
    own.map((end) => clamp(end.y)),
    LINE_HEIGHT,
    top - 2,
    bottom - 0.3 * LINE_HEIGHT,
  );
  return own.map((end, i) => {
    const y = places[i] ?? end.y;
    const early = end.x < right - LABEL_GAP;
    const at = clamp(end.y);
    const leader: [number, number][] = [];
    if (early || Math.abs(at - y) >= 3) {
      leader.push([end.x + 3, at], ...(early ? [[right + 3, at] as [number, number]] : []), [
        x - 3,
        y,
      ]);
    }
    return { line: end.line, text: texts.get(end.line) ?? "", x, y, leader };
  });
}
