// How many rows there are, and which ones are not.

import { useMemo } from "preact/hooks";
import type { ComponentChildren } from "preact";

import { at } from "../data/columns.ts";
import { plural } from "../data/format.ts";
import type { State } from "./state.ts";
import type { Table } from "./table.ts";
import type { SetState } from "./use_table.ts";

/** Props of `Count`. */
export interface CountProps {
  readonly table: Table;
  readonly state: State;
  readonly set: SetState;
  /** Whether the address has all of the state. */
  readonly whole: boolean;
  /** What could not be loaded. */
  readonly missing: string;
  readonly children: ComponentChildren;
}

/** The line above the rows. */
export function Count({ table, state, set, whole, missing, children }: CountProps) {
  const { arranged, facts } = table;
  const all = facts.runs.n - arranged.hidden - arranged.archived;
  const shown = arranged.rows.length;
  const allFinished = useMemo(() => isFinished(table), [arranged, table.columns]);
  const groups = arranged.grouped?.groups.n;
  const count = shown === all ? plural(all, "run") : `${shown} of ${plural(all, "run")}`;
  return (
    <div class="count">
      <p role="status">
        {count}
        {groups !== undefined && ` in ${plural(groups, "group")}`}
        {allFinished && shown > 1 && ", all finished"}
        {missing !== "" && `. Not all could be loaded: ${missing}`}
        {!whole && ". The address cannot hold all of this view"}
      </p>
      {arranged.hidden > 0 && (
        <button type="button" title="Show them" onClick={() => set({ hidden: [] })}>
          {arranged.hidden} hidden
        </button>
      )}
      {(arranged.archived > 0 || state.archived) && (
        <button type="button" aria-pressed={state.archived} onClick={() => set({ archived: !state.archived })}>
          {state.archived ? "with archived ones" : `${arranged.archived} archived`}
        </button>
      )}
      {children}
    </div>
  );
}

/** Whether all that is shown has finished, and no column says so. */
function isFinished({ facts, arranged, columns }: Table): boolean {
  if (columns.some((column) => column.id === "r:status")) return false;
  const status = facts.runs.column({ space: "run", name: "status" });
  return arranged.rows.every((run) => at(status, run) === "finished");
}
