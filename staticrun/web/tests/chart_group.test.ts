import assert from "node:assert/strict";
import { test } from "node:test";

import { band, group } from "../src/chart/group.ts";
import { widen } from "../src/data/buckets.ts";
import { noise, points } from "./series_files.ts";

const STEPS = [
  [0, 1, 2, 3, 10],
  [0, 2, 3, 4, 10],
  [0, 2, 10, 11],
];
const VALUES = [
  [1, 2, 3, Number.NaN, 5],
  [2, 4, 6, 8, 10],
  [9, 5, Number.POSITIVE_INFINITY, 7],
];
const MEMBERS = STEPS.map((steps, i) => points(steps, VALUES[i] ?? []));

test("a mean at a step is over the runs that have a finite value there, and says how many", () => {
  const found = group(MEMBERS);

  assert.deepEqual([...found.at], [0, 1, 2, 3, 4, 10, 11]);
  assert.deepEqual([...found.n], [3, 1, 3, 1, 1, 2, 1]);
  assert.deepEqual([...found.mean], [4, 2, 4, 6, 8, 7.5, 7]);
  assert.deepEqual([...found.min], [1, 2, 3, 6, 8, 5, 7]);
  assert.deepEqual([...found.max], [9, 2, 5, 6, 8, 10, 7]);
  assert.ok(Math.abs((found.std[0] ?? 0) - Math.sqrt(19)) < 1e-12);
  assert.ok(Number.isNaN(found.std[1]));
});

test("in buckets each run has one vote, however often it logged", () => {
  const often = points(
    Array.from({ length: 100 }, (_, i) => i),
    noise(100),
  );
  const seldom = points([0, 50], [10, 20]);
  const found = group([widen(often, 7), widen(seldom, 7)]);
  const own = noise(100).reduce((sum, value) => sum + value, 0) / 100;

  assert.ok(Math.abs((found.mean[0] ?? 0) - (own + 15) / 2) < 1e-12);
  assert.equal(found.n[0], 2);
  assert.equal(found.max[0], 20);
});

test("runs that log alike have the mean of all their points in a bucket, at every width", () => {
  const steps = Array.from({ length: 4096 }, (_, i) => i);
  const members = [1, 2, 3].map((seed) => points(steps, noise(4096, seed)));
  for (const width of [1, 4, 9]) {
    const found = group(members.map((rows) => widen(rows, width)));
    found.at.forEach((at, i) => {
      const size = 2 ** width;
      const all = members.flatMap((rows) => [...rows.value.slice(at * size, (at + 1) * size)]);
      const mean = all.reduce((sum, value) => sum + value, 0) / all.length;
      assert.ok(Math.abs((found.mean[i] ?? 0) - mean) < 1e-12);
      assert.equal(found.min[i], Math.min(...all));
    });
  }
});

test("what is summed up does not depend on how much of it is on view", () => {
  const whole = group(MEMBERS);
  const part = group(MEMBERS.map((rows) => points(rows.step.slice(1, 3), rows.value.slice(1, 3))));

  part.at.forEach((at, i) => {
    if (at === 2) assert.equal(part.mean[i], whole.mean[whole.at.indexOf(2)]);
  });
});

test("bands are one deviation, one error, Student's interval, or the range", () => {
  const found = group([points([0], [1]), points([0], [2]), points([0], [6])]);
  const std = Math.sqrt(7);
  const width = (kind: "std" | "sem" | "ci" | "range" | "none"): number => {
    const [low, high] = band(found, kind);
    return (high[0] ?? 0) - (low[0] ?? 0);
  };

  assert.ok(Math.abs(width("std") - 2 * std) < 1e-12);
  assert.ok(Math.abs(width("sem") - (2 * std) / Math.sqrt(3)) < 1e-12);
  // Student's t of two degrees of freedom, two-sided 95 %.
  assert.ok(Math.abs(width("ci") - (2 * 4.302652729911275 * std) / Math.sqrt(3)) < 1e-7);
  assert.equal(width("range"), 5);
  assert.ok(Number.isNaN(width("none")));
});

test("huge values have a mean, and another column is averaged beside them", () => {
  const found = group(
    [points([0], [1.5e308]), points([0], [1.7e308])],
    [Float64Array.of(10), Float64Array.of(Number.NaN)],
  );

  assert.ok(Math.abs((found.mean[0] ?? 0) / 1.6e308 - 1) < 1e-12);
  assert.deepEqual([...found.other], [10]);
});
