// What drawings of runs as points have in common: the axis below, the points, who is pointed at.

import type { ComponentChildren } from "preact";
import { useState } from "preact/hooks";

import { slotClass, type Drawn } from "./colours.ts";
import type { Scale } from "./scale.ts";
import { useWidth } from "./use_width.ts";

/** Below the plot: the axis and its name. */
export const BOTTOM = 40;
const RIGHT = 16;

/** A run and where it stands, px. */
export interface Point {
  readonly one: Drawn;
  readonly x: number;
  readonly y: number;
  /** What is told of it. */
  readonly about: string;
}

/** Props of `Plot`. */
export interface PlotProps {
  readonly kind: string;
  readonly label: string;
  /** The axis that goes across, and what it is of. */
  readonly across: Scale;
  readonly name: string;
  /** Left edge of the plot, px. */
  readonly left: number;
  readonly height: number;
  /** What is told while nothing is pointed at. */
  readonly note: string;
  /** What is drawn, given where a share of the axis lies, and the right edge, px. */
  readonly draw: (toX: (share: number) => number, right: number) => {
    readonly behind: ComponentChildren;
    readonly points: readonly Point[];
  };
}

/** The drawing, and what is known of the point under the pointer or the focus. */
export function Plot({ kind, label, across, name, left, height, note, draw }: PlotProps) {
  const [place, width] = useWidth<HTMLDivElement>(480);
  const [over, setOver] = useState<Point | undefined>();
  const right = width - RIGHT;
  const foot = height - BOTTOM;
  const toX = (share: number): number => left + share * (right - left);
  const { behind, points } = draw(toX, right);
  return (
    <figure class={kind} aria-label={label}>
      <div ref={place}>
        <svg viewBox={`0 0 ${width} ${height}`} width={width} height={height} role="group" aria-label={`${points.length} points`}>
          {behind}
          <g class="axis">
            <line x1={left} x2={right} y1={foot} y2={foot} />
            {across.ticks.map(({ place: at, text }) => (
              <text x={toX(at)} y={foot + 16} text-anchor="middle">
                {short(text)}
              </text>
            ))}
            <text class="name" x={right} y={height - 6} text-anchor="end">
              {name}
            </text>
          </g>
          {points.map((point) => {
            const { one, x, y, about } = point;
            const set = () => setOver(point);
            return (
              <a
                href={one.url}
                aria-label={about}
                onPointerEnter={set}
                onFocus={set}
                onPointerLeave={() => setOver(undefined)}
              >
                <circle class={`dot ${slotClass(one.slot)}`} cx={x} cy={y} r={one.run === over?.one.run ? 6 : 4} />
              </a>
            );
          })}
        </svg>
      </div>
      <p class="note" role="status">
        {over?.about ?? note}
      </p>
    </figure>
  );
}

/** Cut the text of a tick. */
export function short(text: string): string {
  return text.length > 10 ? `${text.slice(0, 9)}…` : text;
}
