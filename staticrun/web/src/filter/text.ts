// The text of a filter: what is wrong with it and where, and the pieces that it is made of. The
// twin of staticrun/store/filter_text.py.

/** A text is no filter. */
export class FilterError extends Error {
  /** Where the problem begins, from 1, in code points. */
  readonly column: number;
  /** What is wrong; a clause. */
  readonly what: string;
  /** What was expected instead; may be empty. */
  readonly expected: string;
  /** What was probably meant; may be empty. */
  readonly try: string;

  constructor(column: number, what: string, expected = "", try_ = "") {
    super(`${what}${expected && `, expected ${expected}`}.`);
    this.name = "FilterError";
    this.column = column;
    this.what = what;
    this.expected = expected;
    this.try = try_;
  }
}

/** A piece of the text. */
export interface Token {
  /**
   * `word` (a name, keyword or value), `single`, `double` and `backtick` (by their quotes),
   * `operator`, `mark` (a parenthesis or comma), `end`.
   */
  readonly kind: "word" | "single" | "double" | "backtick" | "operator" | "mark" | "end";
  /** Without quotes. */
  readonly text: string;
  /** The text of a word in lower case; empty for all others. */
  readonly lower: string;
  /** Index of its first character, in code points. */
  readonly start: number;
  /** Index after its last one. */
  readonly end: number;
}

// What Python takes for white space, not what JavaScript does.
const SPACE = /[\t-\r\x1c-\x20\x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]/;
const QUOTES = new Map<string, Token["kind"]>([
  ["'", "single"],
  ['"', "double"],
  ["`", "backtick"],
]);

function kindOf(char = ""): Token["kind"] | undefined {
  if (SPACE.test(char)) return undefined;
  if ("=<>!~".includes(char)) return "operator";
  return "(),".includes(char) ? "mark" : (QUOTES.get(char) ?? "word");
}

/**
 * Cut a filter, given as its characters, into tokens; the last one is its end.
 *
 * @throws {FilterError} When a quote is never closed.
 */
export function tokens(chars: readonly string[]): Token[] {
  const found: Token[] = [];
  const add = (kind: Token["kind"], text: string, start: number, end: number): void => {
    found.push({ kind, text, lower: kind === "word" ? text.toLowerCase() : "", start, end });
  };
  let index = 0;
  while (index < chars.length) {
    const start = index++;
    const kind = kindOf(chars[start]);
    if (kind === undefined) continue;
    let text = chars[start] ?? "";
    if (QUOTES.has(text)) {
      [text, index] = unquoted(chars, start);
    } else if (kind !== "mark") {
      while (index < chars.length && kindOf(chars[index]) === kind) text += chars[index++] ?? "";
    }
    add(kind, text, start, index);
  }
  add("end", "", index, index);
  return found;
}

/** Read from a quote to the one that closes it; two in a row are one character. */
function unquoted(chars: readonly string[], start: number): [content: string, end: number] {
  const quote = chars[start] ?? "";
  let content = "";
  for (let index = start + 1; index < chars.length; index++) {
    if (chars[index] === quote && chars[++index] !== quote) return [content, index];
    content += chars[index] ?? "";
  }
  throw new FilterError(start + 1, `the quote ${quote} is never closed`);
}
