// What was found while the lines of a chart were made; the sentences below it come from it.

/** What was found while lines were made; sentences are made from it. */
export interface Tally {
  /** Widths in which runs were read; null for points. */
  readonly widths: Set<number | null>;
  /** Runs behind each mean. */
  readonly sizes: Set<number>;
  /** Whether some run stands by itself. */
  single: boolean;
  /** Runs that take part in no mean: failed, or open beside others that ended. */
  apart: number;
  /** Steps or buckets without a mean, since not all runs have a value there. */
  partial: number;
  /** Groups whose runs share no steps, drawn one by one. */
  unshared: number;
  /** Values that are not finite. */
  nonfinite: number;
  /** Points without a place on the horizontal axis. */
  unplaced: number;
  /** Chosen runs without the metric. */
  without: number;
  context: number;
  ghosts: number;
}

/** An empty tally. */
export function tally(): Tally {
  return {
    widths: new Set(),
    sizes: new Set(),
    single: false,
    apart: 0,
    partial: 0,
    unshared: 0,
    nonfinite: 0,
    unplaced: 0,
    without: 0,
    context: 0,
    ghosts: 0,
  };
}
