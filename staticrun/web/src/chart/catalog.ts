// Which charts a page has: one for each metric, by the beginning of their names; of a single run
// those that measure the same in training and validation stand in one.

import type { ExperimentLink, Metric } from "../data/types.ts";
import type { Member, Subject } from "./picture.ts";

/** A chart to be made. */
export interface Entry {
  /** Known by this in the address, and the metric that its picture asks for. */
  readonly metric: string;
  readonly about: Metric | undefined;
  /** Before the first slash of the name; empty without one. */
  readonly prefix: string;
  readonly subjects: readonly Subject[];
}

/** All charts of some runs, the most telling first. */
export function catalog(
  subjects: readonly Subject[],
  experiments: readonly Pick<ExperimentLink, "metrics">[],
): Entry[] {
  const about = new Map(experiments.flatMap((one) => Object.entries(one.metrics ?? {})));
  const logged = subjects
    .filter((subject) => subject.role !== "context")
    .flatMap((subject) => subject.members.flatMap((member) => member.metrics));
  const present = new Set(logged);
  const names = [...[...about.keys()].filter((name) => present.has(name)), ...present];
  return [...new Set(names)]
    .filter((metric) => isCurve(subjects, metric))
    .map((metric) => ({ metric, about: about.get(metric), prefix: prefixOf(metric), subjects }));
}

/** Whether a metric of some subjects is a curve: some run has two points. */
function isCurve(subjects: readonly Subject[], metric: string): boolean {
  return subjects.some(
    ({ role, members }) =>
      role !== "context" && members.some((member) => (member.series(metric)?.n ?? 0) > 1),
  );
}

// The parts of a training that one metric is taken on, and the colour of each.
const STAGES: Readonly<Record<string, number>> = {
  train: 1,
  training: 1,
  trn: 1,
  tr: 1,
  val: 2,
  valid: 2,
  validation: 2,
  dev: 2,
  eval: 2,
  evaluation: 2,
  test: 3,
  testing: 3,
};
const TOGETHER_MAX = 4;

/** All charts of one run. */
export function runCatalog(member: Member, about: ReadonlyMap<string, Metric>): Entry[] {
  const telling = [...about.keys()].filter((name) => member.metrics.includes(name));
  const names = [...new Set([...telling, ...member.metrics])].filter(
    (name) => (member.series(name)?.n ?? 0) > 1,
  );
  const shared = new Map<string, { name: string; stage: string }[]>();
  for (const name of names) {
    const [stage, rest] = split(name);
    const key = stage === "" ? `\n${name}` : rest;
    shared.set(key, [...(shared.get(key) ?? []), { name, stage }]);
  }
  return [...shared].flatMap(([rest, members]): Entry[] => {
    const together = members.length > 1 && members.length <= TOGETHER_MAX;
    const parts = together ? [members] : members.map((one) => [one]);
    return parts.map((part) => {
      const metric = part.length > 1 ? rest : (part[0]?.name ?? rest);
      const first = about.get(part[0]?.name ?? "");
      return {
        metric,
        about: first,
        prefix: part.length > 1 ? "" : prefixOf(metric),
        subjects: part.map(({ name, stage }): Subject => ({
          label: part.length > 1 ? stage : "",
          slot: part.length > 1 ? (STAGES[stage.toLowerCase()] ?? 4) : 1,
          role: "chosen",
          members: [renamed(member, metric, name)],
        })),
      };
    });
  });
}

/** A run in which a metric has another name. */
function renamed(member: Member, as: string, name: string): Member {
  return { ...member, series: (metric) => member.series(metric === as ? name : metric) };
}

/** Tell the stage of a metric from what is measured: `val/loss`, `val_loss`. */
function split(name: string): readonly [string, string] {
  const found = /^([A-Za-z]+)[/_.](.+)$/.exec(name);
  const [, stage = "", rest = name] = found ?? [];
  return STAGES[stage.toLowerCase()] === undefined ? ["", name] : [stage, rest];
}

function prefixOf(name: string): string {
  const cut = name.indexOf("/");
  return cut > 0 ? name.slice(0, cut) : "";
}

/** Charts by the beginning of their names, in the order of the first of each. */
export function byPrefix(entries: readonly Entry[]): (readonly [string, readonly Entry[]])[] {
  const found = new Map<string, Entry[]>();
  for (const entry of entries) {
    const group = found.get(entry.prefix);
    if (group) group.push(entry);
    else found.set(entry.prefix, [entry]);
  }
  return [...found];
}
