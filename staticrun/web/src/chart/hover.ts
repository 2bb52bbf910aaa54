// Where the reader points, shared by all charts of a page and its table of runs.

/** A place of the horizontal axis and the line that is meant there, or runs without a place. */
export interface Pointed {
  /** The chart that is pointed at, which others only follow; empty for the table. */
  readonly chart: string;
  readonly x: number;
  /** What the line is known by on all charts; empty for none. */
  readonly line: string;
  /** Keys of the runs that are meant. */
  readonly runs: readonly string[];
}

type Listener = (pointed: Pointed | undefined) => void;

const listeners = new Set<Listener>();
let last: Pointed | undefined;

/** Point somewhere; undefined to leave. */
export function point(pointed: Pointed | undefined): void {
  if (pointed === last) return;
  last = pointed;
  for (const listener of [...listeners]) listener(pointed);
}

/** Be told where the reader points; gives the way out. */
export function onPoint(listener: Listener): () => void {
  listeners.add(listener);
  return () => {
    listeners.delete(listener);
  };
}
