// What there is to find: from the site's index and the facts of its runs.

import { at } from "../data/columns.ts";
import type { Runs } from "../data/runs.ts";
import type { Index } from "../data/types.ts";
import { ready, type Ready } from "./rank.ts";

/** Entries of the pages that the index knows. */
export function ofIndex(index: Index): Ready[] {
  const metrics = new Map<string, string>();
  for (const experiment of index.experiments) {
    for (const name of Object.keys(experiment.metrics ?? {})) {
      if (!metrics.has(name)) metrics.set(name, experiment.url);
    }
  }
  return [
    ...index.experiments.map((one) =>
      ready({
        kind: "experiment",
        title: one.title || one.name,
        url: one.url,
        about: one.title ? one.name : "",
      }),
    ),
    ...index.pages.map((page) =>
      ready({
        kind: page.kind,
        title: page.title,
        url: page.url,
        about: page.text ?? "",
      }),
    ),
    ...[...metrics].map(([title, url]) => ready({ kind: "metric", title, url, about: "" })),
  ];
}

/** Entries of runs: found by key, name, status, tags, user and commit. */
export function ofRuns(runs: Runs): Ready[] {
  const tags = runs.names("tags").map((name) => ({
    name,
    column: runs.column({ space: "tags", name }),
  }));
  const plain = (["status", "user", "group", "commit"] as const).map((name) =>
    runs.column({ space: "run", name }),
  );
  const names = runs.column({ space: "run", name: "name" });
  return Array.from({ length: runs.n }, (_, run) => {
    const key = runs.key(run);
    const said = tags
      .map(({ name, column }) => [name, at(column, run)] as const)
      .filter(([, value]) => value !== undefined)
      .map(([name, value]) => `${name}: ${typeof value === "string" ? value : JSON.stringify(value)}`);
    const facts = plain.map((column) => at(column, run)).filter((value) => value !== undefined);
    return ready({
      kind: "run",
      title: String(at(names, run) ?? key),
      url: runs.url(run),
      about: [key, ...said, ...facts.map(String)].join(" · "),
    });
  });
}
