// What a side's metrics are against the baseline's: means over its runs, their difference, and how
// sure it is. Failed runs take no part, as everywhere.

import { at } from "../data/columns.ts";
import type { Aggregate, Runs } from "../data/runs.ts";
import type { Metric } from "../data/types.ts";
import {
  average,
  effectSize,
  holm,
  improvement,
  welch,
  type Difference,
} from "../stats/difference.ts";
import type { Side, Sides } from "./sides.ts";

/** A metric of a side beside the baseline's. */
export interface Cell {
  readonly values: readonly number[];
  readonly mean: number | undefined;
  readonly difference: Difference | undefined;
  /** Corrected for all differences of the page. */
  readonly p: number | undefined;
  readonly effect: number | undefined;
  /** Probability that a run of the side is better than one of the baseline. */
  readonly improvement: number | undefined;
  /** Where a direction is known and the interval leaves out zero. */
  readonly verdict: "better" | "worse" | undefined;
}

/** A metric over all sides. */
export interface Row {
  readonly name: string;
  readonly metric: Metric | undefined;
  readonly cells: readonly Cell[];
}

/** All metrics, and how many differences were tested. */
export interface Table {
  readonly rows: readonly Row[];
  readonly tested: number;
  readonly failed: number;
}

/** Order the metrics of runs: those that the experiments put first, then as they came. */
export function orderedMetrics(runs: Runs): Map<string, Metric | undefined> {
  const found = new Map<string, Metric | undefined>();
  for (const experiment of runs.experiments) {
    for (const [name, metric] of Object.entries(experiment.metrics ?? {})) {
      if (!found.has(name)) found.set(name, metric);
    }
  }
  for (const name of runs.names("metrics")) if (!found.has(name)) found.set(name, undefined);
  return found;
}

/** Whether a run counts: failed ones do not. */
export function takesPart(runs: Runs, run: number): boolean {
  return at(runs.column({ space: "run", name: "status" }), run) !== "failed";
}

/** Compare the sides, metric by metric; metrics that no chosen run has are left out. */
export function compare(runs: Runs, sides: Sides, aggregate: Aggregate = "last"): Table {
  const counts = (run: number): boolean => takesPart(runs, run);
  const failed = sides.all.flatMap((side) => side.runs).filter((run) => !counts(run)).length;
  const rows: Row[] = [];
  for (const [name, metric] of orderedMetrics(runs)) {
    const column = runs.column({ space: "metrics", name, aggregate });
    const valuesOf = (side: Side): number[] =>
      side.runs.filter(counts).map((run) => at(column, run)).filter(isNumber);
    const based = sides.baseline === undefined ? [] : valuesOf(sides.baseline);
    const cells = sides.all.map((side) => cell(side, valuesOf(side), based, metric));
    if (cells.some((one) => one.values.length > 0)) rows.push({ name, metric, cells });
  }
  return corrected(rows, failed);
}

function cell(
  side: Side,
  values: readonly number[],
  based: readonly number[],
  metric: Metric | undefined,
): Cell {
  const finite = values.filter(Number.isFinite);
  const against = !side.baseline && finite.length > 0;
  const difference = against ? welch(values, based) : undefined;
  const sign = metric?.direction === "min" ? -1 : 1;
  const toward = (of: readonly number[]) => of.map((value) => sign * value);
  return {
    values,
    mean: finite.length > 0 ? average(finite) : undefined,
    difference,
    p: undefined,
    effect: against ? effectSize(values, based) : undefined,
    improvement: against && metric?.direction ? improvement(toward(values), toward(based)) : undefined,
    verdict: judge(difference, metric),
  };
}

function judge(found: Difference | undefined, metric: Metric | undefined): Cell["verdict"] {
  const { low = 0, high = 0 } = found ?? {};
  if (!metric?.direction || low * high <= 0) return undefined;
  return low > 0 === (metric.direction === "max") ? "better" : "worse";
}

function corrected(rows: readonly Row[], failed: number): Table {
  const all = rows.flatMap((row) => row.cells.map((one) => one.difference?.p));
  const ps = holm(all);
  let place = 0;
  return {
    rows: rows.map((row) => ({
      ...row,
      cells: row.cells.map((one) => ({ ...one, p: ps[place++] })),
    })),
    tested: all.filter((p) => p !== undefined).length,
    failed,
  };
}

function isNumber(value: unknown): value is number {
  return typeof value === "number";
}
