// Light or dark: the system's, until the reader says otherwise.

import { keep, kept } from "../view/keep.ts";

export const SCHEMES = ["system", "light", "dark"] as const;
export type Scheme = (typeof SCHEMES)[number];

/** What the reader chose. */
export function scheme(): Scheme {
  const found = kept("scheme");
  return found === "light" || found === "dark" ? found : "system";
}

/** Show the page so, and keep it; drawings hear of it by the event `staticrun-scheme`. */
export function setScheme(chosen: Scheme): void {
  keep("scheme", chosen === "system" ? undefined : chosen);
  applyScheme();
  dispatchEvent(new Event("staticrun-scheme"));
}

/** Show the page as it was chosen. */
export function applyScheme(): void {
  const chosen = scheme();
  if (chosen === "system") delete document.documentElement.dataset["theme"];
  else document.documentElement.dataset["theme"] = chosen;
}
