// The numbers of a chart as a table, for who does not see it: 25 rows a page.

import { useMemo, useState } from "preact/hooks";

import { column, number, plural } from "../data/format.ts";
import { nameOf } from "./frame.ts";
import type { Picture } from "./picture.ts";
import { stepsAt, tableOf, type Table } from "./rows.ts";
import { placeText, visible } from "./text.ts";

const ROWS = 25;

export function ChartTable({ picture, caption }: { picture: Picture; caption: string }) {
  const table = useMemo(() => tableOf(picture), [picture]);
  const [page, turn] = useState(0);
  const pages = Math.max(1, Math.ceil(table.at.length / ROWS));
  const first = Math.min(page, pages - 1) * ROWS;
  const rows = Array.from({ length: Math.min(ROWS, table.at.length - first) }, (_, i) => first + i);
  const columns = table.lines.map((line) => {
    const places = rows.map((row) => table.find(line, row));
    const values = column(
      places.map((i) => (i < 0 ? null : line.y[i])),
      picture.about,
    );
    return { line, places, values };
  });
  if (table.at.length === 0) return <p class="note">Nothing is on view.</p>;
  return (
    <>
      <section class="scroll" tabIndex={0} aria-label={caption}>
        <table class="chart-table">
          <caption class="vh">{caption}</caption>
          <thead>
            <tr>
              <th scope="col" class="n">
                {headOf(picture, table)}
              </th>
              {columns.map(({ line }, i) => (
                <th key={i} scope="col" class="n">
                  {visible(line.label || line.name)}
                  {line.n && <small>mean (runs)</small>}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {rows.map((row, r) => (
              <tr key={row}>
                <th scope="row" class="n">
                  {placeOf(table, row, picture)}
                </th>
                {columns.map(({ line, places, values }, c) => (
                  <td key={c} class="n">
                    {(places[r] ?? -1) < 0 ? "" : values[r]}
                    {line.n && (places[r] ?? -1) >= 0 && (
                      <span class="dim"> ({line.n[places[r] ?? 0]})</span>
                    )}
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </section>
      <p class="turn">
        <span role="status">
          Rows {number(first + 1)} to {number(first + rows.length)} of{" "}
          {plural(
            table.at.length,
            picture.lines.some((line) => line.width !== null) ? "place" : "step",
          )}
        </span>
        <button type="button" disabled={first === 0} onClick={() => turn(first / ROWS - 1)}>
          Previous
        </button>
        <button
          type="button"
          disabled={first + ROWS >= table.at.length}
          onClick={() => turn(first / ROWS + 1)}
        >
          Next
        </button>
      </p>
    </>
  );
}

/** Several lines have a place on another axis each: then it is not in the row's head. */
function headOf(picture: Picture, table: Table): string {
  const { axis, stepName } = picture.options;
  const own = axis.kind !== "step" && table.lines.length === 1;
  return own ? `${stepName} (${nameOf(picture)})` : stepName;
}

/** The step or the steps of a row, and where it stands on the axis. */
function placeOf(table: Table, row: number, picture: Picture): string {
  const line = table.lines.find((one) => table.find(one, row) >= 0);
  if (line === undefined) return "";
  const i = table.find(line, row);
  const [first, last] = stepsAt(line, i);
  const steps = first === last ? number(first, 6) : `${number(first, 6)} to ${number(last, 6)}`;
  const { axis } = picture.options;
  return axis.kind === "step" || table.lines.length > 1
    ? steps
    : `${steps} (${placeText(line.x[i] ?? Number.NaN, axis.kind)})`;
}
