import assert from "node:assert/strict";
import { test } from "node:test";

import { Series } from "../src/data/series.ts";
import { files, noise, points } from "./series_files.ts";
import { member, picture, subject, whole } from "./chart_runs.ts";

const STEPS = Array.from({ length: 50 }, (_, i) => i);
const runOf = (seed: number, status = "finished", n = 50) =>
  member(`e/s${seed}`, { loss: whole(points(STEPS.slice(0, n), noise(n, seed + 1))) }, status);

test("a group is its mean, with its runs thin behind and how many they are", async () => {
  const made = await picture([subject("adam", [runOf(0), runOf(1), runOf(2)])]);
  const mean = made.lines.find(({ kind }) => kind === "mean");

  assert.deepEqual(
    made.lines.map(({ kind }) => kind),
    ["member", "member", "member", "mean"],
  );
  assert.ok(mean?.n?.every((n) => n === 3));
  const expected = [0, 1, 2].map((seed) => noise(50, seed + 1)[7] ?? 0).reduce((a, b) => a + b) / 3;
  assert.ok(Math.abs((mean?.y[7] ?? 0) - expected) < 1e-12);
  assert.deepEqual(made.facts, ["Every logged point.", "Mean of 3 runs; band: lowest to highest."]);
});

test("a failed run is drawn, ends as failed, and takes part in no mean", async () => {
  const made = await picture([subject("adam", [runOf(0), runOf(1), runOf(2, "failed", 5)])]);
  const mean = made.lines.find(({ kind }) => kind === "mean");

  assert.ok(mean?.n?.every((n) => n === 2) && mean.y.length === 50);
  assert.equal(made.lines.filter(({ ended }) => ended === "failed").length, 1);
  assert.ok(made.facts.includes("1 run takes part in no mean: failed, or without an end."));
});

test("a mean goes as far as all its runs, and the rest is said", async () => {
  const made = await picture([subject("adam", [runOf(0), runOf(1, "stopped", 20)])]);
  const mean = made.lines.find(({ kind }) => kind === "mean");

  assert.equal(mean?.y.length, 20);
  assert.ok(made.facts.includes("30 steps without a mean: not all runs have a value there."));
});

test("runs that log at other steps are averaged in the narrowest buckets that all share", async () => {
  const members = [0, 5].map((offset) =>
    member(`e/${offset}`, {
      loss: whole(
        points(
          STEPS.map((step) => 10 * step + offset),
          noise(50),
        ),
      ),
    }),
  );
  const made = await picture([subject("adam", members)]);
  const mean = made.lines.find(({ kind }) => kind === "mean");

  assert.equal(mean?.width, 4);
  assert.ok(mean.n?.every((n) => n === 2));
});

test("runs that share no range of steps are drawn one by one", async () => {
  const members = [0, 1000].map((offset) =>
    member(`e/${offset}`, {
      loss: whole(
        points(
          STEPS.map((step) => step + offset),
          noise(50),
        ),
      ),
    }),
  );
  const made = await picture([subject("adam", members)]);

  assert.deepEqual(
    made.lines.map(({ kind, label }) => [kind, label]),
    [
      ["mean", "0"],
      ["mean", "1000"],
    ],
  );
  assert.ok(made.facts.includes("Runs that share no steps are drawn one by one."));
});

test("a long run is drawn in buckets with its lowest and highest, and zoomed by every point", async () => {
  const n = 20_000;
  const made = files(
    points(
      Array.from({ length: n }, (_, i) => i),
      noise(n),
    ),
    6,
    [3],
    4096,
  );
  const long = [
    subject("long", [member("e/long", { loss: new Series(made.curve, [], made.loadChunk) })]),
  ];
  const all = await picture(long);
  const near = await picture(long, {}, { from: 7000, to: 7100 });

  assert.equal(all.lines[0]?.width, 6);
  assert.ok(all.lines[0]?.low && all.lines[0].high);
  assert.match(all.facts[0] ?? "", /^Buckets of 64 steps: mean, lowest and highest\. /);
  const line = near.lines[0];
  assert.equal(line?.width, null);
  assert.equal([...(line?.x ?? [])].filter((x) => x >= 7000 && x <= 7100).length, 101);
  assert.equal(near.facts[0], "Every logged point.");
});

test("a group's mean in a bucket is the same, whatever part of it is on view", async () => {
  const n = 20_000;
  const members = [1, 2].map((seed) => {
    const made = files(
      points(
        Array.from({ length: n }, (_, i) => i),
        noise(n, seed),
      ),
      6,
      [3],
      4096,
    );
    return member(`e/${seed}`, { loss: new Series(made.curve, [], made.loadChunk) });
  });
  const subjects = [subject("long", members)];
  const all = (await picture(subjects)).lines.at(-1);
  const part = (await picture(subjects, {}, { from: 5003, to: 15_003 }, 150)).lines.at(-1);

  assert.equal(part?.width, 6);
  part.step.forEach((step, i) => {
    assert.equal(part.y[i], all?.y[all.step.indexOf(step)]);
  });
});

test("smoothing leaves what was logged behind, and means go through the same points", async () => {
  const made = await picture([subject("adam", [runOf(0), runOf(1)])], {
    smoothing: { kind: "ema", strength: 0.9 },
  });
  const plain = await picture([subject("adam", [runOf(0), runOf(1)])]);

  const raw = made.lines.find(({ kind }) => kind === "raw");
  assert.deepEqual(raw?.y, plain.lines.at(-1)?.y);
  assert.notDeepEqual(made.lines.at(-1)?.y, raw?.y);
  assert.equal(made.lines.at(-1)?.y.length, raw?.y.length);
});

test("along time a group stands at the mean time of its runs, along a metric at its mean", async () => {
  const members = [0, 1].map((seed) =>
    member(
      `e/${seed}`,
      {
        loss: whole(points([0, 1], [2, 1], [100 + seed, 110 + seed])),
        lr: whole(points([0, 1], [0.1 + seed, 0.3 + seed])),
      },
      "finished",
      90 + seed,
    ),
  );
  const at = async (axis: Parameters<typeof picture>[1]): Promise<number[]> => [
    ...((await picture([subject("a", members)], axis)).lines.at(-1)?.x ?? []),
  ];

  assert.deepEqual(await at({ axis: { kind: "relative" } }), [10, 20]);
  assert.deepEqual(await at({ axis: { kind: "wall" } }), [100.5, 110.5]);
  assert.deepEqual(await at({ axis: { kind: "metric", name: "lr" } }), [0.6, 0.8]);
});

test("what has no time has no place along time, and is counted", async () => {
  const made = await picture([subject("a", [runOf(0)])], { axis: { kind: "relative" } });

  assert.ok(made.facts.includes("50 values without a place: no time was logged."));
});

test("values that are not finite are gaps, superseded points are dotted, and both are said", async () => {
  const rows = points([0, 1, 2], [1, Number.NaN, 3]);
  const series = whole(rows);
  Object.defineProperty(series, "ghosts", { value: points([1, 2], [5, 6]) });
  const made = await picture([subject("a", [member("e/a", { loss: series })])]);

  assert.deepEqual(
    made.lines.map(({ kind }) => kind),
    ["ghost", "mean"],
  );
  assert.ok(made.facts.includes("1 value not finite."));
  assert.ok(made.facts.includes("Dotted: points that a resume superseded."));
});

test("runs one by one have the colour of their group, and no mean", async () => {
  const made = await picture([subject("adam", [runOf(0), runOf(1)])], { grouped: false });

  assert.deepEqual(
    made.lines.map(({ kind, label }) => [kind, label]),
    [
      ["mean", "s0"],
      ["mean", "s1"],
    ],
  );
});
