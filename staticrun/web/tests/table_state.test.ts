import assert from "node:assert/strict";
import { test } from "node:test";

import { parse, spell } from "../src/view/hash.ts";
import { readRef, spellRef, type Ref } from "../src/table/spelling.ts";
import { isTouched, readState, spellState, UNTOUCHED, type State } from "../src/table/state.ts";

const REFS: Ref[] = [
  { space: "run", name: "status" },
  { space: "params", name: "model.lr" },
  { space: "params", name: "a,b@c~d%e*f" },
  { space: "metrics", name: "val/acc", aggregate: "max" },
  { space: "metrics", name: "val/acc", aggregate: "at", best: "a@b,c" },
  { space: "metrics", name: "val/acc", curve: true },
  { space: "tags", name: "50%2C" },
  { space: "summary", name: "__proto__" },
];

test("a column that was spelled is read as it was, whatever its name", () => {
  for (const ref of REFS) assert.deepEqual(readRef(spellRef(ref)), ref);
});

test("what is no column is read as none", () => {
  for (const text of ["", "x:a", "lr", "m:a@most", "p:a@max", "c:a@max", "m:a@max@min", "m:a@at", "m:a@at@b@c", "p:a@at@b"]) {
    assert.equal(readRef(text), undefined);
  }
});

const VIEW: State = {
  filter: "val/acc > 0.9 and params.lr in (0.1, 0.01)",
  sort: [
    { column: "m:val/acc", down: true },
    { column: "p:lr", down: false },
  ],
  columns: REFS.map(spellRef),
  frozen: 2,
  widths: new Map([[spellRef(REFS[2] as Ref), 120]]),
  group: ["p:lr", "t:team"],
  spread: "ci",
  value: "best",
  selected: ["e/a", "e/b,c", "other/~d"],
  hidden: ["e/x"],
  top: ["e/y"],
  open: ["e/z"],
  baseline: ["e/a"],
  archived: true,
};

test("a state comes back from its address as it was", () => {
  const address = spell(spellState(VIEW) as Record<string, string>);

  assert.deepEqual(readState(parse(address)), VIEW);
});

test("the metric at whose best step values are stands in the address as it is", () => {
  const chosen = { ...UNTOUCHED, value: "at@a&b=,c" } as const;
  const address = spell(spellState(chosen) as Record<string, string>);

  assert.equal(readState(parse(address)).value, chosen.value);
});

test("a state that nobody touched has no address", () => {
  assert.equal(spell(spellState(UNTOUCHED) as Record<string, string>), "");
  assert.deepEqual(readState({}), UNTOUCHED);
  assert.ok(!isTouched({}));
});

test("no order and no columns are choices too", () => {
  const chosen = { ...UNTOUCHED, sort: [], columns: [], group: "seeds", baseline: "declared" } as const;
  const address = spell(spellState(chosen) as Record<string, string>);

  assert.equal(address, "#base=*&cols=*&group=*&sort=*");
  assert.deepEqual(readState(parse(address)), chosen);
});

test("a mangled address is read as far as it can be", () => {
  const view = { sort: "m:a,??,-p:b", cols: "p:b,p:b,zz", w: "p:b~0,p:b~x", value: "most", freeze: "-1" };
  const state = readState(view);

  assert.deepEqual(state.sort, [
    { column: "m:a", down: false },
    { column: "p:b", down: true },
  ]);
  assert.deepEqual(state.columns, ["p:b"]);
  assert.equal(state.widths.size, 0);
  assert.equal(state.value, "last");
  assert.equal(state.frozen, 0);
});
