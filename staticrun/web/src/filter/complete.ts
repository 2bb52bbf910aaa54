// What may stand at the cursor of a filter that is being written. The grammar is not told twice:
// the reader says what it wants where the text before the cursor ends.

import { textOf } from "./filter.ts";
import { number, STATUSES } from "./literal.ts";
import {
  AGGREGATES,
  ATTRIBUTES,
  joins,
  operatorsOf,
  OTHER_ATTRIBUTES,
  read,
  sortOf,
  SPACES,
  type Wanted,
} from "./parse.ts";
import { FilterError, tokens, type Token } from "./text.ts";
import { BARE, field, isPlain, KEYWORDS, quoted, writeField, type Field } from "./tree.ts";

/** What a filter may speak of. */
export interface Vocabulary {
  /** Fields that runs have, beside their attributes, the most telling first. */
  readonly fields: readonly Field[];
  /** Values of a field that occur, the most telling first. */
  readonly values: (field: Field) => readonly unknown[];
}

/** A text that may stand in place of the characters from `from` to `to`, in UTF-16 units. */
export interface Completion {
  readonly insert: string;
  readonly from: number;
  readonly to: number;
  /** What it is, in a word or some; may be empty. */
  readonly about: string;
}

const ABOUT = new Map(Object.entries({
  "=": "equal",
  "!=": "not equal",
  "<": "less",
  "<=": "at most",
  ">": "more",
  ">=": "at least",
  in: "one of a list",
  "not in": "none of a list",
  like: "text with % for anything",
  ilike: "like, in any case",
  "~": "regular expression",
  exists: "has a value",
  missing: "has none",
  and: "both",
  or: "one of the two",
  "-1d": "a day ago",
  "-7d": "a week ago",
  "-30d": "30 days ago",
}));

/**
 * List what may stand at the cursor, the likeliest first; nothing where the text before is wrong.
 *
 * @param cursor In UTF-16 units, as the selection of an input is.
 */
export function complete(text: string, cursor: number, vocabulary: Vocabulary): Completion[] {
  const from = startOfPart(text.slice(0, cursor));
  const to = from < cursor ? Math.max(cursor, from + endOfPart(text.slice(from))) : cursor;
  const typed = plain(text.slice(from, cursor));
  return offers(wantedAfter(text.slice(0, from)), vocabulary)
    .map(({ insert, about }) => ({ insert, about, rank: rankOf(plain(insert), typed) }))
    .filter(({ insert, rank }) => rank < 3 && insert !== text.slice(from, to))
    .sort((a, b) => a.rank - b.rank)
    .map(({ insert, about }) => ({ insert, from, to, about }));
}

/** Write a field as briefly as it is read again: most metrics need no `metrics.`. */
export function format(of: Field): string {
  const { space, name, aggregate } = of;
  const isTaken =
    KEYWORDS.includes(name.toLowerCase()) ||
    BARE.includes(name) ||
    OTHER_ATTRIBUTES.has(name) ||
    SPACES.has(name.split(".", 1)[0] ?? "") ||
    number(name) !== undefined;
  const isBare = space === "metric" && aggregate === "last" && isPlain(name) && !isTaken;
  return isBare ? name : writeField(of);
}

function plain(text: string): string {
  return text.replaceAll(/['"`]/g, "").toLowerCase();
}

/** Say how well an offer goes on with what was typed: from 0; 3 for not at all. */
function rankOf(offer: string, typed: string): number {
  if (offer.startsWith(typed)) return 0;
  return offer.replace(/^\w+[.(]/, "").startsWith(typed) ? 1 : offer.includes(typed) ? 2 : 3;
}

/** Give where the name, word or value begins that is being written; the end where none is. */
function startOfPart(before: string): number {
  let chars = [...before];
  let found: Token[];
  let isOpen = false;
  try {
    found = tokens(chars);
  } catch (error) {
    if (!(error instanceof FilterError)) throw error;
    // The quote is closed, to see what it is a part of.
    chars = [...chars, chars[error.column - 1] ?? ""];
    found = tokens(chars);
    isOpen = true;
  }
  found.pop();
  let last = found.pop();
  if (last === undefined || last.end < chars.length) return before.length;
  const { kind, text } = last;
  if (!isOpen && kind !== "word" && (kind !== "operator" || ABOUT.has(text))) {
    return before.length;
  }
  for (let one = found.pop(); one !== undefined && joins(one, last); one = found.pop()) last = one;
  return units(chars, last.start);
}

/** Give where the name, word or value ends that a text begins with. */
function endOfPart(text: string): number {
  const chars = [...text];
  try {
    const [first, ...more] = tokens(chars);
    let last = first as Token;
    for (const one of more) {
      if (!joins(last, one)) break;
      last = one;
    }
    return units(chars, last.end);
  } catch {
    // A quote that is never closed.
    return 0;
  }
}

function units(chars: readonly string[], n: number): number {
  return chars.slice(0, n).join("").length;
}

function wantedAfter(text: string): Wanted {
  const nothing: Wanted = { kind: "words", words: [], field: undefined };
  let wanted = nothing;
  try {
    read(text, 0, (one) => {
      wanted = one;
    });
  } catch (error) {
    if (!(error instanceof FilterError)) throw error;
    // What is wrong before the end has to be mended first.
    if (error.column <= [...text].length) return nothing;
  }
  return wanted;
}

type Offer = Pick<Completion, "insert" | "about">;

function offers({ kind, words, field: of }: Wanted, { fields, values }: Vocabulary): Offer[] {
  const known = (all: readonly string[]): Offer[] =>
    all.map((insert) => ({ insert, about: ABOUT.get(insert) ?? "" }));
  const names = (all: readonly Field[]): Offer[] =>
    all.map((one) => ({ insert: format(one), about: one.space }));
  if (kind === "metric") return names(fields.filter(({ space }) => space === "metric"));
  if (kind === "field") {
    return [
      ...names([...fields, ...ATTRIBUTES.map((name) => field("attribute", name))]),
      ...AGGREGATES.map((name) => ({ insert: `${name}(`, about: "of a metric" })),
      ...known(["not", "("]),
    ];
  }
  if (of === undefined) return known(words);
  if (kind === "operator") return known(operatorsOf(of).filter((word) => words.includes(word)));
  const sort = sortOf(of);
  if (sort === "status") return known(STATUSES.map((word) => quoted(word, "'")));
  if (sort === "boolean") return known(["true", "false"]);
  if (sort === "moment") return known(["-1d", "-7d", "-30d"]);
  const isOrdered = /^[<>]/.test(words[0] ?? "");
  const fit = values(of).filter((value) => !isOrdered || typeof value === "number");
  return known(fit.map(literalOf));
}

function literalOf(value: unknown): string {
  const isBare = typeof value === "number" || typeof value === "boolean";
  return isBare ? String(value) : quoted(textOf(value), "'");
}
