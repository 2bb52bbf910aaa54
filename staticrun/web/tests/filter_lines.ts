// Answers filters, for tests/store/test_filter_twins.py. The first line of the input is the table
// `{runs, metrics, clock}`, each other one a filter as JSON; each line of the output is the keys of
// the runs that pass and the filter as it is written again, or the parts of the error.

import { readFileSync } from "node:fs";

import { FilterError, parse } from "../src/filter/filter.ts";
import { select } from "../src/filter/table.ts";
import { write } from "../src/filter/tree.ts";
import { fieldsOf, tableOf, type Metrics, type Run } from "./filter_runs.ts";

const [head = "", ...lines] = readFileSync(0, "utf8").trimEnd().split("\n");
const { runs, metrics, clock } = JSON.parse(head) as {
  readonly runs: readonly Run[];
  readonly metrics: Metrics;
  readonly clock: number;
};
const rows = runs.map((run) => fieldsOf(run, metrics));
const table = tableOf(runs, metrics);

function answer(filter: string): unknown {
  try {
    const { test, tree } = parse(filter, { clock });
    const keys = rows.flatMap((row, i) => (test(row) ? [runs[i]?.run] : []));
    const again = [...select(tree, table)].map((run) => runs[run]?.run);
    if (again.join() !== keys.join()) throw new Error(`columns: ${again}, rows: ${keys}, ${filter}`);
    return [keys, write(tree)];
  } catch (error) {
    if (!(error instanceof FilterError)) throw error;
    return { column: error.column, what: error.what, expected: error.expected, try: error.try };
  }
}

const answers = lines.map((line) => JSON.stringify(answer(JSON.parse(line) as string)));
process.stdout.write(`${answers.join("\n")}\n`);
