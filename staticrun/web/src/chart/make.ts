// A picture of one metric from runs, at a window and a number of pixels.

import { linesOf, type Glance } from "./build.ts";
import { facts } from "./facts.ts";
import type { Metric } from "../data/types.ts";
import { overall } from "./overall.ts";
import type { Line, Options, Picture, Subject, Window } from "./picture.ts";
import { tally } from "./tally.ts";

/**
 * Make a picture.
 *
 * @param pixels How many columns of pixels the lines have.
 * @throws {MissingFile} When a part of the site is missing.
 */
export async function makePicture(
  subjects: readonly Subject[],
  metric: string,
  about: Metric | undefined,
  options: Options,
  window: Window | undefined,
  pixels: number,
): Promise<Picture> {
  const found = tally();
  const { extent, suits, steps } = overall(subjects, metric, about, options.axis);
  const glance: Glance = { window, range: steps, pixels };
  const made = await Promise.all(
    subjects.map((subject) => linesOf(subject, metric, options, glance, found)),
  );
  const lines = inOrder(made.flat());
  return { metric, about, options, lines, window, extent, suits, facts: facts(found, options) };
}

const ORDER = ["context", "ghost", "raw", "member", "mean", "baseline"];

/** What stands behind comes first. */
function inOrder(lines: readonly Line[]): Line[] {
  return [...lines].sort((a, b) => ORDER.indexOf(a.kind) - ORDER.indexOf(b.kind));
}
