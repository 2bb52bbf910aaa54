// The head of the grid: names of columns, how they are ordered, and an edge to drag.

import type { Layout, Range } from "./geometry.ts";
import { inSight, placed } from "./row.tsx";
import { columnId, sortOf, type Table } from "./table.ts";

/** Props of `Head`. */
export interface HeadProps {
  readonly table: Table;
  readonly layout: Layout;
  readonly sight: Range;
  readonly active: number;
}

/** The row of heads. */
export function Head({ table, layout, sight, active }: HeadProps) {
  return (
    <div role="rowgroup" class="gh" style={{ width: `${layout.total}px` }}>
      <div role="row" aria-rowindex={1}>
        {inSight(layout, sight, active).map((place) => (
          <HeadCell key={columnId(place, table)} place={place} table={table} layout={layout} active={active} />
        ))}
      </div>
    </div>
  );
}

function HeadCell({ place, table, layout, active }: { place: number; table: Table; layout: Layout; active: number }) {
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
