// Draws a laid out chart: on a canvas for the screen, as SVG for a file, by the same strokes.

import { frameTexts, gridLines } from "./axes.ts";
import type { End, Frame, Label } from "./frame.ts";
import { colourOf, dashOf, type Palette } from "./palette.ts";
import type { Kind, Line, Picture } from "./picture.ts";
import { condense, isDense, trace, traceBand, type Tracer } from "./trace.ts";

/** How a line is drawn. */
export interface Stroke {
  readonly colour: string;
  readonly width: number;
  readonly opacity?: number;
  readonly dash?: readonly number[];
}

/** A text; `middle` of its height is at y. */
export interface Lettering {
  readonly text: string;
  readonly x: number;
  readonly y: number;
  readonly colour: string;
  readonly align: "left" | "center" | "right";
  readonly face: "axis" | "label" | "name";
}

/** What draws. */
export interface Pen {
  /** Draw what follows within a box alone, until `free`. */
  clip(left: number, top: number, right: number, bottom: number): void;
  free(): void;
  stroke(style: Stroke, draw: (to: Tracer) => void): void;
  fill(colour: string, opacity: number, draw: (to: Tracer) => void): void;
  /** A circle; without a stroke it is a dot. */
  circle(x: number, y: number, radius: number, fill: string, stroke?: Stroke): void;
  text(lettering: Lettering): void;
}

const BAND = 0.13;
const STYLES: Readonly<Record<Kind, { readonly width: number; readonly opacity: number }>> = {
  context: { width: 0.75, opacity: 0.42 },
  ghost: { width: 1, opacity: 0.9 },
  raw: { width: 1, opacity: 0.3 },
  member: { width: 0.8, opacity: 0.35 },
  mean: { width: 1.5, opacity: 1 },
  baseline: { width: 1.75, opacity: 1 },
};

/** Draw a whole chart. */
export function paintChart(pen: Pen, picture: Picture, frame: Frame, palette: Palette): void {
  for (const { x1, y1, x2, y2, opacity } of gridLines(frame)) {
    pen.stroke({ colour: palette.ink, width: 1, opacity }, (to) => {
      to.moveTo(x1, y1);
      to.lineTo(x2, y2);
    });
  }
  paintLines(pen, picture, frame, palette);
  paintEnds(pen, frame, palette);
  for (const text of frameTexts(frame, palette)) pen.text(text);
}

function paintLines(pen: Pen, picture: Picture, frame: Frame, palette: Palette): void {
  pen.clip(frame.left - 1, frame.top - 2, frame.right + 1, frame.bottom + 1);
  const lines = picture.lines.map((line) => condense(line, frame));
  for (const line of lines) {
    if (line.low === undefined) continue;
    pen.fill(colourOf(palette.slots, line.slot), BAND, (to) => traceBand(to, line, frame));
  }
  for (const line of lines) paintLine(pen, line, frame, palette);
  pen.free();
}

/** Draw one line, thicker where it is pointed at. */
export function paintLine(pen: Pen, line: Line, frame: Frame, palette: Palette, thicker = 0): void {
  const style = styleOf(line, palette);
  const width = (isDense(line, frame) ? Math.min(style.width, 1) : style.width) + thicker;
  const dots: (readonly [number, number])[] = [];
  pen.stroke({ ...style, width, ...(thicker > 0 ? { opacity: 1 } : {}) }, (to) => {
    trace(to, line, frame, dots);
  });
  for (const [x, y] of dots) pen.circle(x, y, Math.max(1.2, 1.3 * width), style.colour);
}

/** How a line is drawn. */
export function styleOf(line: Line, palette: Palette): Stroke {
  const behind = line.kind === "context" || line.kind === "ghost";
  const dash =
    line.kind === "baseline"
      ? [5, 3]
      : line.kind === "ghost"
        ? [1, 3]
        : dashOf(behind ? 0 : line.slot);
  const colour = behind
    ? palette.faint
    : line.kind === "baseline"
      ? palette.ink
      : colourOf(palette.slots, line.slot);
  return { colour, ...STYLES[line.kind], dash };
}

/** Draw how lines ended, and their names. */
function paintEnds(pen: Pen, frame: Frame, palette: Palette): void {
  for (const end of frame.ends) {
    if (end.last && end.line.kind !== "ghost" && end.line.kind !== "raw")
      paintEnd(pen, end, frame, palette);
  }
  for (const label of frame.labels) paintLabel(pen, label, palette);
}

function paintEnd(pen: Pen, end: End, frame: Frame, palette: Palette): void {
  const { x, y, line } = end;
  if (y < frame.top - 2 || y > frame.bottom + 2) return;
  const { colour, opacity = 1 } = styleOf(line, palette);
  const behind = line.kind === "context";
  const stroke = { colour, width: 1.75, opacity: line.kind === "member" ? 1 : opacity };
  if (line.ended === "failed") {
    pen.stroke({ ...stroke, colour: behind ? colour : palette.worse }, (to) => {
      for (const side of [1, -1]) {
        to.moveTo(x - 3.5, y - 3.5 * side);
        to.lineTo(x + 3.5, y + 3.5 * side);
      }
    });
  } else if (line.ended === "open") pen.circle(x, y, 3, palette.paper, { ...stroke, width: 1.5 });
  else if (line.ended === "stopped") {
    pen.fill(colour, stroke.opacity, (to) => {
      to.moveTo(x - 3, y - 3);
      for (const [dx, dy] of [
        [3, -3],
        [3, 3],
        [-3, 3],
      ] as const)
        to.lineTo(x + dx, y + dy);
      to.closePath();
    });
  }
}

function paintLabel(pen: Pen, label: Label, palette: Palette): void {
  const { line, leader } = label;
  const slot = line.kind === "baseline" ? 0 : line.slot;
  if (leader.length > 0) {
    const style = { colour: colourOf(palette.slots, slot), width: 0.75, opacity: 0.55 };
    pen.stroke({ ...style, dash: leader.length > 2 ? [1, 2] : [] }, (to) => {
      leader.forEach(([x, y], i) => (i === 0 ? to.moveTo(x, y) : to.lineTo(x, y)));
    });
  }
  const colour = colourOf(palette.names, slot);
  pen.text({ text: label.text, x: label.x, y: label.y, colour, align: "left", face: "label" });
}
