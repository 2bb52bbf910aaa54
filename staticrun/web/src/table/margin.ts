// How to read the table as it is now: the sentences in the margin beside it, once they differ from
// those that the server wrote.

import { useEffect } from "preact/hooks";

import { visible } from "../chart/text.ts";
import { judged } from "./catalog.ts";
import { lineName } from "./lines.ts";
import { bestIn, VALUES, type Spread, type State } from "./state.ts";
import type { Table } from "./table.ts";

const MOST = 4;

const VALUE_WORDS: Readonly<Record<(typeof VALUES)[number], string>> = {
  last: "last one",
  best: "best one by its direction, and without a direction its last one",
  min: "smallest one",
  max: "largest one",
  mean: "mean over all steps",
  first: "first one",
};
const SPREADS: Readonly<Record<Spread, string>> = {
  sd: " ± their standard deviation",
  sem: " ± its standard error",
  ci: " ± half of its 95\u202f% interval (Student’s t)",
  range: ", then the smallest and the largest",
  none: "",
};

/** The sentences of a table; at most four. */
export function notes(table: Table, state: State): string[] {
  const { facts, arranged, columns, baseline } = table;
  const { rows, grouped } = arranged;
  const failed = rows.some((run) => facts.failed[run] === 1);
  const best = bestIn(state.value);
  const value = VALUES.find((one) => one === state.value) ?? "last";
  const which = best === undefined ? VALUE_WORDS[value] : `one at the step where ${visible(best)} was best, or the last one before it`;
  const said = [`The value of a metric is its ${which}${failed ? "; a failed run takes part in no mean and is called best nowhere" : ""}.`];
  if (grouped !== undefined) {
    said.push(`A group shows the mean over its runs${SPREADS[state.spread]}; n is how many runs it has.`);
  } else if (arranged.depth.some((depth) => depth > 0)) {
    said.push("Runs that belong to another one stand below it, a family where its first member would.");
  }
  if (state.baseline !== undefined && baseline.size > 0) {
    const [first = 0] = baseline;
    const name = baseline.size === 1 ? lineName(first, arranged, facts) : "the mean of the baseline";
    const sure = grouped ? "its 95\u202f% interval leaves out zero (Welch) and " : "";
    said.push(`Differences are to ${name}; one is coloured where ${sure}the metric has a declared direction.`);
  }
  if (columns.some((column) => column.result && judged(column.metric) !== undefined)) {
    said.push("Bold is the best of a column, where one is better than another.");
  }
  if (rows.some((run) => facts.open[run] === 1)) {
    said.push("Open: no end was recorded. It still runs, or was killed.");
  }
  return said.slice(0, MOST);
}

/**
 * Put sentences in the margin, in place of the server's.
 *
 * @param margin Beside the table; null where a theme has none.
 * @param own Undefined while the server's hold.
 */
export function useMargin(margin: Element | null, own: readonly string[] | undefined): void {
  const text = own?.join("\n");
  useEffect(() => {
    if (margin === null || text === undefined) return undefined;
    const before = [...margin.querySelectorAll<HTMLElement>(":scope > p")];
    const added = text.split("\n").map((sentence) => {
      const p = document.createElement("p");
      p.textContent = sentence;
      return p;
    });
    for (const p of before) p.hidden = true;
    margin.append(...added);
    return () => {
      for (const p of added) p.remove();
      for (const p of before) p.hidden = false;
    };
  }, [margin, text]);
}
