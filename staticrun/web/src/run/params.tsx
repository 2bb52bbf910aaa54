// The params of a run: the server's tree, narrowed as one types, and copied.

import { useLayoutEffect, useState } from "preact/hooks";

import { load } from "../data/load.ts";
import type { RunData } from "../data/types.ts";
import type { App } from "../page/mount.tsx";
import { useView } from "../view/use_view.ts";
import { Copy, told } from "./copy.tsx";
import { matches, yaml } from "./text.ts";

// Fewer are seen at once.
const SEARCHED = 12;

type Entry = readonly [row: HTMLElement, button: HTMLButtonElement, name: string];

/** Tools above the tree that follows the element. */
export const paramsApp: App = async (place) => {
  const { params } = await load<RunData>(place.dataset["run"] ?? "");
  const lists = [...(place.nextElementSibling?.children ?? [])] as HTMLElement[];
  const entries = lists.flatMap((list) => {
    const branch = list.querySelector("h3")?.textContent;
    return [...list.querySelectorAll<HTMLElement>("dl > div")].map((row): Entry => {
      const term = row.firstElementChild;
      const name = (branch ? `${branch}.` : "") + term?.textContent;
      const button = document.createElement("button");
      button.title = `Copy ${name}`;
      button.append(...(term?.childNodes ?? []));
      term?.append(button);
      return [row, button, name];
    });
  });
  return <Params lists={lists} entries={entries} params={params} />;
};

interface ParamsProps {
  readonly lists: readonly HTMLElement[];
  readonly entries: readonly Entry[];
  readonly params: unknown;
}

function Params({ lists, entries, params }: ParamsProps) {
  const [view, change] = useView();
  const query = view["params"] ?? "";
  const [said, say] = useState("");
  useLayoutEffect(() => {
    const shown = entries.filter(
      ([row, , name]) => !(row.hidden = !matches(name + " " + row.textContent, query)),
    );
    for (const list of lists) list.hidden = !list.querySelector("div:not([hidden])");
    shown.forEach(([, button, name], i) => {
      button.onclick = () => say(`${told(name)} ${name}`);
      // One stop for Tab; arrows go from name to name.
      button.tabIndex = i && -1;
      button.onkeydown = ({ key }) =>
        shown[key === "ArrowDown" ? i + 1 : key === "ArrowUp" ? i - 1 : -1]?.[1].focus();
    });
    say(query && `${shown.length} of ${entries.length}`);
  }, [query]);
  return (
    <p class="choice">
      {entries.length >= SEARCHED && (
        <label>
          Find a param{" "}
          <input
            type="search"
            value={query}
            onInput={(event) => change({ params: event.currentTarget.value })}
          />
        </label>
      )}{" "}
      <output>{said}</output> <Copy label="Copy as YAML" text={() => yaml(params)} />
      <Copy label="Copy as JSON" text={() => JSON.stringify(params, null, 2)} />
    </p>
  );
}
