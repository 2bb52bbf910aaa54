// Which columns a table can have, and which it has until the reader chooses.

import { at, isConstant, type Col } from "../data/columns.ts";
import { ATTRIBUTES, type Runs } from "../data/runs.ts";
import type { Metric } from "../data/types.ts";
import { spellRef, type Ref } from "./spelling.ts";

const STATUS: Ref = { space: "run", name: "status" };

/** What the builder chose for the table of an experiment, as its page says. */
export interface Chosen {
  /** Names of params that vary, the seeds last. */
  readonly params: readonly string[];
  /** Names of metrics, or of entries of the summary. */
  readonly results: readonly string[];
  /** The one of these that orders the runs; empty where none does. */
  readonly ranking: string;
}

export const NOTHING_CHOSEN: Chosen = { params: [], results: [], ranking: "" };

/** What a table has until the reader chooses. */
export interface Defaults {
  readonly columns: readonly string[];
  /** The column that ranks the runs; undefined where no metric has a direction. */
  readonly ranking: { readonly column: string; readonly down: boolean } | undefined;
}

/** The order in which the picker offers columns. */
export function offered(runs: Runs): Ref[] {
  const refs: Ref[] = [];
  for (const name of ATTRIBUTES) if (name !== "name") refs.push({ space: "run", name });
  for (const name of runs.names("params")) refs.push({ space: "params", name });
  const metrics = [...new Set([...metricsOf(runs).keys(), ...runs.names("metrics")])];
  const logged = new Set(runs.names("metrics"));
  for (const name of metrics) if (logged.has(name)) refs.push({ space: "metrics", name });
  for (const name of runs.curves()) refs.push({ space: "metrics", name, curve: true });
  for (const name of runs.names("summary")) refs.push({ space: "summary", name });
  for (const name of runs.names("tags")) refs.push({ space: "tags", name });
  return refs;
}

/** What is known of metrics, the most telling first. */
export function metricsOf(runs: Runs): Map<string, Metric> {
  const found = new Map<string, Metric>();
  for (const experiment of runs.experiments) {
    for (const [name, metric] of Object.entries(experiment.metrics ?? {})) {
      if (!found.has(name)) found.set(name, metric);
    }
  }
  return found;
}

/** The metrics at whose best step others have a value: those with a declared direction. */
export function bestMetrics(runs: Runs): string[] {
  const known = metricsOf(runs);
  return runs.names("metrics").filter((name) => judged(known.get(name)) !== undefined);
}

/** The names of params that are taken for seeds. */
export function seedsOf(runs: Runs): Set<string> {
  return new Set(runs.experiments.flatMap((experiment) => experiment.seeds ?? []));
}

/** The direction in which values are better, as somebody declared it; a guess is none. */
export function judged(metric: Metric | undefined): "min" | "max" | undefined {
  return metric?.guessed ? undefined : directionOf(metric);
}

/** The direction in which values come first. */
export function directionOf(metric: Metric | undefined): "min" | "max" | undefined {
  const direction = metric?.direction;
  return direction === "min" || direction === "max" ? direction : undefined;
}

/**
 * Make the columns of a table that nobody has changed: what the builder chose, and what belongs to
 * each run.
 *
 * @param rows The runs that are tried: not archived, no parents of others.
 */
export function defaults(runs: Runs, rows: Uint32Array, { params, results, ranking }: Chosen): Defaults {
  const logged = runs.names("metrics");
  const result = (name: string): string => spellRef({ space: logged.includes(name) ? "metrics" : "summary", name });
  const status = runs.column(STATUS);
  const isPlain = isConstant(status, rows) && at(status, rows[0] ?? 0) === "finished";
  const times = ["started", "duration"]
    .map((name): Ref => ({ space: "run", name }))
    .filter((ref) => isPresent(runs.column(ref), rows));
  return {
    columns: [
      ...(isPlain ? [] : [spellRef(STATUS)]),
      ...params.map((name) => spellRef({ space: "params", name })),
      ...results.map(result),
      ...(runs.curves().includes(ranking) ? [spellRef({ space: "metrics", name: ranking, curve: true })] : []),
      ...times.map(spellRef),
    ],
    ranking: ranking
      ? { column: result(ranking), down: directionOf(metricsOf(runs).get(ranking)) === "max" }
      : undefined,
  };
}

/** Params that vary over rows, in their author's order. */
export function varyingParams(runs: Runs, rows: Uint32Array): string[] {
  return runs
    .names("params")
    .filter((name) => !isConstant(runs.column({ space: "params", name }), rows));
}

function isPresent(column: Col, rows: Uint32Array): boolean {
  if (column.kind === "words") return rows.some((run) => (column.codes[run] ?? -1) >= 0);
  return rows.some((run) => !Number.isNaN(column.values[run]) || column.nan.has(run));
}
