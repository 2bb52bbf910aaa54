// What runs logged after the site was built: `staticrun serve` tells of it by the event
// `staticrun-grown`, and charts follow.

import { useEffect, useReducer } from "preact/hooks";

import { forget, load } from "./load.ts";
import type { RunData } from "./types.ts";

/** What of a run's data file is newer. */
export type Grown = Pick<RunData, "key" | "status" | "series">;

const newer = new Map<string, Grown>();

// Before any chart hears of it.
addEventListener("staticrun-grown", (event) => {
  const { detail } = event as CustomEvent<Grown>;
  forget(newest(detail.key));
  newer.set(detail.key, detail);
});

/** URL of a run's series that is newer than what its data file names; empty where none is. */
export function newest(key: string): string {
  return newer.get(key)?.series ?? "";
}

/** Load the data of a run, as new as they are known. */
export async function loadRun(url: string): Promise<RunData> {
  const data = await load<RunData>(url);
  return { ...data, ...newer.get(data.key) };
}

/** Be rendered again whenever a run grows; gives what changes then. */
export function useGrown(): number {
  const [count, grow] = useReducer((n: number, _grown: Event) => n + 1, 0);
  useEffect(() => {
    addEventListener("staticrun-grown", grow);
    return () => removeEventListener("staticrun-grown", grow);
  }, []);
  return count;
}
