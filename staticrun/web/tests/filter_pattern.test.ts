import assert from "node:assert/strict";
import { test } from "node:test";

import { FilterError, parse } from "../src/filter/filter.ts";
import { like, regular } from "../src/filter/pattern.ts";

for (const pattern of [
  "(a+)+$",
  "^(a|a)*$",
  "(a|aa)+$",
  "a*a*a*a*a*a*a*b",
  "(.*){99}b",
  "(a{1,9}){9}b",
]) {
  test(`a pattern that never ends elsewhere ends here: ${pattern}`, () => {
    assert.equal(regular(pattern)(`${"a".repeat(9_999)}!`), false);
  });
}

test("a text whose every step is new takes linear time and little memory", () => {
  // Each place of this pattern remembers which of the last 100 letters were `a`.
  const holds = regular("a[ab]{100}c");
  let state = 1;
  const text = Array.from({ length: 10_000 }, () => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
    return state < 1_073_741_824 ? "a" : "b";
  }).join("");

  assert.equal(holds(`${text.slice(0, 9_999)}c`), text.at(9_999 - 101) === "a");
  assert.equal(holds(`${text.slice(0, 9_998)}c`), text.at(9_998 - 101) === "a");
});

test("ten thousand characters are looked at, and a longer text has no end", () => {
  const text = `${"a".repeat(9_999)}bc`;

  assert.equal(regular("b")(text), true);
  assert.equal(regular("c")(text), false);
  assert.equal(regular("b$")(text), false);
  assert.equal(regular("b$")(text.slice(0, -1)), true);
  assert.equal(like("a%", false)(text), false);
  assert.equal(regular("^\u{1f9e8}{400}\u{1f9e8}*b$")(`${"\u{1f9e8}".repeat(9_999)}b`), true);
});

test("it finds what the browser's own expressions find", () => {
  const atoms =
    "a b . a* (a|b) [a-b] [^a] \\d \\w+ b{1,2} a? ^ $ (a|) (a*)*".split(" ");
  const texts = ["", "a", "ab", "ba", "aab", "b1", "a_b", "()", "0", "bbab", " a"];
  for (const one of atoms) {
    for (const two of atoms) {
      for (const three of atoms) {
        const pattern = one + two + three;
        const holds = regular(pattern);
        const expected = new RegExp(pattern, "u");
        for (const text of texts) {
          assert.equal(holds(text), expected.test(text), `${pattern} ${text}`);
        }
      }
    }
  }
});

test("a character in either case is one character, also where others are asked for", () => {
  assert.equal(regular("(?i)^[^a]$")("A"), false);
  assert.equal(regular("(?i)^[^a]$")("b"), true);
  assert.equal(regular("(?i)^[S-T]$")("\u00df"), false);
  assert.equal(like("CAF\u00c9", true)("caf\u00e9"), true);
});

test("a long text of digits is read in linear time", () => {
  const { test: holds } = parse("params.a > 1");
  const row = { param: () => `${"9".repeat(1_000_000)}x` };

  assert.equal(holds(row as unknown as Parameters<typeof holds>[0]), false);
});

test("an error says where, what, what was expected and what was meant", () => {
  assert.throws(
    () => parse("staus = 'finished'"),
    (error) => {
      assert.ok(error instanceof FilterError);
      assert.deepEqual(
        { ...error },
        {
          name: "FilterError",
          column: 9,
          what: "`'finished'` stands here",
          expected: "a number",
          try: "did you mean 'status'?",
        },
      );
      assert.equal(error.message, "`'finished'` stands here, expected a number.");
      return true;
    },
  );
});

for (const [name, text] of Object.entries({
  "a long name": "a".repeat(20_000),
  "many nots": "not ".repeat(1_000),
  "many parentheses": "(".repeat(5_000),
  "many groups": `a ~ '${"(".repeat(40)}'`,
  "groups that multiply": "params.a ~ '(((a{500}){500}){500}){500}'",
  "empty groups that multiply": "params.a ~ '((){500}){500}'",
  "half a character": "params.a ~ '\ud800",
})) {
  test(`nothing but a filter error comes of ${name}`, () => {
    assert.throws(() => parse(text), FilterError);
  });
}
