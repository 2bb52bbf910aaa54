// How wide columns are until the reader says otherwise: as wide as what stands in them.

import type { Arranged } from "./arrange.ts";
import { isBaseline } from "./baseline.ts";
import type { Cells } from "./cells.ts";
import type { Column } from "./column.ts";
import type { Facts } from "./facts.ts";
import { lineName } from "./lines.ts";

const LETTER = 7.2;
const HEAD_LETTER = 6.1;
const PADDING = 16;
const LEAST = 44;
const MOST = 260;
const LOOK_AT = 60;
const CURVE = 96;
/** Gutter and checkbox stand before a name; names are set in the wider type of keys. */
const NAME_LETTER = 7;
const NAME_AROUND = 52;
const INDENT = 16;
const NAME_LEAST = 150;
const NAME_MOST = 330;
const BASELINE = 54;
const COUNT = 52;
const STATUS_MARK = 16;
const DELTA_MARK = 28;

/** The least and the most that a reader can make of a column. */
export const RESIZE = { least: 40, most: 900 } as const;

/** What stands behind a number, in characters, so that numbers are below each other. */
export interface Inset {
  readonly behind: number;
  readonly delta: number;
}

/** What columns want. */
export interface Measured {
  /** In pixels; the first is the name's. */
  readonly widths: readonly number[];
  readonly insets: ReadonlyMap<string, Inset>;
}

/** Measure the columns by some of their cells. */
export function measure(
  facts: Facts,
  arranged: Arranged,
  columns: readonly Column[],
  cells: Cells,
  based: ReadonlySet<number>,
): Measured {
  const some = [...sample(arranged.lines)];
  const insets = new Map<string, Inset>();
  const widths = columns.map((column) => {
    if (column.ref.curve) return CURVE;
    const shown = some.map((line) => cells(line, column));
    const behind = longest(shown.map((cell) => cell.behind?.length ?? 0));
    const delta = longest(shown.map((cell) => cell.delta?.text.length ?? 0));
    if (behind + delta > 0) insets.set(column.id, { behind, delta });
    const marks = (shown.some((cell) => cell.status) ? STATUS_MARK : 0) + (delta > 0 ? DELTA_MARK : 0);
    const text = longest(shown.map((cell) => cell.text.length));
    const letters = text + behind + delta + Number(behind > 0);
    const head = Math.max(column.head.length + 2, column.under.length);
    const width = Math.max(letters * LETTER + marks, Math.min(head, 22) * HEAD_LETTER) + PADDING;
    return Math.round(Math.min(MOST, Math.max(LEAST, width)));
  });
  return { widths: [nameWidth(facts, arranged, some, based), ...widths], insets };
}

function nameWidth(
  facts: Facts,
  arranged: Arranged,
  some: readonly number[],
  based: ReadonlySet<number>,
): number {
  const name = longest(some.map((line) => lineName(line, arranged, facts).length));
  const depth = arranged.depth.reduce((most, one) => Math.max(most, one), 0);
  const marked = some.some((line) => isBaseline(line, arranged, based)) ? BASELINE : 0;
  const around = NAME_AROUND + marked + (arranged.grouped ? COUNT : 0) + Math.min(depth, 3) * INDENT;
  return Math.min(NAME_MOST, Math.max(NAME_LEAST, Math.round(name * NAME_LETTER) + around));
}

function longest(lengths: readonly number[]): number {
  return lengths.reduce((most, length) => Math.max(most, length), 0);
}

function* sample(lines: Int32Array): Generator<number> {
  const step = Math.max(1, Math.floor(lines.length / LOOK_AT));
  for (let i = 0; i < lines.length; i += step) yield lines[i] ?? 0;
}
