import assert from "node:assert/strict";
import { test } from "node:test";

import { complete, format, type Completion, type Vocabulary } from "../src/filter/complete.ts";
import { parse } from "../src/filter/filter.ts";
import { field, fields, writeField, type Field } from "../src/filter/tree.ts";

const VALUES: Readonly<Record<string, readonly unknown[]>> = {
  "params.opt": ["sgd", "adam", "it's"],
  "params.lr": [0.1, 1e-7, "auto", true, [64, 64]],
  "metrics.val/acc": [0.9, 0.95],
  experiment: ["digits", "vision"],
};
const VOCABULARY: Vocabulary = {
  fields: [
    field("metric", "val/acc"),
    field("metric", "my metric"),
    field("metric", "status"),
    field("param", "opt"),
    field("param", "lr"),
    field("param", 'model."a.b"'),
    field("tag", "team"),
  ],
  values: (of) => VALUES[writeField(of)] ?? [],
};

/** Complete at the `|`. */
function completed(text: string): Completion[] {
  const cursor = text.indexOf("|");
  return complete(text.replace("|", ""), cursor, VOCABULARY);
}

function inserts(text: string): string[] {
  return completed(text).map((one) => one.insert);
}

/** Put the first completion in. */
function first(text: string): string {
  const [one] = completed(text);
  const plain = text.replace("|", "");
  return one === undefined ? plain : plain.slice(0, one.from) + one.insert + plain.slice(one.to);
}

test("at the beginning stand fields, aggregates, `not` and `(`", () => {
  const found = inserts("|");

  assert.deepEqual(found.slice(0, 4), [
    "val/acc",
    'metrics."my metric"',
    "metrics.status",
    "params.opt",
  ]);
  for (const one of ["status", "attributes.id", "max(", "at(", "not", "("]) {
    assert.ok(found.includes(one), one);
  }
  assert.deepEqual(inserts("not |"), found);
  assert.deepEqual(inserts("opt = 1 and (|"), found);
});

test("a field is found by how its name begins, with or without its space, then by any part", () => {
  assert.deepEqual(inserts("op|"), ["params.opt"]);
  assert.deepEqual(inserts("params.|"), ["params.opt", "params.lr", 'params."model.""a.b"""']);
  assert.deepEqual(inserts("ACC|"), ["val/acc"]);
  assert.deepEqual(inserts("sta|"), ["status", "started", "metrics.status"]);
  assert.deepEqual(inserts("nothing like it|"), []);
});

test("a name in quotes is found and replaced as a whole, open or closed", () => {
  assert.equal(first('"my|'), 'metrics."my metric"');
  assert.equal(first('metrics."my|'), 'metrics."my metric"');
  assert.equal(first('metrics.`my m|et` > 1'), 'metrics."my metric" > 1');
  assert.equal(first('params.model."a|'), 'params."model.""a.b"""');
  assert.equal(first("lr < 1 and te|am = 'x'"), "lr < 1 and tags.team = 'x'");
  assert.equal(first("'\u{1f9e8}' = 1|"), "'\u{1f9e8}' = 1");
  assert.equal(first('"\u{1f9e8}" > 1 and op|'), '"\u{1f9e8}" > 1 and params.opt');
});

test("after a field stand the operators that it has", () => {
  assert.deepEqual(inserts("val/acc |"), [
    "=", "!=", "<", "<=", ">", ">=", "in", "not in", "exists", "missing",
  ]);
  assert.ok(inserts("params.opt |").includes("like"));
  assert.ok(!inserts("status |").includes("<"));
  assert.deepEqual(inserts("archived |"), ["=", "!=", "in", "not in", "exists", "missing"]);
  assert.deepEqual(inserts("params.opt not |"), ["in", "like", "ilike"]);
  assert.deepEqual(inserts("val/acc not |"), ["in"]);
  assert.deepEqual(inserts("params.opt li|"), ["like", "ilike"]);
  assert.deepEqual(inserts("max(val/acc) mi|"), ["missing"]);
});

test("after an operator stand the values that occur, in quotes where they must", () => {
  assert.deepEqual(inserts("params.opt = |"), ["'sgd'", "'adam'", "'it''s'"]);
  assert.deepEqual(inserts("params.opt=|"), ["'sgd'", "'adam'", "'it''s'"]);
  assert.equal(first("params.opt = a|"), "params.opt = 'adam'");
  assert.equal(first("params.opt = 'a|"), "params.opt = 'adam'");
  assert.equal(first("params.opt = 'a|x' and val/acc > 1"), "params.opt = 'adam' and val/acc > 1");
  assert.deepEqual(inserts("params.lr = |"), ["0.1", "1e-7", "'auto'", "true", "'[64, 64]'"]);
  assert.deepEqual(inserts("experiment in ('digits', |"), ["'digits'", "'vision'"]);
  assert.deepEqual(inserts("status = 'f|"), ["'finished'", "'failed'"]);
  assert.deepEqual(inserts("archived = |"), ["true", "false"]);
  assert.deepEqual(inserts("started > |"), ["-1d", "-7d", "-30d"]);
});

test("only numbers are offered where an order is asked for", () => {
  assert.deepEqual(inserts("params.lr < |"), ["0.1", "1e-7"]);
  assert.deepEqual(inserts("val/acc >= 0.95|"), []);
  assert.deepEqual(inserts("val/acc >= 0.9|"), ["0.95"]);
});

test("after a test stand `and` and `or`, and a parenthesis where one is open", () => {
  assert.deepEqual(inserts("val/acc > 1 |"), ["and", "or"]);
  assert.deepEqual(inserts("params.opt = 'x'|"), ["and", "or"]);
  assert.deepEqual(inserts("started > -7d |"), ["and", "or"]);
  assert.deepEqual(inserts("(val/acc > 1 |"), ["and", "or", ")"]);
  assert.deepEqual(inserts("not (val/acc > 1) a|"), ["and"]);
  assert.deepEqual(inserts("params.opt in ('x'|"), [",", ")"]);
});

test("in an aggregate stand metrics alone", () => {
  assert.deepEqual(inserts("max(|"), ["val/acc", 'metrics."my metric"', "metrics.status"]);
  assert.deepEqual(inserts("at(val/acc, |"), ["best"]);
  assert.equal(first("at(val/acc, best v|) > 1"), "at(val/acc, best val/acc) > 1");
  assert.deepEqual(inserts("max(val/acc |"), [")"]);
});

test("nothing is offered after a mistake, in a pattern, or in place of itself", () => {
  assert.deepEqual(inserts("attributes.colour |"), []);
  assert.deepEqual(inserts("val/acc == |"), []);
  assert.deepEqual(inserts("params.opt like |"), []);
  assert.deepEqual(inserts("params.opt|"), []);
});

test("every completion says what it is, and what is offered can be read", () => {
  for (const text of ["|", "val/acc |", "params.opt |", "(a = 1 |", "started > |"]) {
    for (const { insert, about } of completed(text)) {
      assert.ok(about !== "" || ["(", ")", "not"].includes(insert), insert);
    }
  }
  for (const { insert, about } of completed("|")) {
    if (["metric", "param", "tag", "attribute"].includes(about)) parse(`${insert} exists`);
  }
});

test("a field is written as briefly as it is read again", () => {
  const names = [
    "val/acc", "a.b", "metrics.a", "params.x", "run", "runs.x", "status", "created", "and", "NOT",
    "inf", "NaN", "_", "0.5", "my metric", 'a"b', "`", "日本", "\u{1f9e8}", "a,b", "x.", ".x",
    "max", "best", "true", "-", "a-b",
  ];
  const all: Field[] = names.flatMap((name) => [
    field("metric", name),
    field("metric", name, "max"),
    field("metric", name, "at", name),
    field("param", name),
    field("tag", name),
    field("summary", name),
  ]);
  for (const one of all) {
    const [found] = fields(parse(`${format(one)} exists`).tree);
    assert.deepEqual(found, one, format(one));
  }
  assert.equal(format(field("metric", "val/acc")), "val/acc");
  assert.equal(format(field("metric", "status")), "metrics.status");
  assert.equal(format(field("metric", "my metric")), 'metrics."my metric"');
  assert.equal(format(field("attribute", "status")), "status");
});
