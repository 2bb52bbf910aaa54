// What the first cell of a line says: which run it is, or which group.

import { visible } from "../chart/text.ts";
import { at } from "../data/columns.ts";
import { scalar } from "../data/format.ts";
import type { Arranged, Grouped } from "./arrange.ts";
import type { Facts } from "./facts.ts";
import { membersOf } from "./groups.ts";

/** The runs of a line: itself, or the members of its group. */
export function runsOfLine(line: number, { grouped }: Arranged): ArrayLike<number> {
  if (line >= 0) return [line];
  return grouped ? membersOf(grouped.groups, -1 - line) : [];
}

/** What a run is called; its folder where it has no name. */
export function nameOf(run: number, { runs }: Facts): string {
  const name = runs.name(run);
  return name.trim() === "" ? runs.key(run).replace(/^.*\//, "") : name;
}

/** What a group's runs share: `adam, width 256, no gamma`. */
export function groupName(group: number, { groups, keys }: Grouped): string {
  const run = groups.members[groups.starts[group] ?? 0];
  if (run === undefined || keys.length === 0) return "all";
  const parts = keys.map(({ column, head }) => {
    const value = at(column, run);
    if (value === undefined) return `no ${head}`;
    return typeof value === "string" ? value || "''" : `${head} ${scalar(value)}`;
  });
  // What is missing tells groups apart only where nothing else does.
  const said = parts.filter((_, i) => at((keys[i] ?? keys[0])?.column ?? NOTHING, run) !== undefined);
  return (said.length > 0 ? said : parts).join(", ");
}

const NOTHING = { kind: "words", words: [], codes: new Int32Array(0) } as const;

/** What a line is called, every character of it to be seen. */
export function lineName(line: number, arranged: Arranged, facts: Facts): string {
  if (line >= 0) return visible(nameOf(line, facts));
  return arranged.grouped ? visible(groupName(-1 - line, arranged.grouped)) : "";
}
