import assert from "node:assert/strict";
import { test } from "node:test";

import { colourClass, SLOTS, slots } from "../src/table/colours.ts";

const IDS = Array.from({ length: 20 }, (_, i) => `01m52s9v6ghc7p3r8yb4tqk${i}`);

test("a set of runs has the same colours in whatever order they were selected", () => {
  assert.deepEqual(slots(IDS.slice(0, 6)), slots(IDS.slice(0, 6).reverse()));
});

test("as many runs as there are colours never share one", () => {
  for (let first = 0; first + SLOTS <= IDS.length; first++) {
    assert.equal(new Set(slots(IDS.slice(first, first + SLOTS)).values()).size, SLOTS);
  }
});

test("most runs keep their colour when another is selected", () => {
  const few = slots(IDS.slice(0, 3));
  const more = slots(IDS.slice(0, 4));

  assert.ok([...few].filter(([id, slot]) => more.get(id) === slot).length >= 2);
});

test("more runs than colours have colours once more, in a round of their own", () => {
  const found = slots(IDS.slice(0, SLOTS + 2));

  assert.equal(new Set(found.values()).size, SLOTS + 2);
  assert.equal(colourClass(SLOTS + 1), colourClass(1));
  assert.equal(colourClass(0), undefined);
});
