// How long filters take over 100,000 runs, as columns and run by run: `node tests/bench_filter.ts`.
// Goal: a number and a category under 50 ms. Median of 15, in milliseconds, the first in brackets.

import { parse, type Fields } from "../src/filter/filter.ts";
import { select, type Table } from "../src/filter/table.ts";

const N = 100_000;

let state = 20_240_229;
function random(): number {
  state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
  return state / 2_147_483_648;
}

const NUMBERS: Readonly<Record<string, Float64Array>> = {
  "val/acc": Float64Array.from({ length: N }, () => (random() < 0.05 ? Number.NaN : random())),
  lr: Float64Array.from({ length: N }, () => 10 ** (-5 * random())),
  started: Float64Array.from({ length: N }, () => 1_793_534_400 + 1e7 * random()),
};
const WORDS: Readonly<Record<string, readonly string[]>> = {
  opt: ["adam", "adamw", "lion", "sgd"],
  name: Array.from({ length: N }, (_, i) => `${i.toString(36)}-wide-net-${i}`),
};
const CODES: Readonly<Record<string, Int32Array>> = {
  opt: Int32Array.from({ length: N }, () => Math.floor(random() * 5) - 1),
  name: Int32Array.from({ length: N }, (_, i) => i),
};

let run = 0;
const value = (name: string): unknown =>
  NUMBERS[name]?.[run] ?? WORDS[name]?.[CODES[name]?.[run] ?? -1];
const row: Fields = {
  attribute: value,
  param: value,
  tag: value,
  summary: value,
  metric: (name) => NUMBERS[name]?.[run],
  dataset: () => [],
};
const table: Table = {
  n: N,
  numbers: ({ name }) => NUMBERS[name],
  words: ({ name }) => {
    const [words, codes] = [WORDS[name], CODES[name]];
    return words && codes && { words, codes };
  },
  row: (given) => {
    run = given;
    return row;
  },
};
const rows: Table = { ...table, numbers: () => undefined, words: () => undefined };

function measure(filter: string, over: Table): string {
  const { tree } = parse(filter);
  let found = 0;
  const times = Array.from({ length: 15 }, () => {
    const start = performance.now();
    found = select(tree, over).length;
    return performance.now() - start;
  });
  const first = times[0] ?? Number.NaN;
  const median = times.toSorted((a, b) => a - b)[7] ?? Number.NaN;
  const shown = [median, first].map((time) => time.toFixed(1).padStart(7));
  return `${shown[0]} [${shown[1]}]  ${String(found).padStart(6)} runs`;
}

for (const filter of [
  "val/acc > 0.9",
  "val/acc > 0.9 and params.opt = 'adam'",
  "val/acc > 0.5 and params.lr < 1e-3 and params.opt = 'sgd' and not started < 2026-11-20",
  "params.opt like 'adam%' or val/acc missing",
  "name ~ 'net-9+$'",
  "params.lr like '%e-05'",
]) {
  console.log(filter);
  console.log(`  columns ${measure(filter, table)}`);
  console.log(`  rows    ${measure(filter, rows)}`);
}
