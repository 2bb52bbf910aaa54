// What a chart shows, before it has a size: lines with their values as they were logged. The
// screen, SVG, CSV, the table and the sentences below a chart all come from it.

import type { Metric } from "../data/types.ts";
import type { Series } from "../data/series.ts";
import type { Band } from "./group.ts";
import type { Bent } from "./scale.ts";
import type { Axis, Smoothing } from "./transform.ts";

/**
 * `mean`: a group's mean, or a run of its own; `baseline`: the same, of what others are compared
 * with; `member`: a run of a group; `context`: others, faint behind; `ghost`: superseded points;
 * `raw`: the values behind a smoothed line.
 */
export type Kind = "mean" | "baseline" | "member" | "context" | "ghost" | "raw";

/** A run whose series are at hand. */
export interface Member {
  readonly key: string;
  readonly name: string;
  /** `finished`, `failed`, `stopped`, `open`. */
  readonly status: string;
  /** Unix seconds; NaN where unknown. */
  readonly started: number;
  readonly series: (metric: string) => Series | undefined;
  /** Names of its metrics, as they appeared. */
  readonly metrics: readonly string[];
}

/** What is drawn as one thing: a run, a group, a side of a comparison. */
export interface Subject {
  readonly label: string;
  /** Colour 1 to 10; 0 draws in ink, or faint as context. */
  readonly slot: number;
  readonly role: "chosen" | "baseline" | "context";
  readonly members: readonly Member[];
}

/** How charts of a page are drawn. */
export interface Options {
  readonly axis: Axis;
  readonly smoothing: Smoothing;
  readonly band: Band;
  /** Whether runs of a group are one line. */
  readonly grouped: boolean;
  /** What a step is called: `step`, or `sample` of a machine. */
  readonly stepName: string;
}

/** A range of the horizontal axis, in its unit. */
export interface Window {
  readonly from: number;
  readonly to: number;
}

/** A line; all columns have a value for each of its places. */
export interface Line {
  readonly kind: Kind;
  readonly label: string;
  /** Key of the run; of a mean, the keys of its runs. */
  readonly runs: readonly string[];
  /** What it is called where it has no label: the name of the run. */
  readonly name: string;
  readonly slot: number;
  /** log2 of the buckets' width in steps; null for points. */
  readonly width: number | null;
  /** Steps; of buckets, their middles. */
  readonly step: Float64Array;
  readonly x: Float64Array;
  readonly y: Float64Array;
  /** Edges of the band; undefined for none. */
  readonly low?: Float64Array;
  readonly high?: Float64Array;
  /** Runs behind each value; undefined for a single run. */
  readonly n?: Float64Array;
  /** How the run ended; `finished` for what has no mark. */
  readonly ended: string;
}

/** A chart without a size. */
export interface Picture {
  readonly metric: string;
  readonly about: Metric | undefined;
  readonly options: Options;
  readonly lines: readonly Line[];
  /** The part of the horizontal axis on view; undefined for all. */
  readonly window: Window | undefined;
  /** All of it, and how the vertical axis suits all values, whatever is on view. */
  readonly extent: Window | undefined;
  readonly suits: Bent;
  /** What is shown, what is left out and why, in sentences. */
  readonly facts: readonly string[];
}

/** Lines that set the scale: all but those behind others, or all where there are no others. */
export function chosen(lines: readonly Line[]): readonly Line[] {
  const own = lines.filter((line) => !["context", "ghost", "raw"].includes(line.kind));
  return own.length > 0 ? own : lines;
}

/** Lines that are named at their ends, the baseline first, at most so many. */
export function named(lines: readonly Line[], most = 12): readonly Line[] {
  const own = lines.filter((line) => line.label !== "" && ["mean", "baseline"].includes(line.kind));
  own.sort((a, b) => Number(b.kind === "baseline") - Number(a.kind === "baseline"));
  return own.length > most ? own.filter((line) => line.kind === "baseline") : own;
}
