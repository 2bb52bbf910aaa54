// Runs as `runs list --json` prints them, for tests of filters: as fields, and as a table of
// columns.

import { number } from "../src/data/numbers.ts";
import type { Num } from "../src/data/types.ts";
import { noDirection, type Fields } from "../src/filter/filter.ts";
import type { Table, Words } from "../src/filter/table.ts";
import type { Field } from "../src/filter/tree.ts";

type Values = Readonly<Record<string, unknown>>;

export interface Run {
  readonly run: string;
  readonly git: { readonly commit: string } | null;
  readonly params: Values;
  readonly tags: Values;
  readonly summary: Values;
  readonly metrics: Readonly<Record<string, Readonly<Record<string, Num>>>>;
  readonly datasets: readonly Readonly<Record<string, string>>[];
  readonly points: Readonly<Record<string, { step: readonly number[]; value: readonly Num[] }>>;
  readonly [attribute: string]: unknown;
}

export type Metrics = Readonly<Record<string, { readonly direction: "min" | "max" }>>;

/** Give the fields of a run. */
export function fieldsOf(run: Run, metrics: Metrics): Fields {
  return {
    attribute: (name) => {
      if (name === "commit") return run.git?.commit;
      return run[name === "key" ? "run" : name];
    },
    param: (name) => own(run.params, name) ?? own(run.params, JSON.stringify(name)),
    tag: (name) => own(run.tags, name),
    summary: (name) => own(run.summary, name),
    metric: (name, aggregate, best) => {
      const stats = own(run.metrics, name);
      if (aggregate !== "at") return spelled(stats?.[aggregate]);
      const direction = own(metrics, best)?.direction;
      if (direction === undefined) throw noDirection(best);
      const step = spelled(own(run.metrics, best)?.[`${direction}_step`]);
      const points = own(run.points, name);
      if (step === undefined || points === undefined) return undefined;
      return spelled(points.value[points.step.findLastIndex((one) => one <= step)]);
    },
    dataset: (name) => run.datasets.map((one) => one[name] ?? "").filter((one) => one !== ""),
  };
}

function spelled(value: Num | undefined): number | undefined {
  return value === null || value === undefined ? undefined : number(value);
}

function own<T>(of: Readonly<Record<string, T>>, name: string): T | undefined {
  return Object.hasOwn(of, name) ? of[name] : undefined;
}

/** Give runs as a table: a column is of numbers where all its values are, else of words. */
export function tableOf(runs: readonly Run[], metrics: Metrics): Table {
  const rows = runs.map((run) => fieldsOf(run, metrics));
  const column = (field: Field): unknown[] =>
    rows.map((row) => {
      if (field.space === "metric") return row.metric(field.name, field.aggregate, field.best);
      return row[field.space](field.name);
    });
  return {
    n: rows.length,
    numbers: (field) => {
      if (field.aggregate === "at") return undefined;
      const values = column(field).map((value) => value ?? Number.NaN);
      const all = values.every((value) => typeof value === "number");
      return all ? Float64Array.from(values as number[]) : undefined;
    },
    // Tags are left to the rows.
    words: (field) =>
      field.space === "tag" || field.aggregate === "at" ? undefined : wordsOf(column(field)),
    row: (run) => rows[run] ?? fail(),
  };
}

function wordsOf(values: readonly unknown[]): Words {
  const words: unknown[] = [...new Set(values)];
  const code = (value: unknown): number => ((value ?? null) === null ? -1 : words.indexOf(value));
  return { words, codes: Int32Array.from(values.map(code)) };
}

function fail(): never {
  throw new Error("there is no such run");
}
