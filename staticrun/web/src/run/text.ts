// What is copied from a run's page, as text.

const SIGNS: Readonly<Record<string, string>> = { a: "+", d: "-", h: "" };
// What YAML reads as itself without quotes; its words for true, false and null are none of these.
const PLAIN = /^(?!(?:y|n|yes|no|on|off|true|false|null)$)[a-z_][\w./-]*$/i;
/** Whether each word of a query stands in a text, in any case. */
export function matches(text: string, query: string): boolean {
  const low = text.toLowerCase();
  return query
    .toLowerCase()
    .split(/\s+/)
    .every((word) => low.includes(word));
}

/** Spell the lines of a difference, each with its class: `a` added, `d` removed, `h` a head. */
export function patch(lines: readonly (readonly [kind: string, text: string])[]): string {
  return lines.map(([kind, text]) => `${SIGNS[kind] ?? " "}${text}\n`).join("");
}

/** Spell nested values as YAML; lists stay on one line. */
export function yaml(values: unknown, indent = ""): string {
  return Object.entries(values as object)
    .map(([name, value]) => {
      const nests = value?.constructor === Object && Object.keys(value).length > 0;
      const text = nests ? `\n${yaml(value, `${indent}  `)}` : ` ${scalar(value)}\n`;
      return `${indent}${scalar(name)}:${text}`;
    })
    .join("");
}

function scalar(value: unknown): string {
  if (typeof value === "string" && PLAIN.test(value)) return value;
  if (Array.isArray(value)) return `[${value.map(scalar).join(", ")}]`;
  // YAML 1.1 reads 1e-7 as text, and needs the point.
  return JSON.stringify(value).replace(/^(-?\d+)e/, "$1.0e");
}
