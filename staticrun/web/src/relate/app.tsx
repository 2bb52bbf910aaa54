// What matters among all runs of an experiment, below its table.

import { at } from "../data/columns.ts";
import { MissingFile } from "../data/load.ts";
import { page } from "../data/version.ts";
import { loadIndex, Runs } from "../data/runs.ts";
import type { App } from "../page/mount.tsx";
import { importances } from "./importance.ts";
import { Relations } from "./section.tsx";

/** Fewer runs than this say nothing of params. */
const RUNS_MIN = 4;
const RUNS_MAX = 2000;

/** The app of `data-experiment`; archived and failed runs are left out. */
export const relationsApp: App = async (place) => {
  const name = place.dataset["experiment"] ?? "";
  const index = await loadIndex();
  const of = index.experiments.filter((one) => one.name === name);
  if (of.length === 0) throw new MissingFile("runs.js");
  const runs = await Runs.load(of);
  const metrics = Object.keys(of[0]?.metrics ?? {});
  const chosen = trials(runs);
  const telling = metrics.filter((metric) =>
    importances(runs, chosen, metric).some((one) => one.explained !== undefined),
  );
  if (chosen.length < RUNS_MIN || telling.length === 0) return null;
  const names = runs.column({ space: "run", name: "name" });
  const drawn = chosen.slice(0, RUNS_MAX).map((run) => ({
    run,
    label: String(at(names, run) ?? runs.key(run)),
    slot: 1,
    url: page(runs.url(run)),
  }));
  return <Relations runs={runs} drawn={drawn} metrics={telling} />;
};

/** Runs that were tried: neither archived nor failed, with some metric. */
function trials(runs: Runs): number[] {
  const archived = runs.column({ space: "run", name: "archived" });
  const status = runs.column({ space: "run", name: "status" });
  const metrics = runs.names("metrics").map((name) => runs.column({ space: "metrics", name }));
  return Array.from({ length: runs.n }, (_, run) => run).filter(
    (run) =>
      at(archived, run) !== true &&
      at(status, run) !== "failed" &&
      metrics.some((column) => at(column, run) !== undefined),
  );
}
