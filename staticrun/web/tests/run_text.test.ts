import assert from "node:assert/strict";
import { test } from "node:test";

import { matches, patch, yaml } from "../src/run/text.ts";

test("a query finds names and values, its words in any order and case", () => {
  assert.ok(matches("optimizer.lr 0.001", ""));
  assert.ok(matches("optimizer.lr 0.001", "LR opt"));
  assert.ok(matches("optimizer.lr 0.001", "0.00"));
  assert.ok(!matches("optimizer.lr 0.001", "lr width"));
});

test("nested values are YAML", () => {
  const values = { lr: 0.001, model: { width: 64, act: "relu", deep: { on: true } }, sizes: [1, "a b"] };

  assert.equal(
    yaml(values),
    'lr: 0.001\nmodel:\n  width: 64\n  act: relu\n  deep:\n    "on": true\nsizes: [1, "a b"]\n',
  );
});

test("what YAML would read as something else is quoted", () => {
  assert.equal(yaml({ a: "no", b: "1", c: "a: b", d: null, e: {}, f: [] }),
    'a: "no"\nb: "1"\nc: "a: b"\nd: null\ne: {}\nf: []\n');
  assert.equal(yaml({ small: 1e-7, large: -1e22, listed: [1e-7] }),
    "small: 1.0e-7\nlarge: -1.0e+22\nlisted: [1.0e-7]\n");
});

test("a difference is copied with its signs", () => {
  const lines = [["h", "@@ -1 +1 @@"], ["d", "old"], ["a", "new"], ["", "same"]] as const;

  assert.equal(patch(lines), "@@ -1 +1 @@\n-old\n+new\n same\n");
});
