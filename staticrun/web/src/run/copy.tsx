// A button that copies, and says whether it did.

import { useState } from "preact/hooks";

import type { App } from "../page/mount.tsx";
import { copy } from "../table/clipboard.ts";
import { patch } from "./text.ts";

/** Copy a text, and say whether the browser did. */
export function told(text: string): string {
  return copy(text) ? "Copied" : "Not copied";
}

/** The button, what of its label is heard alone, and beside it what became of it. */
export function Copy({ label, of, text }: { label: string; of?: string; text: () => string }) {
  const [said, say] = useState("");
  return (
    <>
      <button class="plain" onClick={() => say(told(text()))}>
        {label}
        <span class="vh">{of}</span>
      </button>{" "}
      <output>{said}</output>{" "}
    </>
  );
}

/** Copy the difference of the file in whose head the element stands. */
export const copyApp: App = async (place) => {
  const rows = [...(place.closest(".diff")?.querySelectorAll("tbody tr") ?? [])];
  const text = () => patch(rows.map((row) => [row.className, row.lastElementChild?.textContent ?? ""]));
  return <Copy label="Copy" of={` ${place.dataset["of"]}`} text={text} />;
};
