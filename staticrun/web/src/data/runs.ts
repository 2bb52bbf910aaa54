// Runs of one or more experiments as one table of columns, which are put together when they are
// first asked for.

import { entry, load } from "./load.ts";
import { join, type Col } from "./columns.ts";
import type { AtBest, Column, ExperimentLink, Index, MetricStats, Shard, Stats } from "./types.ts";

/** What of a metric a column shows; `at` is its value where another one was best. */
export type Aggregate = "last" | keyof MetricStats | "at";

/** Which column: its space, its name, and of a metric which of its values. */
export interface Field {
  readonly space: "run" | "params" | "metrics" | "tags" | "summary";
  readonly name: string;
  readonly aggregate?: Aggregate;
  /** The other metric of `at`. */
  readonly best?: string;
}

/** The attributes of a run, in the order in which they are offered. */
export const ATTRIBUTES = [
  "name",
  "status",
  "started",
  "duration",
  "ended",
  "last_record",
  "user",
  "group",
  "parent",
  "commit",
  "dirty",
  "archived",
] as const;

type Attribute = (typeof ATTRIBUTES)[number];

/** Spell a field: `params.lr`, `metrics.val/acc`, `min(metrics.val/acc)`, `status`. */
export function fieldName(field: Field): string {
  const name = field.space === "run" ? field.name : `${field.space}.${field.name}`;
  const aggregate = field.aggregate ?? "last";
  return aggregate === "last" ? name : `${aggregate}(${name}${aggregate === "at" ? `, ${field.best}` : ""})`;
}

/** The experiment that a run belongs to, by its key. */
export function experimentOf(key: string): string {
  return key.replace(/\/?[^/]*$/, "") || "default";
}

/** Load the way to all data: `runs.js` of the newest state, or of a version. */
export function loadIndex(): Promise<Index> {
  return load<Index>("runs.js", entry());
}

/** A table of runs, in natural order of their keys. */
export class Runs {
  readonly n: number;
  readonly experiments: readonly ExperimentLink[];
  private readonly shards: readonly Shard[];
  private readonly links: readonly { readonly stats: string }[];
  private readonly starts: readonly number[];
  private readonly columns = new Map<string, Col>();
  private stats: readonly Stats[] | undefined;
  private readonly best = new Map<string, readonly (AtBest | undefined)[]>();

  constructor(experiments: readonly ExperimentLink[], shards: readonly Shard[]) {
    this.experiments = experiments;
    this.shards = shards;
    this.links = experiments.flatMap((experiment) => experiment.shards ?? []);
    let n = 0;
    this.starts = shards.map((shard) => {
      const start = n;
      n += shard.n;
      return start;
    });
    this.n = n;
  }

  /** Load the runs of some experiments. */
  static async load(experiments: readonly ExperimentLink[]): Promise<Runs> {
    const links = experiments.flatMap((experiment) => experiment.shards ?? []);
    const shards = await Promise.all(links.map((link) => load<Shard>(link.facts)));
    return new Runs(experiments, shards);
  }

  /** Load what fields need beside last values; `column` of them gives nothing before. */
  async need(fields: readonly Field[]): Promise<void> {
    const lacking = fields.filter((field) => !this.has(field));
    if (lacking.length === 0) return;
    this.stats ??= await Promise.all(this.links.map((link) => load<Stats>(link.stats)));
    for (const { aggregate, best = "" } of lacking) {
      if (aggregate !== "at") continue;
      const urls = this.stats.map((shard) => own(shard.best, best));
      this.best.set(best, await Promise.all(urls.map((url) => (url ? load<AtBest>(url) : undefined))));
    }
  }

  /** Whether the values of a field are there. */
  has({ aggregate = "last", best = "" }: Field): boolean {
    if (aggregate === "at") return this.best.has(best);
    return aggregate === "last" || this.stats !== undefined;
  }

  key(run: number): string {
    return this.of(run, (shard) => shard.keys);
  }

  url(run: number): string {
    return this.of(run, (shard) => shard.urls);
  }

  id(run: number): string {
    return this.of(run, (shard) => shard.ids);
  }

  /** What a run is called, without putting together the names of all. */
  name(run: number): string {
    const [shard, at] = this.place(run);
    const word = shard?.name.words[shard.name.codes[at] ?? -1];
    return typeof word === "string" ? word : "";
  }

  /** URL of a run's `RunData`. */
  data(run: number): string {
    return this.of(run, (shard) => shard.data);
  }

  /** A small curve of a metric; empty where there is none. */
  spark(run: number, metric: string): string {
    return this.of(run, (shard) => shard.sparks[metric] ?? []);
  }

  /** The metrics that have small curves. */
  curves(): string[] {
    const found = this.shards.flatMap(({ sparks }) =>
      Object.keys(sparks).filter((name) => sparks[name]?.some((curve) => curve !== "")),
    );
    return [...new Set(found)];
  }

  /** Names of the experiment that a run belongs to. */
  experiment(run: number): string {
    return experimentOf(this.key(run));
  }

  /** Find runs by key; those that are not here are left out. */
  find(keys: readonly string[]): Uint32Array {
    const wanted = new Map(keys.map((key, place) => [key, place]));
    const found = new Array<number>(keys.length).fill(-1);
    this.shards.forEach((shard, i) => {
      shard.keys.forEach((key, j) => {
        const place = wanted.get(key);
        if (place !== undefined) found[place] = (this.starts[i] ?? 0) + j;
      });
    });
    return Uint32Array.from(found.filter((run) => run >= 0));
  }

  /** Find runs by permanent id; of several with one id the last. */
  byId(ids: Iterable<string>): Map<string, number> {
    const wanted = new Set(ids);
    const found = new Map<string, number>();
    this.shards.forEach((shard, i) => {
      shard.ids.forEach((id, j) => {
        if (wanted.has(id)) found.set(id, (this.starts[i] ?? 0) + j);
      });
    });
    return found;
  }

  /** All names in a space, in the order in which shards name them. */
  names(space: "params" | "metrics" | "tags" | "summary"): string[] {
    return [...new Set(this.shards.flatMap((shard) => Object.keys(shard[space])))];
  }

  /** Give a column; one that no run has is all missing. */
  column(field: Field): Col {
    const name = fieldName(field);
    let column = this.columns.get(name);
    if (column === undefined) {
      column = join(
        this.shards.map((shard, i) => ({ n: shard.n, column: this.part(shard, i, field) })),
      );
      // What is not loaded yet comes later.
      if (this.has(field)) this.columns.set(name, column);
    }
    return column;
  }

  private part(shard: Shard, i: number, field: Field): Column | undefined {
    const { space, name, aggregate = "last", best = "" } = field;
    if (space === "run") {
      if (name === "datasets") return shard.datasets;
      if (name === "experiment") return { words: [experimentOf(shard.keys[0] ?? "")], codes: zeros(shard.n) };
      return (ATTRIBUTES as readonly string[]).includes(name)
        ? shard[name as Attribute]
        : undefined;
    }
    if (aggregate === "at") return own(this.best.get(best)?.[i]?.metrics, name);
    if (space === "metrics" && aggregate !== "last") {
      return own(this.stats?.[i]?.metrics, name)?.[aggregate];
    }
    return own<Column>(shard[space], name);
  }

  private of(run: number, pick: (shard: Shard) => readonly string[]): string {
    const [shard, at] = this.place(run);
    return shard === undefined ? "" : (pick(shard)[at] ?? "");
  }

  private place(run: number): [shard: Shard | undefined, at: number] {
    let i = this.starts.length - 1;
    while (i > 0 && (this.starts[i] ?? 0) > run) i--;
    return [this.shards[i], run - (this.starts[i] ?? 0)];
  }
}

/** Read a property that is the object's own: a run may well name a param `constructor`. */
function own<T>(of: Readonly<Record<string, T>> | undefined, name: string): T | undefined {
  return of !== undefined && Object.hasOwn(of, name) ? of[name] : undefined;
}

function zeros(n: number): number[] {
  return new Array<number>(n).fill(0);
}
