// The tools in the running head of every page: search, versions, colours, keys.

import { useLayoutEffect, useState } from "preact/hooks";

import { SearchDialog } from "../search/dialog.tsx";
import { Choice } from "./choice.tsx";
import { closePanel } from "./escape.ts";
import { askedBy, PAGE_KEYS } from "./keys.ts";
import { KeysDialog } from "./keys_dialog.tsx";
import { scheme, setScheme, SCHEMES, type Scheme } from "./scheme.ts";
import { VersionChoice } from "./version_choice.tsx";

/** What stands at the end of the running head. */
export function Tools() {
  const [open, show] = useState<"search" | "keys" | undefined>();
  // Before the next paint: who is quick with `/` is heard.
  useLayoutEffect(() => {
    const onKey = (event: KeyboardEvent): void => {
      const asked = askedBy(event, PAGE_KEYS);
      if (asked === "close") closePanel(event);
      if (asked === undefined || asked === "close" || isTyping(event.target)) return;
      show(asked);
      event.preventDefault();
    };
    addEventListener("keydown", onKey);
    return () => removeEventListener("keydown", onKey);
  }, []);
  // A dialog's own closing is told late: by then another one may be open.
  const own = (which: "search" | "keys") => ({
    open: open === which,
    close: () => show((now) => (now === which ? undefined : now)),
  });
  return (
    <>
      <button type="button" aria-keyshortcuts="/" onClick={() => show("search")}>
        Search <kbd>/</kbd>
      </button>
      <button type="button" aria-keyshortcuts="?" onClick={() => show("keys")}>
        Keys <kbd>?</kbd>
      </button>
      <VersionChoice />
      <SchemeSwitch />
      <SearchDialog {...own("search")} />
      <KeysDialog {...own("keys")} />
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
    <span class="scheme">
      <Choice
        label={<span>Colours</span>}
        value={chosen}
        options={SCHEMES}
        choose={(next) => {
          setScheme(next);
          choose(next);
        }}
      />
    </span>
  );
}
