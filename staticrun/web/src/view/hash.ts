// What is on view stands in the address behind `#`: `#sort=-m:val/acc&f=lr%20%3C%200.1`. A hash
// without `=` is an anchor of the page and is left alone.

/** A link beyond this is cut by mail programs and chats. */
export const HASH_MAX = 2000;

export type View = Readonly<Record<string, string>>;

// Of the characters that are safe in a fragment, those that our own spellings use.
const PLAIN = /%(2F|3A|2C|40|24|7E|28|29|21|2A|3B|20)/g;

/** Read a hash; anything that is no view gives an empty one. */
export function parse(hash: string): View {
  const view: Record<string, string> = Object.create(null);
  const text = hash.replace(/^#/, "");
  if (!text.includes("=")) return view;
  for (const part of text.split("&")) {
    const cut = part.indexOf("=");
    if (cut < 1) continue;
    try {
      view[decode(part.slice(0, cut))] = decode(part.slice(cut + 1));
    } catch {
      // A mangled link: the rest of it still counts.
    }
  }
  return view;
}

/** Spell a view; names in order, so that equal views have one address. */
export function spell(view: View): string {
  const parts = Object.keys(view)
    .sort()
    .filter((name) => view[name] !== undefined && view[name] !== "")
    .map((name) => `${encode(name)}=${encode(view[name] ?? "")}`);
  return parts.length > 0 ? `#${parts.join("&")}` : "";
}

function decode(text: string): string {
  return decodeURIComponent(text.replaceAll("+", " "));
}

function encode(text: string): string {
  return encodeURIComponent(text).replace(PLAIN, (code) =>
    code === "%20" ? "+" : decodeURIComponent(code),
  );
}

type Listener = (view: View) => void;

const listeners = new Set<Listener>();

/** The view that the address names now. */
export function current(): View {
  return parse(location.hash);
}

/**
 * Change parts of the view; an undefined or empty one is taken out.
 *
 * @returns Whether the address has it; one that would be too long stays as it is.
 */
export function change(parts: Readonly<Record<string, string | undefined>>): boolean {
  const next: Record<string, string> = { ...current() };
  for (const [name, value] of Object.entries(parts)) {
    if (value === undefined) delete next[name];
    else next[name] = value;
  }
  const hash = spell(next);
  if (hash.length > HASH_MAX) return false;
  if (hash !== location.hash) {
    // replaceState with an empty text would leave the old hash.
    history.replaceState(null, "", hash || location.pathname + location.search);
    for (const listener of [...listeners]) listener(next);
  }
  return true;
}

/** Be told when the view changes, by the page itself or by the reader; gives the way out. */
export function subscribe(listener: Listener): () => void {
  listeners.add(listener);
  return () => {
    listeners.delete(listener);
  };
}

/** Hear of addresses that the reader changes. To be called once. */
export function watch(): void {
  addEventListener("hashchange", () => {
    for (const listener of [...listeners]) listener(current());
  });
}
