// The series of runs, loaded once each.

import { loadRun, newest } from "../data/grown.ts";
import { load } from "../data/load.ts";
import type { Runs } from "../data/runs.ts";
import { Series } from "../data/series.ts";
import type { RunData, RunSeries } from "../data/types.ts";
import type { Member, Subject } from "./picture.ts";
import type { Chosen } from "./selection.ts";

/** Runs with their series. */
export interface Loaded {
  readonly subjects: readonly Subject[];
  /** Data files that are not there. */
  readonly missing: readonly string[];
}

/** A run from its series, metrics or use of the machine. */
export function memberOf(
  data: Pick<RunData, "key" | "name" | "status" | "started">,
  series: RunSeries,
  part: "metrics" | "system" = "metrics",
): Member {
  const known = new Map<string, Series | undefined>();
  return {
    key: data.key,
    name: data.name,
    status: data.status,
    started: data.started ?? Number.NaN,
    metrics: Object.keys(series[part]),
    series(metric) {
      if (!known.has(metric)) {
        const curve = Object.hasOwn(series[part], metric) ? series[part][metric] : undefined;
        known.set(metric, curve && new Series(curve, series.steps));
      }
      return known.get(metric);
    },
  };
}

/** Loads the runs that charts show. */
export class Source {
  private readonly runs: Runs;
  private readonly members = new Map<string, readonly [series: string, member: Promise<Member>]>();

  constructor(runs: Runs) {
    this.runs = runs;
  }

  /** Load what was chosen; runs whose files are not there are left out, and these are named. */
  async load(chosen: readonly Chosen[]): Promise<Loaded> {
    const missing: string[] = [];
    const subjects = await Promise.all(
      chosen.map(async ({ label, slot, role, keys }): Promise<Subject> => {
        const members = await Promise.all(
          [...this.runs.find(keys)].map((run) =>
            this.member(run).catch((error: Error) => {
              missing.push(error.message);
              return undefined;
            }),
          ),
        );
        return { label, slot, role, members: members.filter((member) => member !== undefined) };
      }),
    );
    return { subjects: subjects.filter(({ members }) => members.length > 0), missing };
  }

  private member(run: number): Promise<Member> {
    const key = this.runs.key(run);
    let [series, known] = this.members.get(key) ?? [];
    if (known === undefined || series !== newest(key)) {
      known = readMember(this.runs.data(run));
      this.members.set(key, [newest(key), known]);
    }
    return known;
  }
}

/** Load a run by the URL of its data. */
export async function readMember(url: string, part?: "metrics" | "system"): Promise<Member> {
  const data = await loadRun(url);
  const series = data.series
    ? await load<RunSeries>(data.series)
    : { steps: [], metrics: {}, system: {} };
  return memberOf(data, series, part);
}
