// All columns that a table can have, in groups: params and metrics by the first part of their names.

import { useState } from "preact/hooks";

import { plural } from "../data/format.ts";
import { titleOf } from "./column.ts";
import { spellRef, type Ref } from "./spelling.ts";

const MOST = 80;
const SPACES: Readonly<Record<Ref["space"], string>> = {
  run: "Of the run",
  params: "Params",
  metrics: "Metrics",
  summary: "Summary",
  tags: "Tags",
};
const FIRST_PART: Partial<Record<Ref["space"], RegExp>> = { params: /^([^".]+)\./, metrics: /^([^/]+)\// };

/** A column that can be shown. */
export interface Item {
  readonly id: string;
  readonly title: string;
}

/** Columns that belong together. */
export interface Group {
  readonly name: string;
  readonly items: readonly Item[];
}

/** Put columns in groups, in their order; a first part that is a single column's makes none. */
export function grouped(refs: readonly Ref[]): Group[] {
  const groups = new Map<string, Item[]>();
  const places = refs.map(({ space, name }) => {
    const part = FIRST_PART[space]?.exec(name)?.[1];
    return [SPACES[space], part === undefined ? SPACES[space] : `${SPACES[space]}: ${part}`] as const;
  });
  const sizes = new Map<string, number>();
  for (const [, name] of places) sizes.set(name, (sizes.get(name) ?? 0) + 1);
  refs.forEach((ref, i) => {
    const [space, own] = places[i] as (typeof places)[number];
    const name = sizes.get(own) === 1 ? space : own;
    // What has no first part stands before what has one.
    for (const one of [space, name]) if (!groups.has(one)) groups.set(one, []);
    groups.get(name)?.push({ id: spellRef(ref), title: titleOf(ref) });
  });
  return [...groups].map(([name, items]) => ({ name, items })).filter(({ items }) => items.length > 0);
}

/** Props of `ColumnGroup`. */
export interface GroupProps {
  readonly group: Group;
  readonly shown: readonly string[];
  /** Whether it is open until the reader says otherwise. */
  readonly open: boolean;
  /** Show columns, or no longer. */
  readonly toggle: (ids: readonly string[], on: boolean) => void;
}

/** A group to open, and the columns in it to check. */
export function ColumnGroup({ group: { name, items }, shown, open, toggle }: GroupProps) {
  const [own, set] = useState<boolean | undefined>();
  const isOpen = own ?? open;
  const on = items.filter(({ id }) => shown.includes(id)).length;
  const put = (is: boolean) => () => toggle(items.map(({ id }) => id), is);
  return (
    <details open={isOpen} onToggle={(event) => event.currentTarget.open !== isOpen && set(!isOpen)}>
      <summary>
        {name}{" "}
        <span class="dim">
          {on} of {items.length}
        </span>
      </summary>
      {isOpen && (
        <>
          <div class="bar">
            <button type="button" disabled={on === items.length} aria-label={`All of ${name}`} onClick={put(true)}>
              all
            </button>
            <button type="button" disabled={on === 0} aria-label={`None of ${name}`} onClick={put(false)}>
              none
            </button>
          </div>
          <ul class="columns flow" aria-label={name}>
            {items.slice(0, MOST).map(({ id, title }) => (
              <li key={id}>
                <label>
                  <input
                    type="checkbox"
                    checked={shown.includes(id)}
                    onChange={(event) => toggle([id], event.currentTarget.checked)}
                  />{" "}
                  {title}
                </label>
              </li>
            ))}
          </ul>
          {items.length > MOST && (
            <p class="note">{plural(items.length - MOST, "more column")}: find them by a part of their name.</p>
          )}
        </>
      )}
    </details>
  );
}
