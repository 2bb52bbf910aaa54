// The natural order of values, as the builder has it: numbers by size, texts by their parts, so
// that `run-10` comes after `run-9`.

const COLLATOR = new Intl.Collator("en", { numeric: true, sensitivity: "variant" });

/** Spell a JSON value so that equal values, and only those, have one spelling. */
export function spell(value: unknown): string {
  return typeof value === "string" ? `"${value}` : JSON.stringify(value);
}

/** Order two values: numbers first, then texts, then the rest. */
export function compareNaturally(a: unknown, b: unknown): number {
  const kinds = kind(a) - kind(b);
  if (kinds !== 0) return kinds;
  if (typeof a === "number" && typeof b === "number") return a - b;
  const [one, other] = [String(a), String(b)];
  return COLLATOR.compare(one, other) || (one < other ? -1 : Number(one > other));
}

function kind(value: unknown): number {
  if (typeof value === "number") return 0;
  return typeof value === "string" ? 1 : 2;
}
