// The drawing itself: two canvases, the lines below and what is pointed at above, so that pointing
// draws one line and no more.

import { useEffect, useLayoutEffect, useMemo, useRef, useState } from "preact/hooks";

import { useWidth } from "../relate/use_width.ts";
import { canvasPen } from "./canvas_pen.ts";
import { layOut, type Frame } from "./frame.ts";
import { hitsAt, identity, linesWith, meant, pointedAt, type Hit } from "./hits.ts";
import { useMeasure, usePalette } from "./hooks.ts";
import { onPoint, point, type Pointed } from "./hover.ts";
import { usePlotKeys } from "./keys.ts";
import { paintChart, paintLine, styleOf } from "./paint.ts";
import type { Palette } from "./palette.ts";
import type { Line, Picture, Window } from "./picture.ts";
import type { Bends } from "./range.ts";
import { placer, valueAt } from "./scale.ts";
import { condense } from "./trace.ts";
import { Tooltip } from "./tooltip.tsx";

export interface PlotProps {
  readonly id: string;
  readonly picture: Picture;
  readonly bends: Bends;
  readonly height: number;
  /** Name for who cannot see it. */
  readonly name: string;
  /** Zoom; undefined for all. */
  readonly zoom: (window: Window | undefined) => void;
  /** Told where everything stands, for tables and files. */
  readonly laidOut?: (frame: Frame | undefined) => void;
  readonly announce: (text: string) => void;
}

/** What the reader points at. */
interface Cursor {
  readonly hits: readonly Hit[];
  readonly hit: Hit | undefined;
  /** Drawn thicker. */
  readonly lines: readonly Line[];
  readonly own: boolean;
}

export function Plot({ id, picture, bends, height, name, zoom, laidOut, announce }: PlotProps) {
  const [place, room] = useWidth<HTMLDivElement>(0);
  const width = Math.floor(room);
  const lines = useRef<HTMLCanvasElement>(null);
  const above = useRef<HTMLCanvasElement>(null);
  const palette = usePalette();
  const measure = useMeasure();
  const frame = useMemo(
    () => (width > 0 ? layOut(picture, bends, width, height, measure) : undefined),
    [picture, bends, width, height, measure],
  );
  const [cursor, setCursor] = useState<Cursor | undefined>();
  const [pinned, pin] = useState(false);
  useLayoutEffect(() => {
    if (lines.current && frame) drawLines(lines.current, picture, frame, palette);
    if (width > 0) laidOut?.(frame);
  }, [picture, frame, palette]);
  useLayoutEffect(() => {
    if (above.current && frame) drawCursor(above.current, frame, palette, cursor);
  }, [frame, palette, cursor]);
  useFollow(id, picture, frame, pinned, setCursor);
  const keys = usePlotKeys({ id, picture, frame, cursor: cursor?.hit, zoom, announce, pin });
  const mouse = usePointer(id, picture, frame, pinned, zoom, pin);
  return (
    <div
      class="plot-area"
      ref={place}
      role="application"
      aria-label={name}
      aria-roledescription="chart"
      tabIndex={0}
      style={{ height: `${height}px` }}
      onKeyDown={keys}
      onBlur={() => point(undefined)}
      onDblClick={() => zoom(undefined)}
      {...mouse.handlers}
    >
      <canvas ref={lines} aria-hidden="true" />
      <canvas ref={above} aria-hidden="true" />
      {mouse.drag && (
        <div
          class="zooming"
          style={{
            left: `${Math.min(mouse.drag.from, mouse.drag.to)}px`,
            width: `${Math.abs(mouse.drag.to - mouse.drag.from)}px`,
            top: `${frame?.top ?? 0}px`,
            height: `${(frame?.bottom ?? 0) - (frame?.top ?? 0)}px`,
          }}
        />
      )}
      {frame === undefined && width > 0 && <p class="empty">no finite values here</p>}
      {frame && cursor?.own && (
        <Tooltip
          picture={picture}
          frame={frame}
          palette={palette}
          hits={cursor.hits}
          hit={cursor.hit}
          pinned={pinned}
          close={() => pin(false)}
        />
      )}
    </div>
  );
}

/** Show what is pointed at, here or on another chart of the page. */
function useFollow(
  id: string,
  picture: Picture,
  frame: Frame | undefined,
  pinned: boolean,
  set: (cursor: Cursor | undefined) => void,
): void {
  useEffect(() => {
    if (frame === undefined) return undefined;
    let waiting = 0;
    const follow = (pointed: Pointed | undefined): void => {
      cancelAnimationFrame(waiting);
      if (pinned) return;
      const show = (): void =>
        set(pointed && cursorAt(pointed, pointed.chart === id, picture, frame));
      // The chart that is pointed at answers at once, the others with the next picture.
      if (pointed === undefined || pointed.chart === id) show();
      else waiting = requestAnimationFrame(show);
    };
    const leave = onPoint(follow);
    return () => {
      cancelAnimationFrame(waiting);
      leave();
    };
  }, [id, picture, frame, pinned]);
}

function cursorAt(
  pointed: Pointed,
  own: boolean,
  picture: Picture,
  frame: Frame,
): Cursor | undefined {
  if (pointed.chart === "")
    return { hits: [], hit: undefined, lines: linesWith(picture, pointed.runs), own };
  const pixel = placer(frame.x)(pointed.x);
  if (!(pixel >= frame.left - 1 && pixel <= frame.right + 1)) return undefined;
  const hits = hitsAt(picture, frame, pixel, pointed.x);
  const hit = hits.find(({ line }) => identity(line) === pointed.line);
  return { hits, hit, lines: hit ? [hit.line] : [], own };
}

/** Mouse and finger: point, pin by a click, zoom by dragging. */
function usePointer(
  id: string,
  picture: Picture,
  frame: Frame | undefined,
  pinned: boolean,
  zoom: (window: Window | undefined) => void,
  pin: (on: boolean) => void,
) {
  const [drag, setDrag] = useState<{ from: number; to: number } | undefined>();
  const start = useRef<number | undefined>(undefined);
  const at = (event: PointerEvent): readonly [number, number] => {
    const box = (event.currentTarget as HTMLElement).getBoundingClientRect();
    return [event.clientX - box.left, event.clientY - box.top];
  };
  const { left = 0, right = 0 } = frame ?? {};
  const clamp = (x: number): number => Math.min(Math.max(x, left), right);
  const handlers = {
    onPointerMove(event: PointerEvent) {
      if (frame === undefined) return;
      const [x, y] = at(event);
      if (
        start.current !== undefined &&
        Math.abs(x - start.current) > 4 &&
        event.pointerType === "mouse"
      ) {
        setDrag({ from: start.current, to: clamp(x) });
      }
      if (!pinned) pointAt(id, picture, frame, x, y);
    },
    onPointerDown(event: PointerEvent) {
      if (event.button !== 0 || isControl(event.target)) return;
      start.current = clamp(at(event)[0]);
      if (event.pointerType === "mouse")
        (event.currentTarget as HTMLElement).setPointerCapture(event.pointerId);
    },
    onPointerUp(event: PointerEvent) {
      const from = start.current;
      start.current = undefined;
      setDrag(undefined);
      if (frame === undefined || from === undefined || isControl(event.target)) return;
      const [x, y] = at(event);
      if (drag && Math.abs(clamp(x) - from) > 4) {
        const [low, high] = [Math.min(from, clamp(x)), Math.max(from, clamp(x))];
        zoom({ from: valueAt(frame.x, low), to: valueAt(frame.x, high) });
      } else if (event.pointerType === "mouse") pin(!pinned);
      else pointAt(id, picture, frame, x, y);
    },
    onPointerLeave(event: PointerEvent) {
      // What a finger pointed at stays, since the finger hid it.
      if (event.pointerType !== "mouse") return;
      if (start.current === undefined && !pinned) point(undefined);
    },
  };
  return { drag, handlers };
}

function isControl(target: EventTarget | null): boolean {
  return target instanceof Element && target.closest(".tip") !== null;
}

/** Point at a pixel of a chart. */
export function pointAt(
  id: string,
  picture: Picture,
  frame: Frame,
  x: number,
  y: number,
): Hit | undefined {
  const pixel = Math.min(Math.max(x, frame.left), frame.right);
  const hits = hitsAt(picture, frame, pixel, valueAt(frame.x, pixel));
  const hit = meant(hits, y);
  if (hit) point(pointedAt(id, hit));
  return hit;
}

function prepare(canvas: HTMLCanvasElement, frame: Frame): CanvasRenderingContext2D | null {
  const ratio = globalThis.devicePixelRatio || 1;
  const [width, height] = [Math.round(frame.width * ratio), Math.round(frame.height * ratio)];
  if (canvas.width !== width || canvas.height !== height) {
    canvas.width = width;
    canvas.height = height;
    canvas.style.width = `${frame.width}px`;
    canvas.style.height = `${frame.height}px`;
  }
  const context = canvas.getContext("2d");
  context?.setTransform(ratio, 0, 0, ratio, 0, 0);
  context?.clearRect(0, 0, frame.width, frame.height);
  return context;
}

/** Draw a chart on a canvas. */
export function drawLines(
  canvas: HTMLCanvasElement,
  picture: Picture,
  frame: Frame,
  palette: Palette,
): void {
  const context = prepare(canvas, frame);
  if (context === null) return;
  const pen = canvasPen(context);
  paintChart(pen, picture, frame, palette);
}

function drawCursor(
  canvas: HTMLCanvasElement,
  frame: Frame,
  palette: Palette,
  cursor: Cursor | undefined,
): void {
  const context = prepare(canvas, frame);
  if (context === null || cursor === undefined) return;
  const { hit = cursor.hits[0], lines } = cursor;
  const pen = canvasPen(context);
  if (hit)
    pen.stroke({ colour: palette.muted, width: 1, opacity: 0.7 }, (to) => {
      to.moveTo(hit.x, frame.top);
      to.lineTo(hit.x, frame.bottom);
    });
  pen.clip(frame.left - 1, frame.top - 2, frame.right + 1, frame.bottom + 1);
  for (const line of lines) paintLine(pen, condense(line, frame), frame, palette, 1);
  pen.free();
  if (cursor.hit) {
    const { x, y, line } = cursor.hit;
    const edge = { colour: palette.paper, width: 1.5 };
    pen.circle(x, y, 3.5, styleOf(line, palette).colour, edge);
  }
}
