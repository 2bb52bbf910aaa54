// Tables with a column for each side.

import type { ComponentChild } from "preact";

import { Sheet } from "../page/sheet.tsx";
import type { Side, Sides } from "./sides.ts";

/** The colour of a side. */
export function Swatch({ side }: { side: Side }) {
  return <span class={side.baseline ? "swatch dash" : `swatch c${side.slot}`} />;
}

/** The head of a side's column. */
export function SideHead({ side, about }: { side: Side; about?: string | undefined }) {
  return (
    <th scope="col" class="n">
      <Swatch side={side} />
      {side.label}
      {about && <small>{about}</small>}
    </th>
  );
}

/** Props of `SideTable`. */
export interface SideTableProps {
  readonly sides: Sides;
  /** Head of the first column. */
  readonly head: string;
  readonly caption: string;
  /** What stands below the head of a side. */
  readonly about?: (side: Side) => string;
  /** The style's name for it. */
  readonly kind?: string;
  /** What a row is about, and a cell for each side. */
  readonly rows: readonly (readonly [name: ComponentChild, cells: readonly ComponentChild[]])[];
}

/** A row for each thing, a column for each side. */
export function SideTable({ sides, head, caption, about, kind = "facts", rows }: SideTableProps) {
  return (
    <Sheet caption={caption} kind={`list ${kind}`}>
        <thead>
          <tr>
            <th scope="col">{head}</th>
            {sides.all.map((side) => (
              <SideHead side={side} about={about?.(side)} />
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map(([name, cells]) => (
            <tr>
              <th scope="row" class="k">
                {name}
              </th>
              {cells.map((cell, j) => (
                <td class="n" data-l={sides.all[j]?.label}>
                  {cell}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
    </Sheet>
  );
}
