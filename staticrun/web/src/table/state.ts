// What a reader has chosen of a table of runs, and how it stands in the address. What is not there
// is as the page decides.

import type { View } from "../view/hash.ts";
import { parseKeys, spellKeys } from "../view/keys.ts";
import { readRef } from "./spelling.ts";

/** Which of a metric's values a column shows; `best` is the one that its direction asks for. */
export const VALUES = ["last", "best", "min", "max", "mean", "first"] as const;
/** `at@NAME` is that at the best step of another metric. */
export type Value = (typeof VALUES)[number] | `at@${string}`;

/** What stands behind a mean. */
export const SPREADS = ["sd", "sem", "ci", "range", "none"] as const;
export type Spread = (typeof SPREADS)[number];

/** A column by which rows are ordered. */
export interface Order {
  readonly column: string;
  readonly down: boolean;
}

export interface State {
  /** A filter, as written. */
  readonly filter: string;
  /** The first counts most; undefined where the page decides. */
  readonly sort: readonly Order[] | undefined;
  /** Columns after the run's name, in order; undefined where the page decides. */
  readonly columns: readonly string[] | undefined;
  /** Of these, how many stay in sight with the name. */
  readonly frozen: number;
  /** Widths in pixels, where they were changed. */
  readonly widths: ReadonlyMap<string, number>;
  /** Columns by which runs are grouped; `seeds` for all params but seeds; undefined for none. */
  readonly group: readonly string[] | "seeds" | undefined;
  readonly spread: Spread;
  readonly value: Value;
  /** Runs, by key. */
  readonly selected: readonly string[];
  readonly hidden: readonly string[];
  /** On top of the table. */
  readonly top: readonly string[];
  /** Groups whose members are shown, by the key of their first run. */
  readonly open: readonly string[];
  /** What differences are shown to: keys, `declared` for those of the experiment, or none. */
  readonly baseline: readonly string[] | "declared" | undefined;
  readonly archived: boolean;
}

/** Nothing chosen. */
export const UNTOUCHED: State = {
  filter: "",
  sort: undefined,
  columns: undefined,
  frozen: 0,
  widths: new Map(),
  group: undefined,
  spread: "sd",
  value: "last",
  selected: [],
  hidden: [],
  top: [],
  open: [],
  baseline: undefined,
  archived: false,
};

const NAMES = ["f", "sort", "cols", "freeze", "w", "group", "spread", "value", "sel", "hide", "pin", "open", "base", "archived"] as const;
type Name = (typeof NAMES)[number];

/** Read the state of a table; what cannot be read is as if it were not there. */
export function readState(view: View): State {
  return {
    filter: view["f"] ?? "",
    sort: view["sort"] === undefined ? undefined : readSort(view["sort"]),
    columns: view["cols"] === undefined ? undefined : readColumns(view["cols"]),
    frozen: count(view["freeze"]),
    widths: readWidths(view["w"]),
    group: readGroup(view["group"]),
    spread: SPREADS.find((one) => one === view["spread"]) ?? UNTOUCHED.spread,
    value: isValue(view["value"]) ? view["value"] : UNTOUCHED.value,
    selected: parseKeys(view["sel"]),
    hidden: parseKeys(view["hide"]),
    top: parseKeys(view["pin"]),
    open: parseKeys(view["open"]),
    baseline: view["base"] === "*" ? "declared" : view["base"] ? parseKeys(view["base"]) : undefined,
    archived: view["archived"] === "1",
  };
}

/** Spell changes of the state as parts of the address. */
export function spellState(parts: Partial<State>): Partial<Record<Name, string | undefined>> {
  const out: Partial<Record<Name, string | undefined>> = {};
  const keys = (runs: readonly string[]): string | undefined => spellKeys(runs) || undefined;
  if ("filter" in parts) out.f = parts.filter || undefined;
  if ("sort" in parts) {
    out.sort = parts.sort?.map(({ column, down }) => (down ? `-${column}` : column)).join(",");
    // An order that was taken away is not the page's own.
    if (parts.sort?.length === 0) out.sort = "*";
  }
  if ("columns" in parts) out.cols = parts.columns?.length === 0 ? "*" : parts.columns?.join(",");
  if ("frozen" in parts) out.freeze = parts.frozen ? String(parts.frozen) : undefined;
  if (parts.widths !== undefined) {
    out.w = [...parts.widths].map(([id, px]) => `${id}~${Math.round(px)}`).join(",") || undefined;
  }
  if ("group" in parts) {
    out.group = parts.group === "seeds" ? "*" : parts.group?.join(",") || undefined;
  }
  if ("spread" in parts) out.spread = parts.spread === UNTOUCHED.spread ? undefined : parts.spread;
  if ("value" in parts) out.value = parts.value === UNTOUCHED.value ? undefined : parts.value;
  if (parts.selected !== undefined) out.sel = keys(parts.selected);
  if (parts.hidden !== undefined) out.hide = keys(parts.hidden);
  if (parts.top !== undefined) out.pin = keys(parts.top);
  if (parts.open !== undefined) out.open = keys(parts.open);
  if ("baseline" in parts) {
    out.base = parts.baseline === "declared" ? "*" : keys(parts.baseline ?? []);
  }
  if ("archived" in parts) out.archived = parts.archived ? "1" : undefined;
  return out;
}

/** Say whether a reader has changed nothing of a table. */
export function isUntouched(state: State): boolean {
  return Object.values(spellState(state)).every((part) => part === undefined);
}

/** Say whether an address chooses anything of a table. */
export function isTouched(view: View): boolean {
  return NAMES.some((name) => view[name] !== undefined);
}

function isValue(text = ""): text is Value {
  return text.startsWith("at@") || (VALUES as readonly string[]).includes(text);
}

/** The metric at whose best step values are; undefined for other values. */
export function bestIn(value: Value): string | undefined {
  return value.startsWith("at@") ? value.slice(3) : undefined;
}

function readSort(text: string): Order[] {
  return text
    .split(",")
    .map((part) => ({ column: part.replace(/^-/, ""), down: part.startsWith("-") }))
    .filter(({ column }) => readRef(column) !== undefined);
}

function readColumns(text: string): string[] {
  return [...new Set(text.split(",").filter((id) => readRef(id) !== undefined))];
}

function readWidths(text: string | undefined): Map<string, number> {
  const pairs = (text ?? "").split(",").map((part) => part.split("~"));
  return new Map(
    pairs
      .map(([id = "", px]): [string, number] => [id, count(px)])
      .filter(([id, px]) => px > 0 && px <= 2000 && readRef(id) !== undefined),
  );
}

function readGroup(text: string | undefined): State["group"] {
  if (text === "*") return "seeds";
  const columns = text ? readColumns(text) : [];
  return columns.length > 0 ? columns : undefined;
}

function count(text: string | undefined): number {
  return /^\d{1,4}$/.test(text ?? "") ? Number(text) : 0;
}
