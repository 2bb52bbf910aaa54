// Read the text of a filter into a tree: tokens, then a recursive descent over the grammar that
// staticrun/store/filter.py gives. The twin of staticrun/store/filter_parse.py.

import * as literal from "./literal.ts";
import { nearest } from "./nearest.ts";
import { like, PatternError, regular } from "./pattern.ts";
import { FilterError, tokens, type Token } from "./text.ts";
import {
  BARE,
  field,
  KEYWORDS,
  quoted as inQuotes,
  writeField,
  type Aggregate,
  type Expression,
  type Field,
  type Operator,
  type Space,
  type Test,
  type Value,
} from "./tree.ts";

const CHARACTERS_MAX = 10_000;
const DEPTH_MAX = 50;

/** What the values of a field are. */
export type Sort = "number" | "moment" | "length" | "boolean" | "status" | "text" | "any";

/** What may stand where the text of a filter ends. */
export interface Wanted {
  readonly kind: "field" | "metric" | "operator" | "value" | "words";
  /** Keywords and marks; of a value, the operator before it. */
  readonly words: readonly string[];
  /** Whose operator or value. */
  readonly field: Field | undefined;
}

export const SPACES = new Map<string, Space>(
  Object.entries({
    metrics: "metric",
    metric: "metric",
    params: "param",
    param: "param",
    parameters: "param",
    parameter: "param",
    tags: "tag",
    tag: "tag",
    summary: "summary",
    attributes: "attribute",
    attribute: "attribute",
    attr: "attribute",
    run: "attribute",
    datasets: "dataset",
    dataset: "dataset",
  }),
);
export const ATTRIBUTES = [...BARE, "id", "key", "ended"];
// MLflow's names, which may stand bare there too.
export const OTHER_ATTRIBUTES = new Map(Object.entries({
  run_id: "id",
  run_name: "name",
  user_id: "user",
  start_time: "started",
  created: "started",
  end_time: "ended",
}));
const DATASETS = new Map(Object.entries({
  name: "name",
  digest: "digest",
  role: "role",
  context: "role",
}));
const SORTS = new Map<string, Sort>(Object.entries({
  started: "moment",
  ended: "moment",
  duration: "length",
  archived: "boolean",
  status: "status",
}));
export const AGGREGATES: readonly string[] = ["last", "min", "max", "mean", "first", "at"];
const ORDERS = ["<", "<=", ">", ">="];
const SAME = ["=", "!="];
const AMONG = ["in", "not in"];
const THERE = ["exists", "missing"];
const OPERATORS = [...SAME, ...ORDERS, ...AMONG, "like", "ilike", "~", ...THERE];
const NEGATED = ["in", "like", "ilike"];
const NUMERIC = [...SAME, ...ORDERS, ...AMONG, ...THERE];
const TEXTUAL = [...SAME, ...AMONG, "like", "ilike", "~", ...THERE];
const STATUS = "one of 'finished', 'failed', 'stopped', 'open'";
const LENGTH = "a length of time";
const TEXT = "a text in quotes";

/** Of each sort: the operators it has, what is expected as a value, and what it is. */
const KINDS: Readonly<Record<Sort, readonly [readonly string[], expected: string, is: string]>> = {
  number: [NUMERIC, "a number", "a number"],
  moment: [NUMERIC, "a date such as 2026-11-01 or '2026-11-01T12:00'", "a moment"],
  length: [NUMERIC, `${LENGTH} such as 90s or 2h`, LENGTH],
  boolean: [[...SAME, ...AMONG, ...THERE], "true or false", "true or false"],
  status: [TEXTUAL, STATUS, "a text"],
  text: [TEXTUAL, TEXT, "a text"],
  any: [OPERATORS, `a number, true, false or ${TEXT}`, ""],
};
// What people write who know another language.
const MEANT = new Map(Object.entries({
  "==": "write `=`",
  "===": "write `=`",
  "<>": "write `!=`",
  "=~": "write `~`",
  "!~": "write `not NAME ~ PATTERN`",
  "=<": "write `<=`",
  "=>": "write `>=`",
  "&&": "write `and`",
  "||": "write `or`",
  is: "write `exists` or `missing`",
  contains: "write `like '%TEXT%'`",
  between: "write `NAME >= LOW and NAME <= HIGH`",
}));

/** Say what the values of a field are. */
export function sortOf({ space, name }: Field): Sort {
  if (space === "metric") return "number";
  if (space === "attribute") return SORTS.get(name) ?? "text";
  return space === "dataset" ? "text" : "any";
}

/** List the operators that a field may be tested by. */
export function operatorsOf(of: Field): readonly string[] {
  return KINDS[sortOf(of)][0];
}

/**
 * Read a filter; an empty one is one that every run passes.
 *
 * @param clock Now, in Unix seconds; undefined where nothing may depend on it.
 * @param tell Told, again and again, what may stand where the reading has come to.
 * @throws {FilterError} When the text is no filter.
 */
export function read(
  text: string,
  clock: number | undefined,
  tell: (wanted: Wanted) => void = () => {},
): Expression {
  const chars = [...text];
  if (chars.length > CHARACTERS_MAX) {
    const [size, most] = [chars.length, CHARACTERS_MAX].map((n) => n.toLocaleString("en"));
    throw new FilterError(1, `the filter has ${size} characters, more than ${most}`);
  }
  const all = tokens(chars);
  let index = 0;
  let depth = 0;
  let open = 0;
  let token = all[0] as Token;

  const want = (kind: Wanted["kind"], of?: Field, words: readonly string[] = []): void => {
    tell({ kind, field: of, words });
  };
  const next = (): Token => {
    const last = token;
    token = all[++index] ?? last;
    return last;
  };
  /** Go on when the token is this word or mark. */
  const take = (wanted: string): boolean => {
    const is = token.lower === wanted || (token.kind === "mark" && token.text === wanted);
    if (is) next();
    return is;
  };
  /** Go on over a word or mark, or fail. */
  const need = (wanted: string, expected: string, words = [wanted]): void => {
    want("words", undefined, words);
    if (!take(wanted)) fail(token, expected);
  };
  /** Throw: something else was expected here. */
  const fail = (at: Token, expected: string, hint = ""): never => {
    const { kind, start, end } = at;
    const [shown, more] = end - start > 40 ? [start + 37, "…"] : [end, ""];
    const what = `\`${chars.slice(start, shown).join("")}${more}\` stands here`;
    const meant = hint || (MEANT.get(at.text.toLowerCase()) ?? "");
    return wrong(at, kind === "end" ? "the filter ends" : what, expected, meant);
  };
  const wrong = ({ start }: Token, what: string, expected = "", hint = ""): never => {
    throw new FilterError(start + 1, what, expected, hint);
  };
  const deeper = (at: Token): void => {
    if (++depth > DEPTH_MAX) wrong(at, `nested more than ${DEPTH_MAX} levels deep`);
  };

  const list = (is: "and" | "or", part: () => Expression): Expression => {
    const first = part();
    const parts = [first];
    while (take(is)) parts.push(part());
    return parts.length === 1 ? first : { is, parts };
  };
  const either = (): Expression => list("or", () => list("and", negation));
  const negation = (): Expression => {
    want("field");
    const [at, before] = [token, depth];
    let inner: Expression;
    if (take("not")) {
      deeper(at);
      inner = { is: "not", inner: negation() };
    } else if (take("(")) {
      deeper(at);
      open++;
      inner = either();
      open--;
      if (!take(")")) fail(token, "`and`, `or` or `)`");
    } else {
      inner = test();
    }
    depth = before;
    want("words", undefined, open > 0 ? ["and", "or", ")"] : ["and", "or"]);
    return inner;
  };
  const test = (): Test => {
    const { kind } = token;
    const of = fieldOf();
    const sort = sortOf(of);
    // A mistyped attribute is read as the name of a metric.
    const meant = kind === "word" && of.space === "metric" ? nearest(of.name, BARE) : "";
    const hint = meant.startsWith("did") ? meant : "";
    const negated = take("not");
    const known = negated ? NEGATED : OPERATORS;
    want("operator", of, known);
    const word = token.kind === "operator" ? token.text : token.lower;
    if (!known.includes(word)) {
      fail(token, negated ? "`in` or `like`" : `an operator: ${OPERATORS.join(" ")}`);
    }
    const [allowed, expected, is] = KINDS[sort];
    if (!allowed.includes(word)) {
      wrong(token, `${writeField(of)} is ${is}`, `one of ${allowed.join(" ")}`, hint);
    }
    next();
    if (THERE.includes(word)) return { is: "exists", field: of, negated: word === "missing" };
    if (word === "in") return { is: "in", field: of, values: values(of, hint), negated };
    if (["like", "ilike", "~"].includes(word)) {
      want("words");
      const text = pattern(word);
      if (word === "~") return { is: "matches", field: of, pattern: text };
      // Other trackers write a status in upper case.
      const fold = word === "ilike" || sort === "status";
      return { is: "like", field: of, pattern: text, fold, negated };
    }
    const ordered = ORDERS.includes(word);
    want("value", of, [word]);
    if (token.kind === "end") fail(token, expected, hint);
    const value = valueOf(sort, hint, ordered);
    return { is: "compare", field: of, operator: word as Operator, value };
  };

  const values = (of: Field, hint: string): Value[] => {
    const found: Value[] = [];
    need("(", "`(`");
    do {
      want("value", of);
      found.push(valueOf(sortOf(of), hint, false));
    } while (take(","));
    need(")", "`,` or `)`", [",", ")"]);
    return found;
  };
  const valueOf = (sort: Sort, hint: string, ordered: boolean): Value => {
    const at = next();
    const { kind, text } = at;
    const expected = KINDS[sort][1];
    if (kind !== "word" && kind !== "single" && kind !== "double") {
      fail(at, expected, kind === "backtick" ? "write a text in single quotes" : "");
    }
    const quoted = kind !== "word";
    if (sort === "moment" && text.startsWith("-")) {
      const number = relative(at);
      if (number !== undefined) return { kind: "moment", text, number, quoted };
    }
    const found = readValue(text, sort, quoted, ordered);
    if (found !== undefined) return found;
    const texts = ["any", "text", "status"].includes(sort) && !quoted && !ordered;
    return fail(
      at,
      sort === "any" && ordered ? "a number" : expected,
      hint || (texts ? `write ${inQuotes(text, "'")}` : ""),
    );
  };
  /** Read a moment before now; undefined for what is none. */
  const relative = (at: Token): number | undefined => {
    const ago = literal.length(at.text.slice(1));
    if (ago === undefined || literal.number(at.text) !== undefined) return undefined;
    if (clock === undefined) {
      const what = `\`${at.text}\` is relative to now, and nothing here depends on the clock`;
      return wrong(at, what, "a date such as 2026-11-01");
    }
    return clock - ago;
  };
  const pattern = (word: string): string => {
    const at = next();
    const { kind, text, start } = at;
    if (kind !== "single" && kind !== "double") {
      fail(at, "a pattern in quotes", `write ${inQuotes(text || "%", "'")}`);
    }
    try {
      if (word === "~") regular(text);
      else like(text, false);
    } catch (error) {
      if (!(error instanceof PatternError)) throw error;
      const before = [...text].slice(0, error.index);
      const quotes = before.filter((char) => char === chars[start]).length;
      const column = start + 2 + error.index + quotes;
      throw new FilterError(column, `the pattern has ${error.message}`);
    }
    return text;
  };

  const fieldOf = (): Field => {
    const { kind, text, lower } = token;
    const following = all[index + 1];
    if (kind === "word" && following?.kind === "mark" && following.text === "(") {
      if (AGGREGATES.includes(lower)) return aggregate();
      if (!KEYWORDS.includes(lower)) fail(token, "a field", nearest(lower, AGGREGATES));
    }
    if (!isName(token)) {
      const hint = kind === "single" ? `write "${text}" for a name` : "";
      fail(token, "a field such as metrics.NAME", hint);
    }
    if (KEYWORDS.includes(lower)) {
      fail(token, "a field", `write "${text}" for a metric of that name`);
    }
    if (literal.number(lower) !== undefined) {
      fail(token, "a field", "write the field before the operator");
    }
    return named(true);
  };
  const aggregate = (): Field => {
    const kind = next().lower as Aggregate;
    next();
    const name = metric();
    let best = "";
    if (kind === "at") {
      need(",", "`, best NAME`");
      need("best", "`best NAME`");
      best = metric();
    }
    need(")", "`)`");
    return field("metric", name, kind, best);
  };
  const metric = (): string => {
    want("metric");
    const at = token;
    if (!isName(at)) fail(at, "the name of a metric");
    const found = named(false);
    if (found.space !== "metric") {
      wrong(at, `${writeField(found)} is no metric`, "the name of a metric");
    }
    return found.name;
  };
  /** Read a name of one or several parts: `params.model."a.b".c`. */
  const named = (bare: boolean): Field => {
    const first = next();
    const { text, lower } = first;
    let parts = [first];
    for (let last = first; joins(last, token); parts.push(last)) last = next();
    if (bare && lower && parts.length === 1) {
      if (BARE.includes(text) || OTHER_ATTRIBUTES.has(text)) return attribute(first, text);
    }
    const [, prefix = "", rest] = /^([^.]*)\.(.*)$/s.exec(lower && text) ?? [];
    const space = SPACES.get(prefix);
    if (space !== undefined) {
      parts = [...(rest ? [{ ...first, text: rest }] : []), ...parts.slice(1)];
    }
    const name = joined(parts);
    if (name === "") fail(first, space === undefined ? "a name" : "a name after the dot");
    if (space === "attribute") return attribute(first, name);
    if (space !== "dataset") return field(space ?? "metric", name);
    const known = DATASETS.get(name);
    if (known !== undefined) return field("dataset", known);
    return wrong(first, `datasets have no \`${name}\``, "", nearest(name, [...DATASETS.keys()]));
  };
  const attribute = (at: Token, name: string): Field => {
    const known = OTHER_ATTRIBUTES.get(name.toLowerCase().replaceAll(" ", "_")) ?? name;
    if (!ATTRIBUTES.includes(known)) {
      wrong(at, `runs have no attribute \`${name}\``, "", nearest(name, ATTRIBUTES));
    }
    return field("attribute", known);
  };

  want("field");
  const isEnd = (): boolean => token.kind === "end";
  if (isEnd()) return { is: "and", parts: [] };
  const tree = either();
  if (!isEnd()) fail(token, "`and`, `or` or the end");
  return tree;
}

function isName({ kind }: Token): boolean {
  return kind === "word" || kind === "double" || kind === "backtick";
}

/** Whether a token goes on with the name that the one before it is a part of. */
export function joins(last: Token, next: Token): boolean {
  if (next.start !== last.end) return false;
  if (last.kind === "word") {
    return last.text.endsWith(".") && (next.kind === "double" || next.kind === "backtick");
  }
  return next.text.startsWith(".");
}

/** Spell a name as params are: parts that hold a dot stay quoted, but for a single one. */
function joined(parts: readonly Token[]): string {
  const [first] = parts;
  if (first !== undefined && parts.length === 1) return first.text;
  return parts.map(({ kind, text }) => (kind === "word" ? text : JSON.stringify(text))).join("");
}

/** Read a value as its field wants it; undefined when it is something else. */
function readValue(text: string, sort: Sort, quoted: boolean, ordered: boolean): Value | undefined {
  const value = (kind: Value["kind"], number: number | null, as = text): Value => ({
    kind,
    text: as,
    number: Number.isNaN(number) ? null : number,
    quoted,
  });
  if (sort === "moment") {
    const found = literal.moment(text);
    return found && value(found[1] ? "day" : "moment", found[0]);
  }
  if (sort === "length") {
    const seconds = literal.length(text);
    return seconds === undefined ? undefined : value("length", seconds);
  }
  if (sort === "status") {
    const known = quoted ? literal.status(text) : undefined;
    return known === undefined ? undefined : value("text", null, known);
  }
  const number = literal.number(text);
  if (sort === "text") return quoted || number !== undefined ? value("text", null) : undefined;
  if (sort === "any" && quoted && !ordered) return value("text", null);
  const lower = text.toLowerCase();
  if ((lower === "true" || lower === "false") && sort !== "number" && !ordered) {
    return value("boolean", Number(lower === "true"), lower);
  }
  return number === undefined || sort === "boolean" ? undefined : value("number", number);
}
