// A point for each run: one field against another.

import { useState } from "preact/hooks";

import { at } from "../data/columns.ts";
import { scalar } from "../data/format.ts";
import type { Field, Runs } from "../data/runs.ts";
import { slotClass, type Drawn } from "./colours.ts";
import { scaleOf } from "./scale.ts";
import { useWidth } from "./use_width.ts";

const HEIGHT = 280;
const LEFT = 64;
const RIGHT = 16;
const TOP = 12;
const BOTTOM = 40;

/** Props of `Scatter`. */
export interface ScatterProps {
  readonly runs: Runs;
  readonly drawn: readonly Drawn[];
  readonly x: Field;
  readonly y: Field;
}

/** The drawing, and what is known of the point under the pointer or the focus. */
export function Scatter({ runs, drawn, x, y }: ScatterProps) {
  const [place, width] = useWidth<HTMLDivElement>(480);
  const [over, setOver] = useState<Drawn | undefined>();
  const ids = drawn.map((one) => one.run);
  const [across, up] = [scaleOf(runs.column(x), ids), scaleOf(runs.column(y), ids)];
  if (across === undefined || up === undefined) {
    return <p class="note">There is nothing to draw: no run has both.</p>;
  }
  const toX = (share: number): number => LEFT + share * (width - LEFT - RIGHT);
  const toY = (share: number): number => TOP + (1 - share) * (HEIGHT - TOP - BOTTOM);
  const points = drawn
    .map((one) => ({
      one,
      cx: toX(across.place(at(runs.column(x), one.run))),
      cy: toY(up.place(at(runs.column(y), one.run))),
    }))
    .filter(({ cx, cy }) => !Number.isNaN(cx) && !Number.isNaN(cy));
  const scales = [across.kind === "log" ? "log x" : "", up.kind === "log" ? "log y" : ""];
  return (
    <figure class="scatter" aria-label={`${y.name} against ${x.name}, a point for each run`}>
      <div ref={place}>
        <svg viewBox={`0 0 ${width} ${HEIGHT}`} width={width} height={HEIGHT} role="group" aria-label={`${points.length} points`}>
          {up.ticks.map((tick) => (
            <g key={tick.text} class="axis">
              <line class="grid" x1={LEFT} x2={width - RIGHT} y1={toY(tick.place)} y2={toY(tick.place)} />
              <text x={LEFT - 8} y={toY(tick.place) + 4} text-anchor="end">
                {short(tick.text)}
              </text>
            </g>
          ))}
          <g class="axis">
            <line x1={LEFT} x2={width - RIGHT} y1={HEIGHT - BOTTOM} y2={HEIGHT - BOTTOM} />
            {across.ticks.map((tick) => (
              <text key={tick.text} x={toX(tick.place)} y={HEIGHT - BOTTOM + 16} text-anchor="middle">
                {short(tick.text)}
              </text>
            ))}
            <text class="name" x={width - RIGHT} y={HEIGHT - 6} text-anchor="end">
              {x.name}
            </text>
          </g>
          {points.map(({ one, cx, cy }) => (
            <a
              key={one.run}
              href={one.url}
              aria-label={spoken(runs, one, x, y)}
              onPointerEnter={() => setOver(one)}
              onFocus={() => setOver(one)}
              onPointerLeave={() => setOver(undefined)}
            >
              <circle class={`dot ${slotClass(one.slot)}`} cx={cx} cy={cy} r={one === over ? 6 : 4} />
            </a>
          ))}
        </svg>
      </div>
      <p class="note" role="status">
        {over !== undefined
          ? spoken(runs, over, x, y)
          : [`${points.length} of ${drawn.length} runs have both`, ...scales.filter(Boolean)].join(", ") + "."}
      </p>
    </figure>
  );
}

function spoken(runs: Runs, one: Drawn, x: Field, y: Field): string {
  const [a, b] = [at(runs.column(x), one.run), at(runs.column(y), one.run)];
  return `${one.label}: ${x.name} ${scalar(a)}, ${y.name} ${scalar(b)}`;
}

function short(text: string): string {
  return text.length > 10 ? `${text.slice(0, 9)}…` : text;
}
