import assert from "node:assert/strict";
import { test } from "node:test";

import { isNear, ready, search, words, type Entry } from "../src/search/rank.ts";

const entry = (title: string, about = ""): Entry => ({ kind: "run", title, url: "", about });
const ENTRIES = [
  entry("adam lr 0.01 seed 3", "vision/net/adam · team: risk"),
  entry("adagrad", "vision/net/adagrad · team: fraud"),
  entry("Café résumé", "x"),
  entry("sgd", "tags: baseline, adam"),
].map(ready);
const titles = (query: string): string[] => search(ENTRIES, query, 9).map((one) => one.entry.title);

test("every word has to be there, whatever its case and accents", () => {
  assert.deepEqual(titles("ADAM risk"), ["adam lr 0.01 seed 3"]);
  assert.deepEqual(titles("cafe resume"), ["Café résumé"]);
  assert.deepEqual(titles("adam nothing"), []);
  assert.deepEqual(titles(" "), []);
});

test("a word of the title comes before one of what else is known", () => {
  assert.deepEqual(titles("adam"), ["adam lr 0.01 seed 3", "sgd"]);
  assert.deepEqual(titles("ada"), ["adam lr 0.01 seed 3", "adagrad", "sgd"]);
});

test("one slip is forgiven in a longer word", () => {
  for (const slip of ["fraid", "frad", "fraaud", "rfaud"]) assert.deepEqual(titles(slip), ["adagrad"]);
  assert.deepEqual(titles("frid"), []);
  assert.deepEqual(titles("sgx"), []);
});

test("numbers keep their points and signs", () => {
  assert.deepEqual(words("lr=0.01, 1e-5; a/b"), ["lr", "0.01", "1e-5", "a", "b"]);
});

test("words far from each other are not near", () => {
  assert.ok(isNear("baseline", "baselime"));
  assert.ok(!isNear("baseline", "bassline2x"));
  assert.ok(!isNear("risk", "disc"));
});
