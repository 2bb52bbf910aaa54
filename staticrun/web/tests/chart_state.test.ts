import assert from "node:assert/strict";
import { test } from "node:test";

import { byPrefix, catalog, runCatalog } from "../src/chart/catalog.ts";
import { choose, readLines } from "../src/chart/selection.ts";
import { finder, readCharts, spellCharts, type ChartState } from "../src/chart/state.ts";
import { Runs } from "../src/data/runs.ts";
import { parse, spell } from "../src/view/hash.ts";
import { points } from "./series_files.ts";
import { member, subject, whole } from "./chart_runs.ts";

const EMPTY = readCharts({});

test("a state that was spelled is read as it was, with every digit of the zoom", () => {
  const states: Partial<ChartState>[] = [
    { axis: { kind: "metric", name: "a~b,/&=ü" } },
    { bends: { x: "log", y: "linear" }, band: "ci", grouped: false, size: "large" },
    { smoothing: { kind: "ema", strength: 0.6 }, find: "^val/(a|b)$" },
    { zoom: { from: 0.1 + 0.2, to: 1e21 }, first: ["a,b", "~c"], big: ["x/y"] },
  ];
  for (const change of states) {
    const parts = spellCharts(change, EMPTY);
    const view: Record<string, string> = {};
    for (const [name, value] of Object.entries(parts)) if (value !== undefined) view[name] = value;
    const found = readCharts(parse(spell(view)));
    assert.deepEqual(found, { ...EMPTY, ...change });
  }
});

test("what the page decides anyway is not in the address, and a mangled address is the page's own", () => {
  assert.deepEqual(
    Object.values(spellCharts({ ...EMPTY }, EMPTY)).filter((value) => value !== undefined),
    [],
  );
  assert.deepEqual(
    readCharts({ x: "m:", smooth: "ema~x", zoom: "5~1", band: "no", size: "9", log: "q" }),
    EMPTY,
  );
});

test("another axis ends the zoom, whose numbers are of the old one", () => {
  const now = { ...EMPTY, zoom: { from: 1, to: 2 } };

  assert.equal(spellCharts({ axis: { kind: "relative" } }, now)["zoom"], undefined);
  assert.ok("zoom" in spellCharts({ axis: { kind: "relative" } }, now));
});

test("a search is a regular expression, or says why it is none", () => {
  assert.ok(finder("loss|acc") instanceof RegExp);
  assert.equal(finder(""), undefined);
  assert.equal(typeof finder("("), "string");
});

const SHARD = {
  n: 4,
  keys: ["e/a-0", "e/a-1", "e/b-0", "e/old"],
  urls: ["", "", "", ""],
  data: ["", "", "", ""],
  ids: ["i0", "i1", "i2", "i3"],
  name: { words: ["a-0", "a-1", "b-0", "old"], codes: [0, 1, 2, 3] },
  archived: { words: [false, true], codes: [0, 0, 0, 1] },
  parent: { words: [], codes: [-1, -1, -1, -1] },
  params: { lr: [0.1, 0.1, 0.5, 0.5], seed: [0, 1, 0, 0] },
  tags: {},
  summary: {},
  metrics: {},
  sparks: {},
};
const RUNS = new Runs(
  [{ name: "e", url: "", seeds: ["seed"], shards: [{ n: 4, facts: "", stats: "" }] }],
  [SHARD as never],
);
const OWN = readLines('[["lr 0.1",3,"chosen",["e/a-0","e/a-1"]]]');

test("until the reader selects, the page's own lines are shown, others behind, archived ones not", () => {
  const found = choose({}, OWN, RUNS, true);

  assert.deepEqual(
    found.map(({ role, keys }) => [role, ...keys]),
    [
      ["chosen", "e/a-0", "e/a-1"],
      ["context", "e/b-0"],
    ],
  );
  assert.deepEqual(choose({}, OWN, RUNS, false).length, 1);
});

test("runs that are selected in the table are shown in its colours, seeds together", () => {
  const found = choose({ sel: "e/b-0,e/a-0,e/a-1" }, OWN, RUNS, false);

  assert.deepEqual(
    found.map(({ label, keys }) => [label, keys.length]),
    [
      ["lr 0.5", 1],
      ["lr 0.1", 2],
    ],
  );
  assert.equal(new Set(found.map(({ slot }) => slot)).size, 2);
});

test("runs one by one have a colour each, and runs grouped by columns are equal in these", () => {
  const apart = choose({ sel: "e/a-0,e/a-1", lines: "runs" }, OWN, RUNS, false);
  const grouped = choose({ group: "p:seed" }, OWN, RUNS, true);

  assert.deepEqual(
    apart.map(({ label, keys }) => [label, ...keys]),
    [
      ["a-0", "e/a-0"],
      ["a-1", "e/a-1"],
    ],
  );
  assert.equal(new Set(apart.map(({ slot }) => slot)).size, 2);
  assert.deepEqual(
    grouped.map(({ label, keys }) => [label, ...keys]),
    [
      ["seed 0", "e/a-0", "e/b-0"],
      ["seed 1", "e/a-1"],
    ],
  );
});

test("the reader's baseline is dashed, and what is hidden whole is gone", () => {
  const based = choose({ base: "e/b-0" }, OWN, RUNS, false);
  const hidden = choose({ hide: "e/a-0,e/a-1" }, OWN, RUNS, false);
  const half = choose({ hide: "e/a-0" }, OWN, RUNS, false);

  assert.deepEqual(
    based.map(({ role }) => role),
    ["baseline", "chosen"],
  );
  assert.equal(hidden.length, 0);
  assert.deepEqual(half[0]?.keys, ["e/a-0", "e/a-1"]);
});

test("metrics are in the order of the experiment, those with one point left out", () => {
  const curve = whole(points([0, 1], [1, 2]));
  const run = member("e/a", {
    "train/loss": curve,
    "val/acc": curve,
    once: whole(points([0], [1])),
  });
  const found = catalog([subject("a", [run])], [{ metrics: { "val/acc": { direction: "max" } } }]);

  assert.deepEqual(
    found.map(({ metric }) => metric),
    ["val/acc", "train/loss"],
  );
  assert.deepEqual(
    byPrefix(found).map(([prefix]) => prefix),
    ["val", "train"],
  );
});

test("of one run, what is measured in training and validation stands in one chart", () => {
  const curve = whole(points([0, 1], [1, 2]));
  const run = member("e/a", {
    "train/loss": curve,
    "val/loss": curve,
    "val/acc": curve,
    lr: curve,
  });
  const found = runCatalog(run, new Map());

  assert.deepEqual(
    found.map(({ metric }) => metric),
    ["loss", "val/acc", "lr"],
  );
  assert.deepEqual(
    found[0]?.subjects.map(({ label, slot }) => [label, slot]),
    [
      ["train", 1],
      ["val", 2],
    ],
  );
  assert.equal(found[0]?.subjects[1]?.members[0]?.series("loss"), curve);
});
