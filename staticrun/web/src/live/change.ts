// From what the server wrote before to what it writes now, without touching what has not changed:
// zoom, selection, scroll and focus stay. Three trees are walked side by side: the page as it is
// shown, as the server wrote it, as the server writes it now.

/** The page cannot be changed in place. */
export class Reload extends Error {}

const ALIVE = "[data-alive]";

/**
 * Change an element in place. What an app took over is left to the app.
 *
 * @throws {Reload} Where that is not possible.
 */
export function change(shown: Element, before: Element, now: Element): void {
  if (before.isEqualNode(now)) return;
  attributes(shown, before, now);
  if (shown.matches(ALIVE)) return;
  const [here, old, fresh] = [nodes(shown), nodes(before), nodes(now)];
  const same = here.length === old.length && old.every((node, i) => alike(node, here[i]));
  if (!same) {
    // A script has changed it.
    if (shown.querySelector(ALIVE)) throw new Reload();
    shown.replaceChildren(...fresh.map(own));
    return;
  }
  let at = 0;
  for (const node of fresh) {
    const found = old.findIndex((one, i) => i >= at && alike(one, node));
    if (found < 0) shown.insertBefore(own(node), here[at] ?? end(here));
    else {
      for (; at < found; at++) remove(here[at]);
      step(here[at], old[at], node);
      at++;
    }
  }
  for (; at < here.length; at++) remove(here[at]);
}

function step(shown: Node | undefined, before: Node | undefined, now: Node): void {
  if (shown instanceof Element && before instanceof Element && now instanceof Element) change(shown, before, now);
  else if (shown && shown.nodeValue !== now.nodeValue) shown.nodeValue = now.nodeValue;
}

/** Nodes of a page, without our own. */
function nodes(of: Element): Node[] {
  return [...of.childNodes].filter((node) => !(node instanceof Element && node.matches("aside.live")));
}

function end(here: readonly Node[]): Node | null {
  return here.at(-1)?.nextSibling ?? null;
}

/** Whether one node stands for the other: of one name, and known by the same. */
function alike(a: Node, b: Node | undefined): boolean {
  if (!(a instanceof Element) || !(b instanceof Element)) return a.nodeName === b?.nodeName;
  const names = ["id", "aria-labelledby", "data-app", "data-part", "data-key"];
  return a.nodeName === b.nodeName && names.every((name) => a.getAttribute(name) === b.getAttribute(name));
}

function attributes(shown: Element, before: Element, now: Element): void {
  for (const { name } of before.attributes) if (!now.hasAttribute(name)) shown.removeAttribute(name);
  for (const { name, value } of now.attributes)
    if (before.getAttribute(name) !== value) shown.setAttribute(name, value);
}

function own(node: Node): Node {
  // What comes to life when a page is loaded needs one.
  if (node instanceof Element && (node.matches("[data-app]") || node.querySelector("[data-app]"))) throw new Reload();
  return document.importNode(node, true);
}

function remove(node: Node | undefined): void {
  node?.parentNode?.removeChild(node);
}
