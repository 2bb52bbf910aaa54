// How params and a metric hang together over some runs: which matter, in which direction.

import { useMemo, useState } from "preact/hooks";

import { root } from "../data/load.ts";
import type { Field, Runs } from "../data/runs.ts";
import { Row } from "../page/row.tsx";
import { useView } from "../view/use_view.ts";
import type { Drawn } from "./colours.ts";
import { importances } from "./importance.ts";
import { ImportanceTable } from "./importance_table.tsx";
import { Parallel } from "./parallel.tsx";
import { Scatter } from "./scatter.tsx";

/** Axes of parallel coordinates beside the metric; more are not read. */
const AXES_MAX = 8;

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
  const target: Field = { space: "metrics", name: metric };
  const names = found.map((one) => one.name);
  const fields: Field[] = [
    ...names.slice(0, AXES_MAX).map((name): Field => ({ space: "params", name })),
    target,
  ];
  const x = fieldOf(view["rx"], names, metrics) ?? { space: "params", name: names[0] ?? "" };
  const shown = left === undefined ? drawn : drawn.filter((one) => left.includes(one.run));
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
        <Select
          label="Metric"
          value={metric}
          options={metrics.map((name) => [name, name])}
          onChange={(name) => change({ rm: name === metrics[0] ? undefined : name })}
        />
      </p>
      <ImportanceTable found={found} metric={metric} />
      <Parallel runs={runs} drawn={drawn} fields={fields} onBrush={keep} />
      <p class="choice">
        <Select
          label={`${metric} against`}
          value={`${x.space}.${x.name}`}
          options={[
            ...names.map((name): [string, string] => [`params.${name}`, name]),
            ...metrics.filter((name) => name !== metric).map((name): [string, string] => [`metrics.${name}`, name]),
          ]}
          onChange={(name) => change({ rx: name })}
        />
      </p>
      <Scatter runs={runs} drawn={shown} x={x} y={target} />
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
      url: root() + runs.url(run),
    })),
  );
}

function fieldOf(
  text: string | undefined,
  params: readonly string[],
  metrics: readonly string[],
): Field | undefined {
  const [, space, name] = /^(params|metrics)\.(.*)$/s.exec(text ?? "") ?? [];
  if (space === "params" && params.includes(name ?? "")) return { space, name: name ?? "" };
  if (space === "metrics" && metrics.includes(name ?? "")) return { space, name: name ?? "" };
  return undefined;
}

function Select(props: {
  label: string;
  value: string;
  options: readonly (readonly [string, string])[];
  onChange: (value: string) => void;
}) {
  return (
    <label>
      {props.label}{" "}
      <select
        aria-label={props.label}
        value={props.value} onChange={(event) => props.onChange(event.currentTarget.value)}>
        {props.options.map(([value, text]) => (
          <option key={value} value={value}>
            {text}
          </option>
        ))}
      </select>
    </label>
  );
}
