// What of a run counts. A failed run did not come to its end: its numbers are shown, but it takes
// part in no mean and is called best nowhere; a mean is over runs that ended, and over open ones
// only where none did.

import { at, type Col } from "../data/columns.ts";
import { MISSING } from "./sort.ts";

const FAILED = 1;
const NOT_FINITE = 2;

/** Mark those of n runs that have one of some values. */
export function marked(column: Col, n: number, ...values: readonly unknown[]): Uint8Array {
  return Uint8Array.from({ length: n }, (_, run) => Number(values.includes(at(column, run))));
}

/** Place the values of a column for sorting: missing ones come last. */
export function places(column: Col): Uint8Array {
  return place(column, () => 0);
}

/**
 * Place results for sorting: those that count, then those of failed runs, then what is not finite.
 *
 * @param directed Whether one end of the order is the better one; otherwise failed runs stand
 *   among the others.
 */
export function resultPlaces(column: Col, failed: Uint8Array, directed: boolean): Uint8Array {
  return place(column, (value, run) => {
    if (!Number.isFinite(value)) return NOT_FINITE;
    return directed && failed[run] === 1 ? FAILED : 0;
  });
}

function place(column: Col, of: (value: number, run: number) => number): Uint8Array {
  if (column.kind === "words") {
    const out = new Uint8Array(column.codes.length);
    for (let run = 0; run < out.length; run++) if ((column.codes[run] ?? -1) < 0) out[run] = MISSING;
    return out;
  }
  const { values, nan } = column;
  const out = new Uint8Array(values.length);
  for (let run = 0; run < out.length; run++) {
    const value = values[run] ?? Number.NaN;
    out[run] = Number.isNaN(value) && !nan.has(run) ? MISSING : of(value, run);
  }
  return out;
}
