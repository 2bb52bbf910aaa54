// From the state to the table, each step only when what it depends on has changed.

import { useEffect, useMemo, useRef, useState } from "preact/hooks";

import { choose } from "../chart/selection.ts";
import { fieldName, type Field, type Runs } from "../data/runs.ts";
import { useView } from "../view/use_view.ts";
import { arrange, candidates, orderOf } from "./arrange.ts";
import { baselineRuns, differences } from "./baseline.ts";
import { cellsOf } from "./cells.ts";
import { makeColumns } from "./column.ts";
import type { Facts } from "./facts.ts";
import { columnsOf, passing, read, type Problem } from "./filter.ts";
import type { Expression } from "../filter/filter.ts";
import { readRef } from "./spelling.ts";
import { bestIn, spellState, type State } from "./state.ts";
import type { Table } from "./table.ts";
import { measure } from "./widths.ts";

const EVERY: Expression = { is: "and", parts: [] };

/**
 * Make the table of a state.
 *
 * @param facts Others when the site was built again.
 * @param drawn Run → colour, as the page's figures have them; holds while nothing is selected.
 * @returns The table, what is wrong with the filter, and what could not be loaded.
 */
export function useMade(
  facts: Facts,
  state: State,
  drawn: ReadonlyMap<number, number>,
): { table: Table; problem: Problem | undefined; missing: string } {
  const { runs } = facts;
  const clock = useMemo(() => Date.now() / 1000, []);
  const { tree: asked, problem } = useMemo(() => read(state.filter, runs, clock), [state.filter, runs]);
  const last = useRef<Expression>(EVERY);
  // While a filter is being written, the last one that could be read holds.
  const tree = asked ?? last.current;
  const asks = columnsOf(tree, runs);
  const [loaded, missing] = useNeeded(runs, [...asks, ...columnsNeeded(state)]);
  if (asked !== undefined) last.current = asked;
  const chosen = useMemo(() => candidates(facts, state), [facts, state.hidden, state.archived]);
  const rows = useMemo(
    () => passing(tree, runs, chosen.rows),
    [JSON.stringify(tree), chosen, asks.every((field) => runs.has(field))],
  );
  const arranged = useMemo(
    () => arrange(facts, state, chosen, rows),
    [rows, state.sort, state.group, state.open, state.top, state.value, loaded],
  );
  const ids = state.columns ?? facts.defaults.columns;
  const columns = useMemo(
    () => makeColumns(facts, ids.filter((id) => id !== "r:name"), state.value),
    [facts, ids, state.value, loaded],
  );
  const [based, cells] = useMemo(() => {
    const baseline = baselineRuns(facts, state);
    const differs = state.baseline && differences(facts, arranged, baseline);
    return [new Set(baseline), cellsOf(facts, arranged, state.spread, differs)];
  }, [arranged, state.spread, state.baseline, columns]);
  const selected = useMemo(() => new Set(runs.find(state.selected)), [runs, state.selected]);
  const colours = useColours(facts, state, drawn);
  const open = useMemo(
    () => new Set([...runs.find(state.open)].map((run) => arranged.grouped?.groups.of[run] ?? -1)),
    [arranged, state.open],
  );
  const measured = useMemo(
    () => measure(facts, arranged, columns, cells, based),
    // Not the rows: columns stay as wide as they are while rows come, go and change places.
    [columns, state.group, state.spread, state.baseline],
  );
  const order = useMemo(() => orderOf(facts, state), [state.sort]);
  const parts = { facts, arranged, columns, cells, order, selected, baseline: based, measured, colours, open };
  return { table: useMemo(() => parts, Object.values(parts)), problem, missing };
}

/** More runs than this are not grouped once more for their colours. */
const COLOURED_MAX = 10_000;

/** The colours of the charts: those of the page's figures, or of what the reader chose. */
function useColours(facts: Facts, state: State, drawn: ReadonlyMap<number, number>): ReadonlyMap<number, number> {
  const { runs } = facts;
  const [view] = useView();
  const { selected, group, baseline } = state;
  return useMemo(() => {
    const own = selected.length === 0 && !(Array.isArray(group) && runs.n <= COLOURED_MAX);
    if (own) return drawn;
    const spelled = spellState({ selected, group, baseline });
    const lines = choose({ ...clean(spelled), lines: view["lines"] ?? "" }, [], runs, false);
    return new Map(lines.flatMap(({ keys, slot }) => [...runs.find(keys)].map((run) => [run, slot] as const)));
  }, [runs, selected, group, baseline, drawn, view["lines"]]);
}

function clean(parts: Readonly<Record<string, string | undefined>>): Record<string, string> {
  return Object.fromEntries(Object.entries(parts).flatMap(([name, text]) => (text ? [[name, text]] : [])));
}

/** What columns and the order ask for, beside last values. */
function columnsNeeded({ columns = [], sort = [], value }: State): Field[] {
  const named = [...columns, ...sort.map((one) => one.column)].map(readRef).filter((ref) => ref !== undefined);
  const [space, name, best] = ["metrics", "", bestIn(value)] as const;
  if (best !== undefined) named.push({ space, name, aggregate: "at", best });
  else if (value !== "last") named.push({ space, name, aggregate: "mean" });
  return named;
}

/** Load what fields need; tells how often something has come, and what could not be loaded. */
function useNeeded(runs: Runs, fields: readonly Field[]): [loaded: number, missing: string] {
  const [loaded, count] = useState(0);
  const [missing, tell] = useState("");
  const lacking = fields.filter((field) => !runs.has(field));
  useEffect(() => {
    if (lacking.length === 0) return;
    runs
      .need(lacking)
      .then(() => count((n) => n + 1))
      .catch((error: unknown) => tell(error instanceof Error ? error.message : String(error)));
  }, [lacking.map(fieldName).join(), runs]);
  return [loaded, missing];
}
