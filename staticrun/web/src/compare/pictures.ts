// What several runs logged under one name, by step: pictures, tables.

import type { Artifact, RunData } from "../data/types.ts";

const SHOWN = new Set(["png", "jpg", "jpeg", "gif", "webp", "avif", "bmp", "svg"]);

/** A name and what runs have under it. */
export interface Gallery {
  readonly name: string;
  /** Ascending; empty where nothing has a step. */
  readonly steps: readonly number[];
  /** Run → its own, by step. */
  readonly of: ReadonlyMap<number, readonly Artifact[]>;
}

/** Gather artifacts of runs by their names; those that more runs share come first. */
export function galleries(
  data: ReadonlyMap<number, RunData>,
  wanted: (artifact: Artifact) => boolean = isPicture,
): Gallery[] {
  const found = new Map<string, Map<number, Artifact[]>>();
  for (const [run, one] of data) {
    for (const artifact of one.artifacts ?? []) {
      if (!wanted(artifact)) continue;
      const name = artifact.key || nameOf(artifact);
      const of = found.get(name) ?? new Map<number, Artifact[]>();
      found.set(name, of);
      of.set(run, [...(of.get(run) ?? []), artifact]);
    }
  }
  return [...found]
    .map(([name, of]) => ({
      name,
      steps: [
        ...new Set([...of.values()].flat().flatMap((one) => (isStep(one.step) ? [one.step] : []))),
      ].sort((a, b) => a - b),
      of,
    }))
    .sort((a, b) => b.of.size - a.of.size);
}

/** What a run has at a step, or the last before; without a step the last that was logged. */
export function pictureAt(
  gallery: Gallery,
  run: number,
  step: number | undefined,
): Artifact | undefined {
  const all = gallery.of.get(run) ?? [];
  if (step === undefined) return all.at(-1);
  return all
    .filter((one) => !isStep(one.step) || one.step <= step)
    .sort((a, b) => (a.step ?? -Infinity) - (b.step ?? -Infinity))
    .at(-1);
}

function isPicture(artifact: Artifact): boolean {
  const url = artifact.url ?? "";
  return SHOWN.has(url.slice(url.lastIndexOf(".") + 1));
}

/** A path without the step in its name: `images/samples-10.png` at step 10 → `images/samples`. */
function nameOf(artifact: Artifact): string {
  const name = artifact.path.replace(/^artifacts\//, "").replace(/\.\w+$/, "");
  return isStep(artifact.step) ? name.replace(/[-_.]?\d+$/, "") : name;
}

function isStep(step: number | null | undefined): step is number {
  return typeof step === "number";
}
