import assert from "node:assert/strict";
import { test } from "node:test";

import { parse, spell } from "../src/view/hash.ts";

const VIEWS: Record<string, string>[] = [
  {},
  { f: "val/acc > 0.9 and params.lr < 0.01", sort: "-m:val/acc,p:lr" },
  { a: "100 % & = + # ~ ü \u{1f9e8}", "b c": "x" },
  { __proto__x: "1", constructor: "2" },
];

test("a view that was spelled is read as it was", () => {
  for (const view of VIEWS) assert.deepEqual({ ...parse(spell(view)) }, view);
});

test("common characters stay readable", () => {
  assert.equal(spell({ sort: "-m:val/acc,p:lr", f: "lr (x)" }), "#f=lr+(x)&sort=-m:val/acc,p:lr");
});

test("equal views have one address, and empty parts none", () => {
  assert.equal(spell({ b: "1", a: "2", c: "" }), spell({ a: "2", b: "1" }));
});

test("an anchor and a mangled link are no view", () => {
  assert.deepEqual({ ...parse("#params") }, {});
  assert.deepEqual({ ...parse("#a=%E0%A4%A&b=1&=2") }, { b: "1" });
});
