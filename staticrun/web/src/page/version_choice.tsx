// The same page in another version of the site.

import { useEffect, useState } from "preact/hooks";

import { load, root } from "../data/load.ts";
import { manifest, pageIn, version } from "../data/version.ts";
import type { Versions } from "../data/types.ts";
import { Choice } from "./choice.tsx";

// No version has such a name.
const ALL = "*";

/** A list of the site's versions; nothing where there is none. */
export function VersionChoice() {
  const [names, setNames] = useState<readonly string[]>([]);
  const [without, setWithout] = useState("");
  useEffect(() => {
    load<Versions>("versions.js").then(
      ({ versions }) => setNames(versions.map(({ name }) => name)),
      () => undefined,
    );
  }, []);
  if (names.length === 0) return null;
  const here = document.body.dataset["page"] ?? "index.html";
  const go = async (name: string): Promise<void> => {
    const newest = { "": here, [ALL]: "versions/index.html" }[name];
    const to = newest === undefined ? pageIn(await manifest(name), here) : root() + newest;
    setWithout(to === undefined ? name : "");
    if (to === undefined) return;
    // One page of two versions differs in nothing but what it is a part of, which stands behind `#`:
    // the page loads itself again when that changes.
    location.href = to;
  };
  return (
    <span class="scheme">
      <Choice
        label={<span>Version</span>}
        value={version()}
        options={["", ...names, ALL]}
        names={{ "": "newest state", [ALL]: "what changed" }}
        choose={(name) => void go(name)}
      />
      {without && (
        <small role="status">
          {without} has no such page. <a href={`${root()}v/${without}/index.html`}>Its front page</a>
        </small>
      )}
    </span>
  );
}
