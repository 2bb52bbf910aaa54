// The grid: rows and columns in sight alone are in the document, row nodes are used again, and
// one cell can be reached by Tab; from there arrows lead everywhere.

import { useLayoutEffect, useMemo, useRef } from "preact/hooks";

import { copyRows } from "./clipboard.ts";
import { columnsInSight, reveal, rowsInSight, type Layout } from "./geometry.ts";
import { Head } from "./head.tsx";
import { command, type Command, type Place } from "./keys.ts";
import { isAmong, pointAtLine, usePointed } from "./pointing.ts";
import { Row } from "./row.tsx";
import { chosenOf, type Table } from "./table.ts";
import { useResize } from "./use_resize.ts";
import { useSight } from "./use_sight.ts";

/** Height of the head in pixels. */
const HEAD = 40;
/** Rows that are shown without scrolling inside the grid. */
const ROWS_SHOWN = 24;

/** Props of `Grid`. */
export interface GridProps {
  readonly table: Table;
  readonly height: number;
  /** Lay the columns out in so much room. */
  readonly layOut: (room: number) => Layout;
  readonly active: Place;
  readonly setActive: (place: Place) => void;
  /** Do what a key or a click asks, at the active cell or another. */
  readonly run: (asked: Exclude<Command, { is: "move" }>, at: Place) => void;
  readonly setWidth: (column: number, width: number) => void;
  /** Show the columns in another order. */
  readonly put: (ids: readonly string[]) => void;
  readonly empty: string;
}

/** The table of runs as a grid. */
export function Grid({ table, height, layOut, active, setActive, run, setWidth, put, empty }: GridProps) {
  const [place, sight, look] = useSight();
  const { lines } = table.arranged;
  const size = { rows: lines.length, columns: table.columns.length + 1 };
  const layout = useMemo(() => layOut(sight.width), [layOut, sight.width]);
  const at = {
    row: Math.min(active.row, size.rows - 1),
    column: Math.min(active.column, size.columns - 1),
  };
  const room = sight.height - HEAD;
  const rows = rowsInSight(lines.length, height, sight.top, Math.max(room, height));
  const found = columnsInSight(layout, sight.left, sight.width);
  // The same object for the same range, so that rows are not drawn again while the grid scrolls.
  const columns = useMemo(() => found, [found.first, found.end, layout]);
  const focus = useRef(false);
  const pointed = usePointed();
  const pool = useRef(0);
  pool.current = Math.max(pool.current, rows.end - rows.first);

  useLayoutEffect(() => {
    const grid = place.current;
    if (grid === null) return;
    if (focus.current) {
      focus.current = false;
      cellAt(grid, at)?.focus({ preventScroll: true });
    } else if (isAstray(grid, at)) {
      // The node of the focused cell now shows another row.
      grid.focus({ preventScroll: true });
    }
  });

  const go = (to: Place): void => {
    const grid = place.current;
    if (grid === null) return;
    if (to.row >= 0) {
      grid.scrollTop = reveal(grid.scrollTop, grid.clientHeight - HEAD, to.row * height, height);
    }
    if (to.column >= layout.frozen) {
      const [left = 0, width = 0] = [layout.lefts[to.column], layout.widths[to.column]];
      grid.scrollLeft = reveal(grid.scrollLeft, grid.clientWidth, left, width, layout.frozenWidth);
    }
    focus.current = true;
    look();
    setActive(to);
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    const page = Math.max(1, Math.floor((room - height) / height));
    const asked = command(event, at, { ...size, page });
    if (asked === undefined) return;
    event.preventDefault();
    if (asked.is === "move") go(asked.to);
    else {
      focus.current = true;
      run(asked, at);
    }
  };
  const onClick = (event: MouseEvent): void => {
    const target = event.target as Element;
    const to = placeOf(target);
    if (to === undefined || target.closest(".edge, a") !== null) return;
    if (to.row < 0) run({ is: "sort", more: event.shiftKey }, to);
    else if (target.closest("input") !== null) run({ is: "select", range: event.shiftKey }, to);
    else if (target.closest("button") !== null) run({ is: "open" }, to);
    go(to);
  };
  const slots = Array.from({ length: rows.end - rows.first }, (_, i) => rows.first + i);
  return (
    <div
      class="grid-runs"
      role="grid"
      aria-label="Runs"
      aria-rowcount={lines.length + 1}
      aria-colcount={size.columns}
      aria-multiselectable
      tabIndex={at.row < 0 || (at.row >= rows.first && at.row < rows.end) ? -1 : 0}
      ref={place}
      style={{ maxHeight: `min(${HEAD + ROWS_SHOWN * height}px, 85vh)`, "--h": `${height}px` }}
      onScroll={look}
      onKeyDown={onKeyDown}
      onClick={onClick}
      onPointerOver={({ target }) => pointAtLine(lines[placeOf(target as Element)?.row ?? -1], table)}
      onPointerLeave={() => pointAtLine(undefined, table)}
      onCopy={(event) => copyRows(event, table)}
      {...useResize(layout, setWidth)}
    >
      <Head table={table} layout={layout} sight={columns} active={at.row < 0 ? at.column : -1} put={put} />
      {lines.length === 0 ? (
        <p class="note none">{empty}</p>
      ) : (
        <div role="rowgroup" class="gb" style={{ height: `${lines.length * height}px`, width: `${layout.total}px` }}>
          {slots.map((row) => (
            <Row
              key={row % pool.current}
              table={table}
              layout={layout}
              sight={columns}
              at={row}
              height={height}
              active={row === at.row ? at.column : -1}
              chosen={chosenOf(lines[row] ?? 0, table)}
              pointed={isAmong(lines[row] ?? 0, table, pointed)}
            />
          ))}
        </div>
      )}
    </div>
  );
}

function cellAt(grid: HTMLElement, { row, column }: Place): HTMLElement | null {
  return grid.querySelector(`[aria-rowindex="${row + 2}"] > [aria-colindex="${column + 1}"]`);
}

function placeOf(target: Element): Place | undefined {
  const cell = target.closest("[aria-colindex]");
  const row = cell?.closest("[aria-rowindex]");
  if (!cell || !row) return undefined;
  return {
    row: Number(row.getAttribute("aria-rowindex")) - 2,
    column: Number(cell.getAttribute("aria-colindex")) - 1,
  };
}

/** Whether the focus is on a cell that is not the active one any more. */
function isAstray(grid: HTMLElement, at: Place): boolean {
  const focused = document.activeElement;
  if (focused === null || focused === grid || !grid.contains(focused)) return false;
  const place = placeOf(focused);
  return place !== undefined && (place.row !== at.row || place.column !== at.column);
}
