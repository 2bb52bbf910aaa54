import assert from "node:assert/strict";
import { test } from "node:test";

import { number, unpack } from "../src/data/numbers.ts";

test("non-finite numbers are spelled as texts, a missing one is NaN", () => {
  assert.equal(number(0.1), 0.1);
  assert.equal(number("Infinity"), Number.POSITIVE_INFINITY);
  assert.equal(number("-Infinity"), Number.NEGATIVE_INFINITY);
  assert.ok(Number.isNaN(number("NaN")));
  assert.ok(Number.isNaN(number(null)));
});

test("packed numbers come out to the last bit", () => {
  const values = new Float64Array([0.1, -0, 5e-324, Number.NaN, Number.NEGATIVE_INFINITY]);
  const text = Buffer.from(values.buffer).toString("base64");

  assert.deepEqual([...unpack(text)], [...values]);
  assert.deepEqual([...unpack("")], []);
});
