// How wide a text is in the font of labels.

import { fontOf } from "./canvas_pen.ts";

/** Make a function that gives the width of a text, in CSS pixels. */
export function measurer(): (text: string) => number {
  const context = document.createElement("canvas").getContext("2d");
  const known = new Map<string, number>();
  if (context) context.font = fontOf("label");
  return (text) => {
    let width = known.get(text);
    if (width === undefined) {
      width = context?.measureText(text).width ?? 7 * text.length;
      known.set(text, width);
    }
    return width;
  };
}
