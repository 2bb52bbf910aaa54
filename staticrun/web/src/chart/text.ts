// Texts of charts that are not numbers of a page: strangers' names, and what programs read.

import { duration, number } from "../data/format.ts";

const UNSEEN = /[\u0000-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufffe\uffff]/gu;

/** Make every character of a stranger's text visible, on one line. */
export function visible(text: string): string {
  return text.replace(/\s/g, " ").replace(UNSEEN, "\ufffd");
}

/** Cut a text in its middle: names differ at their ends. */
export function shorten(text: string, most: number): string {
  const letters = [...text];
  if (letters.length <= most) return text;
  const head = Math.ceil((most - 1) / 2);
  const tail = letters.slice(letters.length - (most - 1 - head));
  return `${letters.slice(0, head).join("")}…${tail.join("")}`;
}

/** Print every digit that tells a number from its neighbours, as programs read it. */
export function exact(value: number): string {
  if (Number.isNaN(value)) return "NaN";
  if (!Number.isFinite(value)) return value > 0 ? "Infinity" : "-Infinity";
  return Object.is(value, -0) ? "-0" : String(value);
}

/** Print a place on the horizontal axis. */
export function placeText(value: number, axis: string): string {
  if (axis === "relative") return duration(value);
  if (axis === "wall") return timeText(value);
  return number(value, 6);
}

/** Print a time in UTC, to the second. */
function timeText(unix: number): string {
  const date = new Date(unix * 1000);
  if (Number.isNaN(date.getTime())) return `Unix time ${number(unix)}`;
  return `${date.toISOString().slice(0, 19).replace("T", " ")} UTC`;
}
