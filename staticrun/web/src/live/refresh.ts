// The newest state of the page that is open, without loading it again where that can be.

import { change, Reload } from "./change.ts";

// Apps that may be made again from what the server writes now. `params` has changed the server's
// own list, and `tools` and `copy` show nothing that changes.
const AGAIN = "compare,curves,relations,run-curves,runs,steps".split(",");

const root = (): string => document.body.dataset["root"] ?? "";

/** The page as the server wrote it; to be made before a script has changed it. */
export class Written {
  private body: Element = document.body.cloneNode(true) as Element;
  private head: Element = document.head.cloneNode(true) as Element;

  /** Show what the server writes now. */
  async refresh(build: string): Promise<void> {
    const answer = await fetch(location.pathname, { cache: "no-cache" });
    // A page that is gone, or a server that is.
    if (!answer.ok) return;
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    try {
      const scripts = [this.head, page.head].map((head) => addresses(head, "script:not([data-build])", "src"));
      if (scripts[0] !== scripts[1]) throw new Reload();
      change(document.body, this.body, page.body);
    } catch (error) {
      if (!(error instanceof Reload)) throw error;
      location.reload();
      return;
    }
    document.title = page.title;
    restyle(this.head, page.head);
    this.body = page.body.cloneNode(true) as Element;
    this.head = page.head;
    await index(build);
    const [shown, now] = [document.body, page.body].map((body) => [...body.querySelectorAll<HTMLElement>("[data-app]")]);
    shown?.forEach((place, i) => {
      if (!AGAIN.includes(place.dataset["app"] ?? "")) return;
      place.dispatchEvent(new CustomEvent("staticrun-written", { detail: now?.[i] }));
    });
  }
}

function addresses(head: Element, which: string, name: string): string {
  return [...head.querySelectorAll(which)].map((element) => element.getAttribute(name)).join(" ");
}

/** Take the new style sheet in place of the old one; charts read their colours again. */
function restyle(before: Element, now: Element): void {
  const which = "link[rel=stylesheet]:not([data-build])";
  const href = addresses(now, which, "href");
  if (addresses(before, which, "href") === href) return;
  const old = document.head.querySelector(which);
  const sheet = document.createElement("link");
  sheet.rel = "stylesheet";
  sheet.href = href;
  sheet.onload = () => {
    old?.remove();
    dispatchEvent(new Event("staticrun-scheme"));
  };
  old?.after(sheet);
}

/** Let the way to all data arrive again. */
function index(build: string): Promise<void> {
  return new Promise((done) => {
    const script = document.createElement("script");
    // Another address, or the browser takes what it has in memory.
    script.src = `${root()}runs.js?build=${encodeURIComponent(build)}`;
    script.onload = script.onerror = () => {
      script.remove();
      done();
    };
    document.head.append(script);
  });
}
