// The keyboard of a chart: arrows go from point to point and from line to line, with Shift they
// zoom and move what is on view. What is reached is said.

import { plural, metricValue } from "../data/format.ts";
import { askedBy, type Keys } from "../page/keys.ts";
import type { Frame } from "./frame.ts";
import { hitsAt, inReadingOrder, nextPlace, pointedAt, type Hit } from "./hits.ts";
import { point } from "./hover.ts";
import type { Picture, Window } from "./picture.ts";
import { bend, placer, straighten } from "./scale.ts";
import { placeText, visible } from "./text.ts";

interface KeysProps {
  readonly id: string;
  readonly picture: Picture;
  readonly frame: Frame | undefined;
  readonly cursor: Hit | undefined;
  readonly zoom: (window: Window | undefined) => void;
  readonly announce: (text: string) => void;
  readonly pin: (on: boolean) => void;
}

/** The keys of a chart. */
export const CHART_KEYS: readonly Keys<"walk" | "zoom" | "leave">[] = [
  { does: "from point to point", acts: { ArrowLeft: "walk", ArrowRight: "walk" } },
  { does: "from line to line", acts: { ArrowUp: "walk", ArrowDown: "walk" } },
  { does: "to the first point, to the last", acts: { Home: "walk", End: "walk" } },
  { does: "zoom in, out", acts: { "Shift+ArrowUp": "zoom", "Shift+ArrowDown": "zoom" } },
  { does: "move what is on view", acts: { "Shift+ArrowLeft": "zoom", "Shift+ArrowRight": "zoom" } },
  { does: "leave the point and the zoom", acts: { Escape: "leave" } },
];

/** Make the handler of a chart's keys. */
export function usePlotKeys(props: KeysProps): (event: KeyboardEvent) => void {
  return (event) => {
    const { frame, zoom, pin, announce, picture } = props;
    const asked = askedBy(event, CHART_KEYS);
    if (frame === undefined || asked === undefined) return;
    if (asked === "leave") {
      pin(false);
      point(undefined);
      if (picture.window) {
        zoom(undefined);
        announce("The whole range.");
      }
    } else if (asked === "zoom") {
      const window = within(moved(frame, props.cursor, event.key), picture.extent);
      zoom(window);
      const { axis } = picture.options;
      announce(
        window
          ? `From ${placeText(window.from, axis.kind)} to ${placeText(window.to, axis.kind)}.`
          : "The whole range.",
      );
    } else walk(props, frame, event.key);
    event.preventDefault();
  };
}

function walk(props: KeysProps, frame: Frame, key: string): void {
  const { picture, cursor } = props;
  const here = cursor?.line.x[cursor.i];
  let x = here;
  if (key === "Home" || key === "End" || (here === undefined && key.startsWith("Arrow"))) {
    const beyond = key === "End" ? Number.POSITIVE_INFINITY : Number.NEGATIVE_INFINITY;
    x = nextPlace(picture, frame, beyond, key === "End" ? -1 : 1);
  } else if (here !== undefined && (key === "ArrowRight" || key === "ArrowLeft")) {
    x = nextPlace(picture, frame, here, key === "ArrowRight" ? 1 : -1) ?? here;
  }
  if (x === undefined) return;
  const hits = inReadingOrder(hitsAt(picture, frame, placer(frame.x)(x), x));
  let place = Math.max(
    hits.findIndex(({ line }) => line === cursor?.line),
    0,
  );
  if (cursor && key === "ArrowDown") place = Math.min(place + 1, hits.length - 1);
  if (cursor && key === "ArrowUp") place = Math.max(place - 1, 0);
  const hit = hits[place];
  if (hit === undefined) return;
  point(pointedAt(props.id, hit));
  props.announce(spoken(picture, hit, place, hits.length));
}

/** Say what is at a point. */
export function spoken(picture: Picture, hit: Hit, place: number, lines: number): string {
  const { line, i } = hit;
  const { axis, stepName } = picture.options;
  const where = placeText(line.x[i] ?? Number.NaN, axis.kind);
  const at =
    axis.kind === "step"
      ? `${stepName} ${where}`
      : axis.kind === "metric"
        ? `${axis.name} ${where}`
        : where;
  const value = metricValue(line.y[i], picture.about);
  const runs = line.n ? `, mean of ${plural(line.n[i] ?? 0, "run")}` : "";
  const which = lines > 1 ? `; line ${place + 1} of ${lines} from the top` : "";
  return `${visible(line.label || line.name)}: ${value} at ${at}${runs}${which}`;
}

/** Zoom around the cursor, or move what is on view by a quarter. */
function moved(frame: Frame, cursor: Hit | undefined, key: string): Window {
  const { bent, low, high } = frame.x;
  const [from, to] = [bend(low, bent), bend(high, bent)];
  const span = to - from;
  const center = cursor ? bend(cursor.line.x[cursor.i] ?? low, bent) : (from + to) / 2;
  const [start, end] =
    key === "ArrowUp"
      ? [center - span / 4, center + span / 4]
      : key === "ArrowDown"
        ? [center - span, center + span]
        : key === "ArrowLeft"
          ? [from - span / 4, to - span / 4]
          : [from + span / 4, to + span / 4];
  return { from: straighten(start, bent), to: straighten(end, bent) };
}

/** Keep a window inside of what there is; undefined where it holds all. */
export function within(window: Window, extent: Window | undefined): Window | undefined {
  if (extent === undefined) return window;
  const span = window.to - window.from;
  if (span >= extent.to - extent.from) return undefined;
  const from = Math.min(Math.max(window.from, extent.from), extent.to - span);
  return { from, to: Math.min(from + span, extent.to) };
}
