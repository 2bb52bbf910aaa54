// The parts of a parsed filter, and how they are written: printing a tree and parsing the text
// gives the tree again. The twin of staticrun/store/filter_tree.py.

export type Space = "metric" | "param" | "tag" | "summary" | "attribute" | "dataset";
export type Aggregate = "last" | "min" | "max" | "mean" | "first" | "at";
export type Operator = "=" | "!=" | "<" | "<=" | ">" | ">=";

/** What is looked at. */
export interface Field {
  readonly space: Space;
  /** Without quotes. */
  readonly name: string;
  /** Which value of a metric; `at` is the one where `best` was best. */
  readonly aggregate: Aggregate;
  /** The other metric of `at`; else empty. */
  readonly best: string;
}

/** What it is compared with. */
export interface Value {
  /** `moment` and `day` (a date alone) are Unix seconds, `length` is seconds. */
  readonly kind: "text" | "number" | "boolean" | "moment" | "day" | "length";
  /** As written, without quotes. */
  readonly text: string;
  /** The number that it is, 1 or 0 for a boolean; null for a text and for NaN. */
  readonly number: number | null;
  /** Whether it stood in quotes. */
  readonly quoted: boolean;
}

export type Test =
  | {
      readonly is: "compare";
      readonly field: Field;
      readonly operator: Operator;
      readonly value: Value;
    }
  | {
      readonly is: "in";
      readonly field: Field;
      readonly values: readonly Value[];
      readonly negated: boolean;
    }
  | {
      readonly is: "like";
      readonly field: Field;
      readonly pattern: string;
      readonly fold: boolean;
      readonly negated: boolean;
    }
  | { readonly is: "matches"; readonly field: Field; readonly pattern: string }
  | { readonly is: "exists"; readonly field: Field; readonly negated: boolean };

/** `and` without parts is every run. */
export type Expression =
  | Test
  | { readonly is: "not"; readonly inner: Expression }
  | { readonly is: "and"; readonly parts: readonly Expression[] }
  | { readonly is: "or"; readonly parts: readonly Expression[] };

/** Attributes that a bare name means; the others need `attributes.` in front. */
export const BARE =
  "experiment name status user started duration commit group parent archived".split(" ");
export const KEYWORDS = "and or not in like ilike exists missing".split(" ");

const PLAIN = /^[A-Za-z_][A-Za-z0-9_./-]*$/;

/** Make a field; of a metric, the last value where nothing else is said. */
export function field(space: Space, name: string, aggregate: Aggregate = "last", best = ""): Field {
  return { space, name, aggregate, best };
}

/** Write a tree as a filter. */
export function write(tree: Expression): string {
  if (tree.is === "or") return tree.parts.map((part) => inner(part, "or")).join(" or ");
  if (tree.is === "and") return tree.parts.map((part) => inner(part, "or and")).join(" and ");
  if (tree.is === "not") return `not ${inner(tree.inner, "or and")}`;
  const name = writeField(tree.field);
  if (tree.is === "compare") return `${name} ${tree.operator} ${writeValue(tree.value)}`;
  if (tree.is === "matches") return `${name} ~ ${quoted(tree.pattern, "'")}`;
  if (tree.is === "exists") return `${name} ${tree.negated ? "missing" : "exists"}`;
  const not = tree.negated ? "not " : "";
  if (tree.is === "in") return `${name} ${not}in (${tree.values.map(writeValue).join(", ")})`;
  return `${name} ${not}${tree.fold ? "ilike" : "like"} ${quoted(tree.pattern, "'")}`;
}

/** Write a field in full, but for the attributes that stand bare. */
export function writeField({ space, name, aggregate, best }: Field): string {
  if (space === "attribute") return BARE.includes(name) ? name : `attributes.${name}`;
  const full = `${space === "summary" ? space : `${space}s`}.${writeName(name)}`;
  if (aggregate === "at") return `at(${full}, best metrics.${writeName(best)})`;
  return aggregate === "last" ? full : `${aggregate}(${full})`;
}

/** Write a value. */
export function writeValue(value: Value): string {
  return value.quoted ? quoted(value.text, "'") : value.text;
}

/** List the fields of a tree from left to right, each once. */
export function fields(tree: Expression): Field[] {
  const found = new Map<string, Field>();
  const visit = (node: Expression): void => {
    if (node.is === "not") visit(node.inner);
    else if (node.is === "and" || node.is === "or") node.parts.forEach(visit);
    else found.set(writeField(node.field), node.field);
  };
  visit(tree);
  return [...found.values()];
}

/** Whether a name needs no quotes. */
export function isPlain(name: string): boolean {
  return PLAIN.test(name);
}

/** Write a name, in quotes where it must stand in them. */
export function writeName(name: string): string {
  return isPlain(name) ? name : quoted(name, '"');
}

/** Put a text in quotes. */
export function quoted(text: string, quote: string): string {
  return quote + text.replaceAll(quote, quote + quote) + quote;
}

function inner(tree: Expression, looser: string): string {
  return looser.split(" ").includes(tree.is) ? `(${write(tree)})` : write(tree);
}
