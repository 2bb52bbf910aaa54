// The table of an experiment's runs, in place of the one that the server wrote.

import { useCallback, useMemo, useRef, useState } from "preact/hooks";
import type { ComponentChild } from "preact";

import { loadIndex, Runs } from "../data/runs.ts";
import { Printed } from "../page/printed.tsx";
import { fold, narrow, select, shift, sortBy, testOf, withColumns } from "./actions.ts";
import type { Chosen } from "./catalog.ts";
import { ContextLine } from "./context_line.tsx";
import { factsOf, type Facts } from "./facts.ts";
import { FilterBox } from "./filter_box.tsx";
import { layOut } from "./geometry.ts";
import { Grid, type GridProps } from "./grid.tsx";
import type { Place } from "./keys.ts";
import { List } from "./list.tsx";
import { notes, useMargin } from "./margin.ts";
import { isCompact, keepColumns, keptColumns, setCompact } from "./own.ts";
import { Rows } from "./printed.tsx";
import { rowHeight, useNarrow } from "./screen.ts";
import { Count } from "./count.tsx";
import { isUntouched } from "./state.ts";
import { columnId } from "./table.ts";
import { Tools } from "./tools.tsx";
import { useMade } from "./use_made.ts";
import { within } from "./use_resize.ts";
import { useTable, type SetState } from "./use_table.ts";
import { vocabularyOf } from "./vocabulary.ts";
import { page } from "../data/version.ts";

/**
 * The app of the runs of an experiment, which `data-experiment` names; `data-columns` are those that
 * the builder chose.
 */
export async function runsApp(place: HTMLElement, from: Element): Promise<ComponentChild> {
  const name = place.dataset["experiment"] ?? "";
  const index = await loadIndex();
  const runs = await Runs.load(index.experiments.filter((one) => one.name === name));
  const chosen = place.dataset["columns"];
  const facts = factsOf(runs, chosen === undefined ? undefined : JSON.parse(chosen) as Chosen);
  // What the server wrote is printed, and says which colours the figures have.
  const written = [...from.childNodes];
  const margin = place.closest(".row")?.querySelector(".m") ?? null;
  const drawn = coloursOf(from, facts);
  return <RunsTable facts={facts} experiment={name} written={written} drawn={drawn} margin={margin} />;
}

function coloursOf(place: Element, { runs }: Facts): Map<number, number> {
  const found = new Map<number, number>();
  for (const link of place.querySelectorAll<HTMLElement>("tr.sel a[data-run]")) {
    const slot = /\bc(\d+)\b/.exec(link.closest("tr")?.className ?? "")?.[1];
    const [run] = runs.find([link.dataset["run"] ?? ""]);
    if (slot !== undefined && run !== undefined) found.set(run, Number(slot));
  }
  return found;
}

interface TableProps {
  readonly facts: Facts;
  readonly experiment: string;
  readonly written: readonly Node[];
  readonly drawn: ReadonlyMap<number, number>;
  readonly margin: Element | null;
}

function RunsTable({ facts, experiment, written, drawn, margin }: TableProps) {
  const [state, change, whole] = useTable(useMemo(() => keptColumns(experiment), []));
  const set: SetState = (parts) => {
    change(parts);
    // A link's columns are not the person's own.
    if ("columns" in parts) keepColumns(experiment, { ...state, ...parts });
  };
  const { table, problem, missing } = useMade(facts, state, drawn);
  const [active, setActive] = useState<Place>({ row: -1, column: 0 });
  const [visited, visit] = useState(false);
  const [values, showValues] = useState<string | undefined>();
  const [compact, makeCompact] = useState(isCompact);
  const vocabulary = useMemo(() => vocabularyOf(facts.runs), [facts]);
  const narrowScreen = useNarrow();
  const anchor = useRef(0);
  useMargin(margin, isUntouched(state) ? undefined : notes(table, state));

  const wanted = table.measured.widths;
  const inRoom = useCallback(
    (room: number) => {
      const own = wanted.map((_, place) => state.widths.get(columnId(place, table)));
      return layOut(
        wanted.map((width, place) => own[place] ?? width),
        own.map((width) => width !== undefined),
        state.frozen + 1,
        room,
      );
    },
    [wanted, table.columns, state.widths, state.frozen],
  );
  const setWidth = (place: number, width: number): void =>
    set({ widths: new Map(state.widths).set(columnId(place, table), within(width)) });
  const resize = (place: number, by: number): void =>
    setWidth(place, (state.widths.get(columnId(place, table)) ?? wanted[place] ?? 0) + by);

  const run: GridProps["run"] = (asked, at) => {
    const line = table.arranged.lines[at.row];
    const column = table.columns[at.column - 1];
    if (asked.is === "sort") set(sortBy(table, at.column, asked.more));
    else if (asked.is === "resize") resize(at.column, asked.by);
    else if (asked.is === "shift" && at.column > 0) {
      set(shift(table, state, at.column, asked.by));
      setActive({ ...at, column: Math.max(1, Math.min(table.columns.length, at.column + asked.by)) });
    } else if (line === undefined) return;
    else if (asked.is === "open" && line < 0) set(fold(table, line));
    else if (asked.is === "open") location.href = page(facts.runs.url(line));
    else if (asked.is === "select") {
      const [from, to] = asked.range ? [anchor.current, at.row].sort((a, b) => a - b) : [at.row, at.row];
      anchor.current = at.row;
      set(select(table, [...table.arranged.lines.subarray(from ?? 0, (to ?? 0) + 1)]));
    } else if ((asked.is === "only" || asked.is === "without") && column !== undefined) {
      const more = testOf(table, line, column, asked.is === "only");
      if (more !== undefined) set({ filter: narrow(state.filter, more) });
    }
  };
  const empty = facts.runs.n === 0 ? "No runs." : "No run passes the filter.";
  return (
    <>
      <div class="runs-app">
        <FilterBox
          text={state.filter}
          problem={problem}
          vocabulary={vocabulary}
          write={(filter) => set({ filter })}
        />
        <Tools
          table={table}
          state={state}
          set={set}
          values={values}
          showValues={showValues}
          compact={compact}
          setCompact={(on) => {
            setCompact(on);
            makeCompact(on);
          }}
          narrow={narrowScreen}
        />
        <Count table={table} state={state} set={set} whole={whole} missing={missing}>
          {!narrowScreen && visited && (
            <ContextLine table={table} state={state} set={set} at={active} showValues={showValues} resize={resize} />
          )}
          {!narrowScreen && !visited && <p>Click a head to sort by it, a value to filter by it.</p>}
        </Count>
        {narrowScreen ? (
          <List table={table} run={run} empty={empty} />
        ) : (
          <Grid
            table={table}
            height={rowHeight(compact)}
            layOut={inRoom}
            active={active}
            setActive={(to) => {
              setActive(to);
              visit(true);
            }}
            run={run}
            setWidth={setWidth}
            put={(ids) => set(withColumns(table, state, ids))}
            empty={empty}
          />
        )}
      </div>
      <Printed kind="printed" written={written} untouched={isUntouched(state)} made={() => <Rows table={table} />} />
    </>
  );
}
