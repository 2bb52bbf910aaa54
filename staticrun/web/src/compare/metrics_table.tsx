// What it bought: each side's metrics against the baseline's.

import type { ComponentChild } from "preact";

import { column, factorOf, number, plural, quantity, signed, unit } from "../data/format.ts";
import { Row } from "../page/row.tsx";
import { Heads, Sheet } from "../page/sheet.tsx";
import type { Difference } from "../stats/difference.ts";
import { SideTable, Swatch } from "./side_table.tsx";
import type { Cell, Row as MetricRow, Table } from "./metrics.ts";
import type { Sides } from "./sides.ts";

interface MetricsProps {
  readonly table: Table;
  readonly sides: Sides;
  /** What stands below the table. */
  readonly children?: ComponentChild;
}

/** Where differences were tested a line for each metric and side, else a column for each side. */
export function MetricsTable({ table, sides, children }: MetricsProps) {
  return (
    <Row id="bought" head="What it bought" notes={notesOf(table)}>
      {table.rows.length === 0 ? (
        <p class="verdict">No side has a metric.</p>
      ) : table.tested > 0 ? (
        <Tested table={table} sides={sides} />
      ) : (
        <SideTable
          sides={sides}
          head="Metric"
          caption={CAPTION}
          kind="metrics chosen"
          about={({ runs }) => (runs.length > 1 ? `mean, n = ${runs.length}` : "last value")}
          rows={table.rows.map((row) => {
            const texts = column(row.cells.map((cell) => cell.mean), row.metric);
            const cells = row.cells.map((cell, i) => (
              <>
                {texts[i]} <Delta cell={cell} row={row} />
              </>
            ));
            return [<Name row={row} />, cells];
          })}
        />
      )}
      {children}
    </Row>
  );
}

function notesOf({ tested, failed }: Table): string[] {
  const notes = [
    "Last values, and the difference to the baseline.",
    tested > 0
      ? `p: Welch’s t, corrected for ${plural(tested, "test")} (Holm). g: Hedges’ effect size. P: the share of pairs of runs in which the side is better.`
      : "No test is possible: it takes two runs a side.",
  ];
  return failed > 0 ? [...notes, `Failed, without a part: ${plural(failed, "run")}.`] : notes;
}

const CAPTION = "Metrics of all sides";
const HEADS = ["Mean", "n", "Difference", "95\u202f% interval", "p", "g", "P"];

function Tested({ table, sides }: { table: Table; sides: Sides }) {
  return (
    <Sheet caption={CAPTION} kind="list metrics chosen tested">
        <thead>
          <tr>
            <th scope="col">Metric</th>
            <th scope="col">Side</th>
            <Heads names={HEADS} />
          </tr>
        </thead>
        {table.rows.map((row) => (
          <tbody>
            {row.cells.map((cell, i) => (
              <Line row={row} cell={cell} place={i} sides={sides} />
            ))}
          </tbody>
        ))}
    </Sheet>
  );
}

interface LineProps {
  readonly row: MetricRow;
  readonly cell: Cell;
  readonly place: number;
  readonly sides: Sides;
}

function Line({ row, cell, place, sides }: LineProps) {
  const side = sides.all[place];
  const { p, effect, improvement } = cell;
  const { low, high, reason, nA = 0 }: Partial<Difference> = cell.difference ?? {};
  const shown = (value: number): string =>
    factorOf(row.metric) > 1 ? quantity(value, row.metric) : number(value, 3);
  const cells: readonly [ComponentChild, about?: string][] = [
    [column(row.cells.map((one) => one.mean), row.metric)[place]],
    [cell.values.length, "dim x"],
    [<Delta cell={cell} row={row} />],
    [low !== undefined && high !== undefined ? `${shown(low)} to ${shown(high)}` : nA > 1 && reason, "dim"],
    [p !== undefined && (p < 0.001 ? "< 0.001" : p.toFixed(3)), "p"],
    [effect !== undefined && number(effect, 2), "dim x"],
    [improvement !== undefined && number(improvement, 2), "dim x"],
  ];
  return (
    <tr>
      {place === 0 && (
        <th scope="rowgroup" class="k" rowSpan={row.cells.length}>
          <Name row={row} />
        </th>
      )}
      <th scope="row">
        {side && <Swatch side={side} />} {side?.label}
      </th>
      {cells.map(([text, about]) => (
        <td class={`n ${about}`}>{text}</td>
      ))}
    </tr>
  );
}

function Name({ row }: { row: MetricRow }) {
  const behind = unit(row.metric);
  return (
    <>
      {row.name} {behind && <span class="dim">{behind}</span>}
      {row.metric?.direction && (
        <small>{row.metric.direction === "max" ? "higher is better" : "lower is better"}</small>
      )}
    </>
  );
}

/** The difference to the baseline; coloured where it is one beyond chance. */
function Delta({ cell: { difference, verdict }, row: { metric } }: { cell: Cell; row: MetricRow }) {
  const delta = difference?.delta;
  if (delta === undefined) return null;
  const text = factorOf(metric) > 1
    ? `${delta > 0 ? "+" : ""}${quantity(delta, metric)}`
    : signed(delta);
  return (
    <span class={`delta ${verdict}`}>
      {verdict && <span aria-hidden="true">{delta > 0 ? "▲ " : "▼ "}</span>}
      {text}
      {verdict && <span class="vh"> ({verdict})</span>}
    </span>
  );
}
