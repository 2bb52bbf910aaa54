// How a metric spreads in groups of runs: a box over the quartiles, and the runs themselves.

import { at } from "../data/columns.ts";
import { number } from "../data/format.ts";
import type { Runs } from "../data/runs.ts";
import { quartiles } from "../stats/quartiles.ts";
import type { Drawn } from "./colours.ts";
import { BOTTOM, Plot, type Point } from "./plot.tsx";
import { scaleOf } from "./scale.ts";

/** Of a group: its words, its box, the number of its median. */
const HEIGHT = 62;
const MIDDLE = 30;
const HALF = 10;
const LEFT = 16;

/** Runs that belong together. */
export interface Group {
  readonly label: string;
  readonly drawn: readonly Drawn[];
}

/** Props of `Boxes`. */
export interface BoxesProps {
  readonly runs: Runs;
  readonly groups: readonly Group[];
  readonly metric: string;
}

/** A box a group, one below the other on one axis; runs without a finite value are not in it. */
export function Boxes({ runs, groups, metric }: BoxesProps) {
  const column = runs.column({ space: "metrics", name: metric });
  const valueOf = ({ run }: Drawn): number => Number(at(column, run) ?? Number.NaN);
  const across = scaleOf(column, groups.flatMap(({ drawn }) => drawn).map(({ run }) => run));
  const boxes = groups.flatMap(({ label, drawn }) => {
    const own = drawn.filter((one) => Number.isFinite(valueOf(one)));
    const five = quartiles(own.map(valueOf));
    return five ? [{ label, own, five }] : [];
  });
  if (across === undefined || boxes.length === 0) return null;
  return (
    <Plot
      kind="scatter boxes"
      label={`${metric}, a box for each group`}
      across={across}
      name={across.kind === "log" ? `${metric}, log` : metric}
      left={LEFT}
      height={boxes.length * HEIGHT + BOTTOM}
      note="Box: quartiles and median. Line: lowest to highest."
      draw={(toX, right) => ({
        behind: boxes.map(({ label, own, five }, i) => {
          const [low, lower, median, upper, high] = five.map((value) => toX(across.place(value))) as number[];
          const y = i * HEIGHT + MIDDLE;
          const [a, b, c, d, e] = five.map((value) => number(value));
          const told = `${label}: n = ${own.length}, lowest ${a}, quartiles ${b} and ${d}, median ${c}, highest ${e}`;
          return (
            <g class="axis" role="img" aria-label={told}>
              <text class="of" y={y - MIDDLE + 12}>
                {label}, n = {own.length}
              </text>
              <line x1={low} x2={high} y1={y} y2={y} />
              <rect x={lower} width={(upper ?? 0) - (lower ?? 0)} y={y - HALF} height={2 * HALF} />
              <line class="median" x1={median} x2={median} y1={y - HALF} y2={y + HALF} />
              <text x={Math.min(median ?? 0, right - LEFT)} y={y + HALF + 13} text-anchor="middle">
                {c}
              </text>
            </g>
          );
        }),
        points: boxes.flatMap(({ label, own }, i) =>
          own.map(
            (one, j): Point => ({
              one,
              x: toX(across.place(valueOf(one))),
              // Equal values stand beside each other.
              y: i * HEIGHT + MIDDLE + (((j * 2) % 5) - 2) * 3,
              about: `${one.label}: ${metric} ${number(valueOf(one))}${one.label === label ? "" : `, ${label}`}`,
            }),
          ),
        ),
      })}
    />
  );
}
