// Settings: what runs share that differ in nothing but their seed.

import { at, type Col } from "./columns.ts";
import { scalar } from "./format.ts";
import type { Runs } from "./runs.ts";

/** Names of params, in the order of the experiment, but for seeds. */
export function settings(runs: Runs): string[] {
  const seeds = new Set(runs.experiments.flatMap((one) => one.seeds ?? []));
  return runs.names("params").filter((name) => !seeds.has(name));
}

/** Part runs into groups that are equal in some columns, in the order of their first runs. */
export function alike(runs: Runs, members: Iterable<number>, columns: readonly Col[]): number[][] {
  const found = new Map<string, number[]>();
  for (const run of members) {
    // Runs of two experiments are no repetitions of each other.
    const values = columns.map((column) => at(column, run) ?? null);
    const key = JSON.stringify([runs.experiment(run), values]);
    const group = found.get(key);
    if (group) group.push(run);
    else found.set(key, [run]);
  }
  return [...found.values()];
}

/** Say what a param is set to: `adam`, `width 256`, `no gamma`. */
export function setting(param: string, value: unknown): string {
  const last = param.slice(param.lastIndexOf(".") + 1);
  if (value === undefined) return `no ${last}`;
  return typeof value === "string" ? value : `${last} ${scalar(value)}`;
}
