// Which columns a table can have, and which it has until the reader chooses: what varies between
// runs, the most telling first, then what came out.

import { at, isConstant, type Col } from "../data/columns.ts";
import { ATTRIBUTES, type Runs } from "../data/runs.ts";
import type { Metric } from "../data/types.ts";
import { spellRef, type Ref } from "./spelling.ts";

const PARAMS_MAX = 8;
const METRICS_MAX = 6;
const METRICS_MIN = 3;
const COLUMNS_MAX = 10;
/** Enough rows to see which params are shared by several runs. */
const LOOK_AT = 2048;

const STATUS: Ref = { space: "run", name: "status" };

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
 * Choose the columns of a table that nobody has changed.
 *
 * @param rows The runs that are tried: not archived, no parents of others.
 */
export function defaults(runs: Runs, rows: Uint32Array): Defaults {
  const params = defaultParams(runs, rows);
  const known = metricsOf(runs);
  const present = resultRefs(runs, rows, known);
  const metrics = present.slice(0, METRICS_MAX);
  const ranking =
    present.find((ref) => known.get(ref.name)?.primary && directionOf(known.get(ref.name))) ??
    present.find((ref) => directionOf(known.get(ref.name)));
  if (ranking !== undefined && !metrics.includes(ranking)) metrics.unshift(ranking);
  const room = Math.max(METRICS_MIN, COLUMNS_MAX - params.length);
  const curve = runs
    .curves()
    .filter((name) => name === ranking?.name)
    .map((name) => spellRef({ space: "metrics", name, curve: true }));
  const status = runs.column(STATUS);
  const isPlain = isConstant(status, rows) && at(status, rows[0] ?? 0) === "finished";
  const times = ["started", "duration"]
    .map((name): Ref => ({ space: "run", name }))
    .filter((ref) => isPresent(runs.column(ref), rows));
  return {
    columns: [
      ...(isPlain ? [] : [spellRef(STATUS)]),
      ...params.map((name) => spellRef({ space: "params", name })),
      ...metrics.slice(0, room).map(spellRef),
      ...curve,
      ...times.map(spellRef),
    ],
    ranking: ranking && {
      column: spellRef(ranking),
      down: directionOf(known.get(ranking.name)) === "max",
    },
  };
}

/** Params that vary over rows, in their author's order. */
export function varyingParams(runs: Runs, rows: Uint32Array): string[] {
  return runs
    .names("params")
    .filter((name) => !isConstant(runs.column({ space: "params", name }), rows));
}

function defaultParams(runs: Runs, rows: Uint32Array): string[] {
  const seeds = seedsOf(runs);
  const some = rows.subarray(0, LOOK_AT);
  const varying = varyingParams(runs, rows);
  const ranked = varying
    .map((name) => ({ name, ...look(runs.column({ space: "params", name }), some) }))
    .filter(({ present }) => !(some.length > 20 && 20 * present < some.length))
    .sort((a, b) => a.rank - b.rank || a.cost - b.cost);
  const chosen = new Set(ranked.slice(0, PARAMS_MAX).map(({ name }) => name));
  const others = varying.filter((name) => chosen.has(name) && !seeds.has(name));
  return [...others, ...varying.filter((name) => chosen.has(name) && seeds.has(name))];
}

/** Params whose values several runs share tell most, then numbers, then texts. */
function look(column: Col, rows: Uint32Array): { present: number; rank: number; cost: number } {
  const distinct = new Set<unknown>();
  let present = 0;
  for (const run of rows) {
    const value = at(column, run);
    if (value === undefined) continue;
    present++;
    distinct.add(value);
  }
  const missing = (rows.length - present) / Math.max(rows.length, 1);
  if (distinct.size < present || rows.length <= 3) {
    return { present, rank: 0, cost: distinct.size + missing };
  }
  return { present, rank: column.kind === "numbers" ? 1 : 2, cost: missing };
}

const TRAINING = /(^|[^a-z])(train|training|batch)([^a-z]|$)/i;

/** Metrics that some row has: the declared ones if there is any, else all in a telling order. */
function resultRefs(runs: Runs, rows: Uint32Array, known: Map<string, Metric>): Ref[] {
  const declared = [...known].filter(([, metric]) => isDeclared(metric)).map(([name]) => name);
  const names = runs.names("metrics");
  const rest = names
    .filter((name) => !known.has(name))
    .sort((a, b) => Number(TRAINING.test(a)) - Number(TRAINING.test(b)) || (a < b ? -1 : 1));
  const logged = new Set(names);
  const refs: Ref[] = [];
  for (const name of declared.length > 0 ? declared : [...known.keys(), ...rest]) {
    const ref: Ref = { space: logged.has(name) ? "metrics" : "summary", name };
    if (isPresent(runs.column(ref), rows)) refs.push(ref);
    if (refs.length >= 2 * METRICS_MAX) break;
  }
  return refs;
}

function isDeclared(metric: Metric): boolean {
  return !metric.guessed || Boolean(metric.format || metric.unit || metric.primary);
}

function isPresent(column: Col, rows: Uint32Array): boolean {
  if (column.kind === "words") return rows.some((run) => (column.codes[run] ?? -1) >= 0);
  return rows.some((run) => !Number.isNaN(column.values[run]) || column.nan.has(run));
}
