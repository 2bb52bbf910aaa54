// Few round ticks and what is written at them. Ticks are whole multiples of a round step, read from
// decimals, so that 0.3 is never 0.30000000000000004.

import { MINUS } from "../data/format.ts";

/** Where the ticks of an axis stand. */
export interface Ticks {
  readonly values: readonly number[];
  readonly texts: readonly string[];
  /** What is to be added to every text, where numbers differ in late digits alone. */
  readonly base: string;
}

const MANTISSAS = [1, 2, 2.5, 5];
const LONGEST = 7;

/** At most `most` ticks within finite limits; `whole` for whole numbers, as steps are. */
export function linearTicks(low: number, high: number, most: number, whole = false): Ticks {
  if (!(low < high)) return { values: [low], texts: [alone(low)], base: "" };
  let power = Math.floor(Math.log10(high / most - low / most)) - 1;
  if (whole) power = Math.max(power, 0);
  for (;;) {
    for (const mantissa of MANTISSAS) {
      if (whole && mantissa === 2.5 && power < 1) continue;
      const step = decimal(mantissa, power);
      // What rounding takes from a limit is no reason to lose its tick.
      const [first, last] = [Math.ceil(low / step - 1e-9), Math.floor(high / step + 1e-9)];
      if (last - first < most) {
        const count = Math.max(0, last - first + 1);
        const values = Array.from({ length: count }, (_, i) =>
          decimal((first + i) * mantissa, power),
        );
        return written(values, mantissa === 2.5 ? power - 1 : power);
      }
    }
    power += 1;
  }
}

/** Ticks of a logarithmic axis: powers of ten, with 2 and 5 or 3 between where there is room. */
export function logTicks(low: number, high: number, most: number): Ticks {
  const found = powers(low, high, most, [[1, 2, 5], [1, 3], [1]]);
  if (found.length < 2) return linearTicks(low, high, most);
  return { values: found, texts: found.map(alone), base: "" };
}

/** Ticks of an axis that opens up towards `whole`: round shares, whose errors are powers of ten. */
export function errorTicks(low: number, high: number, whole: number, most: number): Ticks {
  const errors = powers(whole - high, whole - low, most, [[1, 2, 5], [1, 5], [1]]);
  const values = errors.map((error) => round(whole - error)).reverse();
  if (values.length < 2) return linearTicks(low, high, 4);
  return { values, texts: values.map(alone), base: "" };
}

/** Ticks of a length of time in seconds, at round numbers of its unit. */
export function durationTicks(low: number, high: number, most: number): Ticks {
  const span = Math.max(Math.abs(low), Math.abs(high));
  const [unit, name] = UNITS.find(([seconds]) => span >= 2 * seconds) ?? [1, "s"];
  const { values, texts, base } = linearTicks(low / unit, high / unit, most);
  return {
    values: values.map((value) => value * unit),
    texts: texts.map((text) => (text === "0" || base !== "" ? text : `${text} ${name}`)),
    base: base && `${base} ${name}`,
  };
}

const UNITS: readonly (readonly [number, string])[] = [
  [86_400, "d"],
  [3600, "h"],
  [60, "min"],
];

const TIMES = [
  1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 10_800, 21_600, 43_200, 86_400,
  172_800, 604_800, 1_209_600, 2_592_000, 7_776_000, 31_536_000,
];

/** Ticks of a time in Unix seconds, UTC. */
export function timeTicks(low: number, high: number, most: number): Ticks {
  const step = TIMES.find((one) => Math.floor(high / one) - Math.ceil(low / one) < most);
  const known = !Number.isNaN(new Date(low * 1000).getTime() + new Date(high * 1000).getTime());
  if (step === undefined || !(low < high) || !known) return linearTicks(low, high, most);
  const first = Math.ceil(low / step);
  const count = Math.floor(high / step) - first + 1;
  const values = Array.from({ length: count }, (_, i) => (first + i) * step);
  const texts = values.map((value) => {
    const iso = new Date(value * 1000).toISOString();
    return step >= 86_400 ? iso.slice(0, 10) : iso.slice(11, step >= 60 ? 16 : 19);
  });
  const day = new Date(low * 1000).toISOString().slice(0, 10);
  return { values, texts, base: step >= 86_400 ? "" : day };
}

function powers(low: number, high: number, most: number, choices: readonly number[][]): number[] {
  const [first, last] = [Math.floor(Math.log10(low)), Math.ceil(Math.log10(high))];
  let found: number[] = [];
  for (const parts of choices) {
    found = [];
    for (let power = first; power <= last; power++) {
      for (const part of parts) {
        const value = decimal(part, power);
        if (value >= low && value <= high) found.push(value);
      }
    }
    if (found.length <= most) break;
  }
  const stride = Math.ceil(found.length / most);
  return stride > 1 ? found.filter((value) => Math.round(Math.log10(value)) % stride === 0) : found;
}

function written(values: readonly number[], power: number): Ticks {
  const texts = inOneUnit(values, power);
  if (values.length < 2 || texts.every((text) => text.length <= LONGEST)) {
    return { values, texts, base: "" };
  }
  // Late digits: what is added to a round number that stands above.
  const unit = decimal(1, power + 2);
  const base = round(Math.floor((values[0] ?? 0) / unit) * unit);
  if (base === 0 || Math.abs(base) < 10 * unit) return { values, texts, base: "" };
  const added = inOneUnit(
    values.map((value) => round(value - base)),
    power,
  );
  return {
    values,
    texts: added.map((text) => (text === "0" ? text : `+${text}`)),
    base: alone(base),
  };
}

/** Write numbers of an axis in one unit: plain, k, M or a power of ten. */
function inOneUnit(values: readonly number[], power: number): string[] {
  const largest = values.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  let [shift, suffix] = [0, ""];
  if (largest !== 0 && (largest < 0.001 || largest >= 1e9)) {
    shift = Math.floor(Math.log10(largest));
    suffix = `e${shift}`;
  } else if (largest >= 10_000) [shift, suffix] = largest >= 1e6 ? [6, "M"] : [3, "k"];
  const places = Math.min(Math.max(shift - power, 0), 20);
  return values.map((value) => {
    const text = trim(decimal(value, -shift).toFixed(places));
    return value === 0 ? "0" : text.replace("-", MINUS) + suffix;
  });
}

/** Write one tick in its own unit. */
function alone(value: number): string {
  const size = Math.abs(value);
  const power = size === 0 ? 0 : Math.floor(Math.log10(size));
  return inOneUnit([value], Math.max(power - 8, -323))[0] ?? "";
}

/** mantissa · 10^power, as the nearest float of the decimal. */
function decimal(mantissa: number, power: number): number {
  const [digits = "0", own = "0"] = mantissa.toExponential().split("e");
  return Number(`${digits}e${Number(own) + power}`);
}

function round(value: number): number {
  return Number(value.toPrecision(15));
}

function trim(text: string): string {
  return text.includes(".") ? text.replace(/\.?0+$/, "") : text;
}
