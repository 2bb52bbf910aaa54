// Runs as a table gets them, made from a few words each.

import { Runs } from "../src/data/runs.ts";
import { spell, compareNaturally } from "../src/data/order.ts";
import type { Column, ExperimentLink, MetricStats, Num, Shard, Stats } from "../src/data/types.ts";
import { factsOf, type Facts } from "../src/table/facts.ts";

export interface Made {
  readonly key: string;
  readonly status?: string;
  readonly parent?: string;
  readonly archived?: boolean;
  readonly params?: Readonly<Record<string, unknown>>;
  readonly metrics?: Readonly<Record<string, Num>>;
  readonly summary?: Readonly<Record<string, unknown>>;
  readonly tags?: Readonly<Record<string, unknown>>;
  readonly duration?: number;
}

/** Make runs of one experiment, in the order given; `id` of a run is `id-KEY`. */
export function runsOf(rows: readonly Made[], about: Partial<ExperimentLink> = {}): Runs {
  const link = { n: rows.length, facts: "facts.js", stats: "stats.js" };
  return new Runs([{ name: "e", url: "", ...about, shards: [link] }], [shardOf(rows)]);
}

/** The facts of runs; the first metric that something is said of orders them. */
export function facts(rows: readonly Made[], about: Partial<ExperimentLink> = {}): Facts {
  const [ranking = ""] = Object.keys(about.metrics ?? {});
  return factsOf(runsOf(rows, about), { params: [], results: [], ranking });
}

/** Make one shard. */
export function shardOf(rows: readonly Made[]): Shard {
  const keys = rows.map((row) => row.key);
  const space = (pick: (row: Made) => Readonly<Record<string, unknown>> | undefined) => {
    const names = [...new Set(rows.flatMap((row) => Object.keys(pick(row) ?? {})))];
    return Object.fromEntries(names.map((name) => [name, columnOf(rows.map((row) => pick(row)?.[name]))]));
  };
  const metrics = space((row) => row.metrics) as unknown as Shard["metrics"];
  return {
    n: rows.length,
    keys,
    urls: keys.map((key) => `runs/${key}/index.html`),
    data: keys.map(() => ""),
    ids: keys.map((key) => `id-${key}`),
    name: words(keys.map((key) => key.slice(key.lastIndexOf("/") + 1))),
    status: words(rows.map((row) => row.status ?? "finished")),
    started: rows.map(() => null),
    ended: rows.map(() => null),
    last_record: rows.map(() => null),
    duration: rows.map((row) => row.duration ?? null),
    user: words(rows.map(() => undefined)),
    group: words(rows.map(() => undefined)),
    parent: words(rows.map((row) => row.parent && `id-${row.parent}`)),
    commit: words(rows.map(() => undefined)),
    dirty: words(rows.map(() => undefined)),
    archived: words(rows.map((row) => row.archived ?? false)),
    params: space((row) => row.params),
    tags: space((row) => row.tags),
    summary: space((row) => row.summary),
    metrics,
    sparks: {},
    datasets: words(rows.map(() => undefined)),
  };
}

function columnOf(values: readonly unknown[]): Column {
  const isNumber = (value: unknown): boolean =>
    value === undefined || typeof value === "number" || value === "NaN" || value === "Infinity";
  return values.every(isNumber) ? values.map((value) => (value ?? null) as Num) : words(values);
}

function words(values: readonly unknown[]): { words: unknown[]; codes: number[] } {
  const found = new Map<string, unknown>();
  for (const value of values) if (value !== undefined) found.set(spell(value), value);
  const sorted = [...found.values()].sort(compareNaturally);
  const place = new Map(sorted.map((value, i) => [spell(value), i]));
  const codes = values.map((value) => (value === undefined ? -1 : (place.get(spell(value)) ?? -1)));
  return { words: sorted, codes };
}

/** Give the keys of lines: a run's own, `[n]` for a group of n members is left to the caller. */
export function keysOf(runs: Runs, lines: Iterable<number>): string[] {
  return [...lines].map((line) => (line < 0 ? `group ${-1 - line}` : runs.key(line).slice(2)));
}

export type { MetricStats, Stats };
