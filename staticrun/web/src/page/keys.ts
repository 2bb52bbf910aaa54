// Keys, each said once: what the list of keys tells is what handlers look up.

/** Keys that belong together, in words, and what each of them asks. */
export interface Keys<Act> {
  readonly does: string;
  /** Key as `spelled` → what it asks. */
  readonly acts: Readonly<Record<string, Act>>;
}

/** The parts of a keyboard event that count. */
export interface Pressed {
  readonly key: string;
  readonly ctrlKey: boolean;
  readonly metaKey: boolean;
  readonly altKey: boolean;
  readonly shiftKey: boolean;
}

/** Everywhere. */
export const PAGE_KEYS: readonly Keys<"search" | "keys" | "close">[] = [
  { does: "search the site", acts: { "/": "search" } },
  { does: "this list", acts: { "?": "keys" } },
  { does: "close a panel or dialog, back to what opened it", acts: { Escape: "close" } },
];

/** In a box that offers a list. */
export const BOX_KEYS: readonly Keys<"next" | "before" | "take" | "beside" | "leave">[] = [
  { does: "choose from what is offered", acts: { ArrowDown: "next", ArrowUp: "before" } },
  { does: "take it, or open it", acts: { Enter: "take" } },
  { does: "open what was found in a window of its own", acts: { "Ctrl+Enter": "beside", "Meta+Enter": "beside" } },
  { does: "close what is offered", acts: { Escape: "leave" } },
];

/** Spell a key with what is held: `Shift+ArrowUp`, `s`, `Ctrl+Home`. Marks say themselves. */
export function spelled({ key, ctrlKey, metaKey, altKey, shiftKey }: Pressed): string {
  const isMark = /^[^a-z ]$/i.test(key);
  const held = [ctrlKey && "Ctrl", metaKey && "Meta", altKey && "Alt", shiftKey && !isMark && "Shift"];
  return [...held.filter(Boolean), key.length === 1 ? key.toLowerCase() : key].join("+");
}

/** What a key asks; undefined where it is not among them. */
export function askedBy<Act>(pressed: Pressed, all: readonly Keys<Act>[]): Act | undefined {
  const name = spelled(pressed);
  return all.find(({ acts }) => Object.hasOwn(acts, name))?.acts[name];
}

const SHOWN: Readonly<Record<string, string>> = {
  ArrowUp: "↑",
  ArrowDown: "↓",
  ArrowLeft: "←",
  ArrowRight: "→",
  PageUp: "Page Up",
  PageDown: "Page Down",
  " ": "Space",
};

/** A key as it is shown to people. */
export function shown(name: string): string {
  return name.replace(/Arrow\w+|Page\w+| $/, (key) => SHOWN[key] ?? key);
}
