// What all charts of a page share: the horizontal axis, scales, smoothing, bands, search, size.

import { useId, useRef } from "preact/hooks";
import type { ComponentChildren } from "preact";

import { Choice } from "../page/choice.tsx";
import { BAND_NAMES } from "./facts.ts";
import { BANDS, finder, SIZES, SMOOTHINGS, STRENGTHS, type ChartState } from "./state.ts";
import type { Axis, Smoothing } from "./transform.ts";
import { shorten, visible } from "./text.ts";

interface ControlsProps {
  readonly state: ChartState;
  readonly change: (parts: Partial<ChartState>) => void;
  /** Metrics that may be the horizontal axis. */
  readonly metrics: readonly string[];
  /** Whether some line is a mean over runs. */
  readonly groups: boolean;
  readonly stepName: string;
  /** What saves all charts. */
  readonly children: ComponentChildren;
}

export function Controls({ state, change, metrics, groups, stepName, children }: ControlsProps) {
  const pattern = finder(state.find);
  const hint = useId();
  return (
    <div class="chart-controls" role="group" aria-label="All charts">
      <label>
        Find{" "}
        <input
          type="search"
          size={14}
          value={state.find}
          placeholder="loss|acc"
          aria-describedby={hint}
          aria-invalid={typeof pattern === "string"}
          onInput={(event) => change({ find: event.currentTarget.value })}
        />
        <span id={hint} class="hint" role="status">
          {typeof pattern === "string" ? ` not a regular expression: ${pattern}` : ""}
        </span>
      </label>
      <AxisField axis={state.axis} change={change} metrics={metrics} stepName={stepName} />
      <SmoothingField smoothing={state.smoothing} change={change} />
      {groups && (
        <Choice
          label="Lines"
          value={state.grouped ? "groups" : "runs"}
          options={["groups", "runs"]}
          choose={(value) => change({ grouped: value === "groups" })}
        />
      )}
      {state.zoom && (
        <button type="button" onClick={() => change({ zoom: undefined })}>
          Whole range
        </button>
      )}
      <details class="rest">
        <summary>More</summary>
        <div>
          <label>
            <input
              type="checkbox"
              checked={state.bends.x === "log"}
              onChange={(event) =>
                change({
                  bends: { ...state.bends, x: event.currentTarget.checked ? "log" : "linear" },
                })
              }
            />{" "}
            log x
          </label>
          <Choice
            label="y"
            value={state.bends.y}
            options={["auto", "linear", "log"]}
            names={{ auto: "as suits", linear: "straight", log: "log" }}
            choose={(y) => change({ bends: { ...state.bends, y: y as "auto" } })}
          />
          {groups && (
            <Choice
              label="Band"
              value={state.band}
              options={BANDS}
              names={BAND_NAMES}
              choose={(band) => change({ band: band as "range" })}
            />
          )}
          <Choice
            label="Size"
            value={state.size}
            options={SIZES}
            choose={(size) => change({ size: size as "small" })}
          />
          {children}
        </div>
      </details>
    </div>
  );
}

function AxisField({
  axis,
  change,
  metrics,
  stepName,
}: { axis: Axis } & Pick<ControlsProps, "change" | "metrics" | "stepName">) {
  const value = axis.kind === "metric" ? `m:${axis.name}` : axis.kind;
  const options = ["step", "relative", "wall", ...metrics.map((name) => `m:${name}`)];
  const names = new Map([
    ["step", stepName],
    ["relative", "time since start"],
    ["wall", "time (UTC)"],
  ]);
  return (
    <Choice
      label="x"
      value={value}
      options={options}
      names={Object.fromEntries(
        options.map((one) => [one, names.get(one) ?? shorten(visible(one.slice(2)), 32)]),
      )}
      choose={(next) =>
        change({
          axis: next.startsWith("m:")
            ? { kind: "metric", name: next.slice(2) }
            : { kind: next as "step" },
          zoom: undefined,
        })
      }
    />
  );
}

const SMOOTHING_NAMES: Readonly<Record<string, string>> = {
  none: "off",
  ema: "exponential",
  twema: "exponential, by distance",
  gauss: "normal curve",
  mean: "running mean",
};

// While a slider moves, the charts follow so often and not more.
const PACE_MS = 120;

function SmoothingField({
  smoothing,
  change,
}: { smoothing: Smoothing } & Pick<ControlsProps, "change">) {
  const waiting = useRef(0);
  const choose = (kind: string): void => {
    const known = kind as Smoothing["kind"];
    change({
      smoothing: known === "none" ? { kind: known } : { kind: known, strength: STRENGTHS[known] },
    });
  };
  const share = smoothing.kind === "ema" || smoothing.kind === "twema";
  return (
    <span class="together">
      <Choice
        label="Smoothing"
        value={smoothing.kind}
        options={SMOOTHINGS}
        names={SMOOTHING_NAMES}
        choose={choose}
      />
      {smoothing.kind !== "none" && (
        <input
          type={share ? "range" : "number"}
          aria-label={share ? "Strength of smoothing" : "Points that are smoothed over"}
          min={share ? 0.01 : 1}
          max={share ? 0.99 : 1000}
          step={share ? 0.01 : 1}
          value={smoothing.strength}
          onInput={(event) => {
            const strength = event.currentTarget.valueAsNumber;
            const { kind } = smoothing;
            clearTimeout(waiting.current);
            if (!(strength > 0)) return;
            waiting.current = window.setTimeout(() => {
              change({ smoothing: { kind, strength } });
            }, PACE_MS);
          }}
        />
      )}
    </span>
  );
}
