// How params and a metric hang together over some runs: which matter, in which direction.

import { useMemo, useState } from "preact/hooks";

import { at } from "../data/columns.ts";
import { scalar } from "../data/format.ts";
import { page } from "../data/version.ts";
import { compareNaturally } from "../data/order.ts";
import type { Field, Runs } from "../data/runs.ts";
import { Choice } from "../page/choice.tsx";
import { Row } from "../page/row.tsx";
import { useView } from "../view/use_view.ts";
import { Boxes, type Group } from "./boxes.tsx";
import type { Drawn } from "./colours.ts";
import { importances } from "./importance.ts";
import { ImportanceTable } from "./importance_table.tsx";
import { Parallel } from "./parallel.tsx";
import { Scatter } from "./scatter.tsx";

/** Axes of parallel coordinates beside the metric; more are not read. */
const AXES_MAX = 8;
const GROUPS_MAX = 12;

/** Props of `Relations`. */
export interface RelationsProps {
  readonly runs: Runs;
  readonly drawn: readonly Drawn[];
  /** Metrics to choose from, the most telling first. */
  readonly metrics: readonly string[];
}

/** A row with the table of importance, parallel coordinates and a scatter plot. */
export function Relations({ runs, drawn, metrics }: RelationsProps) {
  const [view, change] = useView();
  const metric = metrics.includes(view["rm"] ?? "") ? (view["rm"] ?? "") : (metrics[0] ?? "");
  const chosen = useMemo(() => drawn.map((one) => one.run), [drawn]);
  const found = useMemo(() => importances(runs, chosen, metric), [runs, chosen, metric]);
  const [left, keep] = useState<readonly number[] | undefined>();
  if (metric === "" || found.length === 0) return null;
  const names = found.map((one) => one.name);
  const params = names.map((name): Field => ({ space: "params", name }));
  const [target, ...others] = [metric, ...metrics.filter((name) => name !== metric)].map(
    (name): Field => ({ space: "metrics", name }),
  ) as [Field, ...Field[]];
  const axes = new Map([...params, ...others].map((field) => [`${field.space}.${field.name}`, field]));
  const [first = ""] = axes.keys();
  const axis = axes.has(view["rx"] ?? "") ? (view["rx"] ?? "") : first;
  const x = axes.get(axis) ?? target;
  const shown = left === undefined ? drawn : drawn.filter((one) => left.includes(one.run));
  const groups = x.space === "params" ? groupsOf(runs, shown, x) : undefined;
  // Few values with several runs each: as points, they would hide each other.
  const boxed = view["rd"] ? view["rd"] === "boxes" : 2 * (groups?.length ?? 0) <= shown.length;
  return (
    <Row
      id="matters"
      head="What matters"
      notes={[
        "Explains: the share of the metric’s variance that the values of one param account for, corrected for their number (ω²). Params that work together are not seen.",
        ...(names.length > AXES_MAX ? [`The first ${AXES_MAX} params have an axis.`] : []),
      ]}
    >
      <p class="choice">
        <Choice
          label="Metric"
          value={metric}
          options={metrics}
          choose={(name) => change({ rm: name === metrics[0] ? undefined : name })}
        />
      </p>
      <ImportanceTable found={found} metric={metric} />
      <Parallel runs={runs} drawn={drawn} fields={[...params.slice(0, AXES_MAX), target]} onBrush={keep} />
      <p class="choice">
        <Choice
          label={`${metric} against`}
          value={axis}
          options={[...axes.keys()]}
          choose={(rx) => change({ rx })}
        />{" "}
        {groups && (
          <Choice
            label="as"
            value={boxed ? "boxes" : "points"}
            options={["points", "boxes"]}
            choose={(rd) => change({ rd })}
          />
        )}
      </p>
      {groups && boxed ? (
        <Boxes runs={runs} groups={groups} metric={metric} />
      ) : (
        <Scatter runs={runs} drawn={shown} x={x} y={target} />
      )}
    </Row>
  );
}

/** Make what is drawn of runs: a label, a colour, an address. */
export function drawnOf(
  runs: Runs,
  groups: readonly { readonly label: string; readonly slot: number; readonly runs: readonly number[] }[],
): Drawn[] {
  return groups.flatMap((group) =>
    group.runs.map((run) => ({
      run,
      label: group.runs.length > 1 ? `${group.label} (${runs.key(run)})` : group.label,
      slot: group.slot,
      url: page(runs.url(run)),
    })),
  );
}

/** Group runs by the value of a param, in natural order; undefined where there are too many. */
function groupsOf(runs: Runs, drawn: readonly Drawn[], param: Field): Group[] | undefined {
  const column = runs.column(param);
  const values = new Map<string, unknown>();
  for (const { run } of drawn) {
    const value = at(column, run);
    if (value !== undefined) values.set(scalar(value), value);
  }
  if (values.size > GROUPS_MAX) return undefined;
  return [...values]
    .sort(([, a], [, b]) => compareNaturally(a, b))
    .map(([text]) => ({
      label: `${param.name} ${text}`,
      drawn: drawn.filter(({ run }) => scalar(at(column, run)) === text),
    }));
}
