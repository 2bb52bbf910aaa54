// A point for each run: one field against another.

import { at } from "../data/columns.ts";
import { scalar } from "../data/format.ts";
import type { Field, Runs } from "../data/runs.ts";
import type { Drawn } from "./colours.ts";
import { BOTTOM, Plot, short, type Point } from "./plot.tsx";
import { scaleOf } from "./scale.ts";

const HEIGHT = 280;
const LEFT = 64;
const TOP = 12;

/** Props of `Scatter`. */
export interface ScatterProps {
  readonly runs: Runs;
  readonly drawn: readonly Drawn[];
  readonly x: Field;
  readonly y: Field;
}

/** The drawing; a run that lacks one of the two is not in it. */
export function Scatter({ runs, drawn, x, y }: ScatterProps) {
  const [xs, ys] = [runs.column(x), runs.column(y)];
  const ids = drawn.map((one) => one.run);
  const [across, up] = [scaleOf(xs, ids), scaleOf(ys, ids)];
  if (across === undefined || up === undefined) {
    return <p class="note">There is nothing to draw: no run has both.</p>;
  }
  const toY = (share: number): number => TOP + (1 - share) * (HEIGHT - TOP - BOTTOM);
  const found = drawn.flatMap((one): Point[] => {
    const [a, b] = [at(xs, one.run), at(ys, one.run)];
    const point = { one, x: across.place(a), y: toY(up.place(b)) };
    const about = `${one.label}: ${x.name} ${scalar(a)}, ${y.name} ${scalar(b)}`;
    return Number.isNaN(point.x + point.y) ? [] : [{ ...point, about }];
  });
  const scales = [across.kind === "log" && "log x", up.kind === "log" && "log y"];
  return (
    <Plot
      kind="scatter"
      label={`${y.name} against ${x.name}, a point for each run`}
      across={across}
      name={x.name}
      left={LEFT}
      height={HEIGHT}
      note={[`${found.length} of ${drawn.length} runs have both`, ...scales.filter(Boolean)].join(", ") + "."}
      draw={(toX, right) => ({
        behind: up.ticks.map(({ place, text }) => (
          <g class="axis">
            <line class="grid" x1={LEFT} x2={right} y1={toY(place)} y2={toY(place)} />
            <text x={LEFT - 8} y={toY(place) + 4} text-anchor="end">
              {short(text)}
            </text>
          </g>
        )),
        points: found.map((point) => ({ ...point, x: toX(point.x) })),
      })}
    />
  );
}
