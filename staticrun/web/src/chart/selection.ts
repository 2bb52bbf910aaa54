// Which runs charts show, and in which colour. The page's own choice, that of its figures, until
// the reader selects runs in the table: `sel`, `hide` and `base` in the address are the table's.

import { at, type Col } from "../data/columns.ts";
import type { Field, Runs } from "../data/runs.ts";
import { alike, setting, settings } from "../data/settings.ts";
import { slots } from "../table/colours.ts";
import { readRef } from "../table/spelling.ts";
import { readState, type State } from "../table/state.ts";
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
 * @param own The page's own choice, which holds while nothing is selected or grouped otherwise.
 * @param runs All runs that may be shown.
 * @param others Whether runs beside the chosen ones are drawn as context.
 */
export function choose(view: View, own: readonly Chosen[], runs: Runs, others: boolean): Chosen[] {
  const { selected, hidden, baseline, group } = readState(view);
  const shown = [...runs.find(selected)];
  const groups = new Groups(runs, group);
  const based = Array.isArray(baseline) ? [...runs.find(baseline as readonly string[])] : undefined;
  const apart = view["lines"] === "runs";
  let chosen = [...own];
  if (shown.length > 0)
    chosen = inColour(apart ? shown.map((run) => [run]) : groups.of(shown), runs, groups);
  else if (Array.isArray(group)) chosen = inColour(groups.of(groups.trials()), runs, groups);
  if (based !== undefined && based.length > 0) chosen = withBaseline(chosen, based, runs, groups);
  chosen = bounded(chosen);
  if (others) chosen = [...chosen, ...behind(chosen, runs, groups)];
  const hide = new Set(hidden);
  // A hidden run still counts in its group's mean; what is hidden whole is gone.
  return chosen.filter(({ keys }) => !keys.every((key) => hide.has(key)));
}

function inColour(found: readonly number[][], runs: Runs, groups: Groups): Chosen[] {
  const first = found.slice(0, CHOSEN_MAX).map(([run = 0]) => runs.id(run));
  const colours = slots(first);
  const among = found.flat();
  return found.map((members) => ({
    label: groups.label(members, among),
    slot: colours.get(runs.id(members[0] ?? 0)) ?? 0,
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
function bounded(chosen: readonly Chosen[]): Chosen[] {
  let left = CHOSEN_MAX;
  return chosen.map((one) =>
    one.role === "baseline" || left-- > 0 ? one : { ...one, slot: 0, role: "context" },
  );
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

/** Groups of runs that differ in nothing but their seed, or are equal in the reader's columns. */
class Groups {
  private readonly runs: Runs;
  private readonly columns: readonly { readonly name: string; readonly column: Col }[];

  constructor(runs: Runs, by: State["group"]) {
    this.runs = runs;
    const fields: Field[] = Array.isArray(by)
      ? by.map((id) => readRef(id)).filter((ref) => ref !== undefined)
      : settings(runs).map((name) => ({ space: "params", name }));
    this.columns = fields.map((field) => ({ name: field.name, column: runs.column(field) }));
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
    return alike(
      this.runs,
      runs,
      this.columns.map(({ column }) => column),
    );
  }

  /** Name a group by what tells it from others; a run by its name. */
  label(members: readonly number[], among: readonly number[]): string {
    const [run = 0] = members;
    const name = String(at(this.attribute("name"), run) ?? this.runs.key(run));
    const alone = members.length === 1;
    if (alone && this.of(among).every((group) => group.length === 1)) return cut(name);
    const parts = this.columns.flatMap(({ name: param, column }) => {
      const value = at(column, run);
      if (value === undefined || !among.some((other) => at(column, other) !== value)) return [];
      return [setting(param, value)];
    });
    return cut(parts.join(", ") || name);
  }

  private attribute(name: string): Col {
    return this.runs.column({ space: "run", name });
  }
}

function cut(text: string): string {
  const shown = visible(text);
  return shown.length <= LABEL_MAX ? shown : `${shown.slice(0, LABEL_MAX - 1)}…`;
}
