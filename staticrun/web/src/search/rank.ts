// Finding entries by words that somebody half remembers.

/** Something that search can find. */
export interface Entry {
  /** `run`, `experiment`, `metric`, or what a page of the index is. */
  readonly kind: string;
  readonly title: string;
  /** Relative to the site's root. */
  readonly url: string;
  /** What else is known of it; searched, too, and shown behind the title. */
  readonly about: string;
}

export interface Found {
  readonly entry: Entry;
  readonly score: number;
}

/** A typo is forgiven in words of at least this many letters. */
const FORGIVEN = 4;

/** Split a text into the words that are searched: lower case, without accents. */
export function words(text: string): string[] {
  return fold(text).split(/[^\p{L}\p{N}.+-]+/u).filter((word) => word !== "");
}

function fold(text: string): string {
  return text.normalize("NFKD").replace(/\p{M}+/gu, "").toLowerCase();
}

/** An entry made ready to be searched. */
export interface Ready {
  readonly entry: Entry;
  readonly title: readonly string[];
  readonly all: readonly string[];
  readonly text: string;
}

/** Make an entry ready. */
export function ready(entry: Entry): Ready {
  const title = words(entry.title);
  const text = fold(`${entry.title} ${entry.about}`);
  return { entry, title, all: [...title, ...words(entry.about)], text };
}

/**
 * Find the entries that have every word of a query, the best first.
 *
 * A word counts most where it is a whole word of the title, less as the beginning of one, inside
 * one, or in what else is known; least with one letter wrong, missing, too many, or two swapped.
 *
 * @param most How many at the most.
 */
export function search(entries: readonly Ready[], query: string, most: number): Found[] {
  const asked = words(query);
  if (asked.length === 0) return [];
  const found: Found[] = [];
  for (const one of entries) {
    let score = 0;
    for (const word of asked) {
      const gained = gain(one, word);
      if (gained === 0) {
        score = 0;
        break;
      }
      score += gained;
    }
    if (score > 0) found.push({ entry: one.entry, score });
  }
  // Sorting is stable: equals stay in natural order.
  return found.sort((a, b) => b.score - a.score).slice(0, most);
}

function gain(one: Ready, word: string): number {
  const inText = one.text.includes(word);
  if (inText) {
    if (one.title.includes(word)) return 12;
    if (one.title.some((own) => own.startsWith(word))) return 9;
    if (one.all.includes(word)) return 7;
    if (one.all.some((own) => own.startsWith(word))) return 5;
    return 3;
  }
  if (word.length < FORGIVEN) return 0;
  return one.all.some((own) => isNear(own, word)) ? 1 : 0;
}

/** Say whether one edit, or one swap of neighbours, makes two words the same. */
export function isNear(own: string, word: string): boolean {
  if (Math.abs(own.length - word.length) > 1) return false;
  let i = 0;
  while (i < word.length && own[i] === word[i]) i++;
  // After the first letter that differs: replaced, left out, too many, or swapped.
  return (
    own.slice(i + 1) === word.slice(i + 1) ||
    own.slice(i + 1) === word.slice(i) ||
    own.slice(i) === word.slice(i + 1) ||
    (own[i] === word[i + 1] && own[i + 1] === word[i] && own.slice(i + 2) === word.slice(i + 2))
  );
}
