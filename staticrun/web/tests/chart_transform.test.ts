import assert from "node:assert/strict";
import { test } from "node:test";

import { along, memory, smooth, stepsOf } from "../src/chart/transform.ts";
import { widen } from "../src/data/buckets.ts";
import { noise, points } from "./series_files.ts";

const AT = Float64Array.from({ length: 200 }, (_, i) => i);
const VALUES = noise(200);

function close(found: ArrayLike<number>, expected: ArrayLike<number>, within = 1e-12): void {
  assert.equal(found.length, expected.length);
  Array.from(found).forEach((value, i) => {
    assert.ok(Math.abs(value - (expected[i] ?? 0)) <= within, `${i}: ${value} ${expected[i]}`);
  });
}

/** A weighted mean of all values, for each place. */
function weighted(weight: (i: number, j: number) => number): number[] {
  return [...VALUES].map((_, i) => {
    let [sum, total] = [0, 0];
    VALUES.forEach((value, j) => {
      sum += weight(i, j) * value;
      total += weight(i, j);
    });
    return sum / total;
  });
}

test("a debiased exponential mean weighs a point by its strength to the power of its age", () => {
  const expected = weighted((i, j) => (j <= i ? 0.9 ** (i - j) : 0));

  close(smooth(AT, VALUES, { kind: "ema", strength: 0.9 }), expected);
  assert.equal(smooth(AT, VALUES, { kind: "ema", strength: 0.9 })[0], VALUES[0]);
});

test("weighted by distance it takes gaps between steps for what they are", () => {
  const uneven = AT.map((at) => at * at);
  const spacing = 40;
  const expected = weighted((i, j) =>
    j <= i ? 0.9 ** (((uneven[i] ?? 0) - (uneven[j] ?? 0)) / spacing) : 0,
  );

  close(smooth(uneven, VALUES, { kind: "twema", strength: 0.9 }, undefined, spacing), expected);
  close(
    smooth(AT, VALUES, { kind: "twema", strength: 0.9 }),
    smooth(AT, VALUES, { kind: "ema", strength: 0.9 }),
  );
});

test("a normal curve reaches three deviations, a running mean half its width to each side", () => {
  const gauss = weighted((i, j) =>
    Math.abs(i - j) <= 12 ? Math.exp(-0.5 * ((i - j) / 4) ** 2) : 0,
  );
  const running = weighted((i, j) => (Math.abs(i - j) <= 5 ? 1 : 0));

  close(smooth(AT, VALUES, { kind: "gauss", strength: 4 }), gauss);
  close(smooth(AT, VALUES, { kind: "mean", strength: 11 }), running);
});

test("without smoothing values are the same, and gaps stay gaps that weigh nothing", () => {
  assert.equal(smooth(AT, VALUES, { kind: "none" }), VALUES);
  const gap = Float64Array.of(1, Number.NaN, 3, Number.POSITIVE_INFINITY);
  const found = smooth(AT.subarray(0, 4), gap, { kind: "mean", strength: 100 });

  assert.deepEqual([...found], [2, Number.NaN, 2, Number.POSITIVE_INFINITY]);
});

test("smoothed buckets end where smoothed points do", () => {
  const raw = points(AT, VALUES);
  const buckets = widen(raw, 3);
  const means = buckets.sum.map((sum, i) => sum / (buckets.n[i] ?? 1));
  const coarse = smooth(stepsOf(buckets), means, { kind: "ema", strength: 0.98 }, buckets.n);
  const fine = smooth(AT, VALUES, { kind: "ema", strength: 0.98 });

  assert.ok(Math.abs((coarse.at(-1) ?? 0) - (fine.at(-1) ?? 0)) < 0.01);
});

test("smoothing from within its memory gives what smoothing from the start gives", () => {
  for (const how of [
    { kind: "ema", strength: 0.9 },
    { kind: "gauss", strength: 4 },
    { kind: "mean", strength: 11 },
  ] as const) {
    const from = 150 - Math.ceil(memory(how, 1));
    const part = smooth(AT.subarray(from), VALUES.subarray(from), how);
    const whole = smooth(AT, VALUES, how);

    assert.ok(Math.abs((part[150 - from] ?? 0) - (whole[150] ?? 0)) < 0.01, how.kind);
  }
});

test("a point stands at its step, its time, its time since the start, or another metric's value", () => {
  const rows = points([0, 5, 10], [1, 2, 3], [100, 101, Number.NaN]);
  const other = points([5, 10], [0.5, 0.25]);

  assert.deepEqual([...along(rows, { kind: "step" }, 0)], [0, 5, 10]);
  assert.deepEqual([...along(rows, { kind: "wall" }, 0)], [100, 101, Number.NaN]);
  assert.deepEqual([...along(rows, { kind: "relative" }, 90)], [10, 11, Number.NaN]);
  const axis = { kind: "metric", name: "lr" } as const;
  assert.deepEqual([...along(rows, axis, 0, other)], [Number.NaN, 0.5, 0.25]);
  assert.deepEqual([...along(rows, axis, 0)], [Number.NaN, Number.NaN, Number.NaN]);
  assert.deepEqual([...along(points([1], [1]), { kind: "wall" }, 0)], [Number.NaN]);
});

test("a bucket stands in its middle, and beside another metric's bucket of the same steps", () => {
  const rows = widen(points([0, 1, 2, 3], [1, 2, 3, 4]), 1);
  const other = widen(points([2, 3], [10, 20]), 1);

  assert.deepEqual([...along(rows, { kind: "step" }, 0)], [1, 3]);
  assert.deepEqual([...along(rows, { kind: "metric", name: "lr" }, 0, other)], [Number.NaN, 15]);
});
