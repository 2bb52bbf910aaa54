// The runs that a filter names: more than an address can.

import { at } from "../data/columns.ts";
import type { Runs } from "../data/runs.ts";
import { columnsOf, passing, read } from "../table/filter.ts";

/** Keys of the runs that pass, archived ones left out; or what is wrong with the filter. */
export async function keysOf(
  text: string,
  runs: Runs,
): Promise<{ readonly keys: string[]; readonly problem: string }> {
  const { tree, problem } = read(text, runs, Date.now() / 1000);
  if (tree === undefined) return { keys: [], problem: problem?.text ?? "" };
  await runs.need(columnsOf(tree, runs));
  const archived = runs.column({ space: "run", name: "archived" });
  const all = Uint32Array.from({ length: runs.n }, (_, run) => run);
  const found = [...passing(tree, runs, all)].filter((run) => at(archived, run) !== true);
  return { keys: found.map((run) => runs.key(run)), problem: "" };
}
