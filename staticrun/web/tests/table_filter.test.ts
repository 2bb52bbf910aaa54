import assert from "node:assert/strict";
import { test } from "node:test";

import { field } from "../src/filter/tree.ts";
import { narrow } from "../src/table/actions.ts";
import { passing, read } from "../src/table/filter.ts";
import { vocabularyOf } from "../src/table/vocabulary.ts";
import { keysOf, runsOf, type Made } from "./table_runs.ts";

const ROWS: Made[] = [
  { key: "e/a", params: { lr: 0.1, opt: "sgd" }, metrics: { "val/acc": 0.5, "odd name": 1 }, tags: { team: "x" } },
  { key: "e/b", params: { lr: 0.01, opt: "adam" }, metrics: { "val/acc": "NaN" }, status: "failed" },
  { key: "e/c", params: { opt: "it's" }, summary: { "val/best": 0.7 } },
];
const RUNS = runsOf(ROWS, { metrics: { "val/acc": { direction: "max" } } });
const ALL = Uint32Array.of(0, 1, 2);

function found(text: string): string {
  const { tree, problem } = read(text, RUNS, 0);
  assert.ok(tree, problem?.text);
  return keysOf(RUNS, passing(tree, RUNS, ALL)).join(" ");
}

test("a filter chooses rows by metrics, params, tags, summary and what a run is", () => {
  assert.equal(found(""), "a b c");
  assert.equal(found("val/acc >= 0.5"), "a");
  assert.equal(found("params.lr < 0.05 or summary.val/best > 0.5"), "b c");
  assert.equal(found("tags.team = 'x' and not status = 'failed'"), "a");
  assert.equal(found("attributes.key = 'e/c'"), "c");
});

test("NaN is a value that compares with nothing, and no missing one", () => {
  assert.equal(found("val/acc exists"), "a b");
  assert.equal(found("val/acc != 0.5"), "");
  assert.equal(found("val/acc missing"), "c");
});

test("what is wrong is told under its place", () => {
  assert.deepEqual(read("val/acc > 0.9 and params.lr <", RUNS, 0).problem?.at, 29);
  const { problem } = read("val/acc > 0 and params.oqt = 'sgd'", RUNS, 0);

  assert.equal(problem?.at, 16);
  assert.equal(problem?.text, "No run has the param oqt. Did you mean opt?");
});

test("what is best of a metric must be declared; a guess is none", () => {
  const guessed = runsOf(ROWS, { metrics: { "val/acc": { direction: "max", guessed: true } } });
  const { at, text } = read("at(`odd name`, best val/acc) > 0", guessed, 0).problem ?? {};

  assert.equal(at, 20);
  assert.match(text ?? "", /^What is best of val\/acc is not known/);
  assert.match(read("at(val/acc, best val/bcc) > 0", RUNS, 0).problem?.text ?? "", /Did you mean val\/acc/);
  assert.equal(read("at(`odd name`, best val/acc) > 0", RUNS, 0).problem, undefined);
});

test("what was probably meant can take the place of a slip", () => {
  const text = "params.oqt = 'sgd'";
  const { mend } = read(text, RUNS, 0).problem ?? {};

  assert.ok(mend);
  assert.equal(text.slice(0, mend.from) + mend.insert + text.slice(mend.to), "params.opt = 'sgd'");
});

test("fields and values are offered, declared metrics first and frequent values first", () => {
  const { fields, values } = vocabularyOf(RUNS);

  assert.deepEqual(fields.slice(0, 3).map(({ name }) => name), ["val/acc", "odd name", "lr"]);
  assert.deepEqual(values(field("param", "opt")), ["sgd", "adam", "it's"]);
  assert.deepEqual(values(field("attribute", "status")), ["finished", "failed"]);
});

test("a test that is put behind a filter keeps what the filter says", () => {
  assert.equal(narrow("", "a = 1"), "a = 1");
  assert.equal(narrow("b = 2 or c = 3", "a = 1"), "(b = 2 or c = 3) and a = 1");
  assert.equal(narrow("b = 2 and a = 1", "a = 1"), "b = 2 and a = 1");
  assert.equal(narrow("b = ", "a = 1"), "a = 1", "what cannot be read is replaced");
});
