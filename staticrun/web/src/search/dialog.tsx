// The search of the whole site: `/` on any page, words, arrows, Enter.

import { useEffect, useLayoutEffect, useMemo, useRef, useState } from "preact/hooks";

import { root } from "../data/load.ts";
import { loadIndex, Runs } from "../data/runs.ts";
import type { Index } from "../data/types.ts";
import { ofIndex, ofRuns } from "./corpus.ts";
import { search, type Entry, type Ready } from "./rank.ts";

const MOST = 30;

/** Shows nothing but a dialog while `open`. */
export function SearchDialog({ open, close }: { open: boolean; close: () => void }) {
  const dialog = useRef<HTMLDialogElement>(null);
  const [query, setQuery] = useState("");
  const [chosen, choose] = useState(0);
  const { entries, state } = useCorpus(open);
  const found = useMemo(() => search(entries, query, MOST), [entries, query]);
  const place = Math.min(chosen, Math.max(found.length - 1, 0));

  // Before the next paint: the letters typed right after `/` belong to the box.
  useLayoutEffect(() => {
    if (open) dialog.current?.showModal();
    else dialog.current?.close();
  }, [open]);
  useEffect(() => {
    document.getElementById(`found-${place}`)?.scrollIntoView({ block: "nearest" });
  }, [place, found]);

  const onKeyDown = (event: KeyboardEvent): void => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step !== undefined && found.length > 0) {
      choose((place + step + found.length) % found.length);
      event.preventDefault();
    } else if (event.key === "Enter") {
      const entry = found[place]?.entry;
      if (entry !== undefined) go(entry, event.ctrlKey || event.metaKey);
      event.preventDefault();
    }
  };
  return (
    <dialog class="search" ref={dialog} onClose={close} aria-label="Search the site">
      <input
        role="combobox"
        aria-label="Words of a run, an experiment, a metric, a report"
        aria-expanded={found.length > 0}
        aria-controls="found"
        aria-autocomplete="list"
        aria-activedescendant={found.length > 0 ? `found-${place}` : undefined}
        autocomplete="off"
        spellcheck={false}
        placeholder="Search"
        value={query}
        onInput={(event) => {
          setQuery(event.currentTarget.value);
          choose(0);
        }}
        onKeyDown={onKeyDown}
      />
      <ul id="found" role="listbox" aria-label="What was found" hidden={found.length === 0}>
        {found.map(({ entry }, i) => (
          <li
            id={`found-${i}`}
            key={`${entry.kind} ${entry.url} ${entry.title}`}
            role="option"
            aria-selected={i === place}
            onPointerMove={() => choose(i)}
            onClick={(event) => go(entry, event.ctrlKey || event.metaKey)}
          >
            <b>{entry.title}</b> <span class="kind">{entry.kind}</span>
            {entry.about && <small>{entry.about}</small>}
          </li>
        ))}
      </ul>
      <p class="note" role="status">
        {told(query, found.length, state)}
      </p>
    </dialog>
  );
}

function go(entry: Entry, beside: boolean): void {
  open(root() + entry.url, beside ? "_blank" : "_self");
}

function told(query: string, found: number, state: string): string {
  if (state !== "") return state;
  if (query.trim() === "") return "Arrows choose, Enter opens, Escape closes.";
  if (found === 0) return "Nothing has all of these words.";
  return found === MOST ? `The first ${MOST}.` : `${found} found.`;
}

/** Gather what there is to find, when it is first asked for. */
function useCorpus(wanted: boolean): { entries: readonly Ready[]; state: string } {
  const [entries, add] = useState<readonly Ready[]>([]);
  const [state, tell] = useState("");
  const [begun, begin] = useState(false);
  useEffect(() => {
    if (!wanted || begun) return;
    begin(true);
    tell("Reading the runs …");
    gather(add)
      .then(() => tell(""))
      .catch((error: unknown) => tell(String(error instanceof Error ? error.message : error)));
  }, [wanted, begun]);
  return { entries, state };
}

async function gather(give: (entries: readonly Ready[]) => void): Promise<void> {
  const index: Index = await loadIndex();
  let all = ofIndex(index);
  give(all);
  for (const experiment of index.experiments) {
    all = [...all, ...ofRuns(await Runs.load([experiment]))];
    give(all);
  }
}
