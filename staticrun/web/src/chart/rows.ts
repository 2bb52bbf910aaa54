// The numbers of a chart, as rows: for the table below it and for CSV. What is on view, no more.

import { lowerBound } from "../data/buckets.ts";
import { union } from "./group.ts";
import { chosen, type Line, type Picture } from "./picture.ts";
import { exact } from "./text.ts";

/** Places in rows, lines in columns. */
export interface Table {
  readonly lines: readonly Line[];
  /** Steps; of buckets, their middles. */
  readonly at: Float64Array;
  /** Where a line has its point in a row; -1 for none. */
  readonly find: (line: Line, row: number) => number;
}

/** The lines that are named or could be, at every place on view where one has a value. */
export function tableOf(picture: Picture): Table {
  const own = chosen(picture.lines);
  const main = own.filter((line) => line.kind !== "member");
  const lines = main.length > 0 ? main : own;
  const at = union(lines.map((line) => line.step.filter((_, i) => isShown(line, i, picture))));
  return {
    lines,
    at,
    find(line, row) {
      const step = at[row] ?? Number.NaN;
      const i = lowerBound(line.step, step);
      return line.step[i] === step && isShown(line, i, picture) ? i : -1;
    },
  };
}

/** The first step and the last of a place: of a bucket, both its ends. */
export function stepsAt(line: Line, i: number): readonly [number, number] {
  const step = line.step[i] ?? Number.NaN;
  if (line.width === null) return [step, step];
  const size = 2 ** line.width;
  const first = step - size / 2;
  // Of whole steps the last one; else where the bucket ends.
  return [first, size >= 1 ? first + size - 1 : first + size];
}

const HEAD = "metric,line,kind,run,first_step,last_step,x,value,low,high,runs";

/** Spell what is shown as CSV, a row a point, every digit. */
export function spellCsv(pictures: readonly Picture[]): string {
  const out = [HEAD];
  for (const picture of pictures) {
    const { axis } = picture.options;
    for (const line of picture.lines) {
      line.step.forEach((_, i) => {
        if (!isShown(line, i, picture)) return;
        const [first, last] = stepsAt(line, i);
        const optional = (column: Float64Array | undefined): string =>
          column === undefined ? "" : exact(column[i] ?? Number.NaN);
        out.push(
          [
            quote(picture.metric),
            quote(line.label),
            line.kind,
            quote(line.n ? "" : (line.runs[0] ?? "")),
            exact(first),
            exact(last),
            axis.kind === "step" ? "" : exact(line.x[i] ?? Number.NaN),
            exact(line.y[i] ?? Number.NaN),
            optional(line.low),
            optional(line.high),
            optional(line.n),
          ].join(","),
        );
      });
    }
  }
  return `${out.join("\r\n")}\r\n`;
}

function isShown(line: Line, i: number, { window }: Picture): boolean {
  const x = line.x[i] ?? Number.NaN;
  return Number.isFinite(x) && (window === undefined || (x >= window.from && x <= window.to));
}

/** Quote a text; one that a spreadsheet would take for a formula begins with a quote sign. */
function quote(text: string): string {
  const safe = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
