// What a reader has chosen of the charts of a page, and how it stands in the address. What is not
// there is as the page decides.

import type { View } from "../view/hash.ts";
import { parseKeys, spellKeys } from "../view/keys.ts";
import type { Band } from "./group.ts";
import type { Window } from "./picture.ts";
import type { Bends } from "./range.ts";
import type { Axis, Smoothing } from "./transform.ts";

export const BANDS = ["range", "std", "sem", "ci", "none"] as const;
export const SMOOTHINGS = ["none", "ema", "twema", "gauss", "mean"] as const;
export const SIZES = ["small", "medium", "large"] as const;
export type Size = (typeof SIZES)[number];

/** Strengths that a way to smooth has at first. */
export const STRENGTHS = { ema: 0.6, twema: 0.6, gauss: 3, mean: 11 } as const;

export interface ChartState {
  readonly axis: Axis;
  readonly bends: Bends;
  readonly smoothing: Smoothing;
  readonly band: Band;
  readonly grouped: boolean;
  /** In units of the axis. */
  readonly zoom: Window | undefined;
  /** Metrics whose charts stand first. */
  readonly first: readonly string[];
  /** Metrics whose charts are enlarged. */
  readonly big: readonly string[];
  /** A regular expression for names of metrics; empty for all. */
  readonly find: string;
  readonly size: Size;
}

type Parts = Readonly<Record<string, string | undefined>>;

const NAMES = ["x", "log", "smooth", "band", "lines", "zoom", "first", "big", "find", "size"];
// What the table of runs says of runs concerns charts, too.
const OF_RUNS = ["sel", "hide", "base", "group"];

/** Whether an address leaves charts as the page decides. */
export function isUntouched(view: View): boolean {
  return [...NAMES, ...OF_RUNS].every((name) => view[name] === undefined);
}

/** Read the state of charts; what cannot be read is as if it were not there. */
export function readCharts(view: View): ChartState {
  const log = view["log"] ?? "";
  return {
    axis: readAxis(view["x"]),
    bends: {
      x: log.includes("x") ? "log" : "linear",
      y: log.includes("y") ? "log" : log.includes("-") ? "linear" : "auto",
    },
    smoothing: readSmoothing(view["smooth"]),
    band: BANDS.find((band) => band === view["band"]) ?? "range",
    grouped: view["lines"] !== "runs",
    zoom: readZoom(view["zoom"]),
    first: parseKeys(view["first"]),
    big: parseKeys(view["big"]),
    find: view["find"] ?? "",
    size: SIZES.find((size) => size === view["size"]) ?? "medium",
  };
}

/** Spell changes of the state as parts of the address. */
export function spellCharts(change: Partial<ChartState>, now: ChartState): Parts {
  const next = { ...now, ...change };
  const parts: Record<string, string | undefined> = {};
  if (change.axis) parts["x"] = spellAxis(next.axis);
  // A part of one axis is none of another.
  if ("zoom" in change || change.axis || change.bends) {
    parts["zoom"] = next.zoom && !change.axis ? `${next.zoom.from}~${next.zoom.to}` : undefined;
  }
  if (change.bends) {
    const y = { auto: "", linear: "-", log: "y" }[next.bends.y];
    parts["log"] = `${next.bends.x === "log" ? "x" : ""}${y}` || undefined;
  }
  if (change.smoothing) {
    const { smoothing } = next;
    parts["smooth"] =
      smoothing.kind === "none" ? undefined : `${smoothing.kind}~${smoothing.strength}`;
  }
  if (change.band) parts["band"] = next.band === "range" ? undefined : next.band;
  if ("grouped" in change) parts["lines"] = next.grouped ? undefined : "runs";
  if (change.first) parts["first"] = spellKeys(next.first) || undefined;
  if (change.big) parts["big"] = spellKeys(next.big) || undefined;
  if ("find" in change) parts["find"] = next.find || undefined;
  if (change.size) parts["size"] = next.size === "medium" ? undefined : next.size;
  return parts;
}

/** Make what finds metrics; undefined for all; a text says why a pattern is none. */
export function finder(pattern: string): RegExp | undefined | string {
  if (pattern === "") return undefined;
  try {
    return new RegExp(pattern, "iu");
  } catch (error) {
    return error instanceof Error ? error.message.replace(/^Invalid regular expression: /, "") : "";
  }
}

function readAxis(text: string | undefined): Axis {
  if (text === "relative" || text === "wall") return { kind: text };
  return text?.startsWith("m:") && text.length > 2
    ? { kind: "metric", name: text.slice(2) }
    : { kind: "step" };
}

function spellAxis(axis: Axis): string | undefined {
  if (axis.kind === "metric") return `m:${axis.name}`;
  return axis.kind === "step" ? undefined : axis.kind;
}

function readSmoothing(text: string | undefined): Smoothing {
  const [kind, strength] = (text ?? "").split("~");
  const known = SMOOTHINGS.find((one) => one === kind);
  const value = Number(strength);
  if (known === undefined || known === "none" || !(value > 0)) return { kind: "none" };
  return {
    kind: known,
    strength: Math.min(value, known === "ema" || known === "twema" ? 0.999 : 1e6),
  };
}

function readZoom(text: string | undefined): Window | undefined {
  const [from, to] = (text ?? "")
    .split("~")
    .map((part) => (part === "" ? Number.NaN : Number(part)));
  if (from === undefined || to === undefined || !(from < to)) return undefined;
  return Number.isFinite(from) && Number.isFinite(to) ? { from, to } : undefined;
}
