// Differences to a baseline: a run, or a group of runs.

import { at } from "../data/columns.ts";
import { number } from "../data/format.ts";
import { average, welch } from "../stats/difference.ts";
import type { Arranged } from "./arrange.ts";
import { judged } from "./catalog.ts";
import type { Column } from "./column.ts";
import type { Facts } from "./facts.ts";
import { membersOf } from "./groups.ts";
import type { State } from "./state.ts";

/** A difference to the baseline. */
export interface Delta {
  readonly value: number;
  /** By the metric's declared direction; for groups only where the interval leaves out zero. */
  readonly verdict: "better" | "worse" | undefined;
  /** How sure it is, in words. */
  readonly about: string;
}

/** The runs of the baseline: those that the reader chose, else those that the experiment names. */
export function baselineRuns(facts: Facts, state: State): readonly number[] {
  return state.baseline === undefined || state.baseline === "declared"
    ? facts.baseline
    : [...facts.runs.find(state.baseline)];
}

/** Whether a line of the table is the baseline, or a part of it. */
export function isBaseline(line: number, arranged: Arranged, baseline: ReadonlySet<number>): boolean {
  if (line >= 0) return baseline.has(line);
  const { groups } = arranged.grouped ?? {};
  return groups !== undefined && membersOf(groups, -1 - line).some((run) => baseline.has(run));
}

/** Finds the difference of each line to the baseline, in columns of results. */
export class Baseline {
  private readonly facts: Facts;
  private readonly arranged: Arranged;
  private readonly members: readonly number[];
  private readonly own: ReadonlySet<number>;
  private readonly values = new Map<string, readonly number[]>();

  constructor(facts: Facts, arranged: Arranged, runs: readonly number[]) {
    this.facts = facts;
    this.arranged = arranged;
    this.own = new Set(runs);
    const { groups } = arranged.grouped ?? {};
    // A group is compared with the group that the baseline is in.
    const of = new Set(runs.map((run) => groups?.of[run] ?? -1).filter((g) => g >= 0));
    this.members =
      groups === undefined || of.size === 0
        ? runs
        : [...of].flatMap((g) => [...membersOf(groups, g)]);
  }

  /** Give the difference of a line; undefined where there is none, and for the baseline itself. */
  of(line: number, column: Column): Delta | undefined {
    if (!column.result || column.column.kind === "words") return undefined;
    const based = this.valuesOf(column);
    if (based.length === 0) return undefined;
    if (isBaseline(line, this.arranged, this.own)) return undefined;
    return line < 0 ? this.ofGroup(-1 - line, column, based) : this.ofRun(line, column, based);
  }

  private ofRun(run: number, column: Column, based: readonly number[]): Delta | undefined {
    const value = at(column.column, run);
    if (this.facts.failed[run] === 1 || typeof value !== "number") return undefined;
    const delta = value - average(based);
    if (!Number.isFinite(delta)) return undefined;
    const about = based.length > 1 ? `to the mean of ${based.length} runs` : "";
    return { value: delta, verdict: verdictOf(delta, column), about };
  }

  private ofGroup(g: number, column: Column, based: readonly number[]): Delta | undefined {
    const { grouped } = this.arranged;
    if (grouped === undefined) return undefined;
    const own = [...membersOf(grouped.groups, g)]
      .filter((run) => grouped.counts[run] === 1)
      .map((run) => at(column.column, run))
      .filter(isFiniteNumber);
    const found = welch(own, based);
    if (found.delta === undefined || !Number.isFinite(found.delta)) return undefined;
    const { low, high } = found;
    if (low === undefined || high === undefined) {
      return { value: found.delta, verdict: undefined, about: found.reason };
    }
    const sure = low > 0 || high < 0;
    const scale = column.metric?.format?.endsWith("%") ? 100 : 1;
    const [from, to] = [number(scale * low, 3), number(scale * high, 3)];
    const about = `95\u202f% interval ${from} to ${to}, Welch`;
    return { value: found.delta, verdict: sure ? verdictOf(found.delta, column) : undefined, about };
  }

  private valuesOf(column: Column): readonly number[] {
    let known = this.values.get(column.id);
    if (known === undefined) {
      const { counts } = this.arranged.grouped ?? {};
      known = this.members
        .filter((run) => (counts ? counts[run] === 1 : this.facts.failed[run] !== 1))
        .map((run) => at(column.column, run))
        .filter(isFiniteNumber);
      this.values.set(column.id, known);
    }
    return known;
  }
}

function verdictOf(delta: number, column: Column): Delta["verdict"] {
  const direction = judged(column.metric);
  if (direction === undefined || delta === 0) return undefined;
  return delta > 0 === (direction === "max") ? "better" : "worse";
}

function isFiniteNumber(value: unknown): value is number {
  return typeof value === "number" && Number.isFinite(value);
}
