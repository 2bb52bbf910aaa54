// Differences to a baseline: a run, or a group of runs.

import { at } from "../data/columns.ts";
import { factorOf, number } from "../data/format.ts";
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

/** Gives the difference of a line in a column; undefined where there is none. */
export type Differences = (line: number, column: Column) => Delta | undefined;

/** Find the differences of lines to the baseline, in columns of results; it has none to itself. */
export function differences(facts: Facts, arranged: Arranged, runs: readonly number[]): Differences {
  const { grouped } = arranged;
  const own = new Set(runs);
  // A group is compared with the group that the baseline is in.
  const inside = new Set(runs.map((run) => grouped?.groups.of[run] ?? -1).filter((g) => g >= 0));
  const members =
    grouped === undefined || inside.size === 0 ? runs : [...inside].flatMap((g) => [...membersOf(grouped.groups, g)]);
  const values = new Map<string, readonly number[]>();

  const finite = (some: readonly number[], { column }: Column): number[] =>
    some
      .filter((run) => (grouped ? grouped.counts[run] === 1 : facts.failed[run] !== 1))
      .map((run) => at(column, run))
      .filter((value): value is number => typeof value === "number" && Number.isFinite(value));
  const ofRun = (run: number, column: Column, based: readonly number[]): Delta | undefined => {
    const value = at(column.column, run);
    const delta = typeof value === "number" && facts.failed[run] !== 1 ? value - average(based) : Number.NaN;
    if (!Number.isFinite(delta)) return undefined;
    const about = based.length > 1 ? `to the mean of ${based.length} runs` : "";
    return { value: delta, verdict: verdictOf(delta, column), about };
  };
  const ofGroup = (group: readonly number[], column: Column, based: readonly number[]): Delta | undefined => {
    const found = welch(finite(group, column), based);
    if (found.delta === undefined || !Number.isFinite(found.delta)) return undefined;
    const { low, high } = found;
    if (low === undefined || high === undefined) {
      return { value: found.delta, verdict: undefined, about: found.reason };
    }
    const sure = low > 0 || high < 0;
    const [from, to] = [low, high].map((end) => number(factorOf(column.metric) * end, 3));
    const about = `95\u202f% interval ${from} to ${to}, Welch`;
    return { value: found.delta, verdict: sure ? verdictOf(found.delta, column) : undefined, about };
  };
  return (line, column) => {
    if (!column.result || column.column.kind === "words") return undefined;
    const based = values.get(column.id) ?? finite(members, column);
    values.set(column.id, based);
    if (based.length === 0 || isBaseline(line, arranged, own)) return undefined;
    if (line >= 0) return ofRun(line, column, based);
    return grouped && ofGroup([...membersOf(grouped.groups, -1 - line)], column, based);
  };
}

function verdictOf(delta: number, column: Column): Delta["verdict"] {
  const direction = judged(column.metric);
  if (direction === undefined || delta === 0) return undefined;
  return delta > 0 === (direction === "max") ? "better" : "worse";
}
