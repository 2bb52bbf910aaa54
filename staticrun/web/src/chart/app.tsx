// The charts of an experiment, of a declared comparison, and of a run.

import { useEffect, useMemo, useState } from "preact/hooks";

import { plural } from "../data/format.ts";
import { load, MissingFile } from "../data/load.ts";
import { loadIndex, Runs } from "../data/runs.ts";
import type { ExperimentLink, RunData, RunSeries } from "../data/types.ts";
import type { App } from "../page/mount.tsx";
import { current } from "../view/hash.ts";
import { useView } from "../view/use_view.ts";
import { catalog, runCatalog } from "./catalog.ts";
import { Section } from "./section.tsx";
import { choose, readLines, type Chosen } from "./selection.ts";
import { memberOf, Source, type Loaded } from "./source.ts";

/** Charts of several runs, those of `data-lines` until the reader selects others. */
export const curvesApp: App = async (place) => {
  const own = readLines(place.dataset["lines"]);
  const written = [...place.childNodes];
  const others = place.dataset["experiment"] !== undefined;
  const index = await loadIndex();
  const wanted = new Set(own.flatMap(({ keys }) => keys.map(experimentOf)));
  const runs = await Runs.load(index.experiments.filter((one) => wanted.has(one.name)));
  const source = new Source(runs);
  const first = await source.load(inFront(choose(current(), own, runs, others)));
  if (first.subjects.length === 0) throw new MissingFile(first.missing[0] ?? "runs.js");
  return (
    <Curves own={own} runs={runs} source={source} first={first} others={others} written={written} />
  );
};

interface CurvesProps {
  readonly own: readonly Chosen[];
  readonly runs: Runs;
  readonly source: Source;
  readonly first: Loaded;
  /** Whether other runs are drawn behind. */
  readonly others: boolean;
  /** What the page came with in the place of the charts. */
  readonly written?: readonly Node[];
}

const NONE: readonly Node[] = [];

/** Charts that follow what the reader selects in the table. */
export function Curves({ own, runs, source, first, others, written = NONE }: CurvesProps) {
  const [view] = useView();
  const { sel, hide, base, group, lines } = view;
  const now = useMemo(
    () => choose(view, own, runs, others),
    [sel, hide, base, group, lines, own, runs, others],
  );
  // What is chosen in other words is drawn already.
  const chosen = useMemo(() => now, [JSON.stringify(now)]);
  const [loaded, set] = useState(first);
  useEffect(() => {
    let wanted = true;
    // What is in colour is drawn first; the others follow when they are there.
    void source
      .load(inFront(chosen))
      .then((front) => {
        if (wanted) set(front);
        return source.load(chosen);
      })
      .then((all) => {
        if (wanted) set(all);
      });
    return () => {
      wanted = false;
    };
  }, [chosen]);
  const entries = useMemo(() => catalog(loaded.subjects, runs.experiments), [loaded]);
  return (
    <Section
      id="curve"
      entries={entries}
      stepName="step"
      notes={lacking(loaded.missing)}
      name="curves"
      written={written}
    />
  );
}

/** Charts of one run: of its metrics, or of the machine's use. */
export const runCurvesApp: App = async (place) => {
  const written = [...place.childNodes];
  const part = place.dataset["part"] === "system" ? "system" : "metrics";
  const url = place.dataset["run"] ?? "";
  const data = await load<RunData>(url);
  if (!data.series) throw new MissingFile(url);
  const series = await load<RunSeries>(data.series);
  const about = await declared(data.key);
  const member = memberOf(data, series, part);
  const known = new Map(part === "metrics" ? Object.entries(about?.metrics ?? {}) : []);
  const entries = runCatalog(member, known);
  const stepName = part === "system" ? "sample" : "step";
  return (
    <Section
      id={part}
      entries={entries}
      stepName={stepName}
      notes={[]}
      name={data.name}
      written={written}
    />
  );
};

/** What the experiment of a run says of metrics; a run's page reads without it. */
async function declared(key: string): Promise<ExperimentLink | undefined> {
  try {
    const index = await loadIndex();
    return index.experiments.find((one) => one.name === experimentOf(key));
  } catch (error) {
    if (error instanceof MissingFile) return undefined;
    throw error;
  }
}

function experimentOf(key: string): string {
  return key.replace(/\/?[^/]*$/, "") || "default";
}

function inFront(chosen: readonly Chosen[]): Chosen[] {
  return chosen.filter(({ role }) => role !== "context");
}

function lacking(missing: readonly string[]): string[] {
  if (missing.length === 0) return [];
  return [`${plural(missing.length, "run")} not drawn: ${missing[0]}`];
}
