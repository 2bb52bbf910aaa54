// What is known of a metric without looking closer: how far it goes, and which scale suits it. So
// neither changes when the reader zooms.

import type { Metric } from "../data/types.ts";
import { center } from "./group.ts";
import type { Member, Subject, Window } from "./picture.ts";
import { suitable, type Bent } from "./scale.ts";
import { along, type Axis } from "./transform.ts";

/** A metric of some runs as a whole. */
export interface Overall {
  /** From the first step of the chosen runs to the last. */
  readonly steps: Window;
  /** The same on the horizontal axis; undefined where nothing has a place on it. */
  readonly extent: Window | undefined;
  readonly suits: Bent;
}

const known = new WeakMap<readonly Subject[], Map<string, Overall>>();

/** Look at all chosen runs from afar. */
export function overall(
  subjects: readonly Subject[],
  metric: string,
  about: Metric | undefined,
  axis: Axis,
): Overall {
  const mine = known.get(subjects) ?? new Map<string, Overall>();
  known.set(subjects, mine);
  const key = JSON.stringify([metric, axis]);
  let found = mine.get(key);
  if (found === undefined) {
    const front = subjects.filter((subject) => subject.role !== "context");
    const members = (front.length > 0 ? front : subjects).flatMap((subject) => subject.members);
    found = look(members, metric, about, axis);
    mine.set(key, found);
  }
  return found;
}

function look(
  members: readonly Member[],
  metric: string,
  about: Metric | undefined,
  axis: Axis,
): Overall {
  const [steps, extent] = [new Span(), new Span()];
  const values: number[] = [];
  const results: number[] = [];
  for (const member of members) {
    const series = member.series(metric);
    if (series === undefined) continue;
    const { overview, range } = series;
    for (const step of range ?? []) steps.add(step);
    const own = center(overview).filter(Number.isFinite);
    for (const value of own) values.push(value);
    const last = own.at(-1);
    if (last !== undefined) results.push(last);
    const other = axis.kind === "metric" ? member.series(axis.name)?.overview : undefined;
    const places = other ? center(other) : along(overview, axis, member.started);
    if (axis.kind === "step") for (const step of range ?? []) extent.add(step);
    else for (const place of places) extent.add(place);
  }
  const suits = suitable(Float64Array.from(values), Float64Array.from(results), about?.direction);
  return { steps: steps.window ?? { from: 0, to: 0 }, extent: extent.window, suits };
}

class Span {
  private from = Number.POSITIVE_INFINITY;
  private to = Number.NEGATIVE_INFINITY;

  add(value: number): void {
    if (!Number.isFinite(value)) return;
    if (value < this.from) this.from = value;
    if (value > this.to) this.to = value;
  }

  get window(): Window | undefined {
    return this.from <= this.to ? { from: this.from, to: this.to } : undefined;
  }
}
