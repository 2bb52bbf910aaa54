// Which runs charts show, and in which colour. The page's own choice, that of its figures, until
// the reader selects runs in the table: `sel`, `hide` and `base` in the address are the table's.

import { at, type Col } from "../data/columns.ts";
import { scalar } from "../data/format.ts";
import type { Runs } from "../data/runs.ts";
import { slots } from "../table/colours.ts";
import { readState } from "../table/state.ts";
import type { View } from "../view/hash.ts";
import { visible } from "./text.ts";

/** What is drawn as one thing; runs by key. */
export interface Chosen {
  readonly label: string;
  /** Colour 1 to 10; 0 for ink, and for context. */
  readonly slot: number;
  readonly role: "chosen" | "baseline" | "context";
  readonly keys: readonly string[];
}

/** More things in colour than this cannot be told apart. */
export const CHOSEN_MAX = 10;
/** Others that are drawn thin behind. */
export const CONTEXT_MAX = 40;
const LABEL_MAX = 34;

/** Read the page's own choice from the attribute that the builder wrote. */
export function readLines(text: string | undefined): Chosen[] {
  if (!text) return [];
  const given = JSON.parse(text) as readonly (readonly [
    string,
    number,
    string,
    readonly string[],
  ])[];
  return given.map(([label, slot, role, keys]) => ({
    label,
    slot,
    role: role === "baseline" || role === "context" ? role : "chosen",
    keys,
  }));
}

/**
 * Choose what charts show.
 *
 * @param own The page's own choice.
 * @param runs All runs that may be shown.
 * @param others Whether runs beside the chosen ones are drawn as context.
 */
export function choose(view: View, own: readonly Chosen[], runs: Runs, others: boolean): Chosen[] {
  const { selected, hidden, baseline } = readState(view);
  const shown = [...runs.find(selected)];
  const groups = new Groups(runs);
  const based = Array.isArray(baseline) ? [...runs.find(baseline as readonly string[])] : undefined;
  let chosen = shown.length > 0 ? ofSelected(shown, runs, groups) : [...own];
  if (based !== undefined && based.length > 0) chosen = withBaseline(chosen, based, runs, groups);
  chosen = [...bounded(chosen)];
  if (others) chosen = [...chosen, ...behind(chosen, runs, groups)];
  const hide = new Set(hidden);
  // A hidden run still counts in its group's mean; what is hidden whole is gone.
  return chosen.filter(({ keys }) => !keys.every((key) => hide.has(key)));
}

function ofSelected(shown: readonly number[], runs: Runs, groups: Groups): Chosen[] {
  const colours = slots(shown.map((run) => runs.id(run)));
  return groups.of(shown).map((members) => ({
    label: groups.label(members, shown),
    slot: colours.get(runs.id(members[0] ?? 0)) ?? 1,
    role: "chosen",
    keys: members.map((run) => runs.key(run)),
  }));
}

function withBaseline(
  chosen: readonly Chosen[],
  based: readonly number[],
  runs: Runs,
  groups: Groups,
): Chosen[] {
  const keys = new Set(based.map((run) => runs.key(run)));
  const found = chosen.map((one) => {
    const is = one.keys.some((key) => keys.has(key));
    return { ...one, role: is ? ("baseline" as const) : ("chosen" as const) };
  });
  if (found.some((one) => one.role === "baseline")) return found;
  const label = groups.label(based, based);
  return [{ label, slot: 0, role: "baseline", keys: [...keys] }, ...found];
}

/** The first ten stay in colour. */
function* bounded(chosen: readonly Chosen[]): Iterable<Chosen> {
  let left = CHOSEN_MAX;
  for (const one of chosen) {
    if (one.role === "baseline" || left-- > 0) yield one;
    else yield { ...one, slot: 0, role: "context" };
  }
}

/** Other runs of the same experiments, as groups. */
function behind(chosen: readonly Chosen[], runs: Runs, groups: Groups): Chosen[] {
  const taken = new Set(chosen.flatMap((one) => one.keys));
  const rest = groups.trials().filter((run) => !taken.has(runs.key(run)));
  return groups
    .of(rest)
    .slice(0, CONTEXT_MAX)
    .map((members) => ({
      label: groups.label(members, rest),
      slot: 0,
      role: "context",
      keys: members.map((run) => runs.key(run)),
    }));
}

/** Groups of runs that differ in nothing but their seed. */
class Groups {
  private readonly runs: Runs;
  private readonly names: readonly string[];

  constructor(runs: Runs) {
    this.runs = runs;
    const seeds = new Set(runs.experiments.flatMap((one) => one.seeds ?? []));
    this.names = runs.names("params").filter((name) => !seeds.has(name));
  }

  /** Runs that are neither archived nor the parent of others. */
  trials(): number[] {
    const { runs } = this;
    const [archived, parents] = [this.attribute("archived"), this.attribute("parent")];
    const above = new Set(parents.kind === "words" ? parents.words : []);
    return Array.from({ length: runs.n }, (_, run) => run).filter(
      (run) => at(archived, run) !== true && !above.has(runs.id(run)),
    );
  }

  /** Part runs into groups, in the order of their first runs. */
  of(runs: readonly number[]): number[][] {
    const columns = this.names.map((name) => this.param(name));
    const found = new Map<string, number[]>();
    for (const run of runs) {
      // Runs of two experiments are no repetitions of each other.
      const values = columns.map((column) => at(column, run) ?? null);
      const key = JSON.stringify([this.runs.experiment(run), values]);
      const members = found.get(key);
      if (members) members.push(run);
      else found.set(key, [run]);
    }
    return [...found.values()];
  }

  /** Name a group by the params that tell it from others; a run by its name. */
  label(members: readonly number[], among: readonly number[]): string {
    const [run = 0] = members;
    const name = String(at(this.attribute("name"), run) ?? this.runs.key(run));
    if (members.length === 1 && this.of(among).every((group) => group.length === 1))
      return cut(name);
    const parts = this.names.flatMap((param) => {
      const column = this.param(param);
      const value = at(column, run);
      const varies = among.some((other) => at(column, other) !== value);
      if (!varies || value === undefined) return [];
      const last = param.slice(param.lastIndexOf(".") + 1);
      return [typeof value === "string" ? value : `${last} ${scalar(value)}`];
    });
    return cut(parts.join(", ") || name);
  }

  private param(name: string): Col {
    return this.runs.column({ space: "params", name });
  }

  private attribute(name: string): Col {
    return this.runs.column({ space: "run", name });
  }
}

function cut(text: string): string {
  const shown = visible(text);
  return shown.length <= LABEL_MAX ? shown : `${shown.slice(0, LABEL_MAX - 1)}…`;
}
