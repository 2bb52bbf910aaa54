import assert from "node:assert/strict";
import { test } from "node:test";

import { parse, spell } from "../src/view/hash.ts";
import { parseKeys, spellKeys } from "../src/view/keys.ts";

const LISTS = [
  [],
  ["a/b/c", "a/b/d", "x/y", "a/b/e"],
  ["top", "other"],
  ["e/a,b", "e/~c", "e/!2c", "~e/x", "ü/\u{1f9e8} = & + %"],
];

test("keys that were spelled are read as they were, through the address, too", () => {
  for (const keys of LISTS) {
    assert.deepEqual(parseKeys(spellKeys(keys)), keys);
    assert.deepEqual(parseKeys(parse(spell({ r: spellKeys(keys) }))["r"]), keys);
  }
});

test("an experiment is named once", () => {
  assert.equal(spellKeys(["v/n/a", "v/n/b", "w/c"]), "v/n/a,~b,w/c");
});

test("a key stands once", () => {
  assert.deepEqual(parseKeys("e/a,~a,e/a"), ["e/a"]);
});
