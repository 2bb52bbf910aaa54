// The values at a place: by size, the line that is meant in bold. A click keeps them there.

import { useState } from "preact/hooks";

import { column, unit } from "../data/format.ts";
import type { Frame } from "./frame.ts";
import type { Hit } from "./hits.ts";
import { styleOf } from "./paint.ts";
import type { Palette } from "./palette.ts";
import type { Picture } from "./picture.ts";
import { placeText, visible } from "./text.ts";

interface TooltipProps {
  readonly picture: Picture;
  readonly frame: Frame;
  readonly palette: Palette;
  readonly hits: readonly Hit[];
  readonly hit: Hit | undefined;
  readonly pinned: boolean;
  readonly close: () => void;
}

const [MOST, MOST_NARROW] = [12, 6];
type Sort = "highest first" | "lowest first" | "by name";
const SORTS: readonly Sort[] = ["highest first", "lowest first", "by name"];
let lastSort: Sort = "highest first";

export function Tooltip({ picture, frame, palette, hits, hit, pinned, close }: TooltipProps) {
  const [sort, setSort] = useState<Sort>(lastSort);
  const most = frame.width < 420 ? MOST_NARROW : MOST;
  const all = ordered(hits, hit, sort);
  const rows = around(all, hit, most);
  const values = column(
    rows.map(({ line, i }) => line.y[i]),
    picture.about,
  );
  const first = hit ?? hits[0];
  if (first === undefined) return null;
  const { axis, stepName } = picture.options;
  const where = placeText(first.line.x[first.i] ?? Number.NaN, axis.kind);
  const behind = unit(picture.about);
  const grouped = rows.some(({ line }) => line.n);
  return (
    <div
      class={pinned ? "tip pinned" : "tip"}
      style={{ transform: place(first.x, frame) }}
      aria-hidden={pinned ? undefined : "true"}
    >
      <p>
        {axis.kind === "step"
          ? `${stepName} `
          : axis.kind === "metric"
            ? `${visible(axis.name)} `
            : ""}
        {where}
        {behind && <small> {behind}</small>}
      </p>
      <table>
        <tbody>
          {rows.map((row, i) => (
            <tr key={i} class={row.line === hit?.line ? "meant" : undefined}>
              <td>
                <Swatch row={row} palette={palette} />
                {visible(row.line.label || row.line.name)}
              </td>
              <td class="n">{values[i]}</td>
              {grouped && (
                <td class="n dim">{row.line.n ? `n ${row.line.n[row.i] ?? 0}` : ""}</td>
              )}
            </tr>
          ))}
        </tbody>
      </table>
      {all.length > rows.length && <p class="dim">{all.length - rows.length} more</p>}
      {pinned && (
        <p>
          <button
            type="button"
            onClick={() => {
              lastSort = SORTS[(SORTS.indexOf(sort) + 1) % SORTS.length] ?? "highest first";
              setSort(lastSort);
            }}
          >
            {sort}
          </button>{" "}
          <button type="button" onClick={close}>
            Close
          </button>
        </p>
      )}
    </div>
  );
}

/** Beside the pointer, on the side with more room and inside the chart; its size is CSS's to know. */
function place(x: number, frame: Frame): string {
  const side = x < frame.width / 2 ? `${x + 14}px` : `${x - 14}px - 100%`;
  return `translate(max(0px, min(${side}, ${frame.width}px - 100%)), ${Math.round(frame.top)}px)`;
}

function Swatch({ row, palette }: { row: Hit; palette: Palette }) {
  const { colour, dash } = styleOf(row.line, palette);
  return (
    <svg width="18" height="8" aria-hidden="true">
      <line
        x1="0"
        x2="14"
        y1="4"
        y2="4"
        stroke={colour}
        stroke-width="2"
        stroke-dasharray={dash?.join(" ")}
      />
    </svg>
  );
}

/** The rows to show: named lines and the one that is meant. */
function ordered(hits: readonly Hit[], hit: Hit | undefined, sort: Sort): readonly Hit[] {
  const main = hits.filter(
    (one) => one.line === hit?.line || ["mean", "baseline"].includes(one.line.kind),
  );
  const value = (one: Hit): number => one.line.y[one.i] ?? Number.NaN;
  return [...main].sort((a, b) =>
    sort === "by name"
      ? a.line.label.localeCompare(b.line.label, "en", { numeric: true })
      : (value(b) - value(a)) * (sort === "highest first" ? 1 : -1),
  );
}

/** As many rows as there is room for, around the one that is meant. */
function around(rows: readonly Hit[], hit: Hit | undefined, most: number): readonly Hit[] {
  const at = Math.max(
    rows.findIndex((row) => row.line === hit?.line),
    0,
  );
  const start = Math.max(Math.min(at - (most >> 1), rows.length - most), 0);
  return rows.slice(start, start + most);
}
