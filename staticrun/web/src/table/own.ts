// What belongs to the person: how close rows stand, and the columns last chosen of an experiment.

import { keep, kept } from "../view/keep.ts";
import type { State } from "./state.ts";
import { spellState, readState } from "./state.ts";

/** Whether rows stand close. */
export function isCompact(): boolean {
  return kept("table:rows") === "compact";
}

/** Keep how close rows stand. */
export function setCompact(compact: boolean): void {
  keep("table:rows", compact ? "compact" : undefined);
}

/** The columns that the person chose last, for a page whose address says nothing. */
export function keptColumns(experiment: string): Partial<State> {
  const text = kept(`table:columns:${experiment}`);
  if (text === undefined) return {};
  const [freeze = ""] = text.split("|", 1);
  const cols = text.slice(freeze.length + 1);
  const { columns, frozen } = readState({ cols, freeze });
  return columns === undefined || cols === "" ? {} : { columns, frozen };
}

/** Keep the columns; undefined forgets them. */
export function keepColumns(experiment: string, state: State): void {
  const { cols, freeze = "" } = spellState({ columns: state.columns, frozen: state.frozen });
  keep(`table:columns:${experiment}`, cols === undefined ? undefined : `${freeze}|${cols}`);
}
