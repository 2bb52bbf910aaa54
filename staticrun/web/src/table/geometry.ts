// Where rows and columns stand, and which of them are in sight. All in pixels.

/** Columns from left to right; the frozen ones come first and stay in sight. */
export interface Layout {
  readonly widths: readonly number[];
  readonly lefts: readonly number[];
  readonly total: number;
  readonly frozen: number;
  /** What the frozen columns take. */
  readonly frozenWidth: number;
}

/** A range: from `first`, before `end`. */
export interface Range {
  readonly first: number;
  readonly end: number;
}

/**
 * Lay columns out.
 *
 * @param wanted The width that each wants.
 * @param firm Whether a width is the reader's own; the others share what is left of the room.
 * @param room How wide the table's place is.
 */
export function layOut(
  wanted: readonly number[],
  firm: readonly boolean[],
  frozen: number,
  room: number,
): Layout {
  const sum = wanted.reduce((all, width) => all + width, 0);
  const soft = firm.filter((is) => !is).length;
  const extra = soft > 0 ? Math.max(0, Math.floor((room - sum) / soft)) : 0;
  const widths = wanted.map((width, i) => (firm[i] ? width : width + extra));
  let total = 0;
  const lefts = widths.map((width) => {
    total += width;
    return total - width;
  });
  // On a narrow screen frozen columns must leave room for the others.
  let [many, frozenWidth] = [0, 0];
  while (many < frozen && frozenWidth + (widths[many] ?? 0) <= Math.max(room * 0.6, widths[0] ?? 0)) {
    frozenWidth += widths[many] ?? 0;
    many++;
  }
  return { widths, lefts, total, frozen: many, frozenWidth };
}

/** The columns in sight, without the frozen ones. */
export function columnsInSight({ widths, lefts, frozen, frozenWidth }: Layout, left: number, room: number): Range {
  let first = frozen;
  const edge = left + frozenWidth;
  while (first < lefts.length && (lefts[first] ?? 0) + (widths[first] ?? 0) <= edge) first++;
  let end = first;
  while (end < lefts.length && (lefts[end] ?? 0) < left + room) end++;
  return { first, end };
}

const OVERSCAN = 6;

/** The rows in sight, and some around them. */
export function rowsInSight(n: number, height: number, top: number, room: number): Range {
  const first = Math.max(0, Math.floor(top / height) - OVERSCAN);
  return { first, end: Math.min(n, Math.ceil((top + room) / height) + OVERSCAN) };
}

/** Where to scroll so that a part comes in sight, as little as possible. */
export function reveal(scroll: number, room: number, start: number, size: number, covered = 0): number {
  if (start < scroll + covered) return Math.max(0, start - covered);
  if (start + size > scroll + room) return start + size - room;
  return scroll;
}
