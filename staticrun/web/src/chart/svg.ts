// A chart as an SVG file of its own: the strokes of the screen, with the theme's colours in it.

import { number, unit } from "../data/format.ts";
import type { Frame } from "./frame.ts";
import { paintChart, type Lettering, type Pen, type Stroke } from "./paint.ts";
import type { Palette } from "./palette.ts";
import type { Picture } from "./picture.ts";
import { visible } from "./text.ts";
import type { Tracer } from "./trace.ts";

const SANS = "Archivo, 'Helvetica Neue', Helvetica, Arial, sans-serif";
const SERIF = "Newsreader, Palatino, Georgia, serif";
const FACES: Readonly<Record<Lettering["face"], string>> = {
  axis: `font-family="${SANS}" font-size="11.5"`,
  label: `font-family="${SANS}" font-size="11.5" font-weight="550"`,
  name: `font-family="${SERIF}" font-size="13.5" font-style="italic"`,
};
const HEAD = 26;

/** Spell a chart. */
export function spellSvg(picture: Picture, frame: Frame, palette: Palette): string {
  const parts: string[] = [];
  const pen = svgPen(parts);
  paintChart(pen, picture, frame, palette);
  const title = escape(visible(picture.metric));
  const behind = unit(picture.about);
  const height = frame.height + HEAD + 16;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${frame.width}" height="${height}"`,
    ` viewBox="0 0 ${frame.width} ${height}" role="img">`,
    `<title>${title}</title><desc>${escape(picture.facts.join(" "))}</desc>`,
    `<rect width="100%" height="100%" fill="${palette.paper}"/>`,
    `<text x="0" y="17" ${FACES.label.replace("11.5", "15")} fill="${palette.ink}">${title}`,
    behind
      ? ` <tspan font-size="11.5" font-weight="400" fill="${palette.muted}">${escape(behind)}</tspan>`
      : "",
    `</text><g transform="translate(0 ${HEAD})">`,
    ...parts,
    `</g><text x="0" y="${height - 5}" ${FACES.axis} fill="${palette.muted}">${escape(picture.facts[0] ?? "")}</text>`,
    "</svg>\n",
  ].join("");
}

function svgPen(parts: string[]): Pen {
  let clips = 0;
  const path = (draw: (to: Tracer) => void): string => {
    const d: string[] = [];
    draw({
      moveTo: (x, y) => d.push(`M${round(x)} ${round(y)}`),
      lineTo: (x, y) => d.push(`L${round(x)} ${round(y)}`),
      closePath: () => d.push("Z"),
    });
    return d.join("");
  };
  return {
    clip(left, top, right, bottom) {
      clips += 1;
      const size = `width="${right - left}" height="${bottom - top}"`;
      parts.push(`<clipPath id="c${clips}"><rect x="${left}" y="${top}" ${size}/></clipPath>`);
      parts.push(`<g clip-path="url(#c${clips})">`);
    },
    free() {
      parts.push("</g>");
    },
    stroke(style, draw) {
      const d = path(draw);
      if (d !== "") parts.push(`<path d="${d}" fill="none" ${strokeOf(style)}/>`);
    },
    fill(colour, opacity, draw) {
      const d = path(draw);
      if (d !== "")
        parts.push(`<path d="${d}" fill="${colour}" fill-opacity="${number(opacity)}"/>`);
    },
    circle(x, y, radius, fill, stroke) {
      const line = stroke ? ` ${strokeOf(stroke)}` : "";
      parts.push(`<circle cx="${round(x)}" cy="${round(y)}" r="${radius}" fill="${fill}"${line}/>`);
    },
    text({ text, x, y, colour, align, face }) {
      const anchor = { left: "start", center: "middle", right: "end" }[align];
      const place = `x="${round(x)}" y="${round(y + 4)}" text-anchor="${anchor}"`;
      parts.push(`<text ${place} ${FACES[face]} fill="${colour}">${escape(text)}</text>`);
    },
  };
}

function strokeOf({ colour, width, opacity = 1, dash = [] }: Stroke): string {
  const dashes = dash.length > 0 ? ` stroke-dasharray="${dash.join(" ")}"` : "";
  const pale = opacity < 1 ? ` stroke-opacity="${opacity}"` : "";
  return `stroke="${colour}" stroke-width="${width}"${pale}${dashes} stroke-linejoin="round"`;
}

function round(value: number): number {
  return Math.round(value * 100) / 100;
}

function escape(text: string): string {
  return visible(text).replace(/[&<>"]/g, (sign) => `&#${sign.charCodeAt(0)};`);
}
