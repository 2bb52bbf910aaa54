// What Escape does where nothing else has a use for it.

const OPENERS = "details.rest[open] > summary, button[aria-controls][aria-expanded=true]";

/** Close the panel that the focus is in, and give the focus back to what opened it. */
export function closePanel({ target, defaultPrevented }: KeyboardEvent): void {
  if (defaultPrevented) return;
  for (const opener of document.querySelectorAll<HTMLElement>(OPENERS)) {
    const panel = document.getElementById(opener.getAttribute("aria-controls") ?? "") ?? opener.parentElement;
    if (opener !== target && !panel?.contains(target as Node)) continue;
    opener.focus();
    opener.click();
  }
}
