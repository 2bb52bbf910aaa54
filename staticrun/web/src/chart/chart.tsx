// One chart: its name, its drawing, what is said of it, its options, its numbers as a table.

import { useEffect, useMemo, useRef, useState } from "preact/hooks";

import { plural, unit } from "../data/format.ts";
import { MissingFile } from "../data/load.ts";
import { ChartOptions } from "./chart_options.tsx";
import type { Entry } from "./catalog.ts";
import type { Drawn } from "./files.ts";
import type { Frame } from "./frame.ts";
import { useNear } from "./hooks.ts";
import { makePicture } from "./make.ts";
import type { Options, Picture, Window } from "./picture.ts";
import { Plot } from "./plot.tsx";
import type { ChartState } from "./state.ts";
import { ChartTable } from "./table.tsx";
import { visible } from "./text.ts";
import { isCrowded } from "./trace.ts";

export interface ChartProps {
  readonly id: string;
  readonly entry: Entry;
  readonly options: Options;
  readonly state: ChartState;
  readonly change: (parts: Partial<ChartState>) => void;
  readonly announce: (text: string) => void;
  /** Told what is drawn, so that all charts can be saved at once. */
  readonly drawn: (id: string, drawn: Drawn | undefined) => void;
}

const HEIGHTS = { small: 180, medium: 220, large: 300 } as const;
const BIG = 440;

export function Chart({ id, entry, options, state, change, announce, drawn }: ChartProps) {
  const figure = useRef<HTMLElement>(null);
  const near = useNear(figure);
  const [frame, setFrame] = useState<Frame | undefined>();
  const [open, setOpen] = useState(false);
  const [table, setTable] = useState(false);
  const big = state.big.includes(entry.metric);
  const height = big ? BIG : HEIGHTS[state.size];
  const { picture, missing, busy } = usePicture(entry, options, state.zoom, near, frame);
  const name = visible(entry.metric);
  useEffect(() => {
    drawn(id, picture && frame ? { picture, frame } : undefined);
    return () => drawn(id, undefined);
  }, [id, picture, frame]);
  const zoom = (window: Window | undefined): void => change({ zoom: window });
  return (
    <figure
      class={`chart${big ? " big" : ""}`}
      ref={figure}
      aria-labelledby={`${id}-name`}
      aria-details={`${id}-table`}
      aria-busy={busy}
    >
      <div class="chart-head">
        <h3 id={`${id}-name`}>
          {name} <small>{about(entry, frame)}</small>
        </h3>
        <button
          type="button"
          class="more"
          aria-expanded={open}
          aria-controls={`${id}-options`}
          onClick={() => setOpen(!open)}
        >
          Options<span class="vh"> of {name}</span>
        </button>
      </div>
      <div id={`${id}-options`} hidden={!open}>
        {open && (
          <ChartOptions
            entry={entry}
            state={state}
            change={change}
            drawn={picture && frame ? { picture, frame } : undefined}
          />
        )}
      </div>
      {near && picture ? (
        <Plot
          // Another height comes with another width: drawn once, when both are known.
          key={height}
          id={id}
          picture={picture}
          bends={state.bends}
          height={height}
          name={`${name}: curves. Arrow keys read values, with Shift they zoom.`}
          zoom={zoom}
          laidOut={setFrame}
          announce={announce}
        />
      ) : (
        <div class="plot-area" style={{ height: `${height}px` }} />
      )}
      <figcaption class="facts">
        <p>
          {missing
            ? `Not drawn: ${missing}`
            : [...(picture?.facts ?? []), ...ofFrame(picture, frame)].join(" ")}
        </p>
        <details id={`${id}-table`} onToggle={(event) => setTable(event.currentTarget.open)}>
          <summary>
            Table<span class="vh"> of {name}</span>
          </summary>
          {table && picture && <ChartTable picture={picture} caption={`${name}, as drawn`} />}
        </details>
      </figcaption>
    </figure>
  );
}

/** Make the picture of a chart that is in sight, again when anything changes that it shows. */
function usePicture(
  entry: Entry,
  options: Options,
  zoom: Window | undefined,
  near: boolean,
  frame: Frame | undefined,
): { picture: Picture | undefined; missing: string; busy: boolean } {
  const [made, set] = useState<{ picture?: Picture; missing?: string; wanted: object }>();
  // As many columns of pixels as the lines have, in steps of 50, so that a scroll bar is no reason.
  // Where every point is drawn, a wider drawing has no more of them.
  const columns = useRef(300);
  if (frame && made?.picture?.lines.some((line) => line.width !== null))
    columns.current = Math.ceil((frame.right - frame.left) / 50) * 50;
  const pixels = columns.current;
  const wanted = useMemo(() => ({}), [entry, options, zoom?.from, zoom?.to, pixels]);
  useEffect(() => {
    if (!near) return undefined;
    let current = true;
    makePicture(entry.subjects, entry.metric, entry.about, options, zoom, pixels).then(
      (picture) => current && set({ picture, wanted }),
      (error: unknown) => {
        if (!(error instanceof MissingFile)) throw error;
        if (current) set((before) => ({ ...before, missing: error.message, wanted }));
      },
    );
    return () => {
      current = false;
    };
  }, [wanted, near]);
  const last = made?.picture;
  // What is at hand is shown at once where the reader looks now, until finer rows are there.
  const picture = useMemo(
    () => (last && last.window !== zoom ? { ...last, window: zoom } : last),
    [last, zoom?.from, zoom?.to],
  );
  return { picture, missing: made?.missing ?? "", busy: near && made?.wanted !== wanted };
}

function about(entry: Entry, frame: Frame | undefined): string {
  const bent = { linear: "", log: "log y", error: "log error" }[frame?.range.yBent ?? "linear"];
  const along = frame?.range.xBent === "log" ? "log x" : "";
  return [unit(entry.about), bent, along].filter((word) => word !== "").join(", ");
}

function ofFrame(picture: Picture | undefined, frame: Frame | undefined): string[] {
  if (picture === undefined || frame === undefined) return [];
  const { unshown, atEdge } = frame.range;
  const told = [];
  if (picture.lines.some((line) => isCrowded(line, frame)))
    told.push("Where points are denser than pixels: mean, lowest to highest.");
  if (unshown > 0)
    told.push(
      `${plural(unshown, "value")} not above 0 ${unshown === 1 ? "has" : "have"} no place on a logarithmic axis.`,
    );
  if (atEdge) told.push("1 stands at the edge of the scale.");
  return told;
}
