// Rows and lines of charts: who points at one marks the other.

import { useEffect, useState } from "preact/hooks";

import { onPoint, point } from "../chart/hover.ts";
import { runsOfLine } from "./lines.ts";
import type { Table } from "./table.ts";

const NONE: readonly string[] = [];

/** Keys of the runs that are pointed at in a chart. */
export function usePointed(): readonly string[] {
  const [runs, set] = useState(NONE);
  useEffect(
    () =>
      onPoint((pointed) => {
        // As the charts that only follow: with the next picture.
        requestAnimationFrame(() => set(pointed?.chart ? pointed.runs : NONE));
      }),
    [],
  );
  return runs;
}

/** Point at the runs of a line of the table; undefined to leave. */
export function pointAtLine(line: number | undefined, table: Table): void {
  point(line === undefined ? line : { chart: "", x: NaN, line: "", runs: keysOf(line, table) });
}

/** Whether all runs of a line are among some. */
export function isAmong(line: number, table: Table, keys: readonly string[]): boolean {
  return keys.length > 0 && keysOf(line, table).every((key) => keys.includes(key));
}

function keysOf(line: number, { arranged, facts }: Table): string[] {
  return Array.from(runsOfLine(line, arranged), (run) => facts.runs.key(run));
}
