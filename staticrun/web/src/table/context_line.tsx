// The line above the grid: how many rows there are, and what can be done with the cell that the
// reader is at.

import { at } from "../data/columns.ts";
import type { Aggregate } from "../data/runs.ts";
import { Choice } from "../page/choice.tsx";
import { fieldOf, freeze, narrow, shift, sortBy, testOf, withColumns } from "./actions.ts";
import { textOf } from "./cells.ts";
import { bestMetrics } from "./catalog.ts";
import { valueWords, type Column } from "./column.ts";
import { STEP, type Place } from "./keys.ts";
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
  const column = table.columns[place.column - 1];
  if (place.row >= 0 && line === undefined) return null;
  const inHead = place.row < 0 || line === undefined;
  const [subject, actions] = inHead
    ? ofColumn(props, column)
    : column === undefined
      ? ofRun(props, line)
      : ofCell(props, line, column);
  return (
    <div class="here" role="group" aria-label="The cell that you are at">
      <b title={subject}>{subject}</b>
      {actions.map(
        (one) =>
          one && (
            <button key={one[0]} type="button" aria-keyshortcuts={one[2]} onClick={one[1]}>
              {one[0]}
            </button>
          ),
      )}
      {inHead && column?.ref.space === "metrics" && !column.ref.curve && <MoreOf {...props} column={column} />}
    </div>
  );
}

/** Its name, what it does, and the key that does it, too. */
type Action = readonly [name: string, act: () => void, key?: string];
type Actions = readonly [subject: string, actions: readonly (Action | false | undefined)[]];

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

function ofColumn(
  { table, state, set, at: { column: place }, showValues, resize }: ContextProps,
  column: Column | undefined,
): Actions {
  const id = columnId(place, table);
  const sort = (down: boolean) => (): void => set({ sort: [{ column: id, down }] });
  const move = (by: number) => (): void => set(shift(table, state, place, by));
  const rest = table.columns.filter((one) => one.id !== id).map((one) => one.id);
  return [
    column?.title ?? "Run",
    [
      ["Ascending", sort(false)],
      ["Descending", sort(true)],
      ["Then by it", () => set(sortBy(table, place, true)), "Shift+S"],
      column && !column.result && !column.ref.curve && ["Group by it", () => set({ group: [id] })],
      column && fieldOf(column) !== undefined && ["Values …", () => showValues(id)],
      column && [place <= state.frozen ? "Let it scroll" : "Keep in sight", () => set(freeze(table, state, id))],
      column && ["Left", move(-1), "Shift+ArrowLeft"],
      column && ["Right", move(1), "Shift+ArrowRight"],
      ["Wider", () => resize(place, STEP), "+"],
      ["Narrower", () => resize(place, -STEP), "-"],
      column && ["Hide", () => set(withColumns(table, state, rest))],
    ],
  ];
}

function ofRun({ table, state, set }: ContextProps, line: number): Actions {
  const { facts, arranged } = table;
  const keys = Array.from(runsOfLine(line, arranged), (run) => facts.runs.key(run));
  const without = (from: readonly string[]): string[] => from.filter((key) => !keys.includes(key));
  const isOnTop = keys.every((key) => state.top.includes(key));
  const isBase = line >= 0 && table.baseline.has(line) && state.baseline !== undefined;
  return [
    lineName(line, arranged, facts),
    [
      ["Hide", () => set({ hidden: [...without(state.hidden), ...keys] })],
      line >= 0 && [
        isOnTop ? "Let go from the top" : "Put on top",
        () => set({ top: isOnTop ? without(state.top) : [...state.top, ...keys] }),
      ],
      isBase
        ? ["No differences", () => set({ baseline: undefined })]
        : ["Differences to it", () => set({ baseline: keys.slice(0, 1) })],
    ],
  ];
}

function ofCell(
  { table, state, set, at: { column: place }, showValues }: ContextProps,
  line: number,
  column: Column,
): Actions {
  const value = at(column.column, runsOfLine(line, table.arranged)[0] ?? 0);
  const isOne = line >= 0 || (!column.result && !table.cells(line, column).text.endsWith(" values"));
  const said = value === undefined ? "missing" : textOf(value, column, table.facts);
  const only = (equal: boolean, name: string, key: string): Action | undefined => {
    const more = isOne ? testOf(table, line, column, equal) : undefined;
    return more === undefined ? undefined : [name, () => set({ filter: narrow(state.filter, more) }), key];
  };
  return [
    isOne ? `${column.title} ${said}` : column.title,
    [
      only(true, "Only these", "="),
      only(false, "All but these", "!"),
      ["Sort by it", () => set(sortBy(table, place, false)), "S"],
      fieldOf(column) !== undefined && ["Values …", () => showValues(column.id)],
    ],
  ];
}
