// What `staticrun serve` adds to the pages that it serves: they follow what is logged and built.
// Runs before the page's own script, so that it still sees what the server wrote.

import "./live.css";

import { Mark } from "./mark.ts";
import { Written } from "./refresh.ts";

/** What the server says of a run that has grown. */
interface Grown {
  readonly key: string;
  /** Of its page. */
  readonly url: string;
  readonly series: string;
  readonly status: string;
  readonly last_record: number | null;
}

/** What it says of the site. */
interface Told {
  readonly build: string;
  /** Pages that changed; null for many. */
  readonly changed?: readonly string[] | null;
  /** What is wrong where the last build failed. */
  readonly failed: readonly string[];
  readonly last_record: number | null;
}

// A run that grows faster is drawn so often.
const PACE_MS = 100;

const script = document.currentScript as HTMLScriptElement;
const here = document.body.dataset["page"] ?? "";
const written = new Written();
const mark = new Mark();
const waiting = new Map<string, Grown>();
let build = script.dataset["build"] ?? "";
let stream: EventSource | undefined;
let pacing = false;
let refreshing = Promise.resolve();

function connect(): void {
  stream?.close();
  const opened = new EventSource(new URL(`events?page=${encodeURIComponent(here)}`, script.src));
  stream = opened;
  const hear = <T>(name: string, act: (told: T) => void): void =>
    opened.addEventListener(name, (event) => act(JSON.parse((event as MessageEvent<string>).data) as T));
  hear<Told>("hello", (told) => {
    mark.connected();
    mark.record(told.last_record);
    hearSite(told);
  });
  hear<Told>("built", hearSite);
  hear<Told>("failed", ({ failed }) => mark.failed(failed));
  hear<Grown>("grown", (grown) => {
    // A run's page shows no other run's curves.
    if (here.startsWith("runs/") && here !== grown.url) return;
    mark.record(grown.last_record);
    waiting.set(grown.key, grown);
    tell();
  });
  opened.onerror = () => {
    mark.lost();
    // It tries again by itself, but for an answer that is none.
    if (opened.readyState === EventSource.CLOSED && stream === opened) setTimeout(connect, 2000);
  };
}

/** Tell the page of runs that have grown, at a pace at which it can draw. */
function tell(): void {
  if (pacing || waiting.size === 0) return;
  for (const detail of waiting.values()) dispatchEvent(new CustomEvent("staticrun-grown", { detail }));
  waiting.clear();
  pacing = true;
  setTimeout(() => {
    pacing = false;
    tell();
  }, PACE_MS);
}

function hearSite(told: Told): void {
  mark.failed(told.failed);
  if (told.build === build) return;
  build = told.build;
  const { changed } = told;
  // Without a page of the site, what is shown is the server's word that there is none yet.
  if (here === "") location.reload();
  else if (!changed || changed.includes(here) || (!here.startsWith("runs/") && changed.includes("runs.js")))
    refreshing = refreshing.then(() => written.refresh(told.build)).catch(() => location.reload());
}

// A browser has few connections for all its windows on one server: those that nobody sees do
// without, and learn what they missed.
document.addEventListener("visibilitychange", () => {
  if (document.hidden) {
    stream?.close();
    stream = undefined;
  } else connect();
});
if (!document.hidden) connect();
