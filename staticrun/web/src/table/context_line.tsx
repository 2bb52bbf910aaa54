// The line above the grid: how many rows there are, and what can be done with the cell that the
// reader is at.

import { at } from "../data/columns.ts";
import type { Aggregate } from "../data/runs.ts";
import { Choice } from "../page/choice.tsx";
import { fieldOf, freeze, narrow, shift, sortBy, testOf, withColumns } from "./actions.ts";
import { textOf } from "./cells.ts";
import { bestMetrics } from "./catalog.ts";
import { valueWords, type Column } from "./column.ts";
import type { Place } from "./keys.ts";
import { lineName, runsOfLine } from "./lines.ts";
import { spellRef, type Ref } from "./spelling.ts";
import type { State } from "./state.ts";
import { columnId, type Table } from "./table.ts";
import type { SetState } from "./use_table.ts";

/** Props of `ContextLine`. */
export interface ContextProps {
  readonly table: Table;
  readonly state: State;
  readonly set: SetState;
  readonly at: Place;
  readonly showValues: (id: string) => void;
  readonly resize: (place: number, by: number) => void;
}

/** What can be done here, in words. */
export function ContextLine(props: ContextProps) {
  const { table, at: place } = props;
  const line = table.arranged.lines[place.row];
  if (place.row >= 0 && line === undefined) return null;
  return (
    <div class="here" role="group" aria-label="The cell that you are at">
      {place.row < 0 || line === undefined ? (
        <OfColumn {...props} />
      ) : place.column === 0 ? (
        <OfRun {...props} line={line} />
      ) : (
        <OfCell {...props} line={line} />
      )}
    </div>
  );
}

interface Action {
  readonly name: string;
  readonly keys?: string;
  readonly act: () => void;
}

function Actions({ subject, all }: { subject: string; all: readonly (Action | false | undefined)[] }) {
  const shown = all.filter((one): one is Action => Boolean(one));
  return (
    <>
      <b title={subject}>{subject}</b>
      {shown.map(({ name, keys, act }) => (
        <button key={name} type="button" aria-keyshortcuts={keys} onClick={act}>
          {name}
        </button>
      ))}
    </>
  );
}

const MORE: readonly Aggregate[] = ["first", "min", "min_step", "max", "max_step", "mean", "n", "nonfinite"];

/** Another value of a metric as a column of its own. */
function MoreOf({ table, set, column }: Pick<ContextProps, "table" | "set"> & { column: Column }) {
  const ids = table.columns.map((one) => one.id);
  const { space, name } = column.ref;
  const more: Ref[] = [
    ...MORE.map((aggregate) => ({ space, name, aggregate })),
    ...bestMetrics(table.facts.runs)
      .filter((best) => best !== name)
      .map((best) => ({ space, name, aggregate: "at" as const, best })),
  ];
  const names = more.map((ref) => [spellRef(ref), valueWords(ref.aggregate ?? "last", ref.best)] as const);
  return (
    <Choice
      label={<span class="vh">Add a column with another of its values</span>}
      value=""
      options={["", ...names.map(([id]) => id)]}
      names={{ "": "Add …", ...Object.fromEntries(names) }}
      choose={(id) => {
        if (!ids.includes(id)) set({ columns: ids.flatMap((one) => (one === column.id ? [one, id] : [one])) });
      }}
    />
  );
}

function OfColumn({ table, state, set, at: { column: place }, showValues, resize }: ContextProps) {
  const id = columnId(place, table);
  const column = table.columns[place - 1];
  const sort = (down: boolean): void => set({ sort: [{ column: id, down }] });
  const rest = table.columns.filter((one) => one.id !== id).map((one) => one.id);
  const frozen = place <= state.frozen;
  return (
    <>
    <Actions
      subject={column?.title ?? "Run"}
      all={[
        { name: "Ascending", act: () => sort(false) },
        { name: "Descending", act: () => sort(true) },
        { name: "Then by it", keys: "Shift+S", act: () => set(sortBy(table, place, true)) },
        column && !column.result && !column.ref.curve && { name: "Group by it", act: () => set({ group: [id] }) },
        column && fieldOf(column) !== undefined && { name: "Values …", act: () => showValues(id) },
        column && { name: frozen ? "Let it scroll" : "Keep in sight", act: () => set(freeze(table, state, id)) },
        column && { name: "Left", keys: "Shift+ArrowLeft", act: () => set(shift(table, state, place, -1)) },
        column && { name: "Right", keys: "Shift+ArrowRight", act: () => set(shift(table, state, place, 1)) },
        { name: "Wider", keys: "+", act: () => resize(place, 16) },
        { name: "Narrower", keys: "-", act: () => resize(place, -16) },
        column && { name: "Hide", act: () => set(withColumns(table, state, rest)) },
      ]}
    />
      {column?.ref.space === "metrics" && !column.ref.curve && <MoreOf table={table} set={set} column={column} />}
    </>
  );
}

interface LineProps extends ContextProps {
  readonly line: number;
}

function OfRun({ table, state, set, line }: LineProps) {
  const { facts, arranged } = table;
  const keys = Array.from(runsOfLine(line, arranged), (run) => facts.runs.key(run));
  const without = (from: readonly string[]): string[] => from.filter((key) => !keys.includes(key));
  const isOnTop = line >= 0 && keys.every((key) => state.top.includes(key));
  const isBase = line >= 0 && table.baseline.has(line) && state.baseline !== undefined;
  return (
    <Actions
      subject={lineName(line, arranged, facts)}
      all={[
        { name: "Hide", act: () => set({ hidden: [...without(state.hidden), ...keys] }) },
        line >= 0 && {
          name: isOnTop ? "Let go from the top" : "Put on top",
          act: () => set({ top: isOnTop ? without(state.top) : [...state.top, ...keys] }),
        },
        isBase
          ? { name: "No differences", act: () => set({ baseline: undefined }) }
          : {
              name: "Differences to it",
              act: () => set({ baseline: line >= 0 ? keys : keys.slice(0, 1) }),
            },
      ]}
    />
  );
}

function OfCell({ table, state, set, line, at: { column: place }, showValues }: LineProps) {
  const column = table.columns[place - 1];
  if (column === undefined) return null;
  const only = testOf(table, line, column, true);
  const without = testOf(table, line, column, false);
  const run = runsOfLine(line, table.arranged)[0] ?? 0;
  const value = at(column.column, run);
  const shared = line >= 0 || !table.cells(line, column).text.endsWith(" values");
  const isMean = line < 0 && column.result;
  const said = value === undefined ? "missing" : textOf(value, column, table.facts);
  const add = (more: string): void => set({ filter: narrow(state.filter, more) });
  return (
    <Actions
      subject={isMean || !shared ? column.title : `${column.title} ${said}`}
      all={[
        only !== undefined && shared && !isMean && { name: "Only these", keys: "=", act: () => add(only) },
        without !== undefined && shared && !isMean && { name: "All but these", keys: "!", act: () => add(without) },
        { name: "Sort by it", keys: "S", act: () => set(sortBy(table, place, false)) },
        fieldOf(column) !== undefined && { name: "Values …", act: () => showValues(column.id) },
      ]}
    />
  );
}
