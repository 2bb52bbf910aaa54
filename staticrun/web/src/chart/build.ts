// The lines of one metric: of runs, and of groups as their means.

import { widen, type Rows } from "../data/buckets.ts";
import { type Series } from "../data/series.ts";
import { band, center, edges, group, type Group } from "./group.ts";
import type { Line, Member, Options, Subject, Window } from "./picture.ts";
import type { Tally } from "./tally.ts";
import { along, memory, middles, smooth, stepsOf } from "./transform.ts";

/** Where a chart is looked at, and how closely. */
export interface Glance {
  readonly window: Window | undefined;
  /** From the first step of all lines to the last. */
  readonly range: Window;
  readonly pixels: number;
}

interface Read {
  readonly member: Member;
  readonly series: Series;
  readonly rows: Rows;
  /** Of the metric on the horizontal axis. */
  readonly other: Rows | undefined;
  readonly x: Float64Array;
}

/** Make the lines of a subject, the one that is named last. */
export async function linesOf(
  subject: Subject,
  metric: string,
  options: Options,
  glance: Glance,
  found: Tally,
): Promise<Line[]> {
  const having = subject.members.filter((member) => (member.series(metric)?.n ?? 0) > 0);
  const behind = subject.role === "context";
  if (!behind) found.without += subject.members.length - having.length;
  if (having.length === 0) return [];
  if (behind) found.context += 1;
  const counted = options.grouped && subject.members.length > 1 ? countedOf(having) : [];
  const width = common(having.map((member) => widthOf(member, metric, options, glance, behind)));
  const all = await Promise.all(
    having.map((member) =>
      read(member, metric, options, glance, counted.length > 1 ? width : undefined),
    ),
  );
  const draw = (runs: readonly Read[], thin: boolean): Line[] =>
    runs.flatMap((one) => runLines(one, subject, options, found, thin));
  if (counted.length === 0) return draw(all, false);
  const inside = all.filter((one) => counted.includes(one.member));
  const outside = all.filter((one) => !counted.includes(one.member));
  if (!behind) found.apart += outside.length;
  const apart = behind ? [] : draw(outside, true);
  if (inside.length === 1) return [...apart, ...draw(inside, false)];
  const mean = meanLines(inside, subject, options, found);
  if (mean.length > 0) return [...apart, ...(behind ? [] : draw(inside, true)), ...mean];
  found.unshared += 1;
  return [...apart, ...draw(inside, false)];
}

/** Choose the runs that a mean is over: those that ended well, else those that are open. */
export function countedOf(members: readonly Member[]): readonly Member[] {
  const ended = members.filter(({ status }) => status === "finished" || status === "stopped");
  return ended.length > 0 ? ended : members.filter(({ status }) => status === "open");
}

function common(widths: readonly (number | null)[]): number | null {
  const known = widths.filter((width) => width !== null);
  return known.length > 0 ? Math.max(...known) : null;
}

function widthOf(
  member: Member,
  metric: string,
  options: Options,
  glance: Glance,
  behind: boolean,
): number | null {
  const series = member.series(metric);
  if (series === undefined) return null;
  const { from, to } = stepsOn(series, member, options, glance);
  return series.width(from, to, behind ? glance.pixels / 4 : glance.pixels);
}

/** The steps of a run that are on view. */
function stepsOn(series: Series, member: Member, options: Options, glance: Glance): Window {
  const { axis } = options;
  const [first, last] = series.range ?? [0, 0];
  if (axis.kind === "step") return glance.window ?? glance.range;
  if (axis.kind === "metric" || glance.window === undefined) return { from: first, to: last };
  const { overview } = series;
  const x = along(overview, axis, member.started);
  const steps = stepsOf(overview);
  const size = overview.kind === "buckets" ? 2 ** overview.width : 0;
  let [from, to] = [Number.NaN, Number.NaN];
  steps.forEach((step, i) => {
    const at = x[i] ?? Number.NaN;
    // The last before the window, the first behind it.
    if (at <= (glance.window?.from ?? 0)) from = step - size;
    if (at >= (glance.window?.to ?? 0) && Number.isNaN(to)) to = step + size;
  });
  return { from: Number.isNaN(from) ? first : from, to: Number.isNaN(to) ? last : to };
}

async function read(
  member: Member,
  metric: string,
  options: Options,
  glance: Glance,
  given: number | null | undefined,
): Promise<Read> {
  const series = member.series(metric) as Series;
  const { from, to } = stepsOn(series, member, options, glance);
  const width = given === undefined ? series.width(from, to, glance.pixels) : given;
  const before = memory(options.smoothing, spacing(series));
  const after = ["gauss", "mean"].includes(options.smoothing.kind) ? before : 0;
  const beside = 0.05 * (to - from);
  const rows = await series.rows(from - beside - before, to + beside + after, width);
  const { axis } = options;
  const other = axis.kind === "metric" ? member.series(axis.name) : undefined;
  const bucket = rows.kind === "buckets" ? rows.width : null;
  const otherRows = await other?.rows(from - beside - before, to + beside + after, bucket);
  const x = along(rows, axis, member.started, otherRows);
  return { member, series, rows, other: otherRows, x };
}

function spacing(series: Series): number {
  const [first, last] = series.range ?? [0, 0];
  return series.n > 1 ? (last - first) / (series.n - 1) : 1;
}

/** The lines of one run: superseded points, values behind a smoothed line, the line. */
function runLines(
  one: Read,
  subject: Subject,
  options: Options,
  found: Tally,
  thin: boolean,
): Line[] {
  const { member, series, rows, x } = one;
  const behind = subject.role === "context";
  const width = rows.kind === "buckets" ? rows.width : null;
  const [step, values] = [stepsOf(rows), center(rows)];
  const kind = behind
    ? "context"
    : thin
      ? "member"
      : subject.role === "baseline"
        ? "baseline"
        : "mean";
  const alone = subject.members.length === 1;
  const common = {
    label: thin || behind ? "" : alone ? subject.label : member.name,
    runs: [member.key],
    name: member.name,
    slot: subject.slot,
    width,
    step,
    x,
    ended: member.status,
  };
  if (!behind) {
    found.single ||= !thin;
    found.widths.add(width);
    values.forEach((value, i) => {
      found.nonfinite +=
        rows.kind === "buckets" ? (rows.nonfinite[i] ?? 0) : Number(!Number.isFinite(value));
      if (Number.isFinite(value) && !Number.isFinite(x[i])) found.unplaced += 1;
    });
  }
  const counts = rows.kind === "buckets" ? rows.n : undefined;
  const y = smooth(step, values, options.smoothing, counts, spacing(series));
  const plain = thin || behind;
  const [low, high] = edges(rows);
  const wide = !plain && isBanded(options) && (rows.kind === "buckets" || rows.low.length > 0);
  const lines: Line[] = [{ ...common, kind, y, ...(wide ? { low, high } : {}) }];
  if (y !== values && !plain) lines.unshift({ ...common, kind: "raw", y: values, label: "" });
  const ghosts = plain ? undefined : series.ghosts;
  if (ghosts !== undefined && options.axis.kind !== "metric") {
    found.ghosts += ghosts.step.length;
    const at = along(ghosts, options.axis, member.started);
    const ghost = { ...common, label: "", width: null, step: ghosts.step, x: at, y: ghosts.value };
    lines.unshift({ ...ghost, kind: "ghost", ended: "finished" });
  }
  return lines;
}

/** A group's mean with its band; nothing where its runs share no steps. */
function meanLines(all: readonly Read[], subject: Subject, options: Options, found: Tally): Line[] {
  const shared = share(all, options);
  if (shared === undefined) return [];
  const behind = subject.role === "context";
  const whole = Array.from(shared.at, (_, i) => i).filter((i) => shared.n[i] === all.length);
  const keep = (column: Float64Array): Float64Array =>
    whole.length === column.length
      ? column
      : Float64Array.from(whole, (i) => column[i] ?? Number.NaN);
  const step = keep(middles(shared.at, shared.width));
  const values = keep(shared.mean);
  if (!behind) {
    found.widths.add(shared.width);
    found.sizes.add(all.length);
    found.partial += shared.n.reduce((sum, n) => sum + Number(n > 0 && n < all.length), 0);
  }
  const spaced = all[0] ? spacing(all[0].series) : 1;
  const counts =
    shared.width === null ? undefined : step.map(() => 2 ** (shared.width ?? 0) / spaced);
  const smoothed = (column: Float64Array): Float64Array =>
    smooth(step, column, options.smoothing, counts, spaced);
  const y = smoothed(values);
  const common = {
    label: behind ? "" : subject.label,
    runs: all.map(({ member }) => member.key),
    name: subject.label,
    slot: subject.slot,
    width: shared.width,
    step,
    x: options.axis.kind === "step" ? step : keep(shared.other),
    n: keep(shared.n),
    ended: all.every(({ member }) => member.status === "open") ? "open" : "finished",
  };
  const [low, high] = band(shared, options.band);
  const wide = !behind && options.band !== "none" && isBanded(options);
  const line: Line = {
    ...common,
    kind: behind ? "context" : subject.role === "baseline" ? "baseline" : "mean",
    y,
    ...(wide ? { low: smoothed(keep(low)), high: smoothed(keep(high)) } : {}),
  };
  if (y === values || behind) return [line];
  return [{ ...common, label: "", kind: "raw", y: values, ended: "finished" }, line];
}

/** Along another metric a line goes back and forth, and a band would cover itself. */
export function isBanded({ axis }: Options): boolean {
  return axis.kind !== "metric";
}

/** Sum runs up at steps that all share, else in the narrowest buckets in which all have points. */
function share(all: readonly Read[], options: Options): Group | undefined {
  const beside = options.axis.kind === "step" ? undefined : all.map(({ x }) => x);
  const found = group(
    all.map(({ rows }) => rows),
    beside,
  );
  if (isShared(found, all.length)) return found;
  const lengths = all.map(({ rows }) =>
    rows.kind === "points" ? rows.step.length : rows.at.length,
  );
  const [first, last] = [found.at[0] ?? 0, found.at.at(-1) ?? 0];
  const size = found.width === null ? 0 : found.width;
  let width = Math.floor(Math.log2(Math.max((last - first) / Math.max(...lengths), 1e-300))) + size;
  for (let tries = 0; tries < 12; tries++, width++) {
    const rows = all.map((one) => widen(one.rows, width));
    // Along time, a bucket stands at the mean time of the last points in it.
    const x =
      beside &&
      all.map(({ member, other }, i) => {
        const there = other && widen(other, width);
        return along(
          rows[i] ?? widen(all[i]?.rows as Rows, width),
          options.axis,
          member.started,
          there,
        );
      });
    const wider = group(rows, x);
    if (isShared(wider, all.length, 3, 0.9)) return wider;
  }
  return undefined;
}

/** Whether most places, from the first that all runs have to the last, have all runs. */
function isShared(found: Group, members: number, least = 1, most = 0.5): boolean {
  const whole = Array.from(found.n, (_, i) => i).filter((i) => found.n[i] === members);
  const [first, last] = [whole[0], whole.at(-1)];
  if (first === undefined || last === undefined || whole.length < least) return false;
  return whole.length > most * (last - first + 1);
}
