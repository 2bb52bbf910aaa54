// What kind of screen it is.

import { useEffect, useState } from "preact/hooks";

const NARROW = "(max-width: 700px)";
const COMPACT = 24;
const USUAL = 28;
const COARSE = 36;

/** The height of a row in px: fingers need more than a pointer. */
export function rowHeight(compact: boolean): number {
  if (matchMedia("(pointer: coarse)").matches) return COARSE;
  return compact ? COMPACT : USUAL;
}

/** Whether the window is too narrow for a table. */
export function useNarrow(): boolean {
  const [narrow, set] = useState(() => matchMedia(NARROW).matches);
  useEffect(() => {
    const query = matchMedia(NARROW);
    const follow = (): void => set(query.matches);
    query.addEventListener("change", follow);
    return () => query.removeEventListener("change", follow);
  }, []);
  return narrow;
}
