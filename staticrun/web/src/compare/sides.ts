// What is compared: single runs, or groups of runs that differ in their seed alone.

import { at, isConstant } from "../data/columns.ts";
import type { Runs } from "../data/runs.ts";
import { alike, setting, settings } from "../data/settings.ts";
import { SLOTS } from "../table/colours.ts";

/** One side of a comparison. */
export interface Side {
  /** What tells it from the others. */
  readonly label: string;
  readonly runs: readonly number[];
  /** Colour 1 to 10; 0 where there are more sides than colours, and for the baseline. */
  readonly slot: number;
  readonly baseline: boolean;
}

/** The sides, and the params in which they differ. */
export interface Sides {
  readonly all: readonly Side[];
  readonly baseline: Side | undefined;
  /** Dotted names, in the order of the experiment. */
  readonly differing: readonly string[];
  readonly same: number;
}

/**
 * Group runs into sides.
 *
 * @param chosen Runs, in the order in which they were chosen.
 * @param grouped Whether runs that differ in seeds alone are one side.
 * @param baseline Key of a run of the baseline; undefined for the first side.
 */
export function makeSides(
  runs: Runs,
  chosen: readonly number[],
  grouped: boolean,
  baseline: string | undefined,
): Sides {
  const params = grouped ? settings(runs) : runs.names("params");
  const columns = params.map((name) => runs.column({ space: "params", name }));
  const all = Uint32Array.from(chosen);
  const differing = params.filter((_, i) => !isConstant(columns[i] as never, all));
  const varying = differing.map((name) => runs.column({ space: "params", name }));
  const members = grouped ? alike(runs, chosen, varying) : chosen.map((run) => [run]);
  const based = Math.max(
    members.findIndex((group) => group.some((run) => runs.key(run) === baseline)),
    0,
  );
  const labels = distinct(members.map((group) => labelOf(runs, group, differing, grouped)));
  let slot = 0;
  const sides = members.map((group, i) => ({
    label: labels[i] ?? "",
    runs: group,
    baseline: i === based,
    slot: i === based || ++slot > SLOTS ? 0 : slot,
  }));
  return { all: sides, baseline: sides[based], differing, same: params.length - differing.length };
}

const LABEL_MAX = 48;

function labelOf(
  runs: Runs,
  group: readonly number[],
  differing: readonly string[],
  grouped: boolean,
): string {
  const run = group[0] ?? 0;
  const name = String(at(runs.column({ space: "run", name: "name" }), run) ?? runs.key(run));
  if (!grouped || differing.length === 0) return cut(name);
  const parts = differing.map((param) => {
    return setting(param, at(runs.column({ space: "params", name: param }), run));
  });
  return cut(parts.join(", "));
}

function cut(text: string): string {
  return text.length <= LABEL_MAX ? text : `${text.slice(0, LABEL_MAX - 1)}…`;
}

function distinct(labels: readonly string[]): string[] {
  const seen = new Map<string, number>();
  return labels.map((label) => {
    const count = (seen.get(label) ?? 0) + 1;
    seen.set(label, count);
    return count === 1 ? label : `${label} (${count})`;
  });
}
