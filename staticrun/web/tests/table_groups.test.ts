import assert from "node:assert/strict";
import { test } from "node:test";

import { arrange, candidates, type Arranged } from "../src/table/arrange.ts";
import { baselineRuns, differences } from "../src/table/baseline.ts";
import { cellsOf, type Cell } from "../src/table/cells.ts";
import { makeColumns } from "../src/table/column.ts";
import type { Facts } from "../src/table/facts.ts";
import { membersOf } from "../src/table/groups.ts";
import { UNTOUCHED, type State } from "../src/table/state.ts";
import { facts, keysOf, type Made } from "./table_runs.ts";

const ABOUT = { metrics: { acc: { direction: "max" }, loss: { direction: "min", guessed: true } }, seeds: ["seed"] };

function made(of: Facts, state: Partial<State>): { arranged: Arranged; cell: (line: number, id: string) => Cell } {
  const whole = { ...UNTOUCHED, ...state };
  const chosen = candidates(of, whole);
  const arranged = arrange(of, whole, chosen, chosen.rows);
  const baseline = whole.baseline && differences(of, arranged, baselineRuns(of, whole));
  const cells = cellsOf(of, arranged, whole.spread, baseline);
  return {
    arranged,
    cell: (line, id) => {
      const [column] = makeColumns(of, [id], whole.value);
      assert.ok(column);
      return cells(arranged.lines[line] ?? 0, column);
    },
  };
}

const ROWS: Made[] = [
  { key: "e/a0", params: { lr: 0.1, seed: 0 }, metrics: { acc: 0.5, loss: 1 } },
  { key: "e/a1", params: { lr: 0.1, seed: 1 }, metrics: { acc: 0.7, loss: 3 } },
  { key: "e/a2", params: { lr: 0.1, seed: 2 }, metrics: { acc: 0.1 }, status: "failed" },
  { key: "e/a3", params: { lr: 0.1, seed: 3 }, metrics: { loss: "Infinity" } },
  { key: "e/b0", params: { lr: 0.01, seed: 0 }, metrics: { acc: 0.9, loss: 2 } },
  { key: "e/b1", params: { lr: 0.01, seed: 1 }, metrics: { acc: 0.91, loss: 2 }, status: "open" },
  { key: "e/c", params: { seed: 0 }, metrics: { acc: "NaN" }, status: "open" },
];

function members(of: Facts, { grouped }: Arranged): string[] {
  assert.ok(grouped);
  const { groups } = grouped;
  return Array.from({ length: groups.n }, (_, g) => keysOf(of.runs, membersOf(groups, g)).join(" "));
}

test("runs that differ in their seed alone are one group; a missing param is one too", () => {
  const of = facts(ROWS, ABOUT);
  const { arranged } = made(of, { group: "seeds", sort: [] });

  assert.deepEqual(members(of, arranged), ["b0 b1", "a0 a1 a2 a3", "c"]);
});

test("groups by several columns are in natural order of their values", () => {
  const of = facts(ROWS, ABOUT);
  const { arranged } = made(of, { group: ["r:status", "p:lr"], sort: [] });

  assert.deepEqual(members(of, arranged), ["a2", "b0", "a0 a1 a3", "b1", "c"]);
});

test("a mean is over finite values of runs that ended, and tells what it leaves out", () => {
  const of = facts(ROWS, ABOUT);
  const { arranged, cell } = made(of, { group: "seeds" });

  assert.equal(arranged.lines[0], -1, "the group of the best mean comes first");
  assert.equal(cell(1, "m:acc").text, "0.6000");
  assert.equal(cell(1, "m:acc").behind, "±0.1414 n 2");
  assert.match(cell(1, "m:acc").title ?? "", /mean of 2 of 4 runs; left out: 1 failed, 1 without it$/);
  assert.match(cell(1, "m:loss").title ?? "", /^2; mean of 2 of 4 runs; left out: 1 failed, 1 not finite$/);
});

test("an open run takes part only where none has ended", () => {
  const of = facts(ROWS, ABOUT);
  const { cell } = made(of, { group: "seeds" });

  assert.match(cell(0, "m:acc").title ?? "", /^0.9; mean of 1 of 2 runs; left out: 1 open$/);
  assert.equal(cell(0, "m:acc").behind, "");
  assert.equal(cell(2, "m:acc").text, "–");
});

test("the best mean is marked where a direction is declared, not where it is guessed", () => {
  const { cell } = made(facts(ROWS, ABOUT), { group: "seeds" });

  assert.ok(cell(0, "m:acc").best);
  assert.ok(!cell(1, "m:acc").best);
  assert.ok(!cell(0, "m:loss").best && !cell(1, "m:loss").best);
});

test("a group shows what its runs share, and how many values they have otherwise", () => {
  const { cell } = made(facts(ROWS, ABOUT), { group: "seeds" });

  assert.equal(cell(0, "p:lr").text, "0.01");
  assert.equal(cell(1, "p:seed").text, "4 values");
});

test("an opened group shows its members below it, in the order of the table", () => {
  const of = facts(ROWS, ABOUT);
  const { arranged } = made(of, { group: "seeds", open: ["e/a3"] });

  assert.deepEqual(keysOf(of.runs, arranged.lines), ["group 0", "group 1", "a1", "a0", "a2", "a3", "group 2"]);
  assert.deepEqual([...arranged.depth], [0, 0, 1, 1, 1, 1, 0]);
});

test("a sweep is no trial beside its own runs", () => {
  const rows: Made[] = [
    { key: "e/sweep" },
    { key: "e/t0", parent: "e/sweep", params: { lr: 1, seed: 0 } },
    { key: "e/t1", parent: "e/sweep", params: { lr: 1, seed: 1 } },
  ];
  const of = facts(rows, ABOUT);

  assert.deepEqual(members(of, made(of, { group: "seeds" }).arranged), ["t0 t1"]);
});

test("the difference of a run to the baseline is judged by the metric's declared direction", () => {
  const { cell } = made(facts(ROWS, ABOUT), { baseline: ["e/a1"], sort: [] });

  assert.equal(cell(0, "m:acc").delta?.text, "−0.2000");
  assert.equal(cell(0, "m:acc").delta?.verdict, "worse");
  assert.equal(cell(1, "m:acc").delta, undefined, "the baseline itself");
  assert.equal(cell(4, "m:acc").delta?.verdict, "better");
  assert.equal(cell(0, "m:loss").delta?.verdict, undefined);
  assert.equal(cell(2, "m:acc").delta, undefined, "a failed run");
});

test("the difference of groups is judged only where its interval leaves out zero", () => {
  const rows = [0.5, 0.51, 0.52, 0.9, 0.91, 0.92, 0.4, 0.9, 0.2].map((acc, i): Made => ({
    key: `e/r${i}`,
    params: { kind: "abc"[Math.floor(i / 3)], seed: i % 3 },
    metrics: { acc },
  }));
  const { cell } = made(facts(rows, ABOUT), { group: "seeds", baseline: ["e/r1"], sort: [] });

  assert.equal(cell(1, "m:acc").delta?.verdict, "better");
  assert.match(cell(1, "m:acc").delta?.about ?? "", /^95\u202f% interval 0.37\d to 0.42\d, Welch$/);
  assert.equal(cell(2, "m:acc").delta?.verdict, undefined);
});
