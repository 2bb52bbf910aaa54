// Dragging the edge of a column's head.

import { useRef } from "preact/hooks";

import type { Layout } from "./geometry.ts";
import { RESIZE } from "./widths.ts";

/** What an element listens to. */
export interface Dragging {
  readonly onPointerDown: (event: PointerEvent) => void;
  readonly onPointerMove: (event: PointerEvent) => void;
  readonly onPointerUp: () => void;
}

/** Handlers for an element that holds `.edge`s inside heads. */
export function useResize(
  layout: Layout,
  setWidth: (column: number, width: number) => void,
): Dragging {
  const drag = useRef<{ head: HTMLElement; column: number; from: number; width: number } | undefined>(undefined);
  return {
    onPointerDown: (event) => {
      const edge = (event.target as Element).closest(".edge");
      const head = edge?.closest<HTMLElement>("[aria-colindex]");
      if (!edge || !head) return;
      const column = Number(head.getAttribute("aria-colindex")) - 1;
      // An edge that is dragged takes its head along nowhere.
      head.draggable = false;
      drag.current = { head, column, from: event.clientX, width: layout.widths[column] ?? 0 };
      edge.setPointerCapture(event.pointerId);
      event.preventDefault();
    },
    onPointerMove: (event) => {
      if (drag.current === undefined) return;
      const { column, from, width } = drag.current;
      setWidth(column, within(width + event.clientX - from));
    },
    onPointerUp: () => {
      if (drag.current) drag.current.head.draggable = true;
      drag.current = undefined;
    },
  };
}

/** Hold a width within its limits. */
export function within(width: number): number {
  return Math.round(Math.min(RESIZE.most, Math.max(RESIZE.least, width)));
}
