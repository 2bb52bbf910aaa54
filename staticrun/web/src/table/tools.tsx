// The tools of the table: buttons that open a panel each, and what can be done with selected runs.

import { useState } from "preact/hooks";

import { entry } from "../data/load.ts";
import { plural } from "../data/format.ts";
import { HASH_MAX, spell } from "../view/hash.ts";
import { Choice } from "../page/choice.tsx";
import { spellKeys } from "../view/keys.ts";
import { bestMetrics } from "./catalog.ts";
import { valueWords } from "./column.ts";
import { ColumnsPanel } from "./columns_panel.tsx";
import { ExportPanel } from "./export_panel.tsx";
import { GroupPanel } from "./group_panel.tsx";
import { nameOf } from "./lines.ts";
import { VALUES, type State, type Value } from "./state.ts";
import type { Table } from "./table.ts";
import type { SetState } from "./use_table.ts";
import { ValuesPanel } from "./values_panel.tsx";

const VALUE_NAMES: Readonly<Record<(typeof VALUES)[number], string>> = {
  last: "last",
  best: "best",
  min: "smallest",
  max: "largest",
  mean: "mean",
  first: "first",
};

/** Props of `Tools`. */
export interface ToolsProps {
  readonly table: Table;
  readonly state: State;
  readonly set: SetState;
  /** The column whose values are shown. */
  readonly values: string | undefined;
  readonly showValues: (id: string | undefined) => void;
  readonly compact: boolean;
  readonly setCompact: (compact: boolean) => void;
  readonly narrow: boolean;
}

type Panel = "columns" | "group" | "export";

/** What stands between the filter and the rows. */
export function Tools(props: ToolsProps) {
  const { table, state, set, values, showValues, narrow } = props;
  const [panel, open] = useState<Panel | undefined>();
  const column = table.columns.find((one) => one.id === values);
  const toggle = (name: Panel) => ({
    type: "button" as const,
    "aria-expanded": panel === name && column === undefined,
    "aria-controls": "table-panel",
    onClick: () => {
      showValues(undefined);
      open(panel === name && column === undefined ? undefined : name);
    },
  });
  const shown = column ? "values" : panel;
  const bests = bestMetrics(table.facts.runs);
  return (
    <>
      <div class="bar">
        <button {...toggle("columns")}>Columns</button>
        <button {...toggle("group")}>Group</button>
        <button {...toggle("export")}>Save and copy</button>
        <Choice
          label="Metrics show"
          value={state.value}
          options={[...VALUES, ...bests.map((name): Value => `at@${name}`)]}
          names={{ ...VALUE_NAMES, ...Object.fromEntries(bests.map((name) => [`at@${name}`, valueWords("at", name)])) }}
          choose={(value) => set({ value })}
        />
        <Differences table={table} state={state} set={set} />
        {narrow && <SortBy table={table} set={set} />}
        <Selection table={table} state={state} set={set} />
      </div>
      <div id="table-panel" class="panel-tools" hidden={shown === undefined}>
        {shown === "values" && column && (
          <>
            <ValuesPanel table={table} column={column} state={state} set={set} />
            <button type="button" onClick={() => showValues(undefined)}>
              Close
            </button>
          </>
        )}
        {shown === "columns" && (
          <ColumnsPanel table={table} state={state} set={set} compact={props.compact} setCompact={props.setCompact} />
        )}
        {shown === "group" && <GroupPanel table={table} state={state} set={set} />}
        {shown === "export" && <ExportPanel table={table} />}
      </div>
    </>
  );
}

/** Name runs by their keys or, where these do not fit and all that passed are meant, by the filter. */
function compareHash(table: Table, state: State, keys: readonly string[]): string {
  const hash = spell({ r: spellKeys(keys) });
  const own = table.facts.runs.experiments[0]?.name ?? "";
  if (hash.length <= HASH_MAX || keys.length < table.arranged.rows.length) return hash;
  const only = `experiment = '${own.replaceAll("'", "''")}'`;
  return spell({ f: state.filter ? `${only} and (${state.filter})` : only });
}

function Selection({ table, state, set }: Pick<ToolsProps, "table" | "state" | "set">) {
  const { runs } = table.facts;
  const keys = [...table.selected].map((run) => runs.key(run));
  if (keys.length === 0) return null;
  const hash = compareHash(table, state, keys);
  return (
    <div class="selection">
      <span>{keys.length} selected:</span>
      {hash.length <= HASH_MAX ? (
        <a href={`${entry()}compare/index.html${hash}`}>Compare {plural(keys.length, "run")}</a>
      ) : (
        <span>too many to name</span>
      )}
      <button type="button" onClick={() => set({ hidden: [...state.hidden, ...keys], selected: [] })}>
        Hide
      </button>
      <button type="button" onClick={() => set({ top: [...new Set([...state.top, ...keys])] })}>
        On top
      </button>
      <button type="button" onClick={() => set({ selected: [] })}>
        None
      </button>
    </div>
  );
}

function Differences({ table, state, set }: Pick<ToolsProps, "table" | "state" | "set">) {
  const { facts } = table;
  const declared = facts.baseline.length > 0;
  if (!declared && state.baseline === undefined) return null;
  const chosen = Array.isArray(state.baseline) ? facts.runs.find(state.baseline)[0] : undefined;
  const name = facts.baseline.length === 1 ? nameOf(facts.baseline[0] ?? 0, facts) : "the declared baseline";
  const now = state.baseline === undefined ? "" : state.baseline === "declared" ? "declared" : "chosen";
  return (
    <Choice
      label="Differences"
      value={now}
      options={["", ...(declared ? ["declared"] : []), ...(chosen !== undefined ? ["chosen"] : [])]}
      names={{ "": "none", declared: `to ${name}`, chosen: `to ${nameOf(chosen ?? 0, facts)}` }}
      choose={(to) => {
        if (to !== "chosen") set({ baseline: to === "declared" ? to : undefined });
      }}
    />
  );
}

function SortBy({ table, set }: Pick<ToolsProps, "table" | "set">) {
  const [first] = table.order;
  const names = table.columns
    .filter((column) => !column.ref.curve)
    .flatMap(({ id, head }) => [[id, `${head} ascending`] as const, [`-${id}`, `${head} descending`] as const]);
  return (
    <Choice
      label="Order"
      value={first ? `${first.down ? "-" : ""}${first.column}` : ""}
      options={["", ...names.map(([order]) => order)]}
      names={{ "": "natural", ...Object.fromEntries(names) }}
      choose={(order) =>
        set({ sort: order === "" ? [] : [{ column: order.replace(/^-/, ""), down: order.startsWith("-") }] })
      }
    />
  );
}
