// What it bought: each side's metrics against the baseline's.

import { column, factorOf, number, quantity, signed, unit } from "../data/format.ts";
import { Row } from "../page/row.tsx";
import { SideHead } from "./params_table.tsx";
import type { Cell, Row as MetricRow, Table } from "./metrics.ts";
import type { Sides } from "./sides.ts";

/** Metrics by side: mean, difference, interval, effect, how likely a run is better, p. */
export function MetricsTable({ table, sides }: { table: Table; sides: Sides }) {
  const several = sides.all.some((side) => side.runs.length > 1);
  return (
    <Row id="bought" head="What it bought" notes={notesOf(table, several)}>
      {table.rows.length === 0 ? (
        <p class="verdict">No side has a metric.</p>
      ) : (
        <section class="scroll" tabIndex={0} aria-label="Metrics of all sides">
          <table class="list metrics chosen">
            <caption class="vh">Metrics of all sides</caption>
            <thead>
              <tr>
                <th scope="col">Metric</th>
                {sides.all.map((side) => (
                  <SideHead key={side.label} side={side} about={headOf(side.runs.length)} />
                ))}
              </tr>
            </thead>
            <tbody>
              {table.rows.map((row) => (
                <MetricLine key={row.name} row={row} sides={sides} />
              ))}
            </tbody>
          </table>
        </section>
      )}
    </Row>
  );
}

function headOf(runs: number): string {
  return runs > 1 ? `mean, n = ${runs}` : "last value";
}

function notesOf(table: Table, several: boolean): string[] {
  const notes = [
    several
      ? "Last values over runs. Below each mean: its difference to the baseline and the 95 % interval of that."
      : "Last values, and the difference to the baseline. No test is possible: it takes two runs a side.",
  ];
  if (table.tested > 0) {
    const many = table.tested === 1 ? "one difference" : `${table.tested} differences`;
    notes.push(
      `Welch’s t tested ${many}; p is corrected for their number (Holm). g: Hedges’ effect size. P: the share of pairs of runs in which the side is better.`,
    );
  }
  if (table.failed > 0) {
    notes.push(table.failed === 1 ? "One failed run takes no part." : `${table.failed} failed runs take no part.`);
  }
  return notes;
}

function MetricLine({ row, sides }: { row: MetricRow; sides: Sides }) {
  const texts = column(row.cells.map((cell) => cell.mean), row.metric);
  const behind = unit(row.metric);
  return (
    <tr>
      <th scope="row" class="k">
        {row.name} {behind && <span class="dim">{behind}</span>}
        {row.metric?.direction && (
          <small>{row.metric.direction === "max" ? "higher is better" : "lower is better"}</small>
        )}
      </th>
      {row.cells.map((cell, i) => (
        <td key={i} class="n" data-l={sides.all[i]?.label}>
          <span class="value">{texts[i]}</span>
          {cell.difference?.delta !== undefined && <Found cell={cell} row={row} />}
          {cell.values.length < (sides.all[i]?.runs.length ?? 0) && cell.values.length > 0 && (
            <small>n = {cell.values.length}</small>
          )}
        </td>
      ))}
    </tr>
  );
}

function Found({ cell, row }: { cell: Cell; row: MetricRow }) {
  const { difference, verdict } = cell;
  const delta = difference?.delta;
  if (difference === undefined || delta === undefined) return null;
  const percent = factorOf(row.metric) > 1;
  const shown = (value: number): string =>
    percent ? quantity(value, row.metric) : number(value, 3);
  const text = percent ? `${delta > 0 ? "+" : ""}${quantity(delta, row.metric)}` : signed(delta);
  return (
    <>
      <small class={verdict}>
        {verdict && <span aria-hidden="true">{delta > 0 ? "▲ " : "▼ "}</span>}
        {text}
        {verdict && <span class="vh"> ({verdict})</span>}
      </small>
      {difference.low !== undefined && difference.high !== undefined && (
        <small class="dim">
          {shown(difference.low)} to {shown(difference.high)}
        </small>
      )}
      {cell.p !== undefined && (
        <small class="dim">
          p {cell.p < 0.001 ? "< 0.001" : cell.p.toFixed(3)}
          {cell.effect !== undefined && `, g ${number(cell.effect, 2)}`}
          {cell.improvement !== undefined && `, P ${number(cell.improvement, 2)}`}
        </small>
      )}
      {cell.p === undefined && difference.reason !== "" && difference.nA > 1 && (
        <small class="dim">{difference.reason}</small>
      )}
    </>
  );
}
