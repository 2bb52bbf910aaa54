// What is said below a chart: what is shown, what is left out, and why.

import { number, plural } from "../data/format.ts";
import { isBanded } from "./build.ts";
import type { Band } from "./group.ts";
import type { Options } from "./picture.ts";
import type { Tally } from "./tally.ts";
import type { Smoothing } from "./transform.ts";

/** What a band shows. */
export const BAND_NAMES: Readonly<Record<Band, string>> = {
  range: "lowest to highest",
  std: "± one standard deviation",
  sem: "± one standard error",
  ci: "95 % interval (Student’s t)",
  none: "none",
};

/** Say how a chart is to be read, in sentences. */
export function facts(found: Tally, options: Options): string[] {
  const told = [
    resolution(found, options),
    means(found, options),
    smoothed(options.smoothing),
    found.partial > 0
      ? `${plural(found.partial, found.widths.has(null) ? "step" : "bucket")} without a mean: not all runs have a value there.`
      : "",
    found.unshared > 0 ? "Runs that share no steps are drawn one by one." : "",
    found.apart > 0
      ? `${plural(found.apart, "run")} ${takes(found.apart)} part in no mean: failed, or without an end.`
      : "",
    found.without > 0
      ? `${plural(found.without, "run")} ${found.without === 1 ? "has" : "have"} no such metric.`
      : "",
    found.nonfinite > 0 ? `${plural(found.nonfinite, "value")} not finite.` : "",
    found.unplaced > 0
      ? `${plural(found.unplaced, "value")} without a place: ${reason(options)}.`
      : "",
    found.ghosts > 0 ? "Dotted: points that a resume superseded." : "",
    found.context > 0 ? `${plural(found.context, "other")} behind.` : "",
  ];
  return told.filter((sentence) => sentence !== "");
}

function resolution(found: Tally, options: Options): string {
  const sizes = [...found.widths].filter((width) => width !== null).sort((a, b) => a - b);
  if (found.widths.size === 0) return "";
  if (sizes.length === 0) return "Every logged point.";
  const [least, most] = [2 ** (sizes[0] ?? 0), 2 ** (sizes.at(-1) ?? 0)];
  const of = least === most ? number(least, 6) : `${number(least, 6)} to ${number(most, 6)}`;
  const steps = most === 1 ? "step" : "steps";
  const rest = found.widths.has(null) ? ", or every point where there are few" : "";
  const shown = isBanded(options) ? "mean, lowest and highest" : "mean";
  return `Buckets of ${of} ${steps}: ${shown}${rest}. Zoom in for every point.`;
}

function means(found: Tally, options: Options): string {
  const sizes = [...found.sizes].sort((a, b) => a - b);
  const [least, most] = [sizes[0], sizes.at(-1)];
  if (least === undefined || most === undefined) return "";
  const of = least === most ? number(least) : `${number(least)} to ${number(most)}`;
  const band =
    options.band === "none" || !isBanded(options) ? "" : `; band: ${BAND_NAMES[options.band]}`;
  const single = found.single ? ", or one run" : "";
  return `Mean of ${of} runs${single}${band}.`;
}

function smoothed(how: Smoothing): string {
  if (how.kind === "none") return "";
  const strength = number(how.strength);
  const name = {
    ema: `exponential mean, ${strength}`,
    twema: `exponential mean by distance of steps, ${strength}`,
    gauss: `normal curve, deviation of ${strength} points`,
    mean: `running mean of ${strength} points`,
  }[how.kind];
  return `Smoothed: ${name}; pale behind it what was not smoothed.`;
}

function reason(options: Options): string {
  return options.axis.kind === "metric"
    ? "the other metric has none at that step"
    : "no time was logged";
}

function takes(count: number): string {
  return count === 1 ? "takes" : "take";
}
