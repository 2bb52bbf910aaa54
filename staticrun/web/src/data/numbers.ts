// Numbers as data files spell them.

import type { Num } from "./types.ts";

/** Give the number that a data file spells; NaN where it is missing. */
export function number(given: Num | undefined): number {
  if (typeof given === "number") return given;
  return given === null || given === undefined ? Number.NaN : Number(given);
}

/** Read base64 of little-endian float64; no text gives no numbers. */
export function unpack(text: string | undefined): Float64Array {
  if (text === undefined || text === "") return new Float64Array(0);
  const letters = atob(text);
  const bytes = new Uint8Array(letters.length);
  for (let i = 0; i < letters.length; i++) bytes[i] = letters.charCodeAt(i);
  return new Float64Array(bytes.buffer);
}
