// What charts know of the page around them: their width, whether they are in sight, its colours
// and fonts.

import { useEffect, useState } from "preact/hooks";
import type { RefObject } from "preact";

import { measurer } from "./measure.ts";
import { onScheme, readPalette, type Palette } from "./palette.ts";

let palette: Palette | undefined;

/** The colours of the page, read again when they change. */
export function usePalette(): Palette {
  const [, again] = useState(0);
  useEffect(
    () =>
      onScheme(() => {
        palette = undefined;
        again((count) => count + 1);
      }),
    [],
  );
  return (palette ??= readPalette());
}

// Charts are made a screen before they come into sight, and given up as far behind.
const MARGIN = "900px 0px";

/** Whether an element is in sight or close to it. */
export function useNear(place: RefObject<HTMLElement | null>): boolean {
  const [near, set] = useState(false);
  useEffect(() => {
    const element = place.current;
    if (element === null) return undefined;
    const observer = new IntersectionObserver(
      (entries) => set(entries.at(-1)?.isIntersecting ?? false),
      { rootMargin: MARGIN },
    );
    observer.observe(element);
    return () => observer.disconnect();
  }, [place]);
  return near;
}

let measure: ((text: string) => number) | undefined;

/** What measures texts; another one once the page's fonts are there. */
export function useMeasure(): (text: string) => number {
  const [, again] = useState(0);
  useEffect(() => {
    let current = true;
    if (document.fonts.status === "loaded") return undefined;
    void document.fonts.ready.then(() => {
      if (!current) return;
      measure = measurer();
      again((count) => count + 1);
    });
    return () => {
      current = false;
    };
  }, []);
  return (measure ??= measurer());
}
