// The comparison that a reader chooses: `compare/index.html#r=KEYS`, or `#f=FILTER`.

import { useMemo } from "preact/hooks";
import type { ComponentChild } from "preact";

import { experimentOf, loadIndex, Runs } from "../data/runs.ts";
import type { Index, RunData } from "../data/types.ts";
import { Row } from "../page/row.tsx";
import { useLoaded } from "../page/use_loaded.ts";
import { parseKeys, spellKeys } from "../view/keys.ts";
import { useView } from "../view/use_view.ts";
import { Chooser } from "./chooser.tsx";
import { keysOf } from "./filtered.ts";
import { CurvesRow } from "./curves_row.tsx";
import { MetricsTable } from "./metrics_table.tsx";
import { compare, takesPart } from "./metrics.ts";
import { drawnOf, Relations } from "../relate/section.tsx";
import { ParamsTable } from "./params_table.tsx";
import { PicturesRow } from "./pictures_row.tsx";
import { makeSides, type Sides } from "./sides.ts";
import { Surroundings } from "./surroundings.tsx";
import { Spread } from "./spread.tsx";
import { useFiles } from "./use_files.ts";

/** More runs than this are named by a filter and compared in groups elsewhere. */
export const RUNS_MAX = 200;

/** The app of the page of comparisons. */
export async function compareApp(): Promise<ComponentChild> {
  return <Comparison index={await loadIndex()} />;
}

function Comparison({ index }: { index: Index }) {
  const [view, change] = useView();
  const filter = view["r"] ? "" : (view["f"] ?? "");
  const named = useMemo(() => parseKeys(view["r"]), [view["r"]]);
  const filtered = useFiltered(index, filter);
  const keys = filter ? filtered.keys : named;
  const runs = useRuns(index, keys);
  const chosen = useMemo(() => [...(runs?.find(keys) ?? [])].slice(0, RUNS_MAX), [runs, keys]);
  const grouped = view["g"] !== "0";
  const sides = useMemo(
    () => (runs && chosen.length > 0 ? makeSides(runs, chosen, grouped, view["b"]) : undefined),
    [runs, chosen, grouped, view["b"]],
  );
  const choose = (next: readonly string[]): boolean =>
    change({ r: next.length > 0 ? spellKeys(next) : undefined, f: undefined });
  return (
    <>
      <Row id="chosen" head="Runs" notes={notes(runs, keys, chosen.length)}>
        <Chooser
          index={index}
          runs={runs}
          keys={keys}
          sides={sides}
          grouped={grouped}
          choose={choose}
          filter={filter}
          problem={filtered.problem}
          setFilter={(text) => change({ f: text || undefined, r: undefined })}
          setGrouped={(on) => change({ g: on ? undefined : "0" })}
          setBaseline={(key) => change({ b: key })}
        />
      </Row>
      {runs && sides && sides.all.length > 1 && <Evidence runs={runs} sides={sides} />}
    </>
  );
}

function Evidence({ runs, sides }: { runs: Runs; sides: Sides }) {
  const table = useMemo(() => compare(runs, sides), [runs, sides]);
  const drawn = useMemo(() => drawnOf(runs, sides.all), [runs, sides]);
  const metrics = table.rows.map((row) => row.name);
  const groups = sides.all.map(({ label, runs: of }) => ({
    label,
    drawn: drawn.filter(({ run }) => of.includes(run) && takesPart(runs, run)),
  }));
  const urls = new Map(drawn.map(({ run }) => [run, runs.data(run)]));
  const { files: data, missing } = useFiles<RunData>(urls);
  return (
    <>
      <ParamsTable runs={runs} sides={sides} />
      <MetricsTable table={table} sides={sides}>
        {table.tested > 0 && <Spread runs={runs} groups={groups} metrics={metrics} />}
      </MetricsTable>
      <CurvesRow runs={runs} sides={sides} />
      <Relations
        runs={runs}
        drawn={drawn}
        metrics={metrics}
      />
      <PicturesRow sides={sides} data={data} />
      <Surroundings sides={sides} data={data} />
      {missing.length > 0 && <p role="alert">{missing.join(" ")}</p>}
    </>
  );
}

function notes(runs: Runs | undefined, keys: readonly string[], found: number): string[] {
  if (runs === undefined || keys.length === 0) return [];
  const missing = keys.length - found;
  const told = ["The address of this page is the comparison: send it, and it shows the same."];
  if (keys.length > RUNS_MAX) told.push(`Only the first ${RUNS_MAX} are compared.`);
  else if (missing > 0) {
    told.push(missing === 1 ? "One is not in this site." : `${missing} are not in this site.`);
  }
  return told;
}

/** Find the runs of a filter, among all of the site. */
function useFiltered({ experiments }: Index, text: string) {
  const ask = async () => (text ? keysOf(text, await Runs.load(experiments)) : NONE);
  return useLoaded(NONE, ask, [text, experiments]);
}

const NONE = { keys: [] as readonly string[], problem: "" };

/** Load the experiments that some keys belong to. */
function useRuns({ experiments }: Index, keys: readonly string[]): Runs | undefined {
  const names = new Set(keys.map(experimentOf));
  const wanted = experiments.filter(({ name }) => names.has(name));
  return useLoaded<Runs | undefined>(undefined, () => Runs.load(wanted), [
    wanted.map(({ name }) => name).join("\n"),
    experiments,
  ]);
}
