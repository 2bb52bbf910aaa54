// A pen that draws on a canvas, in CSS pixels.

import type { Lettering, Pen, Stroke } from "./paint.ts";
import type { Tracer } from "./trace.ts";

export const AXIS_FONT = "11.5px";

/** Fonts of the page, as a canvas takes them. */
export function fontOf(face: Lettering["face"]): string {
  const style = getComputedStyle(document.documentElement);
  const family = style.getPropertyValue(face === "name" ? "--serif" : "--sans") || "sans-serif";
  if (face === "name") return `italic 400 13.5px ${family}`;
  return `${face === "label" ? 550 : 400} ${AXIS_FONT} ${family}`;
}

/** Make a pen; the canvas is scaled to CSS pixels already. */
export function canvasPen(context: CanvasRenderingContext2D): Pen {
  const set = (style: Stroke): void => {
    context.strokeStyle = style.colour;
    context.lineWidth = style.width;
    context.globalAlpha = style.opacity ?? 1;
    context.setLineDash([...(style.dash ?? [])]);
    context.lineJoin = "round";
    context.lineCap = (style.dash?.length ?? 0) > 0 ? "butt" : "round";
  };
  const drawn = (draw: (to: Tracer) => void, finish: () => void): void => {
    context.beginPath();
    draw(context);
    finish();
    context.globalAlpha = 1;
    context.setLineDash([]);
  };
  return {
    clip(left, top, right, bottom) {
      context.save();
      context.beginPath();
      context.rect(left, top, right - left, bottom - top);
      context.clip();
    },
    free() {
      context.restore();
    },
    stroke(style, draw) {
      set(style);
      drawn(draw, () => context.stroke());
    },
    fill(colour, opacity, draw) {
      context.fillStyle = colour;
      context.globalAlpha = opacity;
      drawn(draw, () => context.fill());
    },
    circle(x, y, radius, fill, stroke) {
      if (stroke) set(stroke);
      context.fillStyle = fill;
      drawn(
        () => context.arc(x, y, radius, 0, 2 * Math.PI),
        () => {
          context.fill();
          if (stroke) context.stroke();
        },
      );
    },
    text({ text, x, y, colour, align, face }) {
      context.font = fontOf(face);
      context.fillStyle = colour;
      context.textAlign = align;
      context.textBaseline = "middle";
      context.fillText(text, x, y);
    },
  };
}
