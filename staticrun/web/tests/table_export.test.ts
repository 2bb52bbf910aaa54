import assert from "node:assert/strict";
import { test } from "node:test";

import { arrange, candidates } from "../src/table/arrange.ts";
import { cellsOf } from "../src/table/cells.ts";
import { makeColumns } from "../src/table/column.ts";
import { toCsv, toJson, toMarkdown } from "../src/table/export.ts";
import { UNTOUCHED, type State } from "../src/table/state.ts";
import type { Table } from "../src/table/table.ts";
import { facts, type Made } from "./table_runs.ts";

const ROWS: Made[] = [
  { key: "e/a,b", params: { lr: 0.1, note: 'say "no"\nor | yes' }, metrics: { acc: 0.123456789 } },
  { key: "e/c", params: { lr: 1e-7 }, metrics: { acc: "NaN" } },
  { key: "e/d", params: { lr: 0.1 }, metrics: { acc: 0.2 } },
];
const COLUMNS = ["p:lr", "p:note", "m:acc"];

function table(state: Partial<State> = {}): Table {
  const of = facts(ROWS);
  const whole = { ...UNTOUCHED, sort: [], ...state };
  const chosen = candidates(of, whole);
  const arranged = arrange(of, whole, chosen, chosen.rows);
  return {
    facts: of,
    arranged,
    columns: makeColumns(of, COLUMNS, "last"),
    cells: cellsOf(of, arranged, "sd", undefined),
    order: [],
    selected: new Set(),
    baseline: new Set(),
    colours: new Map(),
    measured: { widths: [], insets: new Map() },
    open: new Set(),
  };
}

test("CSV has whole numbers, quotes where they are needed, and no value where there is none", () => {
  assert.deepEqual(toCsv(table()).split("\r\n"), [
    "run,key,lr,note,acc",
    '"a,b","e/a,b",0.1,"say ""no""\nor | yes",0.123456789',
    "c,e/c,1e-7,,NaN",
    "d,e/d,0.1,,0.2",
    "",
  ]);
});

test("JSON tells a missing value from NaN", () => {
  const rows = JSON.parse(toJson(table())) as Record<string, unknown>[];

  assert.deepEqual(rows[1], { run: "c", key: "e/c", lr: 1e-7, note: null, acc: "NaN" });
});

test("Markdown has the numbers as they are shown, and no cell ends a row", () => {
  const [head, rule, first] = toMarkdown(table()).split("\n");

  assert.equal(head, "| Run | lr | note | acc |");
  assert.equal(rule, "| --- | ---: | --- | ---: |");
  assert.match(first ?? "", /^\| a,b \| 0\.1 \| say "no".*or \\\| yes \| 0\.1235 \|$/);
});

test("groups are saved with mean, deviation and number", () => {
  const rows = JSON.parse(toJson(table({ group: ["p:lr"] }))) as Record<string, unknown>[];

  assert.equal(rows.length, 2);
  assert.equal(rows[1]?.["n"], 2);
  assert.equal(rows[1]?.["acc n"], 2);
  assert.ok(Math.abs((rows[1]?.["acc mean"] as number) - 0.1617283945) < 1e-12);
  assert.equal(rows[0]?.["acc mean"], null);
});
