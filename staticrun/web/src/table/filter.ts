// The filter language over the table's runs.

import type { Field as Column, Runs } from "../data/runs.ts";
import { FilterError, parse, type Expression, type Fields } from "../filter/filter.ts";
import { nearest } from "../filter/nearest.ts";
import { select, type Table } from "../filter/table.ts";
import { tokens } from "../filter/text.ts";
import { bestMetrics } from "./catalog.ts";
import { valueAt } from "./column.ts";
import { field, fields, isPlain, writeField, writeName, type Field } from "../filter/tree.ts";

/** A filter that was read, or what is wrong with it. */
export interface Read {
  readonly tree: Expression | undefined;
  readonly problem: Problem | undefined;
}

export interface Problem {
  /** Where it begins in the text, from 0, in code points. */
  readonly at: number;
  /** A sentence or two. */
  readonly text: string;
  /** What was probably meant, in place of the characters from `from` to `to`, in UTF-16 units. */
  readonly mend?: { readonly from: number; readonly to: number; readonly insert: string };
}

/**
 * Read a filter as the table of these runs has it.
 *
 * @param clock Now, in Unix seconds, for `started > -7d`.
 */
export function read(text: string, runs: Runs, clock: number): Read {
  try {
    const { tree } = parse(text, { clock });
    const asked = fields(tree).flatMap((one) => (one.aggregate === "at" ? [one, field("metric", one.best)] : [one]));
    const unknown = asked.find((one) => !isKnown(one, runs));
    if (unknown !== undefined) return { tree: undefined, problem: strange(unknown, text, runs) };
    const best = asked.find((one) => one.aggregate === "at" && !bestMetrics(runs).includes(one.best))?.best;
    if (best === undefined) return { tree, problem: undefined };
    const problem = `What is best of ${best} is not known: give it a direction in staticrun.yaml, under metrics.`;
    return { tree: undefined, problem: { at: placeOf(best, text), text: problem } };
  } catch (error) {
    if (!(error instanceof FilterError)) throw error;
    const hint = error.try && ` ${error.try[0]?.toUpperCase()}${error.try.slice(1)}`;
    const message = `${error.message[0]?.toUpperCase()}${error.message.slice(1)}`;
    return { tree: undefined, problem: { at: error.column - 1, text: message + hint } };
  }
}

/** The columns that a filter asks for, where runs have one for it. */
export function columnsOf(tree: Expression, runs: Runs): Column[] {
  return fields(tree)
    .map((field) => columnOf(field, runs))
    .filter((column) => column !== undefined);
}

/** Choose the rows that pass. */
export function passing(tree: Expression, runs: Runs, rows: Uint32Array): Uint32Array {
  if (tree.is === "and" && tree.parts.length === 0) return rows;
  const passed = new Uint8Array(runs.n);
  for (const run of select(tree, tableOf(runs))) passed[run] = 1;
  return rows.filter((run) => passed[run] === 1);
}

/** What runs call the spaces of the filter language. */
export const SPACES = {
  metric: "metrics",
  param: "params",
  tag: "tags",
  summary: "summary",
  attribute: "run",
  dataset: "run",
} as const;

/** The column behind a field; undefined where runs have to be asked one by one. */
function columnOf({ space, name, aggregate, best }: Field, runs: Runs): Column | undefined {
  if (space === "dataset") return name === "name" ? { space: "run", name: "datasets" } : undefined;
  if (space === "attribute" && (name === "id" || name === "key")) return undefined;
  const known = space === "param" ? runs.names("params") : [name];
  const quoted = JSON.stringify(name);
  const own = !known.includes(name) && known.includes(quoted) ? quoted : name;
  return { space: SPACES[space], name: own, aggregate, best };
}

function tableOf(runs: Runs): Table {
  let run = 0;
  const value = (field: Field): unknown => {
    const column = columnOf(field, runs);
    if (column === undefined) return undefined;
    return valueAt(runs.column(column), run);
  };
  const one = (space: Field["space"]) => (name: string) => value({ space, name, aggregate: "last", best: "" });
  const row: Fields = {
    attribute: (name) => (name === "id" ? runs.id(run) : name === "key" ? runs.key(run) : one("attribute")(name)),
    param: one("param"),
    tag: one("tag"),
    summary: one("summary"),
    metric: (name, aggregate, best) => value({ space: "metric", name, aggregate, best }) as number | undefined,
    dataset: (name) => (name === "name" ? ((one("dataset")(name) ?? []) as string[]) : []),
  };
  return {
    n: runs.n,
    numbers: (field) => {
      const column = columnOf(field, runs);
      const values = column && runs.column(column);
      return values?.kind === "numbers" ? values.values : undefined;
    },
    words: (field) => {
      const column = columnOf(field, runs);
      const values = column && runs.column(column);
      return values?.kind === "words" ? values : undefined;
    },
    row: (given) => {
      run = given;
      return row;
    },
  };
}

/** Whether some run could have a field: a name that none has is a slip. */
function isKnown({ space, name }: Field, runs: Runs): boolean {
  if (space === "attribute") return true;
  if (space === "dataset") return name === "name";
  const known = runs.names(SPACES[space]);
  return known.includes(name) || known.includes(JSON.stringify(name));
}

const WORDS = { metric: "metric", param: "param", tag: "tag", summary: "entry in its summary" } as const;

function strange(field: Field, text: string, runs: Runs): Problem {
  const place = placeOf(field.name, text);
  if (field.space === "attribute" || field.space === "dataset") {
    return { at: place, text: `${writeField(field)} is not in this table; staticrun runs list knows it.` };
  }
  const known = runs.names(SPACES[field.space]);
  const what = `No run has the ${WORDS[field.space]} ${field.name}.`;
  if (known.length === 0) return { at: place, text: `${what} No run has any.` };
  const hint = nearest(field.name, known);
  const meant = /^did you mean '(.*)'\?$/.exec(hint)?.[1];
  if (meant === undefined) return { at: place, text: `${what} It is ${hint}.` };
  const from = text.indexOf(field.name);
  const mend = { from, to: from + field.name.length, insert: writeName(meant) };
  return { at: place, text: `${what} Did you mean ${meant}?`, ...(from >= 0 && isPlain(field.name) && { mend }) };
}

function placeOf(name: string, text: string): number {
  const found = tokens([...text]).find(
    ({ kind, text: piece }) =>
      kind !== "operator" && kind !== "mark" && (piece === name || piece.endsWith(`.${name}`)),
  );
  return found === undefined ? Math.max(0, text.indexOf(name)) : found.start;
}
