// Runs below the runs that they belong to. A family stands where its first member would.

/** Rows in order, and how far each is below its first ancestor. */
export interface Nested {
  readonly rows: Uint32Array;
  readonly depth: Uint8Array;
}

/**
 * Say for each run which one it belongs to; -1 for none. Whoever is its own ancestor has none.
 *
 * @param codes For each run its parent's place in `found`; -1 for none.
 * @param found Runs; undefined for a parent that is not here.
 */
export function parents(codes: Int32Array, found: readonly (number | undefined)[]): Int32Array {
  const up = codes.map((code) => found[code] ?? -1);
  // Walks from one start share a mark: who meets it again has gone in a circle.
  const seen = new Int32Array(up.length).fill(-1);
  for (let start = 0; start < up.length; start++) {
    for (let run = start; run >= 0 && seen[run] === -1; run = up[run] ?? -1) {
      seen[run] = start;
      if (seen[up[run] ?? -1] === start) up[run] = -1;
    }
  }
  return up;
}

/**
 * Put runs below those that they belong to.
 *
 * @param rows In their order.
 * @param up As of `parents`; a run whose parent is not among the rows stands for itself.
 */
export function nest(rows: Uint32Array, up: Int32Array): Nested {
  const flat = { rows, depth: new Uint8Array(rows.length) };
  if (up.every((above) => above < 0)) return flat;
  const here = new Uint8Array(up.length);
  for (const row of rows) here[row] = 1;
  const parent = (run: number): number => {
    const found = up[run] ?? -1;
    return found >= 0 && here[found] === 1 ? found : -1;
  };
  if (!rows.some((row) => parent(row) >= 0)) return flat;
  // Who is met first brings its ancestors along: that orders families and the children of each.
  const met = new Uint8Array(up.length);
  const first: number[] = [];
  const below = new Map<number, number[]>();
  for (const row of rows) {
    for (let run = row; run >= 0 && met[run] === 0; run = parent(run)) {
      met[run] = 1;
      const above = parent(run);
      if (above < 0) first.push(run);
      else if (!below.get(above)?.push(run)) below.set(above, [run]);
    }
  }
  const out = new Uint32Array(rows.length);
  const depth = new Uint8Array(rows.length);
  const stack = first.reverse().map((run): [number, number] => [run, 0]);
  for (let at = 0; ; at++) {
    const next = stack.pop();
    if (next === undefined) return { rows: out, depth };
    [out[at], depth[at]] = next;
    const [run, level] = next;
    const children = below.get(run) ?? [];
    for (let i = children.length - 1; i >= 0; i--) stack.push([children[i] ?? 0, level + 1]);
  }
}
