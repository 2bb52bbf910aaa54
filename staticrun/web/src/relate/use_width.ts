import { useLayoutEffect, useRef, useState } from "preact/hooks";
import type { RefObject } from "preact";

/** Follow the width of an element in px, so that drawings are made at their own size. */
export function useWidth<T extends HTMLElement>(first = 720): [RefObject<T | null>, number] {
  const place = useRef<T>(null);
  const [width, set] = useState(first);
  useLayoutEffect(() => {
    const element = place.current;
    if (element === null) return undefined;
    const observer = new ResizeObserver(([entry]) => {
      if (entry !== undefined && entry.contentRect.width > 0) set(entry.contentRect.width);
    });
    observer.observe(element);
    return () => observer.disconnect();
  }, []);
  return [place, width];
}
