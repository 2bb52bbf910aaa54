// Numbers, times and values as text: what staticrun/pages/format.py prints, so that a page says the
// same before and after it comes alive (tests/pages/test_browser_format.py compares the two).

import type { Metric } from "./types.ts";

export const THIN = "\u202f";
export const MINUS = "\u2212";
export const MISSING = "\u2013";
const DIGITS = 4;
const DECIMALS_MAX = 6;
const SPEC = /^[+ -]?,?(?:\.(\d{1,2}))?([eEfFgG%]?)$/;
const MONTHS = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split(" ");

type Maybe = number | null | undefined;

/** Print a number with at most so many significant digits; integers stay whole. */
export function number(value: Maybe, digits = DIGITS): string {
  if (value === null || value === undefined) return MISSING;
  if (!Number.isFinite(value)) return word(value);
  if (value === 0) return "0";
  const size = Math.abs(value);
  if (Number.isInteger(value) && size < 2 ** 53) return minus(grouped(String(value)));
  if (size >= 1e-4 && size < 1e7) {
    const text = fixed(value, Math.max(0, digits - 1 - Math.floor(Math.log10(size))));
    return minus(grouped(text.includes(".") ? trimmed(text) : text));
  }
  return minus(exponent(value.toExponential(digits - 1)));
}

/** Print a difference with its sign; zero has none. */
export function signed(value: Maybe, digits = 3): string {
  const text = number(value, digits);
  return typeof value === "number" && value > 0 ? `+${text}` : text;
}

/** Print a metric's value as its `format` asks, without its unit. */
export function quantity(value: Maybe, metric: Metric | undefined): string {
  if (value === null || value === undefined) return MISSING;
  const spec = specOf(metric);
  return spec !== undefined && Number.isFinite(value) ? formatted(value, spec) : number(value);
}

/** Print a metric's value with its unit on one line. */
export function metricValue(value: Maybe, metric: Metric | undefined): string {
  const text = quantity(value, metric);
  const known = typeof value === "number" && Number.isFinite(value);
  const behind = known ? unit(metric) : "";
  return behind ? `${text}${THIN}${behind}` : text;
}

/**
 * By how much values are multiplied before they are shown or drawn: a format that ends with `%`
 * shows shares as per cent; a unit of `%` says that values are per cent already.
 */
export function factorOf(metric: Metric | undefined): number {
  return specOf(metric)?.[2] === "%" ? 100 : 1;
}

/** The unit for the head of a column. */
export function unit(metric: Metric | undefined): string {
  return factorOf(metric) > 1 ? "%" : (metric?.unit ?? "");
}

/** Print the numbers of a column with equal decimals, without their unit. */
export function column(values: readonly Maybe[], metric?: Metric): string[] {
  if (specOf(metric) !== undefined) return values.map((value) => quantity(value, metric));
  const decimals = decimalsOf(values);
  return values.map((value) =>
    decimals === undefined || !isFiniteNumber(value)
      ? number(value)
      : minus(grouped(fixed(value, decimals))),
  );
}

/** How many decimals a column has; undefined where each number is printed for itself. */
export function decimalsOf(values: readonly Maybe[]): number | undefined {
  let [least, most, whole] = [Number.POSITIVE_INFINITY, 0, true];
  for (const value of values) {
    if (!isFiniteNumber(value) || value === 0) continue;
    const size = Math.abs(value);
    least = Math.min(least, size);
    most = Math.max(most, size);
    whole &&= Number.isInteger(value);
  }
  if (whole) return undefined;
  let decimals = Math.max(0, DIGITS - 1 - Math.floor(Math.log10(most)));
  decimals = Math.max(decimals, 1 - Math.floor(Math.log10(least)));
  const wide = (most >= 1e4 && decimals > 0) || most >= 1e9;
  return decimals > DECIMALS_MAX || wide ? undefined : decimals;
}

/** Print a count and its word. */
export function plural(value: number, one: string, many = `${one}s`): string {
  return `${minus(grouped(String(value)))} ${value === 1 ? one : many}`;
}

/** Print a duration with its two largest units: `0.51 s`, `1 min 04 s`. */
export function duration(seconds: Maybe): string {
  if (seconds === null || seconds === undefined) return MISSING;
  const value = Math.abs(seconds);
  if (!(value <= 1e12)) return `${number(seconds)}${THIN}s`;
  const sign = seconds < 0 ? MINUS : "";
  if (value < 59.95) return sign + short(value);
  for (const [large, lower, lowerSeconds, most] of CLOCK) {
    const parts = roundHalfEven(value / lowerSeconds);
    const per = large === "d" ? 24 : 60;
    const many = Math.floor(parts / per);
    if (many < most) {
      const rest = String(parts % per).padStart(2, "0");
      return `${sign}${grouped(String(many))}${THIN}${large}\u00a0${rest}${THIN}${lower}`;
    }
  }
  return `${number(seconds)}${THIN}s`;
}

// Unit, the unit below it, the lower one's seconds, and how many of the upper one fit.
const CLOCK: readonly (readonly [string, string, number, number])[] = [
  ["min", "s", 1, 60],
  ["h", "min", 60, 24],
  ["d", "h", 3600, Number.POSITIVE_INFINITY],
];

function short(value: number): string {
  if (value === 0) return `0${THIN}s`;
  if (value < 0.000995) return `${number(value * 1e6, 2)}${THIN}µs`;
  if (value < 0.0995) return `${number(value * 1000, 2)}${THIN}ms`;
  if (value < 0.995) return `${fixed(value, 2)}${THIN}s`;
  return `${fixed(value, 1).replace(/\.0$/, "")}${THIN}s`;
}

/** Print a time: `19 Nov 2026, 17:43 UTC`. */
export function date(seconds: Maybe): string {
  if (seconds === null || seconds === undefined) return MISSING;
  const at = new Date(Math.floor(seconds) * 1000);
  const year = at.getUTCFullYear();
  if (Number.isNaN(year) || year < 1 || year > 9999) return `Unix time ${number(seconds)}`;
  const clock = at.toISOString().slice(-13, -8);
  return `${at.getUTCDate()} ${MONTHS[at.getUTCMonth()]} ${year}, ${clock} UTC`;
}

/** Print a JSON value of params, tags or a summary as its author wrote it. */
export function scalar(value: unknown): string {
  return Array.isArray(value) ? value.map(nested).join(", ") : nested(value);
}

function nested(value: unknown): string {
  if (typeof value === "string") return value;
  if (typeof value === "number") return String(value).replace("e+", "e");
  if (Array.isArray(value)) return `[${value.map(nested).join(", ")}]`;
  if (typeof value === "object" && value !== null) {
    return `{${Object.entries(value)
      .map(([key, item]) => `${key}: ${nested(item)}`)
      .join(", ")}}`;
  }
  return String(value);
}

function specOf(metric: Metric | undefined): RegExpExecArray | undefined {
  return metric?.format ? (SPEC.exec(metric.format) ?? undefined) : undefined;
}

/** Format as Python's `format` does, for the specs that a metric may have. */
function formatted(value: number, spec: RegExpExecArray): string {
  const [whole, digits, kind = ""] = spec;
  const places = digits === undefined ? 6 : Number(digits);
  const size = Math.abs(value);
  let text: string;
  if (kind === "%") text = fixed(size * 100, places);
  else if (kind === "e" || kind === "E") text = pythonExponent(size.toExponential(places));
  else if (kind === "f" || kind === "F") text = fixed(size, places);
  else if (kind === "" && digits === undefined) text = pythonRepr(size);
  else text = general(size, places || 1, kind === "");
  if (whole.includes(",")) text = commas(text);
  if (kind === "E" || kind === "G") text = text.toUpperCase();
  const sign = value < 0 || Object.is(value, -0) ? "-" : whole[0] === "+" ? "+" : whole[0] === " " ? " " : "";
  return minus(sign + text);
}

function general(size: number, digits: number, pointed: boolean): string {
  const power = size === 0 ? 0 : Number(size.toExponential(digits - 1).split("e")[1]);
  if (power < -4 || power >= (pointed ? digits - 1 : digits)) {
    const [mantissa = "", exponential] = pythonExponent(size.toExponential(digits - 1)).split("e");
    return `${trimmed(mantissa)}e${exponential}`;
  }
  const text = trimmed(fixed(size, Math.max(0, digits - 1 - power)));
  return pointed && !text.includes(".") ? `${text}.0` : text;
}

/** As `toFixed`, but a tie goes to the even digit as in Python, and 10^21 and more stay plain. */
function fixed(value: number, places: number): string {
  if (Math.abs(value) >= 1e21) {
    return BigInt(value).toString() + (places > 0 ? `.${"0".repeat(places)}` : "");
  }
  const text = value.toFixed(places);
  const more = value.toFixed(places + TIE.length);
  if (!more.endsWith(TIE)) return text;
  // The digits before a tie, cut off, are the even neighbour or the odd one below it.
  const cut = more.slice(0, -TIE.length).replace(/\.$/, "");
  return Number(cut.at(-1)) % 2 === 0 ? cut : text;
}

// What follows the last digit where a float64 lies in the middle between two texts.
const TIE = `5${"0".repeat(24)}`;

function pythonRepr(size: number): string {
  if (size !== 0 && (size < 1e-4 || size >= 1e16)) return pythonExponent(size.toExponential());
  return Number.isInteger(size) ? `${size}.0` : String(size);
}

function pythonExponent(text: string): string {
  return text.replace(/e([+-])(\d)$/, "e$10$2");
}

function isFiniteNumber(value: Maybe): value is number {
  return typeof value === "number" && Number.isFinite(value);
}

function word(value: number): string {
  if (Number.isNaN(value)) return "NaN";
  return value > 0 ? "infinity" : `${MINUS}infinity`;
}

function grouped(text: string): string {
  const digits = text.replace(/^-/, "").split(".")[0] ?? "";
  return digits.length > 4 ? commas(text) : text;
}

function commas(text: string): string {
  return text.replace(/^(-?)(\d+)/, (_, sign: string, digits: string) =>
    sign + digits.replace(/\B(?=(\d{3})+$)/g, ","),
  );
}

function trimmed(text: string): string {
  return text.includes(".") ? text.replace(/0+$/, "").replace(/\.$/, "") : text;
}

function exponent(text: string): string {
  const [mantissa = "", power] = text.split("e");
  return `${trimmed(mantissa)}e${Number(power)}`;
}

function minus(text: string): string {
  return text.replaceAll("-", MINUS);
}

function roundHalfEven(value: number): number {
  const floor = Math.floor(value);
  if (value - floor !== 0.5) return Math.round(value);
  return floor % 2 === 0 ? floor : floor + 1;
}
