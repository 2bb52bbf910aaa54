import assert from "node:assert/strict";
import { test } from "node:test";

import { layOut } from "../src/chart/frame.ts";
import { hitsAt, inReadingOrder, meant, nextPlace } from "../src/chart/hits.ts";
import { within } from "../src/chart/keys.ts";
import { spread } from "../src/chart/labels.ts";
import { spellCsv, tableOf } from "../src/chart/rows.ts";
import { bend, placer, straighten, suitable, valueAt } from "../src/chart/scale.ts";
import { spellSvg } from "../src/chart/svg.ts";
import { durationTicks, errorTicks, linearTicks, logTicks, timeTicks } from "../src/chart/ticks.ts";
import { noise, points } from "./series_files.ts";
import { member, picture, subject, whole } from "./chart_runs.ts";

const BENDS = { x: "linear", y: "auto" } as const;
const measure = (text: string): number => 6 * text.length;
const PALETTE = {
  ink: "#111111",
  paper: "#ffffff",
  muted: "#666666",
  faint: "#aaaaaa",
  worse: "#aa0000",
  slots: Array.from({ length: 9 }, (_, i) => `#00000${i}`),
  names: Array.from({ length: 9 }, (_, i) => `#10000${i}`),
};
const two = () =>
  picture([
    subject("low", [member("e/low", { loss: whole(points([0, 10, 20], [1, 2, 3])) }, "failed")]),
    subject("high", [member("e/high", { loss: whole(points([0, 5, 20], [4, 5, 6])) }, "open")]),
  ]);

test("ticks are round, few, written alike, and never show what binary floats add", () => {
  const text = (ticks: { texts: readonly string[]; base: string }): string =>
    ticks.texts.join(" ") + ticks.base;

  assert.equal(text(linearTicks(0.1, 0.7, 4)), "0.2 0.4 0.6");
  assert.equal(text(linearTicks(0, 200_000, 6, true)), "0 50k 100k 150k 200k");
  assert.equal(text(linearTicks(0, 3, 4, true)), "0 1 2 3");
  assert.equal(text(linearTicks(-3e-7, 5e-7, 4)), "−2e-7 0 2e-7 4e-7");
  assert.equal(text(linearTicks(5, 5, 4)), "5");
  assert.equal(text(linearTicks(1_000_000.001, 1_000_000.009, 4)), "+0.002 +0.004 +0.006 +0.0081M");
  assert.equal(text(logTicks(0.002, 3, 4)), "0.01 0.1 1");
  assert.equal(text(logTicks(1, 1.5, 4)), "1 1.2 1.4");
  assert.equal(text(errorTicks(0.1, 0.995, 1, 6)), "0.5 0.8 0.9 0.95 0.98 0.99");
  assert.equal(text(durationTicks(0, 400, 4)), "0 2 min 4 min 6 min");
  assert.equal(text(timeTicks(1.7e9, 1.7e9 + 4000, 4)), "22:30 23:002023-11-14");
  for (const [low, high] of [
    [-1e308, 1.7e308],
    [5e-324, 1e-320],
    [1, 1 + 1e-15],
  ] as const) {
    assert.ok(linearTicks(low, high, 4).values.length <= 4);
  }
});

test("a scale gives back the value of a pixel, and no place to what it cannot show", () => {
  for (const bent of ["linear", "log", "error"] as const) {
    const scale = { low: 0.1, high: 0.9, start: 200, end: 0, bent, whole: 1 };
    assert.ok(Math.abs(valueAt(scale, placer(scale)(0.3)) - 0.3) < 1e-12, bent);
    assert.ok(Math.abs(straighten(bend(0.3, bent), bent) - 0.3) < 1e-12, bent);
  }
  assert.ok(Number.isNaN(bend(0, "log")) && Number.isNaN(bend(1.2, "error")));
  const flat = placer({ low: 1, high: 1, start: 0, end: 10, bent: "linear", whole: 1 });
  assert.equal(flat(1), 5);
});

test("shares near 1 open up, losses over a decade are logarithmic, the rest is straight", () => {
  const of = (...values: number[]): Float64Array => Float64Array.from(values);

  assert.equal(suitable(of(0.1, 0.5, 0.95), of(0.95), "max"), "error");
  assert.equal(suitable(of(0.1, 0.5, 0.95), of(0.95), "min"), "linear");
  assert.equal(suitable(of(10, 1, 0.5, 0.2), of(0.2), "min"), "log");
  assert.equal(suitable(of(10, 1, 0, 0.2), of(0.2), "min"), "linear");
  assert.equal(suitable(of(), of(), "max"), "linear");
});

test("labels keep their order and a distance, and move as little as can be", () => {
  assert.deepEqual(spread([10, 50, 90], 12, 0, 100), [10, 50, 90]);
  assert.deepEqual(spread([50, 50], 12, 0, 100), [44, 56]);
  assert.deepEqual(spread([99, 98], 12, 0, 100), [100, 88]);
});

test("names stand at the ends of lines, apart, and the marks say how runs ended", async () => {
  const frame = layOut(await two(), BENDS, 350, 220, measure);
  assert.ok(frame);

  assert.deepEqual(
    frame.labels.map(({ text }) => text),
    ["low", "high"],
  );
  assert.ok(frame.labels.every(({ x }) => x > frame.right));
  assert.ok(frame.ends.every(({ last }) => last));
  const svg = spellSvg(await two(), frame, PALETTE);
  assert.match(svg, /stroke="#aa0000"/);
  assert.match(svg, />low<\/text>/);
  assert.ok(!/NaN|undefined|Infinity/.test(svg));
});

test("nothing finite, no drawing", async () => {
  const none = await picture([
    subject("a", [member("e/a", { loss: whole(points([0, 1], [Number.NaN, Number.NaN])) })]),
  ]);

  assert.equal(layOut(none, BENDS, 350, 220, measure), undefined);
});

test("values below zero are counted where the axis is logarithmic", async () => {
  const made = await picture([
    subject("a", [member("e/a", { loss: whole(points([0, 1, 2], [-1, 0, 5])) })]),
  ]);

  assert.equal(layOut(made, { x: "linear", y: "log" }, 350, 220, measure)?.range.unshown, 2);
  assert.equal(layOut(made, { x: "log", y: "linear" }, 350, 220, measure)?.range.unshown, 1);
});

test("what is pointed at is the closest point of the closest line", async () => {
  const made = await two();
  const frame = layOut(made, BENDS, 350, 220, measure);
  assert.ok(frame);
  const hits = hitsAt(made, frame, placer(frame.x)(5.2), 5.2);
  const [toX, toY] = [placer(frame.x), placer(frame.y)];

  assert.deepEqual(
    hits.map(({ line, i }) => [line.label, i]),
    [["high", 1]],
  );
  const both = hitsAt(made, frame, toX(0), 0);
  assert.equal(meant(both, toY(3.9))?.line.label, "high");
  assert.deepEqual(
    inReadingOrder(both).map(({ line }) => line.label),
    ["high", "low"],
  );
});

test("arrow keys go through every place at which a line has a point", async () => {
  const made = await two();
  const frame = layOut(made, BENDS, 350, 220, measure);
  assert.ok(frame);
  const reached = [];
  for (let x = nextPlace(made, frame, Number.NEGATIVE_INFINITY, 1); x !== undefined;) {
    reached.push(x);
    x = nextPlace(made, frame, x, 1);
  }

  assert.deepEqual(reached, [0, 5, 10, 20]);
  assert.equal(nextPlace(made, frame, 5, -1), 0);
});

test("zooming by keys stays inside of what there is", () => {
  assert.deepEqual(within({ from: -5, to: 5 }, { from: 0, to: 100 }), { from: 0, to: 10 });
  assert.deepEqual(within({ from: 95, to: 105 }, { from: 0, to: 100 }), { from: 90, to: 100 });
  assert.equal(within({ from: -50, to: 150 }, { from: 0, to: 100 }), undefined);
});

test("the table and the CSV have every point that is shown, to the last digit", async () => {
  const values = noise(40);
  const rows = points(
    Array.from(values, (_, i) => i),
    values,
  );
  const made = await picture(
    [subject('a "b", =c', [member("e/a", { loss: whole(rows) })])],
    {},
    { from: 10, to: 19 },
  );
  const table = tableOf(made);
  const lines = spellCsv([made]).trimEnd().split("\r\n");

  assert.deepEqual([...table.at], [10, 11, 12, 13, 14, 15, 16, 17, 18, 19]);
  assert.equal(lines.length, 11);
  assert.equal(lines[1], `loss,"a ""b"", =c",mean,e/a,10,10,,${values[10]},,,`);
  assert.equal(Number(lines[10]?.split(",").at(-4)), values[19]);
});

test("a text in a file is no formula and no markup", async () => {
  const made = await picture([
    subject("=1+1<script>", [member("e/a", { loss: whole(points([0, 1], [1, 2])) })]),
  ]);
  const frame = layOut(made, BENDS, 500, 220, measure);
  assert.ok(frame);

  assert.match(spellCsv([made]), /,'=1\+1<script>,/);
  assert.ok(!spellSvg(made, frame, PALETTE).includes("<script>"));
});

test("of very many points in a column of pixels the extremes are drawn", async () => {
  const n = 1000;
  const values = noise(n).map((value, i) => (i === 500 ? 9 : value));
  const made = await picture([
    subject("a", [
      member("e/a", {
        loss: whole(
          points(
            Array.from(values, (_, i) => i),
            values,
          ),
        ),
      }),
    ]),
  ]);
  const frame = layOut(made, BENDS, 200, 200, measure);
  assert.ok(frame);
  const svg = spellSvg(made, frame, PALETTE);
  const top = Math.round(placer(frame.y)(9) * 100) / 100;

  assert.ok(svg.includes(` ${top}L`));
  assert.ok((svg.match(/L/g) ?? []).length < n);
});
