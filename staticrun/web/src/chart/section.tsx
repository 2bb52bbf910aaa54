// All charts of a page: found by name, the reader's own on top, the others by the beginning of
// their names.

import { useCallback, useMemo, useRef, useState } from "preact/hooks";
import type { ComponentChild } from "preact";

import { plural } from "../data/format.ts";
import { Printed } from "../page/printed.tsx";
import { useView } from "../view/use_view.ts";
import { byPrefix, type Entry } from "./catalog.ts";
import { Chart } from "./chart.tsx";
import { Controls } from "./controls.tsx";
import type { Drawn } from "./files.ts";
import type { Options } from "./picture.ts";
import { Drawings } from "./printed.tsx";
import { SaveAll } from "./save_all.tsx";
import { finder, isUntouched, readCharts, spellCharts, type ChartState } from "./state.ts";
import { visible } from "./text.ts";

export interface SectionProps {
  /** Prefix of ids on the page. */
  readonly id: string;
  readonly entries: readonly Entry[];
  readonly stepName: string;
  /** What is said of all charts; what could not be loaded. */
  readonly notes: readonly string[];
  /** Name of files that hold all charts. */
  readonly name: string;
  /** What the page came with in the place of the charts. */
  readonly written?: readonly Node[];
}

// So many charts stand open; the rest by the beginning of their names, folded.
const OPEN_MAX = 12;
// So many are made at once.
const GRID_MAX = 60;

export function Section({ id, entries, stepName, notes, name, written = [] }: SectionProps) {
  const [view, changeView] = useView();
  const read = useMemo(() => readCharts(view), [JSON.stringify(view)]);
  // The same where nothing of it has changed, so that no chart is laid out anew.
  const bends = useMemo(() => read.bends, [read.bends.x, read.bends.y]);
  const state = useMemo(() => ({ ...read, bends }), [read]);
  const change = useCallback(
    (parts: Partial<ChartState>): void => {
      changeView(spellCharts(parts, state));
    },
    [state],
  );
  const options = useOptions(state, stepName);
  const [said, announce] = useAnnounce();
  const drawn = useRef(new Map<string, Drawn>());
  const note = useCallback((chart: string, one: Drawn | undefined): void => {
    if (one) drawn.current.set(chart, one);
    else drawn.current.delete(chart);
  }, []);
  const pattern = finder(state.find);
  const found =
    pattern instanceof RegExp ? entries.filter(({ metric }) => pattern.test(metric)) : entries;
  const shown = (entry: Entry): Drawn | undefined =>
    drawn.current.get(`${id}-${entries.indexOf(entry)}`);
  const first = state.first.flatMap((metric) => found.filter((entry) => entry.metric === metric));
  const rest = found.filter((entry) => !first.includes(entry));
  const shared = { options, state, change, announce, drawn: note };
  const chart = (entry: Entry) => (
    <Chart key={entry.metric} id={`${id}-${entries.indexOf(entry)}`} entry={entry} {...shared} />
  );
  return (
    <div class={`charts size-${state.size}`}>
      <Controls
        state={state}
        change={change}
        metrics={entries.map(({ metric }) => metric)}
        groups={entries.some(({ subjects }) =>
          subjects.some(({ role, members }) => role !== "context" && members.length > 1),
        )}
        stepName={stepName}
      >
        <SaveAll entries={found} drawn={shown} options={options} state={state} name={name} />
      </Controls>
      {first.length > 0 && (
        <section aria-label="Charts on top">
          <div class="grid charts-grid">{first.map(chart)}</div>
        </section>
      )}
      <Groups entries={rest} chart={chart} searching={pattern instanceof RegExp} />
      {found.length === 0 && <p class="note">No metric has {state.find} in its name.</p>}
      {notes.map((one) => (
        <p key={one} class="note">
          {one}
        </p>
      ))}
      <p class="vh" role="status" aria-live="polite">
        {said}
      </p>
      <Printed
        kind="charts-printed"
        written={written}
        untouched={written.length > 0 && isUntouched(view)}
        made={() => <Drawings all={found.map(shown)} />}
      />
    </div>
  );
}

interface GroupsProps {
  readonly entries: readonly Entry[];
  readonly chart: (entry: Entry) => ComponentChild;
}

function Groups({ entries, chart, searching }: GroupsProps & { searching: boolean }) {
  const groups = byPrefix(entries);
  if (groups.length < 2 || entries.length <= OPEN_MAX) {
    return <Grid entries={entries} chart={chart} />;
  }
  let before = 0;
  return (
    <>
      {groups.map(([prefix, own]) => {
        const open = searching || before + own.length <= OPEN_MAX || before === 0;
        before += own.length;
        // A search opens what it finds.
        const key = `${prefix} ${searching}`;
        return <Fold key={key} prefix={prefix} entries={own} chart={chart} first={open} />;
      })}
    </>
  );
}

/** The charts of one beginning; what is folded is not made. */
function Fold({ prefix, entries, chart, first }: GroupsProps & { prefix: string; first: boolean }) {
  const [open, set] = useState(first);
  return (
    <details class="charts-fold" open={open} onToggle={(event) => set(event.currentTarget.open)}>
      <summary>
        {prefix === "" ? "others" : visible(prefix)}{" "}
        <span class="dim">{plural(entries.length, "metric")}</span>
      </summary>
      {open && <Grid entries={entries} chart={chart} />}
    </details>
  );
}

function Grid({ entries, chart }: GroupsProps) {
  const [most, set] = useState(GRID_MAX);
  const more = entries.length - most;
  return (
    <>
      <div class="grid charts-grid">{entries.slice(0, most).map(chart)}</div>
      {more > 0 && (
        <button type="button" onClick={() => set(most + GRID_MAX)}>
          {plural(Math.min(more, GRID_MAX), "more metric")} of {more}
        </button>
      )}
    </>
  );
}

function useOptions({ axis, smoothing, band, grouped }: ChartState, stepName: string): Options {
  const key = JSON.stringify([axis, smoothing, band, grouped, stepName]);
  return useMemo(() => ({ axis, smoothing, band, grouped, stepName }), [key]);
}

/** Say something to who does not see it, not more often than can be heard. */
function useAnnounce(): [string, (text: string) => void] {
  const [said, set] = useState("");
  const waiting = useRef(0);
  const announce = useCallback((text: string): void => {
    clearTimeout(waiting.current);
    waiting.current = window.setTimeout(() => set(text), 150);
  }, []);
  return [said, announce];
}
