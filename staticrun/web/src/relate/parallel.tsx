// Parallel coordinates: a line a run, an axis a param, the metric last.

import { useState } from "preact/hooks";

import { at } from "../data/columns.ts";
import type { Field, Runs } from "../data/runs.ts";
import { slotClass, type Drawn } from "./colours.ts";
import { short } from "./plot.tsx";
import { scaleOf, type Scale } from "./scale.ts";
import { useWidth } from "./use_width.ts";

const HEIGHT = 300;
const TOP = 34;
const BOTTOM = 18;
const SIDE = 70;

interface Axis {
  readonly field: Field;
  readonly x: number;
  readonly scale: Scale;
}

type Brush = readonly [number, number];
type Brushes = Readonly<Record<number, Brush>>;

/** Props of `Parallel`. */
export interface ParallelProps {
  readonly runs: Runs;
  readonly drawn: readonly Drawn[];
  readonly fields: readonly Field[];
  /** Hears which runs the brushes leave; all of them without a brush. */
  readonly onBrush: (left: readonly number[]) => void;
}

/** Lines of runs over axes; an axis is brushed by dragging, or by its two sliders. */
export function Parallel({ runs, drawn, fields, onBrush }: ParallelProps) {
  const [place, width] = useWidth<HTMLDivElement>();
  const [brushes, setBrushes] = useState<Brushes>({});
  const [hovered, hover] = useState<number | undefined>();
  const axes = axesOf(runs, drawn, fields, width);
  const within = (ranges: Brushes): Drawn[] =>
    drawn.filter((one) =>
      Object.entries(ranges).every(([i, [low, high]]) => {
        const axis = axes[Number(i)];
        const share = axis && axis.scale.place(at(runs.column(axis.field), one.run));
        return share !== undefined && share >= low && share <= high;
      }),
    );
  const inside = within(brushes);
  const kept = new Set(inside.map((one) => one.run));
  const set = (next: Brushes): void => {
    setBrushes(next);
    onBrush(within(next).map((one) => one.run));
  };
  const brush = (i: number, range: Brush | undefined): void => {
    const { [i]: _, ...rest } = brushes;
    set(range ? { ...rest, [i]: range } : rest);
  };
  const brushed = Object.keys(brushes).length > 0;
  const over = drawn.find((one) => one.run === hovered);
  return (
    <figure class="parallel" aria-label="Params and the metric, a line for each run">
      <div ref={place}>
        <svg viewBox={`0 0 ${width} ${HEIGHT}`} width={width} height={HEIGHT} aria-hidden="true">
          {[...drawn].reverse().map((one) => (
            <path
              class={`line ${slotClass(one.slot)}${kept.has(one.run) ? "" : " out"}${one.run === hovered ? " over" : ""}`}
              d={pathOf(runs, axes, one.run)}
              onPointerEnter={() => hover(one.run)}
              onPointerLeave={() => hover(undefined)}
            >
              <title>{one.label}</title>
            </path>
          ))}
          {axes.map((axis, i) => (
            <AxisMarks axis={axis} brush={brushes[i]} setBrush={(r) => brush(i, r)} />
          ))}
        </svg>
      </div>
      <p class="note" role="status">
        {over !== undefined
          ? over.label
          : brushed
            ? `${inside.length} of ${drawn.length} runs are within the marked ranges. `
            : "Drag along an axis to keep the runs within."}
        {brushed && over === undefined && (
          <button
            type="button"
            class="plain"
            onClick={() => set({})}
          >
            Clear the ranges
          </button>
        )}
      </p>
      <details>
        <summary>Ranges by keyboard</summary>
        {axes.map((axis, i) => (
          <fieldset class="ranges">
            <legend>{axis.field.name}</legend>
            {(["from", "to"] as const).map((end, side) => (
              <label>
                {end}{" "}
                <input
                  type="range"
                  min={0}
                  max={1}
                  step={0.01}
                  value={brushes[i]?.[side] ?? side}
                  onInput={(event) => {
                    const value = Number(event.currentTarget.value);
                    const [low, high] = brushes[i] ?? [0, 1];
                    brush(i, side === 0 ? [value, Math.max(value, high)] : [Math.min(low, value), value]);
                  }}
                />
              </label>
            ))}
          </fieldset>
        ))}
      </details>
    </figure>
  );
}

function AxisMarks(props: {
  axis: Axis;
  brush: Brush | undefined;
  setBrush: (range: Brush | undefined) => void;
}) {
  const { axis, brush, setBrush } = props;
  const [begun, begin] = useState<number | undefined>();
  const share = (event: PointerEvent): number => {
    const box = (event.currentTarget as SVGElement).getBoundingClientRect();
    return Math.min(1, Math.max(0, 1 - (event.clientY - box.top) / box.height));
  };
  const name = axis.field.name;
  return (
    <g class="axis">
      <line x1={axis.x} x2={axis.x} y1={TOP} y2={HEIGHT - BOTTOM} />
      <text class="name" x={axis.x} y={TOP - 18} text-anchor="middle">
        {name.length > 18 ? `…${name.slice(-17)}` : name}
      </text>
      {axis.scale.ticks.map((tick) => (
        <text x={axis.x - 6} y={yOf(tick.place) + 4} text-anchor="end">
          {short(tick.text)}
        </text>
      ))}
      {brush && (
        <rect
          class="brush"
          x={axis.x - 7}
          width={14}
          y={yOf(brush[1])}
          height={Math.max(1, yOf(brush[0]) - yOf(brush[1]))}
        />
      )}
      <rect
        class="grip"
        x={axis.x - 14}
        width={28}
        y={TOP}
        height={HEIGHT - TOP - BOTTOM}
        onPointerDown={(event) => {
          event.currentTarget.setPointerCapture(event.pointerId);
          begin(share(event));
          setBrush(undefined);
        }}
        onPointerMove={(event) => {
          if (begun === undefined) return;
          const now = share(event);
          if (Math.abs(now - begun) > 0.02) setBrush([Math.min(begun, now), Math.max(begun, now)]);
        }}
        onPointerUp={() => begin(undefined)}
      />
    </g>
  );
}

function axesOf(
  runs: Runs,
  drawn: readonly Drawn[],
  fields: readonly Field[],
  width: number,
): Axis[] {
  const scaled = fields
    .map((field) => ({ field, scale: scaleOf(runs.column(field), drawn.map((one) => one.run)) }))
    .filter((one): one is { field: Field; scale: Scale } => one.scale !== undefined);
  const step = scaled.length > 1 ? (width - SIDE - 24) / (scaled.length - 1) : 0;
  return scaled.map((one, i) => ({ ...one, x: Math.round(SIDE + i * step) }));
}

/** A line over the axes; broken where the run has no value. */
function pathOf(runs: Runs, axes: readonly Axis[], run: number): string {
  let pen = "M";
  let path = "";
  for (const axis of axes) {
    const share = axis.scale.place(at(runs.column(axis.field), run));
    if (Number.isNaN(share)) pen = "M";
    else {
      path += `${pen}${axis.x} ${yOf(share).toFixed(1)}`;
      pen = "L";
    }
  }
  return path;
}

function yOf(share: number): number {
  return TOP + (1 - share) * (HEIGHT - TOP - BOTTOM);
}
