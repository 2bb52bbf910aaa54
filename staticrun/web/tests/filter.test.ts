import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

import { FilterError, parse } from "../src/filter/filter.ts";
import { select } from "../src/filter/table.ts";
import { write } from "../src/filter/tree.ts";
import { fieldsOf, tableOf, type Metrics, type Run } from "./filter_runs.ts";

const TABLE = JSON.parse(
  readFileSync(new URL("../../../tests/store/filter_cases.json", import.meta.url), "utf8"),
) as {
  readonly clock: number;
  readonly metrics: Metrics;
  readonly runs: readonly Run[];
  readonly cases: readonly {
    readonly filter: string;
    readonly clock?: null;
    readonly keys?: readonly string[];
    readonly column?: number;
  }[];
};
const COLUMNS = tableOf(TABLE.runs, TABLE.metrics);

for (const [i, { filter, clock, keys, column }] of TABLE.cases.entries()) {
  const options = clock === null ? {} : { clock: TABLE.clock };
  test(`case ${i} holds: ${filter.slice(0, 60)}`, () => {
    if (keys === undefined) {
      assert.throws(
        () => parse(filter, options),
        (error) => error instanceof FilterError && error.column === column,
      );
    } else {
      const found = parse(filter, options);
      const passed = TABLE.runs.filter((run) => found.test(fieldsOf(run, TABLE.metrics)));
      assert.deepEqual(passed.map((run) => run.run), keys);
      assert.deepEqual(
        [...select(found.tree, COLUMNS)].map((run) => TABLE.runs[run]?.run),
        keys,
      );
      assert.deepEqual(parse(write(found.tree), options).tree, found.tree);
    }
  });
}
