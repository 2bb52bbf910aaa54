// A column of the table: what its head says, and what it takes to print and order its values.

import { visible } from "../chart/text.ts";
import { at, type Col } from "../data/columns.ts";
import { date, unit } from "../data/format.ts";
import type { Aggregate } from "../data/runs.ts";
import type { Metric } from "../data/types.ts";
import { directionOf } from "./catalog.ts";
import type { Facts } from "./facts.ts";
import { places, resultPlaces } from "./results.ts";
import type { Key } from "./sort.ts";
import { readRef, type Ref } from "./spelling.ts";
import { bestIn, type Value } from "./state.ts";

export interface Column {
  readonly id: string;
  readonly ref: Ref;
  /** As short as tells it from the others. */
  readonly head: string;
  /** The unit, and which of the metric's values it is. */
  readonly under: string;
  /** Its whole name. */
  readonly title: string;
  /** Whether it is set to the right. */
  readonly numeric: boolean;
  readonly result: boolean;
  readonly metric: Metric | undefined;
  readonly column: Col;
  /** Of times, the day on which all are; empty where there are several. */
  readonly day: string;
}

const HEADS: Readonly<Record<string, string>> = {
  name: "Run",
  status: "Status",
  started: "Started",
  duration: "Took",
  ended: "Ended",
  last_record: "Last record",
  user: "User",
  group: "Group",
  parent: "Parent",
  commit: "Commit",
  dirty: "Uncommitted changes",
  archived: "Archived",
};
const DAY_S = 86_400;
const TIMES: readonly string[] = ["started", "ended", "last_record"];

/** Whether a column holds times of the calendar. */
export function isTime(ref: Ref): boolean {
  return ref.space === "run" && TIMES.includes(ref.name);
}

/** The name that the picker and the head of the column give. */
export function titleOf(ref: Ref): string {
  if (ref.curve) return `${visible(ref.name)}, curve`;
  return ref.space === "run" ? (HEADS[ref.name] ?? ref.name) : visible(ref.name);
}

/**
 * Make columns.
 *
 * @param ids As spelled in the address; what cannot be read is left out.
 * @param value Which value of a metric a column shows that does not say so itself.
 */
export function makeColumns(facts: Facts, ids: readonly string[], value: Value): Column[] {
  const refs = ids
    .map((id) => ({ id, ref: readRef(id) }))
    .filter((one): one is { id: string; ref: Ref } => one.ref !== undefined);
  const tails = refs.map(({ ref }) => (ref.space === "params" ? visible(lastPart(ref.name)) : titleOf(ref)));
  return refs.map(({ id, ref }, i) => {
    const tail = tails[i] ?? "";
    const shared = tails.indexOf(tail) !== tails.lastIndexOf(tail);
    return makeColumn(facts, id, ref, shared ? titleOf(ref) : tail, value);
  });
}

function makeColumn(facts: Facts, id: string, ref: Ref, head: string, value: Value): Column {
  const result = ref.space === "metrics" || ref.space === "summary";
  const metric = result ? facts.known.get(ref.name) : undefined;
  const shown = ref.space === "metrics" && !ref.curve ? valued(ref, metric, value) : ref;
  const { aggregate = "last", best } = shown;
  const column = facts.runs.column(shown);
  const day = isTime(ref) ? sharedDay(column) : "";
  const isStep = aggregate.endsWith("step") || aggregate === "n" || aggregate === "nonfinite";
  return {
    id,
    ref: shown,
    head: ref.curve ? visible(ref.name) : head,
    under: ref.curve
      ? "curve"
      : isTime(ref)
        ? [day, "UTC"].filter(Boolean).join(", ")
        : [valueWords(aggregate, best), isStep ? "" : unit(metric)]
            .filter(Boolean)
            .join(", "),
    title: titleOf(ref),
    numeric: !ref.curve && (column.kind === "numbers" || isNumeric(column)),
    result: result && !ref.curve,
    metric: isStep ? undefined : metric,
    column,
    day,
  };
}

function sharedDay(column: Col): string {
  if (column.kind === "words") return "";
  let [first, last] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const value of column.values) {
    if (value < first) first = value;
    if (value > last) last = value;
  }
  const isOne = Math.floor(first / DAY_S) === Math.floor(last / DAY_S);
  return isOne && Number.isFinite(first) ? (date(first).split(",")[0] ?? "") : "";
}

/** What values of a metric are called, where their own word is not enough. */
const VALUE_WORDS: Readonly<Record<string, string>> = {
  last: "",
  min_step: "step of min",
  max_step: "step of max",
  last_step: "last step",
  n: "points",
  nonfinite: "NaN and infinite",
};

/** What a value of a metric is called; nothing for its last one. */
export function valueWords(aggregate: string, best = ""): string {
  return aggregate === "at" ? `at best ${visible(best)}` : (VALUE_WORDS[aggregate] ?? aggregate);
}

/** Give a metric the value that all show, unless it has one of its own. */
function valued(ref: Ref, metric: Metric | undefined, value: Value): Ref {
  if (ref.aggregate !== undefined) return ref;
  const best = bestIn(value);
  if (best !== undefined) return { ...ref, aggregate: "at", best };
  return { ...ref, aggregate: value === "best" ? (directionOf(metric) ?? "last") : (value as Aggregate) };
}

function isNumeric(column: Col): boolean {
  return (
    column.kind === "words" &&
    column.words.length > 0 &&
    column.words.every((word) => typeof word === "number")
  );
}

/** The last part of a dotted param, without the quotes of a key that holds a dot. */
function lastPart(name: string): string {
  const quoted = /(?:^|\.)"(.+)"$/.exec(name);
  return quoted?.[1] ?? (name.slice(name.lastIndexOf(".") + 1) || name);
}

/** A run's value; NaN where it is that, undefined where it has none. */
export function valueAt(column: Col, run: number): unknown {
  return column.kind === "numbers" && column.nan.has(run) ? Number.NaN : at(column, run);
}

/** A value as a number; NaN for what is none. */
export function numberAt(column: Col, run: number): number {
  if (column.kind === "numbers") return column.values[run] ?? Number.NaN;
  const value = at(column, run);
  return typeof value === "number" ? value : Number.NaN;
}

/** What orders runs by a column. */
export function keyOf(facts: Facts, { column, metric, result }: Column, down: boolean): Key {
  return {
    values: column.kind === "numbers" ? column.values : column.codes,
    place: result
      ? resultPlaces(column, facts.failed, directionOf(metric) !== undefined)
      : places(column),
    down,
  };
}
