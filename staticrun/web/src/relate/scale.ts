// From a column's values to a place on an axis between 0 and 1.

import { linearTicks, logTicks } from "../chart/ticks.ts";
import { at, type Col } from "../data/columns.ts";
import { number, scalar } from "../data/format.ts";

/** A tick of an axis: where it stands, and what is written there. */
export interface Tick {
  readonly place: number;
  readonly text: string;
}

/** An axis. */
export interface Scale {
  readonly kind: "linear" | "log" | "words";
  readonly ticks: readonly Tick[];
  /** Where a value stands, 0 to 1; NaN for one that is missing or cannot be shown. */
  place(value: unknown): number;
}

/** Numbers that span more than this, all above zero, stand on a logarithmic axis. */
const LOG_FROM = 50;
const WORDS_MAX = 24;

/** Make the axis of a column over some runs; undefined where none of them has a value. */
export function scaleOf(column: Col, runs: Iterable<number>): Scale | undefined {
  const values = [...runs].map((run) => at(column, run)).filter((value) => value !== undefined);
  if (values.length === 0) return undefined;
  const numbers = values.filter((value): value is number => typeof value === "number");
  return numbers.length === values.length ? ofNumbers(numbers) : ofWords(column, values);
}

function ofNumbers(values: readonly number[]): Scale | undefined {
  const finite = values.filter(Number.isFinite);
  if (finite.length === 0) return undefined;
  const low = Math.min(...finite);
  const high = Math.max(...finite);
  const distinct = [...new Set(finite)].sort((a, b) => a - b);
  const log = low > 0 && high / low >= LOG_FROM;
  const of = log ? Math.log10 : (value: number): number => value;
  const span = of(high) - of(low);
  const place = (value: unknown): number => {
    if (typeof value !== "number" || !Number.isFinite(value) || (log && value <= 0)) {
      return Number.NaN;
    }
    return span > 0 ? (of(value) - of(low)) / span : 0.5;
  };
  const round = log ? logTicks : linearTicks;
  const at = isReadable(distinct.map(place)) ? distinct : round(low, high, 5).values;
  const ticks = at.map((value) => ({ place: place(value), text: number(value) }));
  return { kind: log ? "log" : "linear", ticks, place };
}

/** Few values, apart enough that each can be written. */
function isReadable(places: readonly number[]): boolean {
  return places.length <= 6 && places.every((one, i) => i === 0 || one - (places[i - 1] ?? 0) > 0.07);
}

function ofWords(column: Col, values: readonly unknown[]): Scale | undefined {
  const present = new Set(values.map(spell));
  const words = column.kind === "words" ? column.words : [...new Set(values)];
  const shown = words.map(spell).filter((word) => present.has(word));
  if (shown.length > WORDS_MAX) return undefined;
  const places = new Map(shown.map((word, i) => [word, (i + 0.5) / shown.length]));
  return {
    kind: "words",
    ticks: shown.map((word, i) => ({ place: (i + 0.5) / shown.length, text: word })),
    place: (value) => places.get(spell(value)) ?? Number.NaN,
  };
}

function spell(value: unknown): string {
  return scalar(value);
}
