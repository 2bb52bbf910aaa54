// What the reader's wishes make of the state.

import { at } from "../data/columns.ts";
import { format } from "../filter/complete.ts";
import { parse } from "../filter/filter.ts";
import { field, quoted, write, type Expression, type Space } from "../filter/tree.ts";
import { directionOf } from "./catalog.ts";
import type { Column } from "./column.ts";
import { runsOfLine } from "./lines.ts";
import type { State } from "./state.ts";
import { columnId, nextOrder, type Table } from "./table.ts";

/** Order by the column at a place. */
export function sortBy(table: Table, place: number, more: boolean): Partial<State> {
  const column = table.columns[place - 1];
  const direction = directionOf(column?.metric);
  const better = direction === undefined ? (column?.result ?? false) : direction === "max";
  return { sort: nextOrder(table.order, columnId(place, table), better, more) };
}

/** Select what is not selected of some lines; where all is, none. */
export function select(table: Table, lines: readonly number[]): Partial<State> {
  const { runs } = table.facts;
  const wanted = lines.flatMap((line) => Array.from(runsOfLine(line, table.arranged)));
  const selected = new Set(table.selected);
  const all = wanted.every((run) => selected.has(run));
  for (const run of wanted) {
    if (all) selected.delete(run);
    else selected.add(run);
  }
  return { selected: [...selected].map((run) => runs.key(run)) };
}

/** Show the members of a group, or no longer. */
export function fold(table: Table, line: number): Partial<State> {
  const { facts, open, arranged } = table;
  const group = -1 - line;
  const next = new Set(open);
  if (!next.delete(group)) next.add(group);
  const { groups } = arranged.grouped ?? {};
  const first = (g: number): number => groups?.members[groups.starts[g] ?? 0] ?? 0;
  return { open: [...next].map((g) => facts.runs.key(first(g))) };
}

/** Give a column's values as the filter language names them; undefined for those it cannot. */
export function fieldOf({ ref }: Column): string | undefined {
  const { space, name, aggregate = "last", best } = ref;
  const known = ["last", "min", "max", "mean", "first", "at"] as const;
  const found = known.find((one) => one === aggregate);
  if (ref.curve || found === undefined || (space === "run" && UNKNOWN.includes(name))) return undefined;
  return format(field(NAMES[space], name, found, best));
}

const NAMES: Readonly<Record<Column["ref"]["space"], Space>> = {
  run: "attribute",
  params: "param",
  metrics: "metric",
  tags: "tag",
  summary: "summary",
};

/** What a run has that the filter language does not know. */
const UNKNOWN: readonly string[] = ["last_record", "dirty"];

/** Spell a test of the value that a line has in a column; undefined where there is none. */
export function testOf(table: Table, line: number, column: Column, equal: boolean): string | undefined {
  const name = fieldOf(column);
  const run = runsOfLine(line, table.arranged)[0];
  if (name === undefined || run === undefined) return undefined;
  const value = at(column.column, run);
  if (typeof value === "object" && value !== null) return undefined;
  if (value === undefined) return `${name} ${equal ? "missing" : "exists"}`;
  return test(name, value, equal);
}

/** Spell a test of one value. What has no value is not equal to it, but passes `not`. */
export function test(name: string, value: unknown, equal: boolean): string {
  const asked = `${name} = ${typeof value === "string" ? quoted(value, "'") : String(value)}`;
  return equal ? asked : `not ${asked}`;
}

/** Put a test behind a filter; one that is there already is not repeated. */
export function narrow(filter: string, more: string): string {
  if (filter.trim() === "") return more;
  let tree: Expression;
  try {
    tree = parse(filter, { clock: 0 }).tree;
  } catch {
    return more;
  }
  const parts = tree.is === "and" ? tree.parts : [tree];
  const added = write(parse(more).tree);
  if (parts.some((part) => write(part) === added)) return filter;
  return `${tree.is === "or" ? `(${filter})` : filter} and ${more}`;
}

/** Show these columns, in this order; the frozen ones among them stay so many. */
export function withColumns(table: Table, state: State, ids: readonly string[]): Partial<State> {
  const frozen = table.columns.slice(0, state.frozen).filter(({ id }) => ids.includes(id)).length;
  return { columns: ids, frozen };
}

/** Move a column by some places. */
export function shift(table: Table, state: State, place: number, by: number): Partial<State> {
  const ids = table.columns.map((column) => column.id);
  const [id] = ids.splice(place - 1, 1);
  if (id === undefined || place < 1) return {};
  ids.splice(Math.max(0, place - 1 + by), 0, id);
  return withColumns(table, state, ids);
}

/** Keep a column in sight beside the name, or no longer. */
export function freeze(table: Table, state: State, id: string): Partial<State> {
  const ids = table.columns.map((column) => column.id);
  const from = ids.indexOf(id);
  const isFrozen = from < state.frozen;
  ids.splice(from, 1);
  const frozen = isFrozen ? state.frozen - 1 : state.frozen + 1;
  ids.splice(isFrozen ? frozen : state.frozen, 0, id);
  return { columns: ids, frozen };
}

