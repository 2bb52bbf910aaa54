// Grid, axis and their texts: few, and no frame around them.

import type { Frame } from "./frame.ts";
import type { Lettering } from "./paint.ts";
import type { Palette } from "./palette.ts";
import { placer } from "./scale.ts";

/** A straight line of the grid, or the axis itself. */
export interface GridLine {
  readonly x1: number;
  readonly y1: number;
  readonly x2: number;
  readonly y2: number;
  readonly opacity: number;
}

export const GRID_OPACITY = 0.09;

/** Horizontal lines at the ticks, the axis, and short marks below it. */
export function gridLines(frame: Frame): GridLine[] {
  const { left, right, bottom, range } = frame;
  const [toX, toY] = [placer(frame.x), placer(frame.y)];
  const rows = range.yTicks.values.map((value) => {
    const y = Math.round(toY(value)) + 0.5;
    return { x1: left, y1: y, x2: right, y2: y, opacity: GRID_OPACITY };
  });
  const floor = bottom + 0.5;
  const marks = range.xTicks.values.map((value) => {
    const x = Math.round(toX(value)) + 0.5;
    return { x1: x, y1: floor, x2: x, y2: floor + 4, opacity: 1 };
  });
  return [...rows, { x1: left, y1: floor, x2: right, y2: floor, opacity: 1 }, ...marks];
}

/** Numbers at the ticks, what is to be added to them, and the axis's name at its end. */
export function frameTexts(frame: Frame, palette: Palette): Lettering[] {
  const { left, right, top, bottom, range, xName } = frame;
  const [toX, toY] = [placer(frame.x), placer(frame.y)];
  const { xTicks, yTicks } = range;
  const axis = { colour: palette.muted, face: "axis" } as const;
  const texts: Lettering[] = yTicks.values.map((value, i) => ({
    ...axis,
    text: yTicks.texts[i] ?? "",
    x: left - 6,
    y: toY(value),
    align: "right",
  }));
  xTicks.values.forEach((value, i) => {
    texts.push({
      ...axis,
      text: xTicks.texts[i] ?? "",
      x: toX(value),
      y: bottom + 12,
      align: "center",
    });
  });
  if (yTicks.base) texts.push({ ...axis, text: yTicks.base, x: 0, y: top - 14, align: "left" });
  if (xTicks.base)
    texts.push({ ...axis, text: xTicks.base, x: left, y: bottom + 26, align: "left" });
  const name = { text: xName, colour: palette.ink, face: "name", y: bottom + 11 } as const;
  return [...texts, { ...name, x: right + frame.nameGap, align: "left" }];
}
