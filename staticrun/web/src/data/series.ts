// Series of runs, as finely as they are asked for: an overview at hand, finer buckets and the
// points themselves in files that are loaded when they are needed.

import { concatenate, cut, widen, type Buckets, type Points, type Rows } from "./buckets.ts";
import { load } from "./load.ts";
import { unpack } from "./numbers.ts";
import type {
  Buckets as PackedBuckets,
  Chunk,
  Curve,
  Level,
  Points as PackedPoints,
  Steps,
} from "./types.ts";

/**
 * Choose how finely a window is drawn: the coarsest width that still gives a bucket a pixel.
 *
 * @param widths log2 of bucket widths, the coarsest first; null for the points.
 * @param span Of the window, in steps.
 * @returns A place in `widths`: the last one where no width is fine enough.
 */
export function chooseLevel(
  widths: readonly (number | null)[],
  span: number,
  pixels: number,
): number {
  const found = widths.findIndex((width) => width === null || span / 2 ** width >= pixels);
  return found < 0 ? widths.length - 1 : found;
}

/** One metric of one run, as finely as it is asked for. */
export class Series {
  /** Number of points. */
  readonly n: number;
  private readonly curve: Curve;
  private readonly steps: readonly Steps[];
  private readonly loadChunk: (url: string) => Promise<Chunk>;
  private readonly chunks = new Map<string, Rows>();
  private whole: Rows | undefined;

  /** @param steps Of the file that the curve is in. */
  constructor(
    curve: Curve,
    steps: readonly Steps[],
    loadChunk: (url: string) => Promise<Chunk> = load,
  ) {
    this.n = curve.n;
    this.curve = curve;
    this.steps = steps;
    this.loadChunk = loadChunk;
  }

  /** What is at hand without loading anything: all points, or the overview. */
  get overview(): Rows {
    this.whole ??= this.curve.overview
      ? readBuckets(this.curve.overview)
      : readPoints(this.curve.points ?? { steps: -1, value: "" }, this.steps);
    return this.whole;
  }

  /** Superseded points; undefined where there are none. */
  get ghosts(): Points | undefined {
    return this.curve.ghosts ? readPoints(this.curve.ghosts, this.steps) : undefined;
  }

  /** The first step and the last; of an overview, where its buckets begin and end. */
  get range(): readonly [number, number] | undefined {
    const { overview } = this;
    if (overview.kind === "points") return ends(overview.step);
    const [first, last] = ends(overview.at) ?? [];
    if (first === undefined || last === undefined) return undefined;
    const size = 2 ** overview.width;
    return [first * size, (last + 1) * size];
  }

  /** Choose the width for a window: log2 of a bucket's, null for every point. */
  width(from: number, to: number, pixels: number): number | null {
    const widths = this.depths.map((depth) => depth.width);
    return widths[chooseLevel(widths, to - from, pixels)] ?? null;
  }

  /**
   * Give what was logged from one step to another; whole buckets, also at the ends.
   *
   * @param width log2 of the buckets', null for points. Points are summed up where the series has
   *   no buckets so wide, finer buckets where it has none of just this width.
   * @throws {MissingFile} When a part of the site is missing.
   */
  async rows(from: number, to: number, width: number | null): Promise<Rows> {
    const depth = this.depths.find(
      (one) => one.width === null || (width !== null && one.width <= width),
    );
    const size = width === null ? 0 : 2 ** width;
    const level = depth?.level;
    const found = level ? await this.read(level, from - size, to + size) : this.overview;
    return cut(width === null ? found : widen(found, width), from, to);
  }

  /** All widths, the coarsest first; without a level where the rows are at hand. */
  private get depths(): readonly { readonly width: number | null; readonly level?: Level }[] {
    const { overview, levels } = this.curve;
    if (!overview) return [{ width: null }];
    const finer = (levels ?? []).map((level) => ({ width: level.width, level }));
    return [{ width: overview.width }, ...finer];
  }

  private async read(level: Level, from: number, to: number): Promise<Rows> {
    const urls = level.urls.filter((_, i) => {
      const next = level.bounds[i + 1] ?? Number.POSITIVE_INFINITY;
      return (level.bounds[i] ?? 0) <= to && next > from;
    });
    const parts = await Promise.all(urls.map((url) => this.chunk(url)));
    return concatenate(parts) ?? this.overview;
  }

  private async chunk(url: string): Promise<Rows> {
    const known = this.chunks.get(url);
    if (known !== undefined) return known;
    const chunk = await this.loadChunk(url);
    const rows = chunk.buckets
      ? readBuckets(chunk.buckets)
      : readPoints(
          { ...(chunk.points ?? { value: "" }), steps: 0 },
          chunk.steps ? [chunk.steps] : [],
        );
    this.chunks.set(url, rows);
    return rows;
  }
}

function readPoints(packed: PackedPoints, all: readonly Steps[]): Points {
  const value = unpack(packed.value);
  const steps = all[packed.steps];
  const [start, by] = [steps?.start ?? 0, steps?.by ?? 0];
  const step = steps?.step ? unpack(steps.step) : value.map((_, i) => start + i * by);
  const [low, high] = [unpack(packed.low), unpack(packed.high)];
  return { kind: "points", step, value, time: unpack(steps?.time), low, high };
}

function readBuckets(packed: PackedBuckets): Buckets {
  const { width, at, n, sum, min, max, first, last, nonfinite, time } = packed;
  return {
    kind: "buckets",
    width,
    at: unpack(at),
    n: unpack(n),
    sum: unpack(sum),
    min: unpack(min),
    max: unpack(max),
    first: unpack(first),
    last: unpack(last),
    nonfinite: unpack(nonfinite),
    time: unpack(time),
  };
}

function ends(values: Float64Array): readonly [number, number] | undefined {
  const [first, last] = [values[0], values.at(-1)];
  return first === undefined || last === undefined ? undefined : [first, last];
}
