// What is shown, as CSV, JSON, Markdown and as a table of HTML: the same rows and columns in the
// same order. Numbers are whole in CSV and JSON, and as shown in the others.

import { MISSING } from "../data/format.ts";
import { valueAt, type Column } from "./column.ts";
import { lineName, nameOf } from "./lines.ts";
import { membersOf } from "./groups.ts";
import type { Table } from "./table.ts";

/** More rows than this are no table to print or to copy. */
export const PRINT_MAX = 200;

type Value = string | number | boolean | null;

/** Write rows as comma-separated values, in RFC 4180. */
export function toCsv(table: Table): string {
  const { heads, rows } = values(table);
  return [heads, ...rows].map((row) => row.map(csv).join(",")).join("\r\n") + "\r\n";
}

/** Write rows as a JSON array of objects. */
export function toJson(table: Table): string {
  const { heads, rows } = values(table);
  const objects = rows.map((row) => Object.fromEntries(heads.map((head, i) => [head, row[i] ?? null])));
  return `${JSON.stringify(objects, null, 1)}\n`;
}

/** Write rows as a table of Markdown. */
export function toMarkdown(table: Table): string {
  const { heads, rows, numeric } = texts(table);
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell) => cell.replaceAll("\\", "\\\\").replaceAll("|", "\\|").replaceAll("\n", " ")).join(" | ")} |`;
  const rule = `| ${numeric.map((is) => (is ? "---:" : "---")).join(" | ")} |`;
  return `${[line(heads), rule, ...rows.map(line)].join("\n")}\n`;
}

/** Give what is shown as texts, for print and for the clipboard. */
export function texts(table: Table, most = Number.POSITIVE_INFINITY): {
  heads: string[];
  numeric: boolean[];
  rows: string[][];
} {
  const { arranged, columns, cells, facts } = table;
  const plain = columns.filter((column) => !column.ref.curve);
  const lines = arranged.lines.subarray(0, Math.min(most, arranged.lines.length));
  return {
    heads: ["Run", ...plain.map(headOf)],
    numeric: [false, ...plain.map((column) => column.numeric)],
    rows: Array.from(lines, (line) => [
      named(line, table, facts),
      ...plain.map((column) => {
        const { text, behind = "", delta } = cells(line, column);
        return [text, behind, delta ? `(${delta.text})` : ""].filter(Boolean).join(" ");
      }),
    ]),
  };
}

/** Give the name of the file to save. */
export function fileName(table: Table, ending: string): string {
  const name = table.facts.runs.experiments.map((one) => one.name.replaceAll("/", "-")).join("-");
  return `${name.replace(/[^\w.-]+/g, "_").slice(0, 80) || "runs"}.${ending}`;
}

function values(table: Table): { heads: string[]; rows: Value[][] } {
  const { arranged, columns, facts } = table;
  const plain = columns.filter((column) => !column.ref.curve);
  const makers = plain.map((column) => makerOf(column, table));
  const grouped = arranged.grouped !== undefined;
  return {
    heads: unique(["run", ...(grouped ? ["n"] : ["key"]), ...plain.flatMap((column) => headsOf(column, grouped))]),
    rows: Array.from(arranged.lines, (line) => [
      line < 0 ? lineName(line, arranged, facts) : nameOf(line, facts),
      line < 0 ? sizeOf(line, table) : grouped ? 1 : facts.runs.key(line),
      ...makers.flatMap((make) => make(line)),
    ]),
  };
}

function headsOf(column: Column, grouped: boolean): string[] {
  const { name, aggregate = "last", best } = column.ref;
  const value = aggregate === "at" ? `at best ${best}` : aggregate;
  const head = value === "last" ? name : `${name} ${value}`;
  return grouped && isMean(column) ? [`${head} mean`, `${head} sd`, `${head} n`] : [head];
}

function headOf({ title, under }: Column): string {
  return under ? `${title} (${under})` : title;
}

function isMean(column: Column): boolean {
  return column.result && column.column.kind === "numbers";
}

function makerOf(column: Column, { arranged }: Table): (line: number) => Value[] {
  const { grouped } = arranged;
  const own = (run: number): Value => scalar(valueAt(column.column, run));
  if (grouped === undefined) return (line) => [own(line)];
  if (isMean(column)) {
    const found = grouped.statistics(column);
    return (line) =>
      line >= 0
        ? [own(line), null, null]
        : [found.mean, found.sd, found.n].map((one) => mean(one[-1 - line]));
  }
  return (line) => {
    if (line >= 0) return [own(line)];
    const all = new Set(Array.from(membersOf(grouped.groups, -1 - line), own));
    return all.size === 1 ? [...all] : [null];
  };
}

function mean(value: number | undefined): Value {
  return value === undefined || Number.isNaN(value) ? null : value;
}

function sizeOf(line: number, { arranged }: Table): number {
  return arranged.grouped ? membersOf(arranged.grouped.groups, -1 - line).length : 1;
}

function scalar(value: unknown): Value {
  if (typeof value === "number") return Number.isFinite(value) ? value : String(value);
  if (value === undefined || value === null) return null;
  return typeof value === "string" || typeof value === "boolean" ? value : JSON.stringify(value);
}

function named(line: number, table: Table, facts: Table["facts"]): string {
  const name = lineName(line, table.arranged, facts);
  return line < 0 ? `${name} (n ${sizeOf(line, table)})` : name || MISSING;
}

function unique(heads: readonly string[]): string[] {
  const seen = new Map<string, number>();
  return heads.map((head) => {
    const n = (seen.get(head) ?? 0) + 1;
    seen.set(head, n);
    return n === 1 ? head : `${head} ${n}`;
  });
}

function csv(value: Value): string {
  if (value === null) return "";
  const text = String(value);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
