// Which part of the grid is in sight: follows scrolling and the size of its place.

import { useCallback, useLayoutEffect, useRef, useState } from "preact/hooks";
import type { RefObject } from "preact";

/** What of the grid is in sight, in pixels. */
export interface Sight {
  readonly top: number;
  readonly left: number;
  readonly height: number;
  readonly width: number;
}

/** Follow what an element shows; `look` reads it at once, after a scroll by script. */
export function useSight(): [RefObject<HTMLDivElement | null>, Sight, () => void] {
  const place = useRef<HTMLDivElement>(null);
  const [sight, set] = useState<Sight>({ top: 0, left: 0, height: 600, width: 1000 });
  const look = useCallback((): void => {
    const at = place.current;
    if (at === null) return;
    const next = { top: at.scrollTop, left: at.scrollLeft, height: at.clientHeight, width: at.clientWidth };
    set((now) => (Object.keys(next) as (keyof Sight)[]).every((key) => now[key] === next[key]) ? now : next);
  }, []);
  useLayoutEffect(() => {
    const at = place.current;
    if (at === null) return undefined;
    look();
    const observer = new ResizeObserver(look);
    observer.observe(at);
    return () => observer.disconnect();
  }, []);
  return [place, sight, look];
}
