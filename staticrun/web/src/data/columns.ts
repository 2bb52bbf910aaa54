// Columns of runs: numbers, or words with a code for each run. Columns of several shards are put
// together here; whatever shows or filters runs reads these.

import { number } from "./numbers.ts";
import { compareNaturally, spell } from "./order.ts";
import type { Column, Words } from "./types.ts";

/** One number a run; NaN where it is missing or not a number. */
export interface Numbers {
  readonly kind: "numbers";
  readonly values: Float64Array;
  /** The runs whose value is NaN, rather than missing. */
  readonly nan: ReadonlySet<number>;
}

/** Values that occur, in natural order, and for each run the place of its own; -1 for none. */
export interface Codes {
  readonly kind: "words";
  readonly words: readonly unknown[];
  readonly codes: Int32Array;
}

export type Col = Numbers | Codes;

/** A part of a column: that of a shard, or n runs that do not have it. */
export interface Part {
  readonly n: number;
  readonly column: Column | undefined;
}

/** Put the parts of a column together, in order. */
export function join(parts: readonly Part[]): Col {
  const plain = parts.every(({ column }) => column === undefined || isList(column));
  const present = parts.some(({ column }) => column !== undefined);
  return plain && present ? joinNumbers(parts) : joinWords(parts);
}

function isList(column: Column): column is Exclude<Column, Words> {
  return Array.isArray(column);
}

function joinNumbers(parts: readonly Part[]): Numbers {
  const values = new Float64Array(parts.reduce((sum, part) => sum + part.n, 0)).fill(Number.NaN);
  const nan = new Set<number>();
  let at = 0;
  for (const { n, column } of parts) {
    if (column !== undefined && isList(column)) {
      for (let i = 0; i < n; i++) {
        values[at + i] = number(column[i]);
        if (column[i] === "NaN") nan.add(at + i);
      }
    }
    at += n;
  }
  return { kind: "numbers", values, nan };
}

function joinWords(parts: readonly Part[]): Codes {
  const codes = new Int32Array(parts.reduce((sum, part) => sum + part.n, 0)).fill(-1);
  const found = new Map<string, { word: unknown; rank: number }>();
  const local: { at: number; given: readonly number[]; names: string[] }[] = [];
  let at = 0;
  for (const { n, column } of parts) {
    if (column !== undefined) {
      const { words, codes: given } = isList(column) ? asWords(column) : column;
      const names = words.map(spell);
      names.forEach((name, i) => {
        if (!found.has(name)) found.set(name, { word: words[i], rank: 0 });
      });
      local.push({ at, given, names });
    }
    at += n;
  }
  const entries = [...found.values()];
  // One dictionary is in order already.
  if (local.length > 1) entries.sort((a, b) => compareNaturally(a.word, b.word));
  entries.forEach((entry, rank) => {
    entry.rank = rank;
  });
  for (const { at: start, given, names } of local) {
    const ranks = names.map((name) => found.get(name)?.rank ?? -1);
    for (let i = 0; i < given.length; i++) codes[start + i] = ranks[given[i] ?? -1] ?? -1;
  }
  return { kind: "words", words: entries.map((entry) => entry.word), codes };
}

function asWords(column: Exclude<Column, Words>): Words {
  const words: unknown[] = [];
  const places = new Map<unknown, number>();
  const codes = column.map((value) => {
    if (value === null) return -1;
    let place = places.get(value);
    if (place === undefined) {
      place = words.push(value) - 1;
      places.set(value, place);
    }
    return place;
  });
  return { words, codes };
}

/** Give a run's value: a number, a word, or undefined where it has none. */
export function at(column: Col, run: number): unknown {
  if (column.kind === "words") return column.words[column.codes[run] ?? -1];
  const value = column.values[run];
  return value === undefined || Number.isNaN(value) ? undefined : value;
}

/** Say whether a column has one value, or none, in all of some runs. */
export function isConstant(column: Col, runs: Uint32Array): boolean {
  const first = runs[0];
  if (first === undefined) return true;
  if (column.kind === "words") {
    const code = column.codes[first];
    return runs.every((run) => column.codes[run] === code);
  }
  const value = column.values[first] ?? Number.NaN;
  return runs.every((run) => Object.is(column.values[run], value));
}
