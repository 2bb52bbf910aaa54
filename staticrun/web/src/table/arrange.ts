// Which rows a table has, in which order: runs, or groups of runs with their members below them.

import type { Col } from "../data/columns.ts";
import { varyingParams } from "./catalog.ts";
import { keyOf, makeColumns, type Column } from "./column.ts";
import type { Facts } from "./facts.ts";
import { nest } from "./family.ts";
import { counting, groupRows, membersOf, statistics, type Groups, type Statistics } from "./groups.ts";
import { spellRef } from "./spelling.ts";
import { MISSING, sortRows, type Key } from "./sort.ts";
import type { Order, State } from "./state.ts";

/** Rows of the table: a run's number, or -1 - g for group g. */
export interface Arranged {
  readonly lines: Int32Array;
  readonly depth: Uint8Array;
  /** How many lines stand on top because the reader put them there. */
  readonly top: number;
  /** The runs behind the lines, each once, in order. */
  readonly rows: Uint32Array;
  /** The same as they came, so that a new order of them is known to be one. */
  readonly passing: Uint32Array;
  readonly grouped: Grouped | undefined;
  /** Runs that the reader hid, and those that are archived. */
  readonly hidden: number;
  readonly archived: number;
}

/** Groups, and the columns that make them. */
export interface Grouped {
  readonly groups: Groups;
  readonly keys: readonly Column[];
  /** The runs that a mean is over. */
  readonly counts: Uint8Array;
  readonly statistics: (column: Column) => Statistics;
}

/** What rows there are, but for the filter. */
export function candidates(facts: Facts, state: State): { rows: Uint32Array; hidden: number; archived: number } {
  const { runs, archived } = facts;
  const gone = new Uint8Array(runs.n);
  for (const run of runs.find(state.hidden)) gone[run] = 1;
  let [hidden, old, n] = [0, 0, 0];
  const rows = new Uint32Array(runs.n);
  for (let run = 0; run < runs.n; run++) {
    if (gone[run] === 1) hidden++;
    else if (archived[run] === 1 && !state.archived) old++;
    else rows[n++] = run;
  }
  return { rows: rows.subarray(0, n), hidden, archived: old };
}

/** The order of the rows: the reader's, or that of the metric which ranks. */
export function orderOf(facts: Facts, state: State): readonly Order[] {
  const { ranking } = facts.defaults;
  return state.sort ?? (ranking ? [ranking] : []);
}

/**
 * Put rows in order.
 *
 * @param chosen What `candidates` gave.
 * @param passing Those of them that the filter lets pass.
 */
export function arrange(
  facts: Facts,
  state: State,
  chosen: { readonly hidden: number; readonly archived: number },
  passing: Uint32Array,
): Arranged {
  const order = orderOf(facts, state);
  const columns = makeColumns(facts, order.map((one) => one.column), state.value);
  const down = new Map(order.map((one) => [one.column, one.down]));
  const keys = columns.map((column) => keyOf(facts, column, down.get(column.id) ?? false));
  const rows = sortRows(passing, keys);
  const rest = { rows, passing, hidden: chosen.hidden, archived: chosen.archived };
  const onTop = topRows(facts, state, rows);
  if (state.group !== undefined) {
    const grouped = group(facts, state, rows);
    const lines = groupLines(facts, state, grouped, columns, down);
    return { ...rest, ...stack(onTop, lines), top: onTop.length, grouped };
  }
  const top = new Set(onTop);
  const nested = nest(top.size > 0 ? rows.filter((run) => !top.has(run)) : rows, facts.up);
  const lines = { lines: Int32Array.from(nested.rows), depth: nested.depth };
  return { ...rest, ...stack(onTop, lines), top: onTop.length, grouped: undefined };
}

function topRows(facts: Facts, state: State, rows: Uint32Array): number[] {
  if (state.top.length === 0) return [];
  const wanted = new Set(facts.runs.find(state.top));
  return [...rows.filter((run) => wanted.has(run))];
}

interface Lines {
  readonly lines: Int32Array;
  readonly depth: Uint8Array;
}

function stack(top: readonly number[], { lines, depth }: Lines): Lines {
  if (top.length === 0) return { lines, depth };
  const all = new Int32Array(top.length + lines.length);
  all.set(top);
  all.set(lines, top.length);
  const deep = new Uint8Array(all.length);
  deep.set(depth, top.length);
  return { lines: all, depth: deep };
}

function group(facts: Facts, state: State, rows: Uint32Array): Grouped {
  // A sweep is no trial beside its own runs.
  const trials = rows.filter((run) => facts.around[run] !== 1);
  const some = trials.length > 0 ? trials : rows;
  const ids =
    state.group === "seeds" || state.group === undefined
      ? varyingParams(facts.runs, some)
          .filter((name) => !facts.seeds.has(name))
          .map((name) => spellRef({ space: "params", name }))
      : state.group;
  const keys = makeColumns(facts, ids, state.value);
  const groups = groupRows(some, keys.map((key): Col => key.column), facts.runs.n);
  const counts = counting(groups, facts.ended, facts.open);
  const found = new Map<string, Statistics>();
  return {
    groups,
    keys,
    counts,
    statistics: (column) => {
      let known = found.get(column.id);
      if (known === undefined) {
        known = statistics(groups, column.column, counts);
        found.set(column.id, known);
      }
      return known;
    },
  };
}

function groupLines(
  facts: Facts,
  state: State,
  grouped: Grouped,
  columns: readonly Column[],
  down: ReadonlyMap<string, boolean>,
): Lines {
  const { groups } = grouped;
  const keys = columns
    .map((column) => groupKey(facts, grouped, column, down.get(column.id) ?? false))
    .filter((key): key is Key => key !== undefined);
  const order = sortRows(Uint32Array.from({ length: groups.n }, (_, g) => g), keys);
  const open = new Set([...facts.runs.find(state.open)].map((run) => groups.of[run]));
  const lines: number[] = [];
  const depth: number[] = [];
  for (const g of order) {
    lines.push(-1 - g);
    depth.push(0);
    if (!open.has(g)) continue;
    for (const run of membersOf(groups, g)) {
      lines.push(run);
      depth.push(1);
    }
  }
  return { lines: Int32Array.from(lines), depth: Uint8Array.from(depth) };
}

/** Groups are ordered by the mean of a result, or by what their runs share. */
function groupKey(facts: Facts, grouped: Grouped, column: Column, down: boolean): Key | undefined {
  const { groups } = grouped;
  if (column.result && column.column.kind === "numbers") {
    const { mean } = grouped.statistics(column);
    const place = Uint8Array.from(mean, (value) => (Number.isNaN(value) ? MISSING : 0));
    return { values: mean, place, down };
  }
  if (!grouped.keys.some((key) => key.id === column.id)) return undefined;
  const { values, place } = keyOf(facts, column, down);
  const first = Uint32Array.from({ length: groups.n }, (_, g) => groups.members[groups.starts[g] ?? 0] ?? 0);
  return {
    values: Float64Array.from(first, (run) => values[run] ?? Number.NaN),
    place: Uint8Array.from(first, (run) => place[run] ?? MISSING),
    down,
  };
}
