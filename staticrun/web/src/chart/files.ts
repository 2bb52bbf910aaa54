// Charts as files: PNG and SVG as on the screen, CSV of what is shown.

import { canvasPen } from "./canvas_pen.ts";
import type { Frame } from "./frame.ts";
import { paintChart } from "./paint.ts";
import type { Palette } from "./palette.ts";
import type { Picture } from "./picture.ts";
import { spellCsv } from "./rows.ts";
import { spellSvg } from "./svg.ts";
import { visible } from "./text.ts";

export const KINDS = ["PNG", "SVG", "CSV"] as const;
export type FileKind = (typeof KINDS)[number];

/** A chart that can be saved. */
export interface Drawn {
  readonly picture: Picture;
  readonly frame: Frame;
}

/** Save charts: of PNG and SVG a file each, of CSV one for all. */
export async function save(
  kind: FileKind,
  drawn: readonly Drawn[],
  name: string,
  palette: Palette,
): Promise<void> {
  if (kind === "CSV") {
    offer(
      new Blob([spellCsv(drawn.map(({ picture }) => picture))], { type: "text/csv" }),
      `${fileName(name)}.csv`,
    );
    return;
  }
  for (const { picture, frame } of drawn) {
    const blob =
      kind === "SVG"
        ? new Blob([spellSvg(picture, frame, palette)], { type: "image/svg+xml" })
        : await png(picture, frame, palette);
    offer(blob, `${fileName(picture.metric)}.${kind.toLowerCase()}`);
    // Browsers take several files at once for a mistake.
    await new Promise((done) => setTimeout(done, 150));
  }
}

const HEAD = 28;
const SCALE = 2;

async function png(picture: Picture, frame: Frame, palette: Palette): Promise<Blob> {
  const canvas = document.createElement("canvas");
  canvas.width = frame.width * SCALE;
  canvas.height = (frame.height + HEAD) * SCALE;
  const context = canvas.getContext("2d");
  if (context === null) throw new Error("this browser gives no canvas");
  context.scale(SCALE, SCALE);
  context.fillStyle = palette.paper;
  context.fillRect(0, 0, frame.width, frame.height + HEAD);
  const pen = canvasPen(context);
  pen.text({
    text: visible(picture.metric),
    x: 0,
    y: 13,
    colour: palette.ink,
    align: "left",
    face: "label",
  });
  context.translate(0, HEAD);
  paintChart(pen, picture, frame, palette);
  return await new Promise((done, fail) => {
    canvas.toBlob((blob) => (blob ? done(blob) : fail(new Error("no picture"))), "image/png");
  });
}

function offer(blob: Blob, name: string): void {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(blob);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}

/** A name that every file system takes. */
function fileName(text: string): string {
  const plain = text.replace(/[^A-Za-z0-9._-]+/g, "-").replace(/^[-.]+|[-.]+$/g, "");
  return plain.slice(0, 80) || "chart";
}
