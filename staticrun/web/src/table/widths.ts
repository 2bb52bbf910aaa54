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

/** The least and the most that a reader can make of a column. */
export const RESIZE = { least: 40, most: 900 } as const;

/** The width that each column wants; the first is the name's. */
export function wantedWidths(
  facts: Facts,
  arranged: Arranged,
  columns: readonly Column[],
  cells: Cells,
  based: ReadonlySet<number>,
): number[] {
  const some = [...sample(arranged.lines)];
  const name = longest(some.map((line) => lineName(line, arranged, facts).length));
  const groups = arranged.grouped ? 52 : 0;
  const depth = arranged.depth.reduce((most, one) => Math.max(most, one), 0);
  const marked = some.some((line) => isBaseline(line, arranged, based)) ? BASELINE : 0;
  const around = NAME_AROUND + groups + marked + Math.min(depth, 3) * INDENT;
  const first = Math.round(name * NAME_LETTER) + around;
  return [
    Math.min(NAME_MOST, Math.max(NAME_LEAST, first)),
    ...columns.map((column) => {
      if (column.ref.curve) return CURVE;
      const body = longest(
        some.map((line) => {
          const { text, behind = "", delta, status } = cells.of(line, column);
          return text.length + behind.length + (delta ? delta.text.length + 3 : 0) + (status ? 3 : 0) + (behind ? 1 : 0);
        }),
      );
      const head = Math.max(column.head.length + 2, column.under.length);
      const width = Math.max(body * LETTER, Math.min(head, 22) * HEAD_LETTER) + PADDING;
      return Math.round(Math.min(MOST, Math.max(LEAST, width)));
    }),
  ];
}

function longest(lengths: readonly number[]): number {
  return lengths.reduce((most, length) => Math.max(most, length), 0);
}

function* sample(lines: Int32Array): Generator<number> {
  const step = Math.max(1, Math.floor(lines.length / LOOK_AT));
  for (let i = 0; i < lines.length; i += step) yield lines[i] ?? 0;
}
