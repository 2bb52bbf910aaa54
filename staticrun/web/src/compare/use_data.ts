import { useEffect, useState } from "preact/hooks";

import { load } from "../data/load.ts";
import type { Runs } from "../data/runs.ts";
import type { RunData } from "../data/types.ts";

/** Load the data of some runs; those whose file is missing are named. */
export function useData(
  runs: Runs,
  chosen: readonly number[],
): { data: ReadonlyMap<number, RunData>; missing: readonly string[] } {
  const [data, set] = useState<ReadonlyMap<number, RunData>>(new Map());
  const [missing, miss] = useState<readonly string[]>([]);
  const wanted = chosen.join(",");
  useEffect(() => {
    let current = true;
    const loads = chosen.map(async (run) => [run, await load<RunData>(runs.data(run))] as const);
    void Promise.allSettled(loads).then((results) => {
      if (!current) return;
      set(new Map(results.flatMap((one) => (one.status === "fulfilled" ? [one.value] : []))));
      miss(results.flatMap((one) => (one.status === "rejected" ? [String(one.reason)] : [])));
    });
    return () => {
      current = false;
    };
  }, [runs, wanted]);
  return { data, missing };
}
