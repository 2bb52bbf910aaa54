// The tools in the running head of every page: search, colours, keys.

import { useLayoutEffect, useRef, useState } from "preact/hooks";

import { SearchDialog } from "../search/dialog.tsx";
import { scheme, setScheme, SCHEMES, type Scheme } from "./scheme.ts";

const KEYS: readonly (readonly [string, string])[] = [
  ["/", "search the site"],
  ["?", "this list"],
  ["Tab, Shift+Tab", "the next thing, the one before"],
  ["arrows", "in tables: from cell to cell; in charts: from point to point"],
  ["Enter", "open the run of a row"],
  ["Space", "select a row"],
  ["s", "sort by the column of the cell"],
  ["Shift+arrows", "in charts: zoom"],
  ["Escape", "close, or leave the zoom"],
];

/** What stands at the end of the running head. */
export function Tools() {
  const [open, show] = useState<"search" | "keys" | undefined>();
  // Before the next paint: who is quick with `/` is heard.
  useLayoutEffect(() => {
    const onKey = (event: KeyboardEvent): void => {
      if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return;
      if (event.key === "/") show("search");
      else if (event.key === "?") show("keys");
      else return;
      event.preventDefault();
    };
    addEventListener("keydown", onKey);
    return () => removeEventListener("keydown", onKey);
  }, []);
  // A dialog's own closing is told late: by then another one may be open.
  const close = (which: "search" | "keys") => () =>
    show((now) => (now === which ? undefined : now));
  return (
    <>
      <button type="button" aria-keyshortcuts="/" onClick={() => show("search")}>
        Search <kbd>/</kbd>
      </button>
      <button type="button" aria-keyshortcuts="?" onClick={() => show("keys")}>
        Keys <kbd>?</kbd>
      </button>
      <SchemeSwitch />
      <SearchDialog open={open === "search"} close={close("search")} />
      <KeysDialog open={open === "keys"} close={close("keys")} />
    </>
  );
}

function isTyping(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLElement &&
    (target.isContentEditable || ["INPUT", "TEXTAREA", "SELECT"].includes(target.tagName))
  );
}

function SchemeSwitch() {
  const [chosen, choose] = useState<Scheme>(scheme);
  return (
    <label class="scheme">
      <span>Colours</span>{" "}
      <select
        value={chosen}
        onChange={(event) => {
          const next = event.currentTarget.value as Scheme;
          setScheme(next);
          choose(next);
        }}
      >
        {SCHEMES.map((one) => (
          <option key={one} value={one}>
            {one}
          </option>
        ))}
      </select>
    </label>
  );
}

function KeysDialog({ open, close }: { open: boolean; close: () => void }) {
  const dialog = useRef<HTMLDialogElement>(null);
  useLayoutEffect(() => {
    if (open) dialog.current?.showModal();
    else dialog.current?.close();
  }, [open]);
  return (
    <dialog class="keys" ref={dialog} onClose={close} aria-labelledby="keys-head">
      <h2 id="keys-head">Keys</h2>
      <dl>
        {KEYS.map(([key, does]) => (
          <div key={key}>
            <dt>
              <kbd>{key}</kbd>
            </dt>
            <dd>{does}</dd>
          </div>
        ))}
      </dl>
      <form method="dialog">
        <button type="submit">Close</button>
      </form>
    </dialog>
  );
}
