// The theme's colours as any canvas and any file takes them: `#rrggbb`.

import { SLOTS } from "../table/colours.ts";

/** Colours of a chart; `slots[0]` is ink. */
export interface Palette {
  readonly ink: string;
  readonly paper: string;
  readonly muted: string;
  readonly faint: string;
  readonly worse: string;
  /** Of lines by slot, and of their names, which are mixed with ink to be read. */
  readonly slots: readonly string[];
  readonly names: readonly string[];
}

/** Dashes of the second round of colours, for slots beyond the tenth. */
export function dashOf(slot: number): readonly number[] {
  return slot > SLOTS ? [6, 3] : [];
}

/** The colour of a slot among `slots` or `names`. */
export function colourOf(colours: readonly string[], slot: number): string {
  return colours[slot === 0 ? 0 : ((slot - 1) % SLOTS) + 1] ?? "#000000";
}

/** Read the colours that the page has now, or those of a scheme. */
export function readPalette(scheme?: "light"): Palette {
  const probe = document.createElement("span");
  if (scheme) probe.style.colorScheme = scheme;
  probe.hidden = true;
  document.body.append(probe);
  const canvas = document.createElement("canvas");
  canvas.width = canvas.height = 1;
  const context = canvas.getContext("2d", { willReadFrequently: true });
  const read = (colour: string): string => {
    probe.style.color = "";
    probe.style.color = colour;
    if (context === null) return "#000000";
    context.clearRect(0, 0, 1, 1);
    context.fillStyle = getComputedStyle(probe).color;
    context.fillRect(0, 0, 1, 1);
    const [r = 0, g = 0, b = 0] = context.getImageData(0, 0, 1, 1).data;
    return `#${[r, g, b].map((part) => part.toString(16).padStart(2, "0")).join("")}`;
  };
  const tokens = Array.from({ length: SLOTS }, (_, i) => `var(--r${i + 1})`);
  const palette = {
    ink: read("var(--ink)"),
    paper: read("var(--paper)"),
    muted: read("var(--muted)"),
    faint: read("var(--faint)"),
    worse: read("var(--worse)"),
    slots: ["var(--ink)", ...tokens].map(read),
    names: ["var(--ink)", ...tokens].map((token) =>
      read(`color-mix(in oklab, ${token} 70%, var(--ink))`),
    ),
  };
  probe.remove();
  return palette;
}

/** Be told when the page changes its colours; gives the way out. */
export function onScheme(changed: () => void): () => void {
  const dark = matchMedia("(prefers-color-scheme: dark)");
  dark.addEventListener("change", changed);
  addEventListener("staticrun-scheme", changed);
  return () => {
    dark.removeEventListener("change", changed);
    removeEventListener("staticrun-scheme", changed);
  };
}
