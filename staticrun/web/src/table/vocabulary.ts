// What filters over some runs can speak of.

import { at, type Col } from "../data/columns.ts";
import type { Field as ColumnField, Runs } from "../data/runs.ts";
import type { Vocabulary } from "../filter/complete.ts";
import { field } from "../filter/tree.ts";
import { SPACES } from "./filter.ts";

const LOOK_AT = 20_000;
const VALUES_MAX = 500;

/** Gather the fields of runs and, when they are asked for, their values, the most frequent first. */
export function vocabularyOf(runs: Runs): Vocabulary {
  const logged = runs.names("metrics");
  const known = runs.experiments.flatMap((one) => Object.keys(one.metrics ?? {}));
  const metrics = new Set([...known.filter((name) => logged.includes(name)), ...logged]);
  return {
    fields: [
      ...[...metrics].map((name) => field("metric", name)),
      ...runs.names("params").map((name) => field("param", name)),
      ...runs.names("tags").map((name) => field("tag", name)),
      ...runs.names("summary").map((name) => field("summary", name)),
    ],
    values: ({ space, name }) => (space === "dataset" ? [] : frequent(runs, { space: SPACES[space], name })),
  };
}

function frequent(runs: Runs, of: ColumnField): unknown[] {
  const some = Uint32Array.from({ length: Math.min(runs.n, LOOK_AT) }, (_, run) => run);
  return counted(runs.column(of), some, VALUES_MAX).map(([value]) => value);
}

/** Count the values of a column that are no lists, the most frequent first; so many at most. */
export function counted(column: Col, runs: Uint32Array, most = Number.POSITIVE_INFINITY): [unknown, number][] {
  const counts = new Map<unknown, number>();
  for (const run of runs) {
    const value = at(column, run);
    if (value !== undefined && typeof value !== "object") counts.set(value, (counts.get(value) ?? 0) + 1);
    if (counts.size >= most) break;
  }
  return [...counts].sort((a, b) => b[1] - a[1]);
}

