// The charts of an experiment, of a declared comparison, and of a run.

import { useEffect, useMemo, useRef, useState } from "preact/hooks";

import { plural } from "../data/format.ts";
import { useGrown } from "../data/grown.ts";
import { MissingFile } from "../data/load.ts";
import { experimentOf, loadIndex, Runs } from "../data/runs.ts";
import type { ExperimentLink, Metric } from "../data/types.ts";
import type { App } from "../page/mount.tsx";
import { useLoaded } from "../page/use_loaded.ts";
import { current } from "../view/hash.ts";
import { useView } from "../view/use_view.ts";
import { catalog, runCatalog } from "./catalog.ts";
import { Section } from "./section.tsx";
import { choose, readLines, type Chosen } from "./selection.ts";
import type { Member } from "./picture.ts";
import { readMember, Source, type Loaded } from "./source.ts";

/** Charts of several runs, those of `data-lines` until the reader selects others. */
export const curvesApp: App = async (place, from) => {
  const own = readLines(place.dataset["lines"]);
  const written = [...from.childNodes];
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
  const drawn = useRef<readonly Chosen[] | undefined>(undefined);
  useEffect(() => {
    let wanted = true;
    const draw = async (): Promise<void> => {
      // What is in colour is drawn first; the others follow when they are there, and stay.
      for (const part of drawn.current === chosen ? [chosen] : [inFront(chosen), chosen]) {
        const found = await source.load(part);
        if (wanted) set(found);
      }
      drawn.current = chosen;
    };
    void draw();
    return () => {
      wanted = false;
    };
  }, [chosen, source, useGrown()]);
  const entries = useMemo(() => catalog(loaded.subjects, runs.experiments), [loaded, runs]);
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
export const runCurvesApp: App = async (place, from) => {
  const part = place.dataset["part"] === "system" ? "system" : "metrics";
  const url = place.dataset["run"] ?? "";
  const first = await readMember(url, part);
  const about = part === "metrics" ? await declared(first.key) : undefined;
  return <RunCurves part={part} url={url} first={first} about={about?.metrics ?? {}} written={[...from.childNodes]} />;
};

interface RunCurvesProps {
  readonly part: "metrics" | "system";
  /** Of the run's data. */
  readonly url: string;
  readonly first: Member;
  readonly about: Readonly<Record<string, Metric>>;
  readonly written: readonly Node[];
}

function RunCurves({ part, url, first, about, written }: RunCurvesProps) {
  const member = useLoaded(first, () => readMember(url, part), [url, useGrown()]);
  const entries = useMemo(() => runCatalog(member, new Map(Object.entries(about))), [member, about]);
  return (
    <Section
      id={part}
      entries={entries}
      stepName={part === "system" ? "sample" : "step"}
      notes={[]}
      name={member.name}
      written={written}
    />
  );
}

/** What the experiment of a run says of metrics; a run's page reads without it. */
async function declared(key: string): Promise<ExperimentLink | undefined> {
  const index = await loadIndex().catch(() => undefined);
  return index?.experiments.find((one) => one.name === experimentOf(key));
}

function inFront(chosen: readonly Chosen[]): Chosen[] {
  return chosen.filter(({ role }) => role !== "context");
}

function lacking(missing: readonly string[]): string[] {
  if (missing.length === 0) return [];
  return [`${plural(missing.length, "run")} not drawn: ${missing[0]}`];
}
