// The site version that a page is shown as a part of, and where the pages of a version are.
//
// Addresses are those of the newest state. An entry page of a version says of which it is; a run's
// page belongs to many, and is a part of the one that the address names: `o/HH/HASH.html#v=NAME`.

import { current, subscribe } from "../view/hash.ts";
import { load, root } from "./load.ts";
import type { Manifest } from "./types.ts";

let shown: Manifest | undefined;

/** Name of the version that is shown; empty for the newest state. */
export function version(): string {
  const own = document.querySelector<HTMLElement>("[data-version]")?.dataset["version"];
  return own ?? (/\bo\/\w\w\/\w+\.html$/.test(location.pathname) ? (current()["v"] ?? "") : "");
}

/** Learn of the version that is shown, and lead there. To be done before anything is made. */
export async function begin(): Promise<void> {
  const name = version();
  if (name === "") return;
  subscribe(() => version() === name || location.reload());
  // A version that is not there any more: links lead to the newest state, as without a script.
  shown = await manifest(name).catch(() => undefined);
  if (shown === undefined) return;
  document.body.dataset["entry"] = `${root()}v/${name}/`;
  const note = document.querySelector(".of-version b");
  if (note !== null) note.textContent = `Version ${name}`;
  for (const link of document.querySelectorAll<HTMLAnchorElement>("a[href]:not(.of-version a)")) {
    const [to = "", behind] = (link.getAttribute("href") ?? "").split("#");
    const url = to.startsWith(root()) ? pageIn(shown, to.slice(root().length)) : undefined;
    if (url !== undefined) link.href = url.includes("#") || !behind ? url : `${url}#${behind}`;
  }
}

/** Load what a version has. */
export function manifest(name: string): Promise<Manifest> {
  return load<Manifest>(`v/${name}/manifest.js`);
}

/** The way to a page of a version; undefined where it has none. */
export function pageIn({ name, entries, runs }: Manifest, url: string): string | undefined {
  const run = url.replace(/^runs\/(.*)\/index\.html$/, "$1");
  const object = Object.hasOwn(runs, run) ? runs[run] : undefined;
  if (object) return `${root()}o/${object.slice(0, 2)}/${object.slice(2)}.html#v=${name}`;
  return entries.includes(url) ? `${root()}v/${name}/${url}` : undefined;
}

/** The way to a page, in the version that is shown. */
export function page(url: string): string {
  return (shown && pageIn(shown, url)) ?? root() + url;
}
