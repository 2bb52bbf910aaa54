// The colour of a selected run: the one that its id asks for, or the next that is free among the
// selected, so that few runs never share one and a run keeps its own.

/** Colours that the theme has: `c1` to `c8`. */
export const SLOTS = 8;

/**
 * Give runs a colour each.
 *
 * @param ids Permanent ids, without repetition.
 * @returns Id → 1 to `SLOTS`; more runs than colours share them. Equal sets have equal colours.
 */
export function slots(ids: readonly string[]): Map<string, number> {
  const found = new Map<string, number>();
  let taken = new Set<number>();
  for (const id of [...ids].sort()) {
    if (taken.size === SLOTS) taken = new Set();
    let slot = hash(id) % SLOTS;
    while (taken.has(slot)) slot = (slot + 1) % SLOTS;
    taken.add(slot);
    found.set(id, slot + 1);
  }
  return found;
}

/** FNV-1a, 32 bits, over UTF-16 units. */
function hash(text: string): number {
  let h = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) {
    h = Math.imul(h ^ text.charCodeAt(i), 0x01000193);
  }
  return h >>> 0;
}
