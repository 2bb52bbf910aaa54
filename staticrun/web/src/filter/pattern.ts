// Patterns of text that take linear time, whoever wrote them: a filter may stand in a link, and
// the browser's own regular expressions go back over a text, so that `(a+)+$` never ends. The twin
// of staticrun/store/pattern.py, which says what a pattern may have; characters are code points.
//
// Source: K. Thompson, Regular expression search algorithm, CACM 11 (1968).

const PATTERN_CHARACTERS_MAX = 200;
const TEXT_CHARACTERS_MAX = 10_000;
const STATES_MAX = 1_000;
const REPEAT_MAX = 500;
const DEPTH_MAX = 20;
// In states of remembered steps: some megabytes.
const CACHE_MAX = 500_000;

/** Says whether a text holds a match; of a longer text it looks at 10,000 characters. */
export type Pattern = (text: string) => boolean;

/** A pattern is not one of these. */
export class PatternError extends Error {
  /** Where in the pattern, from 0, in code points. */
  readonly index: number;

  constructor(index: number, what: string) {
    super(what);
    this.index = index;
  }
}

/** Characters: those from one to the next, in pairs, or all others. */
interface Chars {
  readonly ranges: readonly number[];
  readonly negated: boolean;
}

/** A way to another state: over a character, at an edge of the text, or free. */
type Way = readonly [to: State, over?: Chars | "begin" | "end"];

interface State {
  readonly id: number;
  readonly ways: Way[];
}

/** Adds its own states before the one that follows it, and gives the first of them. */
type Fragment = (states: State[], after: State) => State;

/** States in which a pattern may be at once, and where a character leads from there. */
interface Place {
  readonly states: readonly State[];
  readonly accepts: boolean;
  readonly next: Map<number, Place>;
}

const CLASSES = new Map(Object.entries({
  d: codes("09"),
  w: codes("09AZ__az"),
  s: codes("\t\r  "),
}));
const CONTROLS = new Map(Object.entries({
  n: "\n",
  r: "\r",
  t: "\t",
}));
const ANY: Chars = { ranges: [], negated: true };

function codes(text: string): number[] {
  return [...text].map((char) => char.codePointAt(0) ?? 0);
}

function only(char: string): Chars {
  return { ranges: codes(char + char), negated: false };
}

function has({ ranges, negated }: Chars, wanted: readonly number[]): boolean {
  for (let i = 0; i < ranges.length; i += 2) {
    const [low = 0, high = 0] = [ranges[i], ranges[i + 1]];
    if (wanted.some((code) => low <= code && code <= high)) return !negated;
  }
  return negated;
}

/** A character in each case that is one character. */
function folded(char: string): number[] {
  const cases = [char, char.toLowerCase(), char.toUpperCase()].map(codes);
  return cases.flatMap((one) => (one.length === 1 ? one : []));
}

function add(states: State[], ...ways: Way[]): State {
  if (states.length >= STATES_MAX) throw new PatternError(0, "the pattern repeats too much");
  const state = { id: states.length, ways };
  states.push(state);
  return state;
}

/** Match one of some characters, or nothing at an edge of the text. */
function one(over: Chars | "begin" | "end"): Fragment {
  return (states, after) => add(states, [after, over]);
}

/** Match fragments one after another. */
function row(fragments: readonly Fragment[]): Fragment {
  return (states, after) => fragments.reduceRight((next, one) => one(states, next), after);
}

/** Match one of several fragments. */
function either(fragments: readonly Fragment[]): Fragment {
  const [first] = fragments;
  if (first !== undefined && fragments.length === 1) return first;
  return (states, after) => {
    const state = add(states);
    for (const fragment of fragments) state.ways.push([fragment(states, after)]);
    return state;
  };
}

/** Match a fragment several times; `most` may be infinite. */
function repeat(fragment: Fragment, least: number, most: number): Fragment {
  return (states, after) => {
    let next = after;
    const more = most < Infinity ? most - least : 0;
    if (most === Infinity) {
      next = add(states);
      next.ways.push([fragment(states, next)], [after]);
    }
    for (let i = 0; i < more + least; i++) {
      const state = add(states);
      state.ways.push([fragment(states, next)]);
      if (i < more) state.ways.push([next]);
      next = state;
    }
    return next;
  };
}

/** Build the states of a whole pattern. */
function automaton(whole: Fragment, fold: boolean): Pattern {
  const accept: State = { id: 0, ways: [] };
  const first = whole([accept], accept);
  let places = new Map<string, Place>();
  let cached = 0;

  const closure = (states: Iterable<State>, begin: boolean, end: boolean): Set<State> => {
    const found = new Set(states);
    // A set that grows is walked to its new end.
    for (const { ways } of found) {
      for (const [to, over] of ways) {
        if (over === undefined || (over === "begin" && begin) || (over === "end" && end)) {
          found.add(to);
        }
      }
    }
    return found;
  };
  const placeOf = (reached: Iterable<State>, begin: boolean): Place => {
    const states = [...closure(reached, begin, false)].sort((a, b) => a.id - b.id);
    const name = states.map(({ id }) => id).join();
    const place = places.get(name) ?? { states, accepts: states[0] === accept, next: new Map() };
    places.set(name, place);
    return place;
  };
  const step = (from: Place, char: string, code: number): Place => {
    const wanted = fold ? folded(char) : [code];
    const reached = [first];
    for (const { ways } of from.states) {
      for (const [to, over] of ways) {
        if (typeof over === "object" && has(over, wanted)) reached.push(to);
      }
    }
    const place = placeOf(reached, false);
    cached += place.states.length;
    if (cached > CACHE_MAX) {
      cached = 0;
      places = new Map();
      start = placeOf([first], true);
    }
    from.next.set(code, place);
    return place;
  };
  let start = placeOf([first], true);

  return (text) => {
    let place = start;
    let [count, ends] = [0, true];
    for (const char of text) {
      // A longer text has no end here: what `$` or `like` asks of it does not hold.
      ends = count < TEXT_CHARACTERS_MAX;
      if (place.accepts || !ends) break;
      count++;
      const code = char.codePointAt(0) ?? 0;
      place = place.next.get(code) ?? step(place, char, code);
    }
    return place.accepts || closure(place.states, count === 0, ends).has(accept);
  };
}

/**
 * Make a pattern of SQL: `%` is any text, `_` is any character; the whole text must match.
 *
 * @throws {PatternError} When it is longer than 200 characters.
 */
export function like(text: string, fold: boolean): Pattern {
  const parts = characters(text).map((char) =>
    char === "%" ? repeat(one(ANY), 0, Infinity) : one(char === "_" ? ANY : only(char)),
  );
  return automaton(row([one("begin"), ...parts, one("end")]), fold);
}

/**
 * Make a pattern of a regular expression that may match anywhere in the text.
 *
 * @throws {PatternError} When it is longer than 200 characters, or has what it may not have.
 */
export function regular(text: string): Pattern {
  const chars = characters(text);
  const fold = text.startsWith("(?i)");
  return automaton(read(chars, fold ? 4 : 0), fold);
}

function characters(text: string): string[] {
  const chars = [...text];
  if (chars.length > PATTERN_CHARACTERS_MAX) {
    const size = chars.length.toLocaleString("en");
    const what = `the pattern has ${size} characters, more than ${PATTERN_CHARACTERS_MAX}`;
    throw new PatternError(0, what);
  }
  return chars;
}

/** Read a regular expression from left to right. */
function read(chars: readonly string[], begin: number): Fragment {
  let index = begin;

  const fail = (what: string, at = index): never => {
    throw new PatternError(at, what);
  };
  const peek = (length = 1): string => chars.slice(index, index + length).join("");
  const take = (wanted: string): boolean => {
    const found = peek(wanted.length) === wanted;
    if (found) index += wanted.length;
    return found;
  };
  const anyOf = (depth: number): Fragment => {
    if (depth > DEPTH_MAX) fail(`more than ${DEPTH_MAX} groups in each other`);
    const rows: Fragment[] = [];
    do {
      const parts: Fragment[] = [];
      while (!["", "|", ")"].includes(peek())) parts.push(quantified(atom(depth)));
      rows.push(row(parts));
    } while (take("|"));
    return either(rows);
  };
  const quantified = (part: Fragment): Fragment => {
    const start = index;
    const times = timesOf();
    if (times === undefined) return part;
    take("?");
    if (["*", "+", "?", "{"].includes(peek())) fail("a repetition of a repetition");
    const [least, most] = times;
    if (least > REPEAT_MAX || most < least || (most > REPEAT_MAX && most < Infinity)) {
      fail(`a repetition that is not between 0 and ${REPEAT_MAX} times`, start);
    }
    return repeat(part, least, most);
  };
  /** Read how often the atom before is repeated; undefined when nothing says so. */
  const timesOf = (): [least: number, most: number] | undefined => {
    if (take("*")) return [0, Infinity];
    if (take("+")) return [1, Infinity];
    if (take("?")) return [0, 1];
    if (peek() !== "{") return undefined;
    const match = /^\{(\d{1,5})(,(\d{1,5})?)?\}/.exec(peek(chars.length));
    if (match === null) return fail("a `{` that begins no `{n}`, `{n,}` or `{n,m}`");
    const [all, least, comma, most] = match;
    index += all.length;
    return [Number(least), Number(comma === undefined ? least : (most ?? Infinity))];
  };
  const atom = (depth: number): Fragment => {
    const start = index;
    const char = peek();
    index++;
    if (char === "(") {
      if (peek() === "?" && !take("?:")) {
        fail(`the group \`${chars.slice(start, start + 3).join("")}\``, start);
      }
      const inside = anyOf(depth + 1);
      if (!take(")")) fail("a `(` without its `)`", start);
      return inside;
    }
    if ("*+?{".includes(char)) fail(`a \`${char}\` with nothing before it`, start);
    if (char === "^") return one("begin");
    if (char === "$") return one("end");
    if (char === "[") return one(classOf(start));
    if (char === "\\") return one(escaped());
    return one({ ...only(char === "." ? "\n" : char), negated: char === "." });
  };
  /** Read what follows a backslash. */
  const escaped = (): Chars => {
    const char = peek();
    const ranges = CLASSES.get(char.toLowerCase());
    const control = CONTROLS.get(char);
    if (ranges === undefined && control === undefined && !/^[^\p{L}\p{N}]$/u.test(char)) {
      fail(`the escape \`\\${char}\``, index - 1);
    }
    index++;
    return ranges ? { ranges, negated: char < "a" } : only(control ?? char);
  };
  /** Read a class after its `[`. */
  const classOf = (start: number): Chars => {
    const negated = take("^");
    const ranges: number[] = [];
    while (!take("]")) {
      const found = member(start);
      const [low = 0, end] = found;
      if (found.length === 2 && peek() === "-" && !["-", "-]"].includes(peek(2))) {
        const at = index++;
        const [, high = 0, ...more] = member(start);
        if (more.length > 0 || low !== end || low > high) {
          fail("a range whose ends are not in order", at);
        }
        ranges.push(low, high);
      } else {
        ranges.push(...found);
      }
    }
    if (ranges.length === 0) fail("an empty class", start);
    return { ranges, negated };
  };
  const member = (start: number): readonly number[] => {
    const char = peek();
    if (char === "") fail("a `[` without its `]`", start);
    index++;
    const { ranges, negated } = char === "\\" ? escaped() : only(char);
    if (negated) fail("a negated class in a class", index - 2);
    return ranges;
  };

  const whole = anyOf(0);
  if (index < chars.length) fail("a `)` without its `(`");
  return whole;
}
