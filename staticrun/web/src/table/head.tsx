// The head of the grid: names of columns, how they are ordered, and an edge to drag. A head itself
// is dragged to another place.

import type { Layout, Range } from "./geometry.ts";
import { inSight, placed } from "./row.tsx";
import { columnId, sortOf, type Table } from "./table.ts";
import { useDrag } from "./use_drag.ts";

/** Props of `Head`. */
export interface HeadProps {
  readonly table: Table;
  readonly layout: Layout;
  readonly sight: Range;
  readonly active: number;
  /** Show the columns in another order. */
  readonly put: (ids: readonly string[]) => void;
}

/** The row of heads. */
export function Head({ table, layout, sight, active, put }: HeadProps) {
  const drag = useDrag(table.columns.map(({ id }) => id), put);
  return (
    <div role="rowgroup" class="gh" style={{ width: `${layout.total}px` }}>
      <div role="row" aria-rowindex={1}>
        {inSight(layout, sight, active).map((place) => (
          <HeadCell
            key={columnId(place, table)}
            place={place}
            table={table}
            layout={layout}
            active={active}
            dragging={place > 0 ? drag(columnId(place, table)) : {}}
          />
        ))}
      </div>
    </div>
  );
}

interface HeadCellProps {
  readonly place: number;
  readonly table: Table;
  readonly layout: Layout;
  readonly active: number;
  readonly dragging: Partial<ReturnType<ReturnType<typeof useDrag>>>;
}

function HeadCell({ place, table, layout, active, dragging }: HeadCellProps) {
  const column = table.columns[place - 1];
  const id = columnId(place, table);
  const sort = sortOf(id, table);
  const rank = table.order.findIndex((one) => one.column === id);
  const also = rank > 0 ? table.order[rank] : undefined;
  const classes = `gc${place < layout.frozen ? " frozen" : ""}${column?.numeric ? " n" : ""}${place === 0 ? " k" : ""}`;
  return (
    <div
      role="columnheader"
      class={classes}
      aria-colindex={place + 1}
      aria-sort={sort}
      tabIndex={place === active ? 0 : -1}
      title={column?.title}
      style={placed(layout, place)}
      {...dragging}
    >
      <span class={also ? (also.down ? "also down" : "also") : undefined}>
        {column?.head ?? "Run"}
        {also && <sup>{rank + 1}</sup>}
      </span>
      {column?.under && <small>{column.under}</small>}
      <span class="edge" aria-hidden="true" />
    </div>
  );
}
