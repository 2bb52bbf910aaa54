// A row of the grid. It is drawn again only when something in it has changed.

import { Component } from "preact";

import { page } from "../data/version.ts";
import { isBaseline } from "./baseline.ts";
import { CellContent, SelectBox } from "./cell.tsx";
import { colourClass } from "./colours.ts";
import type { Layout, Range } from "./geometry.ts";
import { lineName, runsOfLine } from "./lines.ts";
import type { Chosen, Table } from "./table.ts";

/** Props of `Row`. */
export interface RowProps {
  readonly table: Table;
  readonly layout: Layout;
  readonly sight: Range;
  /** Place in the table, from 0. */
  readonly at: number;
  readonly height: number;
  /** The column of the cell that can be reached by Tab; -1 where it is in another row. */
  readonly active: number;
  readonly chosen: Chosen;
  /** Whether its line is pointed at in a chart. */
  readonly pointed: boolean;
}

/** A run, or a group of runs. */
export class Row extends Component<RowProps> {
  override shouldComponentUpdate(next: RowProps): boolean {
    const now = this.props;
    return (Object.keys(next) as (keyof RowProps)[]).some((key) => now[key] !== next[key]);
  }

  override render({ table, layout, sight, at, height, active, chosen, pointed }: RowProps) {
    const { arranged, columns } = table;
    const line = arranged.lines[at] ?? 0;
    const places = inSight(layout, sight, active);
    return (
      <div
        role="row"
        class={`${classOf(line, at, table, chosen)}${pointed ? " pointed" : ""}`}
        aria-rowindex={at + 2}
        aria-selected={chosen === "all"}
        style={{ transform: `translateY(${at * height}px)`, width: `${layout.total}px` }}
      >
        {places.map((place) => {
          const tab = place === active ? 0 : -1;
          const style = placed(layout, place);
          if (place === 0) return <NameCell key="name" line={line} at={at} tab={tab} width={style.width} table={table} chosen={chosen} />;
          const column = columns[place - 1];
          if (column === undefined) return null;
          const cell = table.cells(line, column);
          const classes = `gc${place < layout.frozen ? " frozen" : ""}${column.numeric ? " n" : ""}${cell.dim ? " dim" : ""}`;
          return (
            <div
              key={column.id}
              role="gridcell"
              class={classes}
              aria-colindex={place + 1}
              tabIndex={tab}
              title={cell.title}
              style={style}
            >
              <CellContent cell={cell} inset={table.measured.insets.get(column.id)} />
            </div>
          );
        })}
      </div>
    );
  }
}

/** The places of a row that are drawn: the frozen ones, those in sight, and the active one. */
export function inSight({ frozen }: Layout, { first, end }: Range, active: number): number[] {
  const places: number[] = [];
  for (let place = 0; place < frozen; place++) places.push(place);
  if (active >= frozen && active < first) places.push(active);
  for (let place = first; place < end; place++) places.push(place);
  if (active >= end) places.push(active);
  return places;
}

/** Where a cell stands: the frozen ones in the row's flow, so that they stick; the others freely. */
export function placed({ widths, lefts }: Layout, place: number): { width: string; left: string } {
  return { width: `${widths[place] ?? 0}px`, left: `${lefts[place] ?? 0}px` };
}

interface NameProps {
  readonly line: number;
  readonly at: number;
  readonly tab: number;
  readonly width: string;
  readonly table: Table;
  readonly chosen: Chosen;
}

function NameCell({ line, at, tab, width, table, chosen }: NameProps) {
  const { arranged, facts, baseline, open } = table;
  const name = lineName(line, arranged, facts);
  const depth = Math.min(arranged.depth[at] ?? 0, 3);
  const { groups } = arranged.grouped ?? {};
  const group = -1 - line;
  const n = groups && line < 0 ? (groups.starts[group + 1] ?? 0) - (groups.starts[group] ?? 0) : 0;
  return (
    <div role="rowheader" class="gc frozen k" aria-colindex={1} tabIndex={tab} style={{ width, left: "0px" }}>
      <SelectBox name={name} chosen={chosen} tabIndex={-1} />
      {line >= 0 ? (
        <span class={`name d${depth}`}>
          <a class="q mono" href={page(facts.runs.url(line))} title={name} tabIndex={-1}>
            {name}
          </a>
        </span>
      ) : (
        <button type="button" class="opener" tabIndex={-1} aria-expanded={open.has(group)} title={name}>
          <span class="name">{name}</span> <small>n&#160;{n}</small>
        </button>
      )}
      {isBaseline(line, arranged, baseline) && <span class="dim">baseline</span>}
    </div>
  );
}

function classOf(line: number, at: number, table: Table, chosen: Chosen): string {
  const { arranged, baseline, selected } = table;
  const classes = ["gr"];
  const colour = selected.size === 0 || chosen !== "none" ? colourClass(slotOf(line, table)) : undefined;
  if (colour !== undefined) classes.push("sel", colour);
  else if (isBaseline(line, arranged, baseline)) classes.push("sel", "base");
  else if (chosen !== "none") classes.push("sel");
  if (at === arranged.top - 1) classes.push("end");
  if (line < 0) classes.push("group");
  return classes.join(" ");
}

/** The colour of a line: that of its runs, if they share one. */
function slotOf(line: number, { arranged, colours }: Table): number | undefined {
  const runs = runsOfLine(line, arranged);
  const slot = colours.get(runs[0] ?? -1);
  for (let i = 1; i < runs.length && slot !== undefined; i++) {
    if (colours.get(runs[i] ?? -1) !== slot) return undefined;
  }
  return slot;
}
