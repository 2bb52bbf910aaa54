// Series in the shapes of the data files, made here from points: overview, levels, chunks.

import { widen, type Buckets, type Points } from "../src/data/buckets.ts";
import type { Buckets as PackedBuckets, Chunk, Curve, Level, Steps } from "../src/data/types.ts";

export function pack(values: ArrayLike<number>): string {
  return Buffer.from(Float64Array.from(values).buffer).toString("base64");
}

export function points(
  step: ArrayLike<number>,
  value: ArrayLike<number>,
  time: number[] = [],
): Points {
  const none = new Float64Array(0);
  return {
    kind: "points",
    step: Float64Array.from(step),
    value: Float64Array.from(value),
    time: Float64Array.from(time),
    low: none,
    high: none,
  };
}

/** Numbers that look like a curve and are the same each time. */
export function noise(n: number, seed = 1): Float64Array {
  let state = seed;
  return Float64Array.from({ length: n }, () => {
    state = (state * 48271) % 2147483647;
    return state / 2147483647;
  });
}

function packBuckets(rows: Buckets): PackedBuckets {
  const { at, n, sum, min, max, first, last, nonfinite, time } = rows;
  return {
    width: rows.width,
    at: pack(at),
    n: pack(n),
    sum: pack(sum),
    min: pack(min),
    max: pack(max),
    first: pack(first),
    last: pack(last),
    nonfinite: pack(nonfinite),
    time: time.length > 0 ? pack(time) : "",
  };
}

export interface Files {
  readonly curve: Curve;
  readonly steps: readonly Steps[];
  readonly loadChunk: (url: string) => Promise<Chunk>;
  /** What was loaded, in order. */
  readonly loaded: string[];
}

/** Write a series as the builder does: an overview, a level for each of `widths`, the points. */
export function files(
  rows: Points,
  overview: number,
  widths: readonly number[],
  chunkRows: number,
): Files {
  const chunks = new Map<string, Chunk>();
  const loaded: string[] = [];
  const levels: Level[] = [...widths, null].map((width) => {
    const summed = width === null ? rows : widen(rows, width);
    const at = summed.kind === "points" ? summed.step : summed.at;
    const starts = Array.from(
      { length: Math.ceil(at.length / chunkRows) },
      (_, i) => i * chunkRows,
    );
    const urls = starts.map((start) => {
      const url = `o/${width ?? "points"}-${start}.js`;
      const part = <T extends object>(of: T): T =>
        Object.fromEntries(
          Object.entries(of).map(([name, column]) => [
            name,
            column instanceof Float64Array ? column.slice(start, start + chunkRows) : column,
          ]),
        ) as T;
      if (summed.kind === "buckets") chunks.set(url, { buckets: packBuckets(part(summed)) });
      else {
        const own = part(summed);
        const time = own.time.length > 0 ? { time: pack(own.time) } : {};
        chunks.set(url, {
          steps: { n: own.step.length, step: pack(own.step), ...time },
          points: { steps: 0, value: pack(own.value) },
        });
      }
      return url;
    });
    const size = width === null ? 1 : 2 ** width;
    return {
      width,
      bounds: starts.map((start) => (at[start] ?? 0) * size),
      urls,
      rows: starts.map((start) => Math.min(chunkRows, at.length - start)),
    };
  });
  return {
    curve: { n: rows.step.length, overview: packBuckets(widen(rows, overview)), levels },
    steps: [],
    loaded,
    loadChunk: (url) => {
      loaded.push(url);
      const chunk = chunks.get(url);
      return chunk ? Promise.resolve(chunk) : Promise.reject(new Error(url));
    },
  };
}
