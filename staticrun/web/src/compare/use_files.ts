import { load } from "../data/load.ts";
import { useLoaded } from "../page/use_loaded.ts";

/** Data files by number, and the ones that are missing, in words. */
export interface Files<T> {
  readonly files: ReadonlyMap<number, T>;
  readonly missing: readonly string[];
}

/** Load data files, each under the number of what it belongs to. */
export function useFiles<T>(urls: ReadonlyMap<number, string>): Files<T> {
  const ask = async (): Promise<Files<T>> => {
    const loads = [...urls].map(async ([of, url]) => [of, await load<T>(url)] as const);
    const results = await Promise.allSettled(loads);
    return {
      files: new Map(results.flatMap((one) => (one.status === "fulfilled" ? [one.value] : []))),
      missing: results.flatMap((one) => (one.status === "rejected" ? [String(one.reason)] : [])),
    };
  };
  return useLoaded<Files<T>>({ files: new Map(), missing: [] }, ask, [[...urls].join()]);
}
