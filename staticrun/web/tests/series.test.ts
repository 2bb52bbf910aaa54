import assert from "node:assert/strict";
import { test } from "node:test";

import { cut, widen, type Points } from "../src/data/buckets.ts";
import { chooseLevel, Series } from "../src/data/series.ts";
import { files, noise, pack, points } from "./series_files.ts";

const N = 20_000;
const RAW = points(
  Float64Array.from({ length: N }, (_, i) => 3 * i - 500),
  noise(N).map((value, i) => (i % 997 === 0 ? Number.NaN : value)),
  Array.from({ length: N }, (_, i) => 1e9 + i),
);
const FILES = files(RAW, 7, [5, 3], 1000);
const series = (): Series => new Series(FILES.curve, [], FILES.loadChunk);

test("a window gets the coarsest buckets of which each pixel has one, and points below all", () => {
  const widths = [7, 5, 3, null];

  assert.equal(chooseLevel(widths, 128 * 300, 300), 0);
  assert.equal(chooseLevel(widths, 128 * 300 - 1, 300), 1);
  assert.equal(chooseLevel(widths, 8 * 300, 300), 2);
  assert.equal(chooseLevel(widths, 8 * 300 - 1, 300), 3);
  assert.equal(chooseLevel([4], 1, 300), 0);
});

test("of every window and every width the mean is that of the logged points in the bucket", async () => {
  for (const width of [null, 3, 4, 5, 7, 9, 12]) {
    for (const [from, to] of [
      [-500, 59_500],
      [1000, 1300],
      [17, 18],
      [59_000, 90_000],
    ] as const) {
      const rows = await series().rows(from, to, width);
      if (rows.kind === "points") {
        const inside = [...RAW.step].filter((step) => step >= from && step <= to);
        assert.deepEqual([...rows.step], inside);
        assert.ok([...rows.value].every((value, i) => Object.is(value, valueAt(inside[i] ?? 0))));
        continue;
      }
      assert.equal(rows.width, width);
      const size = 2 ** rows.width;
      rows.at.forEach((at, i) => {
        const own = valuesIn(at * size, (at + 1) * size);
        const finite = own.filter(Number.isFinite);
        const mean = finite.reduce((sum, value) => sum + value, 0) / finite.length;
        assert.ok(Math.abs((rows.sum[i] ?? 0) / (rows.n[i] ?? 0) - mean) < 1e-12);
        assert.equal(rows.n[i], finite.length);
        assert.equal(rows.nonfinite[i], own.length - finite.length);
        assert.equal(rows.min[i], Math.min(...finite));
        assert.equal(rows.max[i], Math.max(...finite));
        assert.ok(Object.is(rows.first[i], own[0]) && Object.is(rows.last[i], own.at(-1)));
      });
      const size0 = 2 ** (width ?? 0);
      const covered = rows.at.reduce(
        (sum, _, i) => sum + (rows.n[i] ?? 0) + (rows.nonfinite[i] ?? 0),
        0,
      );
      const [low, high] = [Math.floor(from / size0) * size0, (Math.floor(to / size0) + 1) * size0];
      assert.equal(covered, valuesIn(low, high).length);
    }
  }
});

test("zooming in reaches every logged point, and loads nothing but its files", async () => {
  FILES.loaded.length = 0;
  const one = series();
  const width = one.width(30_000, 30_600, 300);
  const rows = await one.rows(30_000, 30_600, width);

  assert.equal(width, null);
  assert.ok(rows.kind === "points" && rows.step.length === 200);
  assert.deepEqual(FILES.loaded, ["o/points-10000.js"]);
});

test("the overview is at hand without loading, and says how far the series goes", () => {
  FILES.loaded.length = 0;
  const one = series();

  assert.equal(one.overview.kind, "buckets");
  assert.deepEqual(one.range, [-512, (Math.floor(59_497 / 128) + 1) * 128]);
  assert.deepEqual(FILES.loaded, []);
});

test("buckets of buckets are the buckets of the points", () => {
  const direct = widen(RAW, 9);
  const twice = widen(widen(RAW, 4), 9);

  for (const name of ["at", "n", "min", "max", "first", "last", "nonfinite", "time"] as const) {
    assert.deepEqual([...twice[name]], [...direct[name]], name);
  }
  assert.ok(direct.sum.every((sum, i) => Math.abs(sum - (twice.sum[i] ?? 0)) < 1e-9));
});

test("a short series comes as its points, to the last bit, steps at equal distance too", async () => {
  const value = [0.1, Number.NaN, Number.NEGATIVE_INFINITY, 5e-324];
  const curve = { n: 4, points: { steps: 1, value: pack(value) } };
  const one = new Series(curve, [{ n: 1 }, { n: 4, start: 10, by: 5, time: pack([1, 2, 3, 4]) }]);
  const rows = (await one.rows(-1e9, 1e9, one.width(10, 25, 300))) as Points;

  assert.deepEqual([...rows.step], [10, 15, 20, 25]);
  assert.deepEqual([...rows.value], value);
  assert.deepEqual([...rows.time], [1, 2, 3, 4]);
  assert.deepEqual(one.range, [10, 25]);
  assert.equal(one.ghosts, undefined);
});

test("a series without a point has no range and no rows", async () => {
  const one = new Series({ n: 0, points: { steps: 0, value: "" } }, [{ n: 0 }]);

  assert.equal(one.range, undefined);
  assert.equal(cut(await one.rows(0, 1, null), 0, 1).kind, "points");
});

function valueAt(step: number): number {
  return RAW.value[(step + 500) / 3] ?? Number.NaN;
}

function valuesIn(from: number, to: number): number[] {
  const place = (step: number): number => Math.max(0, Math.ceil((step + 500) / 3));
  return [...RAW.value.subarray(place(from), place(to))];
}
