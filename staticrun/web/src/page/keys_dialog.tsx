// The list of keys.

import { CHART_KEYS } from "../chart/keys.ts";
import { TABLE_KEYS } from "../table/keys.ts";
import { BOX_KEYS, PAGE_KEYS, shown, type Keys } from "./keys.ts";
import { useModal } from "./use_modal.ts";

/** All keys that work, by where they do. */
export const EVERY: readonly (readonly [where: string, keys: readonly Keys<unknown>[]])[] = [
  ["On every page", PAGE_KEYS],
  ["In the table of runs", TABLE_KEYS],
  ["In charts", CHART_KEYS],
  ["In boxes that offer a list", BOX_KEYS],
];

/** A dialog that lists them. */
export function KeysDialog({ open, close }: { open: boolean; close: () => void }) {
  const dialog = useModal(open);
  return (
    <dialog class="keys" ref={dialog} onClose={close} aria-labelledby="keys-head">
      <h2 id="keys-head">Keys</h2>
      <form method="dialog">
        <button type="submit">Close</button>
      </form>
      {EVERY.map(([where, all]) => (
        <section key={where}>
          <h3>{where}</h3>
          <dl>
            {all.map(({ does, acts }) => (
              <div key={does}>
                <dt>
                  {Object.keys(acts).map((key) => (
                    <kbd key={key}>{shown(key)}</kbd>
                  ))}
                </dt>
                <dd>{does}</dd>
              </div>
            ))}
          </dl>
        </section>
      ))}
    </dialog>
  );
}
