// The filter language: which runs, in a line of text. Its grammar and what it means stand in
// staticrun/store/filter.py, whose twin this is; both pass tests/store/filter_cases.json.

import { number as numberOfText } from "./literal.ts";
import { read } from "./parse.ts";
import { like, regular } from "./pattern.ts";
import { FilterError } from "./text.ts";
import type { Expression, Field, Test, Value } from "./tree.ts";

export { FilterError } from "./text.ts";
export type { Expression, Field } from "./tree.ts";

/** What a filter asks of a run; null and undefined stand for a value that is missing. */
export interface Fields {
  /** An attribute of the run; times are Unix seconds. */
  attribute(name: string): unknown;
  /** A param by its dotted name, or by the key that holds the dots itself. */
  param(name: string): unknown;
  tag(name: string): unknown;
  /** A value of the summary. */
  summary(name: string): unknown;
  /**
   * A value of a metric; `best` is the other metric of the aggregate `at`.
   *
   * @throws {FilterError} When `at` needs a direction that nobody gave: `noDirection(best)`.
   */
  metric(name: string, aggregate: Field["aggregate"], best: string): number | null | undefined;
  /** The `name`, `digest` or `role` of each dataset. */
  dataset(name: string): readonly string[];
}

/** A parsed filter. */
export interface Filter {
  /** Whether a run passes. */
  readonly test: (row: Fields) => boolean;
  readonly tree: Expression;
}

/**
 * Read a filter.
 *
 * @param text Empty for every run.
 * @param options `clock`: now, in Unix seconds; without it a relative date is refused.
 * @throws {FilterError} When the text is no filter.
 */
export function parse(text: string, options: { readonly clock?: number } = {}): Filter {
  const tree = read(text, options.clock);
  const test = compiled<Fields>(tree, (leaf) => {
    const holds = check(leaf);
    const get = getter(leaf.field);
    return (row) => holds(get(row));
  });
  return { test, tree };
}

/** Make the error of `at(NAME, best METRIC)` where the project does not say what is best. */
export function noDirection(best: string): FilterError {
  const hint = `metrics: {${JSON.stringify(best)}: {direction: max}}`;
  const what = `what is best of ${best} is not known`;
  return new FilterError(1, what, "a direction in staticrun.yaml", hint);
}

/** Make one test of a tree, given how a leaf of it is tested. */
export function compiled<Row>(
  node: Expression,
  leaf: (test: Test) => (row: Row) => boolean,
): (row: Row) => boolean {
  if (node.is === "not") {
    const inner = compiled(node.inner, leaf);
    return (row) => !inner(row);
  }
  if (node.is === "and" || node.is === "or") {
    const parts = node.parts.map((part) => compiled(part, leaf));
    if (node.is === "or") return (row) => parts.some((part) => part(row));
    return (row) => parts.every((part) => part(row));
  }
  return leaf(node);
}

/** Make what gets a field of a run. */
export function getter({ space, name, aggregate, best }: Field): (row: Fields) => unknown {
  if (space === "metric") return (row) => row.metric(name, aggregate, best);
  return (row) => row[space](name);
}

/** Make the test of one value; of a field of datasets, of the list of their values. */
export function check(node: Test): (value: unknown) => boolean {
  if (node.field.space !== "dataset") return checkOne(node);
  if (node.is === "exists") return (value) => items(value).length > 0 !== node.negated;
  const one = checkOne(node);
  return (value) => items(value).some(one);
}

function items(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

function checkOne(node: Test): (value: unknown) => boolean {
  if (node.is === "exists") return (value) => (value ?? null) === null === node.negated;
  if (node.is === "like") {
    const whole = like(node.pattern, node.fold);
    return (value) => isThere(value) && whole(textOf(value)) !== node.negated;
  }
  if (node.is === "matches") {
    const part = regular(node.pattern);
    return (value) => isThere(value) && part(textOf(value));
  }
  const { space, name } = node.field;
  const equal = space === "attribute" && name === "commit" ? commitEqual : isEqual;
  if (node.is === "in") return among(equal, node.values, node.negated);
  if (node.operator === "=" || node.operator === "!=") {
    return among(equal, [node.value], node.operator === "!=");
  }
  return ordered(node.operator, node.value.number);
}

function ordered(operator: string, wanted: number | null): (value: unknown) => boolean {
  // Nothing is in order with NaN.
  const limit = wanted ?? NaN;
  if (operator === "<") return (value) => numberOf(value) < limit;
  if (operator === "<=") return (value) => numberOf(value) <= limit;
  if (operator === ">") return (value) => numberOf(value) > limit;
  return (value) => numberOf(value) >= limit;
}

type Equal = (value: unknown, wanted: Value) => boolean;

/** Say whether a value is one of some, or none of them; NaN is neither, on both sides. */
function among(
  equal: Equal,
  given: readonly Value[],
  negated: boolean,
): (value: unknown) => boolean {
  const values = given.filter((one) => one.kind === "text" || one.number !== null);
  if (values.length < given.length && (negated || given.length === 1)) return () => false;
  const numbers = values.some((one) => one.kind !== "text");
  return (value) => {
    if (!isThere(value) || (numbers && (value === "NaN" || value === "nan"))) return false;
    return values.some((one) => equal(value, one)) !== negated;
  };
}

function isThere(value: unknown): boolean {
  return value !== null && value !== undefined && !Number.isNaN(value);
}

/** Read a value as a number: itself, or a text that is one; NaN for all others. */
function numberOf(value: unknown): number {
  if (typeof value === "number") return value;
  return typeof value === "string" ? (numberOfText(value) ?? NaN) : NaN;
}

/** Give a value as a text: numbers and all that is not a text as JSON, as Python writes it. */
export function textOf(value: unknown): string {
  return typeof value === "string" ? value : json(value);
}

function json(value: unknown): string {
  if (typeof value === "number") return spelled(value);
  if (Array.isArray(value)) return `[${value.map(json).join(", ")}]`;
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  const parts = Object.entries(value).map(([key, one]) => `${JSON.stringify(key)}: ${json(one)}`);
  return `{${parts.join(", ")}}`;
}

/** Spell a number as Python does: `1e-05`, where JavaScript has `0.00001`. */
function spelled(value: number): string {
  const [digits = "", power = ""] = value.toExponential().split("e");
  const exponent = Number(power);
  // Also NaN and the infinities, which have no exponent.
  if (value === 0 || !(exponent < -4 || exponent >= 16)) return String(value);
  return `${digits}e${power.slice(0, 1)}${power.slice(1).padStart(2, "0")}`;
}

function isEqual(value: unknown, wanted: Value): boolean {
  if (wanted.kind === "boolean" || typeof value === "boolean") {
    if (wanted.kind !== "boolean" && wanted.kind !== "text") return false;
    return textOf(value).toLowerCase() === wanted.text.toLowerCase();
  }
  if (wanted.kind === "text") {
    // Two texts are compared as texts, also when both are numbers.
    const expected = typeof value === "string" ? undefined : numberOfText(wanted.text);
    return expected === undefined ? textOf(value) === wanted.text : numberOf(value) === expected;
  }
  const number = numberOf(value);
  if (wanted.number === null) return false;
  if (wanted.kind === "day") return wanted.number <= number && number < wanted.number + 86_400;
  return number === wanted.number;
}

function commitEqual(value: unknown, wanted: Value): boolean {
  const text = wanted.text.toLowerCase();
  return typeof value === "string" && [...text].length >= 7 && value.startsWith(text);
}
