// Where the page comes alive: elements with `data-app="NAME"` are handed to the app of that name.
// The server's own content stays until the app has all that it needs.

import { render, type ComponentChild } from "preact";

import { MissingFile } from "../data/load.ts";

/**
 * Make what stands in an element; it is shown in its place when the promise is kept.
 *
 * @param from What the server wrote: the element itself, or the same one of a newer page.
 */
export type App = (place: HTMLElement, from: Element) => Promise<ComponentChild>;

/** Start the apps of a page. */
export function mount(apps: Readonly<Record<string, App>>): void {
  for (const place of document.querySelectorAll<HTMLElement>("[data-app]")) {
    const app = apps[place.dataset["app"] ?? ""];
    if (app === undefined) continue;
    void start(app, place, place);
    place.addEventListener("staticrun-written", (event) => void start(app, place, (event as CustomEvent<Element>).detail));
  }
}

async function start(app: App, place: HTMLElement, from: Element): Promise<void> {
  try {
    const made = await app(place, from);
    if (from === place) place.replaceChildren();
    place.dataset["alive"] = "";
    render(made, place);
  } catch (error) {
    // What the server wrote stays, and the reader learns what is not there.
    if (!(error instanceof MissingFile)) throw error;
    const note = document.createElement("p");
    note.className = "note";
    note.setAttribute("role", "status");
    note.textContent = `Not interactive: ${error.message}`;
    place.prepend(note);
  }
}
