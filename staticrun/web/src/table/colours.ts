// The colour of what is selected: the one that its id asks for, or the next that is free among the
// selected, so that few never share one and each keeps its own.

/** Colours that the theme has: `c1` to `c10`. */
export const SLOTS = 10;

/**
 * Give runs a slot each.
 *
 * @param ids Permanent ids, without repetition.
 * @returns Id → slot, from 1. Slots beyond `SLOTS` have the same colours once more, and a dash.
 *   Equal sets have equal slots.
 */
export function slots(ids: readonly string[]): Map<string, number> {
  const found = new Map<string, number>();
  const taken = new Set<number>();
  let round = 0;
  for (const id of [...ids].sort()) {
    if (taken.size === SLOTS) {
      taken.clear();
      round++;
    }
    let slot = hash(id) % SLOTS;
    while (taken.has(slot)) slot = (slot + 1) % SLOTS;
    taken.add(slot);
    found.set(id, round * SLOTS + slot + 1);
  }
  return found;
}

/** The class of a slot's colour; none for the slot of ink. */
export function colourClass(slot: number | undefined): string | undefined {
  return slot === undefined || slot < 1 ? undefined : `c${((slot - 1) % SLOTS) + 1}`;
}

/** FNV-1a, 32 bits, over UTF-16 units. */
function hash(text: string): number {
  let h = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) {
    h = Math.imul(h ^ text.charCodeAt(i), 0x01000193);
  }
  return h >>> 0;
}
