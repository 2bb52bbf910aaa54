// What stands in a cell: text, and how it is set.

import { visible } from "../chart/text.ts";
import { at, type Col } from "../data/columns.ts";
import * as format from "../data/format.ts";
import { CONFIDENCE } from "../stats/difference.ts";
import { quantile } from "../stats/student.ts";
import type { Arranged } from "./arrange.ts";
import type { Baseline, Delta } from "./baseline.ts";
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

/** Makes the cells of an arranged table. */
export class Cells {
  private readonly facts: Facts;
  private readonly arranged: Arranged;
  private readonly spread: Spread;
  private readonly baseline: Baseline | undefined;
  private readonly spans: Map<Col, Span>;

  constructor(facts: Facts, arranged: Arranged, spread: Spread, baseline: Baseline | undefined) {
    this.facts = facts;
    this.arranged = arranged;
    this.spread = spread;
    this.baseline = baseline;
    // Columns stay as they are while the same rows change places.
    const { grouped, passing } = arranged;
    this.spans = (grouped ? undefined : SPANS.get(passing)) ?? new Map();
    if (!grouped) SPANS.set(passing, this.spans);
  }

  /** Make the cell of a line and a column. */
  of(line: number, column: Column): Cell {
    return line < 0 ? this.ofGroup(-1 - line, column) : this.ofRun(line, column);
  }

  private ofRun(run: number, column: Column): Cell {
    const { ref, column: col } = column;
    if (ref.curve) {
      const curve = this.facts.runs.spark(run, ref.name);
      return curve === "" ? NONE : { text: "", curve };
    }
    const value = valueAt(col, run);
    if (value === undefined) return NONE;
    if (column.result && typeof value === "number") return this.result(run, value, column);
    const text = textOf(value, column, this.facts);
    if (ref.space === "run" && ref.name === "status") return { text, status: text };
    return cut(text, typeof value === "number" ? String(value) : text);
  }

  private result(run: number, value: number, column: Column): Cell {
    const isBest = this.facts.failed[run] !== 1 && this.isBest(value, column);
    const delta = this.delta(run, column);
    return {
      text: this.print(value, column),
      title: String(value),
      ...(isBest && { best: true }),
      ...(delta && { delta }),
    };
  }

  private ofGroup(g: number, column: Column): Cell {
    const { grouped } = this.arranged;
    if (grouped === undefined || column.ref.curve) return { text: "", dim: true };
    const members = membersOf(grouped.groups, g);
    const averaged = column.result || column.ref.name === "duration";
    if (!averaged || column.column.kind === "words") return this.shared(members, column);
    const found = grouped.statistics(column);
    const [n = 0, mean = Number.NaN] = [found.n[g], found.mean[g]];
    const about = this.about(members, n, found.missing[g] ?? 0, found.nonfinite[g] ?? 0);
    if (n === 0) return { ...NONE, title: about };
    if (!column.result) return { text: textOf(mean, column, this.facts), title: about };
    const delta = this.delta(-1 - g, column);
    const counted = members.reduce((sum, run) => sum + (grouped.counts[run] ?? 0), 0);
    const spread = spreadOf(this.spread, n, found.sd[g], found.min[g], found.max[g], (value) =>
      this.print(value, column),
    );
    return {
      text: this.print(mean, column),
      title: `${mean}; ${about}`,
      ...(this.isBest(mean, column) && { best: true }),
      behind: n < counted ? `${spread} n ${n}`.trim() : spread,
      ...(delta && { delta }),
    };
  }

  private delta(line: number, column: Column): Shown | undefined {
    const found = this.baseline?.of(line, column);
    if (found === undefined) return undefined;
    const text = detailed(Math.abs(found.value), (value) => this.print(value, column));
    const sign = found.value > 0 ? "+" : found.value < 0 ? format.MINUS : "";
    return { ...found, text: sign + text };
  }

  /** What a group's runs have in common, or how many values they have. */
  private shared(members: Uint32Array, column: Column): Cell {
    const distinct = new Set<unknown>();
    for (const run of members) distinct.add(at(column.column, run));
    const first = members[0];
    if (distinct.size === 1 && first !== undefined) return this.ofRun(first, column);
    return { text: `${distinct.size} values`, dim: true };
  }

  private about(members: Uint32Array, n: number, missing: number, nonfinite: number): string {
    const { failed } = this.facts;
    const fell = members.reduce((sum, run) => sum + (failed[run] ?? 0), 0);
    const other = members.length - n - missing - nonfinite - fell;
    const parts = [
      fell > 0 && `${fell} failed`,
      other > 0 && `${other} open`,
      missing > 0 && `${missing} without it`,
      nonfinite > 0 && `${nonfinite} not finite`,
    ].filter(Boolean);
    const left = parts.length > 0 ? `; left out: ${parts.join(", ")}` : "";
    return `mean of ${n} of ${format.plural(members.length, "run")}${left}`;
  }

  /** Print a number with the decimals of its column. */
  print(value: number, column: Column): string {
    if (column.ref.space === "summary" && column.metric === undefined && Number.isInteger(value)) {
      return format.number(value);
    }
    return format.column([value, ...this.spanOf(column).anchors], column.metric)[0] ?? "";
  }

  private spanOf(column: Column): Span {
    let known = this.spans.get(column.column);
    if (known === undefined) {
      const { grouped, passing } = this.arranged;
      known =
        grouped && column.column.kind === "numbers"
          ? spanOf(grouped.statistics(column).mean)
          : spanOf(numbersOf(column, this.facts.runs.n), passing, this.facts.failed);
      this.spans.set(column.column, known);
    }
    return known;
  }

  private isBest(value: number, column: Column): boolean {
    return value === bestOf(this.spanOf(column), judged(column.metric));
  }
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
