// Runs with series, and pictures of them, for tests of charts.

import { makePicture } from "../src/chart/make.ts";
import type { Member, Options, Picture, Subject, Window } from "../src/chart/picture.ts";
import { type Points } from "../src/data/buckets.ts";
import { Series } from "../src/data/series.ts";
import { pack } from "./series_files.ts";

export const OPTIONS: Options = {
  axis: { kind: "step" },
  smoothing: { kind: "none" },
  band: "range",
  grouped: true,
  stepName: "step",
};

export function whole(rows: Points): Series {
  const time = rows.time.length > 0 ? { time: pack(rows.time) } : {};
  const steps = [{ n: rows.step.length, step: pack(rows.step), ...time }];
  return new Series({ n: rows.step.length, points: { steps: 0, value: pack(rows.value) } }, steps);
}

export function member(
  key: string,
  metrics: Record<string, Series>,
  status = "finished",
  started = 0,
): Member {
  const name = key.replace(/.*\//, "");
  return {
    key,
    name,
    status,
    started,
    metrics: Object.keys(metrics),
    series: (metric) => metrics[metric],
  };
}

export function subject(
  label: string,
  members: readonly Member[],
  role: Subject["role"] = "chosen",
): Subject {
  return { label, slot: role === "chosen" ? 1 : 0, role, members };
}

export async function picture(
  subjects: readonly Subject[],
  options: Partial<Options> = {},
  window?: Window,
  pixels = 300,
): Promise<Picture> {
  return makePicture(subjects, "loss", undefined, { ...OPTIONS, ...options }, window, pixels);
}
