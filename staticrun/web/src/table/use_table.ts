// The state of the table, in memory and, as far as it fits, in the address.

import { useCallback, useEffect, useRef, useState } from "preact/hooks";

import { change, current, subscribe, type View } from "../view/hash.ts";
import { isTouched, readState, spellState, type State } from "./state.ts";

export type SetState = (parts: Partial<State>) => void;

/**
 * Follow the address.
 *
 * @param first What holds where the address says nothing of the table.
 * @returns State, how to change it, and whether the address has all of it.
 */
export function useTable(first: Partial<State>): [State, SetState, boolean] {
  const [state, set] = useState<State>(() => {
    const view = current();
    return isTouched(view) ? readState(view) : { ...readState(view), ...first };
  });
  const [whole, setWhole] = useState(true);
  const latest = useRef(state);
  const own = useRef(false);
  const write = useCallback((parts: Partial<State>): void => {
    own.current = true;
    const spelled = spellState(parts);
    const fits = change(spelled);
    // What is too long must not leave an old part behind that says something else.
    if (!fits) change(Object.fromEntries(Object.keys(spelled).map((name) => [name, undefined])));
    own.current = false;
    setWhole(fits);
  }, []);
  const update = useCallback<SetState>((parts) => {
    latest.current = { ...latest.current, ...parts };
    set(latest.current);
    write(parts);
  }, []);
  useEffect(() => {
    if (!isTouched(current()) && Object.keys(first).length > 0) write(first);
    let seen = tableOf(current());
    return subscribe((view) => {
      const now = tableOf(view);
      if (!own.current && now !== seen) {
        latest.current = readState(view);
        set(latest.current);
      }
      seen = now;
    });
  }, []);
  return [state, update, whole];
}

/** What an address says of the table, to see whether others changed it. */
function tableOf(view: View): string {
  return JSON.stringify(spellState(readState(view)));
}
