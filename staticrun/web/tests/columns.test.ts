import assert from "node:assert/strict";
import { test } from "node:test";

import { at, isConstant, join } from "../src/data/columns.ts";

test("numbers of several shards are one column, with NaN where a shard lacks it", () => {
  const column = join([
    { n: 2, column: [1, "Infinity"] },
    { n: 1, column: undefined },
    { n: 1, column: [null] },
  ]);

  assert.equal(column.kind, "numbers");
  assert.deepEqual([0, 1, 2, 3].map((run) => at(column, run)), [
    1,
    Number.POSITIVE_INFINITY,
    undefined,
    undefined,
  ]);
});

test("words of several shards get one dictionary in natural order", () => {
  const column = join([
    { n: 2, column: { words: ["b2", "b10"], codes: [1, -1] } },
    { n: 2, column: { words: ["a", "b2"], codes: [1, 0] } },
  ]);

  assert.ok(column.kind === "words");
  assert.deepEqual(column.words, ["a", "b2", "b10"]);
  assert.deepEqual([...column.codes], [2, -1, 1, 0]);
});

test("numbers beside words become words, a number and its text stay two", () => {
  const column = join([
    { n: 2, column: [1, null] },
    { n: 1, column: { words: ["1"], codes: [0] } },
  ]);

  assert.ok(column.kind === "words");
  assert.deepEqual(column.words, [1, "1"]);
  assert.deepEqual([...column.codes], [0, -1, 1]);
});

test("a column is constant where all runs share a value or all have none", () => {
  const column = join([{ n: 4, column: [1, 1, 2, null] }]);

  assert.ok(isConstant(column, Uint32Array.of(0, 1)));
  assert.ok(!isConstant(column, Uint32Array.of(1, 2)));
  assert.ok(!isConstant(column, Uint32Array.of(0, 3)));
  assert.ok(isConstant(column, Uint32Array.of(3)));
  assert.ok(isConstant(column, new Uint32Array(0)));
});
