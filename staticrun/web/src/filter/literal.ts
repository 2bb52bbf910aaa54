// What a text means as a number, a moment, a length of time, or a run's status. The twin of
// staticrun/store/filter_literal.py.

// No digit may be read in two ways: a long text of digits would take for ever.
const NUMBER = /^[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?$/;
const WORD = /^([+-]?)(?:(inf|infinity)|nan)$/i;
const DATE =
  /^(\d{4}-\d\d-\d\d)([T ](\d\d:\d\d(?::\d\d(?:\.(\d{1,6}))?)?) ?(?:Z|([+-])(\d\d):?(\d\d))?)?$/i;
const LENGTH = /^(?:\d+(?:\.\d+)?(?:ms|s|min|m|h|d|w))+$/;
const PART = /([\d.]+)([a-z]+)/g;
const UNITS = new Map(Object.entries({
  ms: 0.001,
  s: 1,
  m: 60,
  min: 60,
  h: 3600,
  d: 86_400,
  w: 604_800,
}));
// Unix times beyond this are milliseconds: as seconds they would be after the year 5138.
const MILLISECONDS = 1e11;

export const STATUSES = ["finished", "failed", "stopped", "open"];
// MLflow's words; a run that is scheduled has no record yet.
const OTHER_STATUSES = new Map(Object.entries({
  killed: "stopped",
  running: "open",
  scheduled: "scheduled",
}));

/** Read a number as filters and texts of runs spell it; undefined for any other text. */
export function number(text: string): number | undefined {
  if (NUMBER.test(text)) return Number(text);
  const word = WORD.exec(text);
  if (word === null) return undefined;
  const size = word[2] === undefined ? Number.NaN : Number.POSITIVE_INFINITY;
  return word[1] === "-" ? -size : size;
}

/** Read a length of time, `90s`, `1h30m` or a number of seconds; undefined for any other text. */
export function length(text: string): number | undefined {
  const plain = number(text);
  if (plain !== undefined) return plain;
  if (!LENGTH.test(text)) return undefined;
  let seconds = 0;
  for (const [, count, unit] of text.matchAll(PART)) {
    seconds += Number(count) * (UNITS.get(unit ?? "") ?? Number.NaN);
  }
  return seconds;
}

/**
 * Read a date, a date with a time, or Unix seconds or milliseconds; a time without a zone is UTC.
 *
 * @returns Unix seconds and whether it is a date alone; undefined for any other text.
 */
export function moment(text: string): [seconds: number, isDay: boolean] | undefined {
  const plain = number(text);
  if (plain !== undefined) {
    // `started > 2026` means the year, not half an hour after 1970.
    if (/^[0-9]{4}$/.test(text)) return undefined;
    return [plain > MILLISECONDS ? plain / 1000 : plain, false];
  }
  const match = DATE.exec(text);
  if (match === null) return undefined;
  const [, day = "", clock, time = "00:00", fraction, sign, hours, minutes] = match;
  const date = new Date(`${day}T${time.split(".")[0] ?? ""}Z`);
  // The 30th of February and the hour 24 become another day.
  if (Number.isNaN(+date) || date.toISOString().slice(0, 10) !== day || day < "0001") {
    return undefined;
  }
  let seconds = +date / 1000;
  if (fraction !== undefined) {
    // Microseconds as an integer, so that they are rounded once.
    const micros = BigInt(seconds) * 1_000_000n + BigInt(fraction.padEnd(6, "0"));
    seconds = Number(`${micros}e-6`);
  }
  const offset = Number(hours ?? 0) * 3600 + Number(minutes ?? 0) * 60;
  return [seconds - (sign === "-" ? -offset : offset), clock === undefined];
}

/** Read a run's status, in staticrun's words or MLflow's, in any case. */
export function status(text: string): string | undefined {
  const word = text.toLowerCase();
  return STATUSES.includes(word) ? word : OTHER_STATUSES.get(word);
}
