// What a table asks of its runs again and again, found out once.

import type { Runs } from "../data/runs.ts";
import type { Metric } from "../data/types.ts";
import { defaults, metricsOf, NOTHING_CHOSEN, seedsOf, type Chosen, type Defaults } from "./catalog.ts";
import { parents } from "./family.ts";
import { marked } from "./results.ts";

export interface Facts {
  readonly runs: Runs;
  /** For each run 0 or 1. */
  readonly failed: Uint8Array;
  /** Finished or stopped. */
  readonly ended: Uint8Array;
  readonly open: Uint8Array;
  readonly archived: Uint8Array;
  /** For each run the one that it belongs to; -1 for none. */
  readonly up: Int32Array;
  /** Runs that are no trial beside those that belong to them. */
  readonly around: Uint8Array;
  readonly known: ReadonlyMap<string, Metric>;
  readonly seeds: ReadonlySet<string>;
  readonly defaults: Defaults;
  /** The baseline that the experiment declares. */
  readonly baseline: readonly number[];
}

/** Gather the facts of some runs. */
export function factsOf(runs: Runs, chosen: Chosen = NOTHING_CHOSEN): Facts {
  const status = runs.column({ space: "run", name: "status" });
  const archived = marked(runs.column({ space: "run", name: "archived" }), runs.n, true);
  const up = parentsOf(runs);
  const around = new Uint8Array(runs.n);
  for (const above of up) if (above >= 0) around[above] = 1;
  // A chain of resumes: only its first run is around the others.
  const inside = around.map((is, run) => (is === 1 && around[up[run] ?? -1] !== 1 ? 1 : 0));
  const all = Uint32Array.from({ length: runs.n }, (_, run) => run);
  const shown = all.filter((run) => archived[run] !== 1);
  const trials = shown.filter((run) => inside[run] !== 1);
  return {
    runs,
    failed: marked(status, runs.n, "failed"),
    ended: marked(status, runs.n, "finished", "stopped"),
    open: marked(status, runs.n, "open"),
    archived,
    up,
    around: inside,
    known: metricsOf(runs),
    seeds: seedsOf(runs),
    defaults: defaults(runs, trials.length > 0 ? trials : shown, chosen),
    baseline: [...runs.find(runs.experiments.flatMap((one) => one.baseline ?? []))],
  };
}

function parentsOf(runs: Runs): Int32Array {
  const column = runs.column({ space: "run", name: "parent" });
  if (column.kind === "numbers" || column.words.length === 0) {
    return new Int32Array(runs.n).fill(-1);
  }
  const ids = runs.byId(column.words.map(String));
  const places = column.words.map((id) => ids.get(String(id)));
  return parents(column.codes, places);
}
