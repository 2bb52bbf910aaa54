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

/** How a part of the state stands in the address: under which name, how it is read and spelled. */
type Part<T> = readonly [name: string, read: (text?: string) => T, spell: (value: T) => string | undefined];

const keys = (name: string): Part<readonly string[]> => [name, parseKeys, spellKeys];

const PARTS: { readonly [Key in keyof State]: Part<State[Key]> } = {
  filter: ["f", (text = "") => text, (filter) => filter],
  // An order that was taken away is not the page's own; nor are columns.
  sort: ["sort", (text) => (text === undefined ? undefined : readSort(text)), (sort) => sort && (spellSort(sort) || "*")],
  columns: ["cols", (text) => (text === undefined ? undefined : readColumns(text)), (ids) => ids && (ids.join() || "*")],
  frozen: ["freeze", count, (n) => String(n || "")],
  widths: ["w", readWidths, (widths) => [...widths].map(([id, px]) => `${id}~${Math.round(px)}`).join()],
  group: ["group", readGroup, (by) => (by === "seeds" ? "*" : by?.join())],
  spread: ["spread", (text) => SPREADS.find((one) => one === text) ?? "sd", (spread) => (spread === "sd" ? "" : spread)],
  value: ["value", (text) => (isValue(text) ? text : "last"), (value) => (value === "last" ? "" : value)],
  selected: keys("sel"),
  hidden: keys("hide"),
  top: keys("pin"),
  open: keys("open"),
  baseline: [
    "base",
    (text) => (text === "*" ? "declared" : text ? parseKeys(text) : undefined),
    (runs) => (runs === "declared" ? "*" : runs && spellKeys(runs)),
  ],
  archived: ["archived", (text) => text === "1", (is) => (is ? "1" : "")],
};

/** Read the state of a table; what cannot be read is as if it were not there. */
export function readState(view: View): State {
  const parts = Object.entries(PARTS).map(([key, [name, read]]) => [key, read(view[name])]);
  return Object.fromEntries(parts) as State;
}

/** Nothing chosen. */
export const UNTOUCHED: State = readState({});

/** Spell changes of the state as parts of the address. */
export function spellState(parts: Partial<State>): Record<string, string | undefined> {
  return Object.fromEntries(
    Object.entries(parts).map(([key, value]) => {
      const [name, , spell] = PARTS[key as keyof State] as Part<unknown>;
      return [name, spell(value) || undefined];
    }),
  );
}

/** Say whether a reader has changed nothing of a table. */
export function isUntouched(state: State): boolean {
  return Object.values(spellState(state)).every((part) => part === undefined);
}

/** Say whether an address chooses anything of a table. */
export function isTouched(view: View): boolean {
  return Object.values(PARTS).some(([name]) => view[name] !== undefined);
}

function isValue(text = ""): text is Value {
  return text.startsWith("at@") || (VALUES as readonly string[]).includes(text);
}

/** The metric at whose best step values are; undefined for other values. */
export function bestIn(value: Value): string | undefined {
  return value.startsWith("at@") ? value.slice(3) : undefined;
}

function spellSort(sort: readonly Order[]): string {
  return sort.map(({ column, down }) => (down ? `-${column}` : column)).join();
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
