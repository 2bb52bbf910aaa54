// Which known word was probably meant, as Python's difflib says it: so the browser and the
// command line give one hint.

/**
 * Say which known word was probably meant.
 *
 * @returns `did you mean 'lr'?` or the first known words; empty when there is no word at all.
 */
export function nearest(word: string, words: readonly string[]): string {
  const known = [...words].sort();
  let [best, score] = ["", 0.6];
  for (const one of known) {
    const found = ratio([...one], [...word]);
    if (found >= score) [best, score] = [one, found];
  }
  if (best !== "") return `did you mean '${best}'?`;
  if (known.length === 0) return "";
  return `one of ${known.slice(0, 12).map((one) => `'${one}'`).join(", ")}`;
}

/** How alike two texts are, 0 to 1. Source: Ratcliff and Metzener, Dr. Dobb's Journal, 7 (1988). */
function ratio(a: readonly string[], b: readonly string[]): number {
  return (2 * shared(a, b)) / (a.length + b.length);
}

/** Count the characters of the longest common part, and of those on both sides of it. */
function shared(a: readonly string[], b: readonly string[]): number {
  let [size, i, j] = [0, 0, 0];
  let before: number[] = [];
  a.forEach((char, x) => {
    const lengths: number[] = [];
    b.forEach((other, y) => {
      if (char !== other) return;
      const length = (lengths[y] = (before[y - 1] ?? 0) + 1);
      if (length > size) [size, i, j] = [length, x - length + 1, y - length + 1];
    });
    before = lengths;
  });
  if (size === 0) return 0;
  return size + shared(a.slice(0, i), b.slice(0, j)) + shared(a.slice(i + size), b.slice(j + size));
}
