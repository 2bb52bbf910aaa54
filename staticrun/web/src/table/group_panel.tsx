// By which columns runs are grouped, and what stands behind a mean.

import { useMemo } from "preact/hooks";

import { isConstant } from "../data/columns.ts";
import { Choice } from "../page/choice.tsx";
import { listed } from "./listed.ts";
import { titleOf } from "./column.ts";
import { spellRef, type Ref } from "./spelling.ts";
import { SPREADS, type Spread, type State } from "./state.ts";
import type { Table } from "./table.ts";
import type { SetState } from "./use_table.ts";

const SPREAD_NAMES: Readonly<Record<Spread, string>> = {
  sd: "standard deviation",
  sem: "standard error",
  ci: "half of the 95 % interval",
  range: "smallest and largest",
  none: "nothing",
};

/** Props of `GroupPanel`. */
export interface GroupProps {
  readonly table: Table;
  readonly state: State;
  readonly set: SetState;
}

/** How runs are grouped. */
export function GroupPanel({ table, state, set }: GroupProps) {
  const { facts } = table;
  const refs = useMemo(() => keysOf(table), [facts, table.arranged.rows]);
  const chosen = Array.isArray(state.group) ? state.group : [];
  const toggle = (id: string): void => {
    const next = chosen.includes(id) ? chosen.filter((one) => one !== id) : [...chosen, id];
    set({ group: next.length > 0 ? next : undefined, open: [] });
  };
  const seeds = [...facts.seeds];
  return (
    <>
      <div class="bar">
        {([
          [undefined, "No groups"],
          ["seeds", `All params but ${seeds.length > 0 ? listed(seeds) : "seeds (there are none)"}`],
        ] as const).map(([group, name]) => (
          <label key={name}>
            <input
              type="radio"
              name="table-group"
              checked={state.group === group}
              onChange={() => set({ group, open: [] })}
            />{" "}
            {name}
          </label>
        ))}
        <Choice
          label="Behind a mean"
          value={state.spread}
          options={SPREADS}
          names={SPREAD_NAMES}
          choose={(spread) => set({ spread })}
        />
      </div>
      <fieldset>
        <legend>Or runs that are equal in</legend>
        <ul class="columns flow">
          {refs.map((ref) => {
            const id = spellRef(ref);
            return (
              <li key={id}>
                <label>
                  <input type="checkbox" checked={chosen.includes(id)} onChange={() => toggle(id)} /> {titleOf(ref)}
                </label>
              </li>
            );
          })}
        </ul>
      </fieldset>
      <p class="note">
        A mean is over runs that ended; failed ones take no part, open ones only where none has
        ended. n says how many runs a group has.
      </p>
    </>
  );
}

const RUN_KEYS = ["status", "group", "user", "commit"];

function keysOf({ facts, arranged }: Table): Ref[] {
  const { runs } = facts;
  const refs: Ref[] = [
    ...runs.names("params").map((name): Ref => ({ space: "params", name })),
    ...RUN_KEYS.map((name): Ref => ({ space: "run", name })),
    ...runs.names("tags").map((name): Ref => ({ space: "tags", name })),
  ];
  return refs.filter((ref) => !isConstant(runs.column(ref), arranged.rows)).slice(0, 60);
}
