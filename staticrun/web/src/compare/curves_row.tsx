// How the sides got there: their curves over each other, the baseline dashed.

import { useMemo } from "preact/hooks";

import { Curves } from "../chart/app.tsx";
import type { Chosen } from "../chart/selection.ts";
import { Source, type Loaded } from "../chart/source.ts";
import type { Runs } from "../data/runs.ts";
import { Row } from "../page/row.tsx";
import { useLoaded } from "../page/use_loaded.ts";
import type { Sides } from "./sides.ts";

/** A row with a chart for each metric. */
export function CurvesRow({ runs, sides }: { runs: Runs; sides: Sides }) {
  const source = useMemo(() => new Source(runs), [runs]);
  const own = useMemo(() => linesOf(runs, sides), [runs, sides]);
  const first = useLoaded<Loaded | undefined>(undefined, () => source.load(own), [source, own]);
  if (first === undefined || first.subjects.length === 0) return null;
  const several = sides.all.some((side) => side.runs.length > 1);
  const notes = [
    "The baseline is the dashed line.",
    ...(several ? ["A line is a mean over the runs of a side."] : []),
  ];
  return (
    <Row id="curves" head="How it got there" notes={notes}>
      <Curves own={own} runs={runs} source={source} first={first} others={false} />
    </Row>
  );
}

function linesOf(runs: Runs, sides: Sides): Chosen[] {
  return sides.all.map((side) => ({
    label: side.label,
    slot: side.slot,
    role: side.baseline ? "baseline" : side.slot > 0 ? "chosen" : "context",
    keys: side.runs.map((run) => runs.key(run)),
  }));
}
