// What stands in a cell: text, and how it is set.

import { visible } from "../chart/text.ts";
import { at, type Col } from "../data/columns.ts";
import * as format from "../data/format.ts";
import { CONFIDENCE } from "../stats/difference.ts";
import { quantile } from "../stats/student.ts";
import type { Arranged } from "./arrange.ts";
import type { Delta, Differences } from "./baseline.ts";
import { judged } from "./catalog.ts";
import { isTime, numberAt, valueAt, type Column } from "./column.ts";
import type { Facts } from "./facts.ts";
import { membersOf } from "./groups.ts";
import { bestOf, spanOf, type Span } from "./span.ts";
import type { Spread } from "./state.ts";

export interface Cell {
  readonly text: string;
  /** Told on hover: the whole value, or what a mean leaves out. */
  readonly title?: string;
  readonly dim?: boolean;
  readonly best?: boolean;
  /** Behind the text, muted: the spread of a mean, or its number of runs. */
  readonly behind?: string;
  readonly delta?: Shown;
  /** Heights of a small curve. */
  readonly curve?: string;
  /** A status, which has a mark. */
  readonly status?: string;
}

/** A difference as it is shown: with its sign, and the decimals of its column. */
export interface Shown extends Delta {
  readonly text: string;
}

const TEXT_MAX = 120;
const TITLE_MAX = 2000;
const COMMIT_DIGITS = 10;
const NONE: Cell = { text: format.MISSING, dim: true };

const SPANS = new WeakMap<Uint32Array, Map<Col, Span>>();

/** Makes the cell of a line and a column. */
export type Cells = (line: number, column: Column) => Cell;

/** Make the cells of an arranged table. */
export function cellsOf(facts: Facts, arranged: Arranged, spread: Spread, differs: Differences | undefined): Cells {
  const { grouped, passing } = arranged;
  // Columns stay as they are while the same rows change places.
  const spans = (grouped ? undefined : SPANS.get(passing)) ?? new Map<Col, Span>();
  if (!grouped) SPANS.set(passing, spans);

  const spanOfColumn = (column: Column): Span => {
    const known =
      spans.get(column.column) ??
      (grouped && column.column.kind === "numbers"
        ? spanOf(grouped.statistics(column).mean)
        : spanOf(numbersOf(column, facts.runs.n), passing, facts.failed));
    spans.set(column.column, known);
    return known;
  };
  /** Print a number with the decimals of its column. */
  const print = (value: number, column: Column): string => {
    if (column.ref.space === "summary" && column.metric === undefined && Number.isInteger(value)) {
      return format.number(value);
    }
    return format.column([value, ...spanOfColumn(column).anchors], column.metric)[0] ?? "";
  };
  const isBest = (value: number, column: Column): boolean =>
    value === bestOf(spanOfColumn(column), judged(column.metric));
  const delta = (line: number, column: Column): Shown | undefined => {
    const found = differs?.(line, column);
    if (found === undefined) return undefined;
    const text = detailed(Math.abs(found.value), (value) => print(value, column));
    const sign = found.value > 0 ? "+" : found.value < 0 ? format.MINUS : "";
    return { ...found, text: sign + text };
  };
  const result = (line: number, value: number, column: Column, counts: boolean): Cell => {
    const differing = delta(line, column);
    return {
      text: print(value, column),
      ...(counts && isBest(value, column) && { best: true }),
      ...(differing && { delta: differing }),
    };
  };

  const ofRun = (run: number, column: Column): Cell => {
    const { ref, column: col } = column;
    if (ref.curve) {
      const curve = facts.runs.spark(run, ref.name);
      return curve === "" ? NONE : { text: "", curve };
    }
    const value = valueAt(col, run);
    if (value === undefined) return NONE;
    if (column.result && typeof value === "number") {
      return { ...result(run, value, column, facts.failed[run] !== 1), title: String(value) };
    }
    const text = textOf(value, column, facts);
    if (ref.space === "run" && ref.name === "status") return { text, status: text };
    return cut(text, typeof value === "number" ? String(value) : text);
  };

  /** What a group's runs have in common, or how many values they have. */
  const shared = (members: Uint32Array, column: Column): Cell => {
    const distinct = new Set<unknown>();
    for (const run of members) distinct.add(at(column.column, run));
    const [first] = members;
    if (distinct.size === 1 && first !== undefined) return ofRun(first, column);
    return { text: `${distinct.size} values`, dim: true };
  };
  const about = (members: Uint32Array, n: number, missing: number, nonfinite: number): string => {
    const fell = members.reduce((sum, run) => sum + (facts.failed[run] ?? 0), 0);
    const other = members.length - n - missing - nonfinite - fell;
    const parts = [
      fell > 0 && `${fell} failed`,
      other > 0 && `${other} open`,
      missing > 0 && `${missing} without it`,
      nonfinite > 0 && `${nonfinite} not finite`,
    ].filter(Boolean);
    const left = parts.length > 0 ? `; left out: ${parts.join(", ")}` : "";
    return `mean of ${n} of ${format.plural(members.length, "run")}${left}`;
  };
  const ofGroup = (g: number, column: Column): Cell => {
    if (grouped === undefined || column.ref.curve) return { text: "", dim: true };
    const members = membersOf(grouped.groups, g);
    const averaged = column.result || column.ref.name === "duration";
    if (!averaged || column.column.kind === "words") return shared(members, column);
    const found = grouped.statistics(column);
    const [n = 0, mean = Number.NaN] = [found.n[g], found.mean[g]];
    const title = about(members, n, found.missing[g] ?? 0, found.nonfinite[g] ?? 0);
    if (n === 0) return { ...NONE, title };
    if (!column.result) return { text: textOf(mean, column, facts), title };
    const counted = members.reduce((sum, run) => sum + (grouped.counts[run] ?? 0), 0);
    const behind = spreadOf(spread, n, found.sd[g], found.min[g], found.max[g], (value) => print(value, column));
    return {
      ...result(-1 - g, mean, column, true),
      title: `${mean}; ${title}`,
      behind: n < counted ? `${behind} n ${n}`.trim() : behind,
    };
  };
  return (line, column) => (line < 0 ? ofGroup(-1 - line, column) : ofRun(line, column));
}

function numbersOf({ column }: Column, n: number): Float64Array {
  if (column.kind === "numbers") return column.values;
  return Float64Array.from({ length: n }, (_, run) => numberAt(column, run));
}

/** Print what is no result: times, params, tags, words. */
export function textOf(value: unknown, { ref, day }: Column, facts: Facts): string {
  if (typeof value === "number") {
    if (isTime(ref)) return format.date(value).replace(day === "" ? "" : `${day}, `, "").replace(/ UTC$/, "");
    if (ref.space === "run" && ref.name === "duration") return format.duration(value);
  }
  if (ref.space === "run" && ref.name === "commit") return String(value).slice(0, COMMIT_DIGITS);
  if (ref.space === "run" && ref.name === "parent") return nameOfId(String(value), facts);
  return visible(format.scalar(value));
}

function nameOfId(id: string, { runs }: Facts): string {
  const run = runs.byId([id]).get(id);
  return visible(run === undefined ? id : runs.name(run));
}

function cut(text: string, whole: string): Cell {
  if (text === "") return { text: "''", dim: true };
  return text.length <= TEXT_MAX
    ? { text, title: whole.slice(0, TITLE_MAX) }
    : { text: `${text.slice(0, TEXT_MAX - 1)}…`, title: text.slice(0, TITLE_MAX) };
}

function spreadOf(
  kind: Spread,
  n: number,
  sd: number | undefined,
  min: number | undefined,
  max: number | undefined,
  print: (value: number) => string,
): string {
  if (kind === "none" || n < 2 || sd === undefined || min === undefined || max === undefined) return "";
  if (kind === "range") return `${print(min)}–${print(max)}`;
  const sem = sd / Math.sqrt(n);
  const half = kind === "sd" ? sd : kind === "sem" ? sem : sem * quantile(n - 1, CONFIDENCE);
  return Number.isFinite(half) ? `±${detailed(half, print)}` : "";
}

/** A small size keeps its digits where the column's decimals would make it zero. */
function detailed(size: number, print: (value: number) => string): string {
  const text = print(size);
  return size > 0 && !/[1-9]/.test(text) ? format.number(size, 2) : text;
}
