// Rows in order of columns. Rows are run numbers, which follow the natural order of keys; sorting
// is stable, so that ties stay in it.

/** A column to order by. */
export interface Key {
  /** A number a run. */
  readonly values: ArrayLike<number>;
  /** For each run 0 where its value counts; what has a larger one comes later in both directions. */
  readonly place: Uint8Array;
  readonly down: boolean;
}

/** Order rows; the first key counts most. */
export function sortRows(rows: Uint32Array, keys: readonly Key[]): Uint32Array {
  let out = rows;
  for (let i = keys.length - 1; i >= 0; i--) {
    const key = keys[i];
    if (key !== undefined) out = sortBy(out, key);
  }
  return out;
}

function sortBy(rows: Uint32Array, { values, place, down }: Key): Uint32Array {
  const ends = [0, 0, 0, 0, 0];
  for (const row of rows) ends[(place[row] ?? 0) + 1] = (ends[(place[row] ?? 0) + 1] ?? 0) + 1;
  for (let i = 1; i < ends.length; i++) ends[i] = (ends[i] ?? 0) + (ends[i - 1] ?? 0);
  const starts = ends.slice();
  const out = new Uint32Array(rows.length);
  for (const row of rows) {
    const at = place[row] ?? 0;
    out[starts[at] ?? 0] = row;
    starts[at] = (starts[at] ?? 0) + 1;
  }
  const sign = down ? -1 : 1;
  const compare = (a: number, b: number): number => sign * ((values[a] ?? 0) - (values[b] ?? 0));
  for (let at = 0; at < 4; at++) {
    // Missing values are equal.
    if (at !== MISSING) out.subarray(ends[at] ?? 0, ends[at + 1] ?? 0).sort(compare);
  }
  return out;
}

/** The place of a row without a value. */
export const MISSING = 3;
