// The comparison that a reader chooses: `compare/index.html#r=KEYS`, or `#f=FILTER`.

import { useEffect, useMemo, useState } from "preact/hooks";
import type { ComponentChild } from "preact";

import { loadIndex, Runs } from "../data/runs.ts";
import type { Index } from "../data/types.ts";
import { Row } from "../page/row.tsx";
import { parseKeys, spellKeys } from "../view/keys.ts";
import { useView } from "../view/use_view.ts";
import { Chooser } from "./chooser.tsx";
import { keysOf } from "./filtered.ts";
import { CurvesRow } from "./curves_row.tsx";
import { MetricsTable } from "./metrics_table.tsx";
import { compare } from "./metrics.ts";
import { drawnOf, Relations } from "../relate/section.tsx";
import { ParamsTable } from "./params_table.tsx";
import { PicturesRow } from "./pictures_row.tsx";
import { makeSides, type Sides } from "./sides.ts";
import { Surroundings } from "./surroundings.tsx";
import { useData } from "./use_data.ts";

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
  const { data, missing } = useData(runs, drawn.map((one) => one.run));
  return (
    <>
      <ParamsTable runs={runs} sides={sides} />
      <MetricsTable table={table} sides={sides} />
      <CurvesRow runs={runs} sides={sides} />
      <Relations
        runs={runs}
        drawn={drawn}
        metrics={table.rows.map((row) => row.name)}
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
function useFiltered(index: Index, text: string): { keys: readonly string[]; problem: string } {
  const [found, set] = useState<{ keys: readonly string[]; problem: string }>(NONE);
  useEffect(() => {
    let current = true;
    if (text === "") set(NONE);
    else {
      void Runs.load(index.experiments)
        .then((runs) => keysOf(text, runs))
        .then((answer) => {
          if (current) set(answer);
        });
    }
    return () => {
      current = false;
    };
  }, [index, text]);
  return found;
}

const NONE = { keys: [], problem: "" };

/** Load the experiments that some keys belong to. */
function useRuns(index: Index, keys: readonly string[]): Runs | undefined {
  const names = [...new Set(keys.map((key) => key.replace(/\/?[^/]*$/, "") || "default"))];
  const [runs, set] = useState<Runs | undefined>();
  const wanted = names.sort().join("\n");
  useEffect(() => {
    let current = true;
    const experiments = index.experiments.filter((one) => names.includes(one.name));
    void Runs.load(experiments).then((loaded) => {
      if (current) set(loaded);
    });
    return () => {
      current = false;
    };
  }, [index, wanted]);
  return runs;
}
