// How columns are spelled in the address: `p:lr`, `m:val/acc`, `m:val/acc@max`,
// `m:val/acc@at@val/loss`, `r:status`, `c:val/acc` for a small curve. Marks inside a name are escaped as in URLs.

import type { Aggregate, Field } from "../data/runs.ts";

const LETTERS = { run: "r", params: "p", metrics: "m", tags: "t", summary: "s" } as const;
const SPACES: Readonly<Record<string, Field["space"]>> = {
  r: "run",
  p: "params",
  m: "metrics",
  t: "tags",
  s: "summary",
  c: "metrics",
};
const AGGREGATES: readonly string[] = ["min", "max", "mean", "first", "min_step", "max_step", "n", "last_step", "nonfinite"];

/** What a column shows: a field, or the small curve of a metric. */
export interface Ref extends Field {
  readonly curve?: boolean;
}

/** Spell a column. */
export function spellRef(ref: Ref): string {
  const aggregate = ref.aggregate ?? "last";
  const letter = ref.curve ? "c" : LETTERS[ref.space];
  const more = aggregate === "at" ? ["at", escape(ref.best ?? "")] : aggregate === "last" ? [] : [aggregate];
  return [`${letter}:${escape(ref.name)}`, ...more].join("@");
}

/** Read a column; undefined for what is none. */
export function readRef(text: string): Ref | undefined {
  const space = text[1] === ":" ? SPACES[text[0] ?? ""] : undefined;
  const [name = "", aggregate, best, ...more] = text.slice(2).split("@");
  if (space === undefined || more.length > 0 || (best !== undefined) !== (aggregate === "at")) return undefined;
  const ref = { space, name: unescape(name) };
  if (text.startsWith("c:")) return aggregate === undefined ? { ...ref, curve: true } : undefined;
  if (aggregate === undefined) return ref;
  if (space !== "metrics") return undefined;
  if (best !== undefined) return { ...ref, aggregate: "at", best: unescape(best) };
  if (!AGGREGATES.includes(aggregate)) return undefined;
  return { ...ref, aggregate: aggregate as Aggregate };
}

/** Escape the marks that have a meaning around names. */
function escape(name: string): string {
  return name.replace(/[%,@~*]/g, (mark) => `%${mark.charCodeAt(0).toString(16).toUpperCase()}`);
}

/** Take escapes out; a mangled one stays as it is. */
function unescape(text: string): string {
  return text.replace(/%(25|2C|40|7E|2A)/g, (_, code: string) =>
    String.fromCharCode(Number.parseInt(code, 16)),
  );
}
