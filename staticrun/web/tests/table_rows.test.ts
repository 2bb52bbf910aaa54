import assert from "node:assert/strict";
import { test } from "node:test";

import { arrange, candidates } from "../src/table/arrange.ts";
import type { Facts } from "../src/table/facts.ts";
import { UNTOUCHED, type State } from "../src/table/state.ts";
import { facts, keysOf, type Made } from "./table_runs.ts";

const ACC = { metrics: { acc: { direction: "max" } } };

function lines(of: Facts, state: Partial<State> = {}): string[] {
  const whole = { ...UNTOUCHED, ...state };
  const chosen = candidates(of, whole);
  const { lines: found, depth } = arrange(of, whole, chosen, chosen.rows);
  return keysOf(of.runs, found).map((key, i) => ">".repeat(depth[i] ?? 0) + key);
}

const ROWS: Made[] = [
  { key: "e/a", metrics: { acc: 0.5 }, params: { lr: 0.1, opt: "sgd" } },
  { key: "e/b", metrics: { acc: 0.9 }, params: { lr: 0.01, opt: "adam" } },
  { key: "e/c", metrics: { acc: "NaN" }, params: { lr: 0.1, opt: "adam" } },
  { key: "e/d", metrics: {}, params: { opt: "sgd" } },
  { key: "e/e", metrics: { acc: 0.99 }, status: "failed", params: { lr: 0.1, opt: "sgd" } },
  { key: "e/f", metrics: { acc: 0.5 }, params: { lr: 0.001, opt: "adam" } },
  { key: "e/g", metrics: { acc: 1 }, archived: true },
];

test("the best come first, then failed ones, NaN, missing; ties stay in natural order", () => {
  assert.deepEqual(lines(facts(ROWS, ACC)), ["b", "a", "f", "e", "c", "d"]);
});

test("what is missing comes last in both directions", () => {
  const of = facts(ROWS, ACC);

  assert.deepEqual(lines(of, { sort: [{ column: "p:lr", down: false }] }), ["f", "b", "a", "c", "e", "d"]);
  assert.deepEqual(lines(of, { sort: [{ column: "p:lr", down: true }] }), ["a", "c", "e", "b", "f", "d"]);
  assert.deepEqual(lines(of, { sort: [{ column: "m:acc", down: false }] }), ["a", "f", "b", "e", "c", "d"]);
});

test("the second column orders what is equal in the first", () => {
  const sort = [
    { column: "p:opt", down: true },
    { column: "m:acc", down: true },
  ];

  assert.deepEqual(lines(facts(ROWS, ACC), { sort }), ["a", "e", "d", "b", "f", "c"]);
});

test("without a direction and without an order the natural order holds", () => {
  assert.deepEqual(lines(facts(ROWS)), ["a", "b", "c", "d", "e", "f"]);
  assert.deepEqual(lines(facts(ROWS, ACC), { sort: [] }), ["a", "b", "c", "d", "e", "f"]);
});

test("hidden and archived runs are left out and counted", () => {
  const of = facts(ROWS, ACC);
  const state = { ...UNTOUCHED, hidden: ["e/b", "e/nobody"] };
  const { rows, hidden, archived } = candidates(of, state);

  assert.deepEqual(keysOf(of.runs, rows), ["a", "c", "d", "e", "f"]);
  assert.deepEqual([hidden, archived], [1, 1]);
  assert.deepEqual(lines(of, { archived: true })[0], "g");
});

test("what the reader puts on top stands there, in the order of the table", () => {
  assert.deepEqual(lines(facts(ROWS, ACC), { top: ["e/d", "e/f"] }).slice(0, 3), ["f", "d", "b"]);
});

const FAMILY: Made[] = [
  { key: "e/alone", metrics: { acc: 0.8 } },
  { key: "e/sweep" },
  { key: "e/t1", parent: "e/sweep", metrics: { acc: 0.7 } },
  { key: "e/t2", parent: "e/sweep", metrics: { acc: 0.9 } },
  { key: "e/t2b", parent: "e/t2", metrics: { acc: 0.1 } },
  { key: "e/orphan", parent: "e/nobody", metrics: { acc: 0.85 } },
];

test("a family stands where its best member would, children below their parents", () => {
  assert.deepEqual(lines(facts(FAMILY, ACC)), ["sweep", ">t2", ">>t2b", ">t1", "orphan", "alone"]);
});

test("a child whose parent is hidden stands for itself", () => {
  const found = lines(facts(FAMILY, ACC), { hidden: ["e/sweep"] });

  assert.deepEqual(found, ["t2", ">t2b", "orphan", "alone", "t1"]);
});

test("runs that are each other's parents are all shown", () => {
  const circle: Made[] = [
    { key: "e/a", parent: "e/c" },
    { key: "e/b", parent: "e/a" },
    { key: "e/c", parent: "e/b" },
    { key: "e/self", parent: "e/self" },
  ];

  assert.deepEqual(lines(facts(circle)).map((line) => line.replace(/^>+/, "")).sort(), ["a", "b", "c", "self"]);
});

test("a chain of ten thousand resumes is no deeper than the stack", () => {
  const chain = Array.from({ length: 10_000 }, (_, i): Made => {
    const key = `e/r${String(i).padStart(5, "0")}`;
    return i === 0 ? { key } : { key, parent: `e/r${String(i - 1).padStart(5, "0")}` };
  });

  assert.equal(lines(facts(chain)).length, 10_000);
});
