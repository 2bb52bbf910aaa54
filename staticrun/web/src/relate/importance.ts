// Which params matter for a metric, over some runs.

import { at, isConstant } from "../data/columns.ts";
import type { Runs } from "../data/runs.ts";
import { associate, type Association } from "../stats/association.ts";

/** A param and how it goes with the metric. */
export interface Importance extends Association {
  readonly name: string;
}

/**
 * Rank the params that vary: by the share of the metric's variance that each explains by itself,
 * those of which that cannot be told last.
 */
export function importances(runs: Runs, chosen: readonly number[], metric: string): Importance[] {
  const all = Uint32Array.from(chosen);
  const values = runs.column({ space: "metrics", name: metric });
  const ys = chosen.map((run) => {
    const value = at(values, run);
    return typeof value === "number" ? value : Number.NaN;
  });
  return runs
    .names("params")
    .map((name) => ({ name, column: runs.column({ space: "params", name }) }))
    .filter(({ column }) => !isConstant(column, all))
    .map(({ name, column }) => ({
      name,
      ...associate(
        chosen.map((run) => at(column, run)),
        ys,
      ),
    }))
    .sort((a, b) => (b.explained ?? -1) - (a.explained ?? -1));
}
