// The search of the whole site: `/` on any page, words, arrows, Enter.

import { useEffect, useMemo, useState } from "preact/hooks";

import { page } from "../data/version.ts";
import { loadIndex, Runs } from "../data/runs.ts";
import type { Index } from "../data/types.ts";
import { Combobox } from "../page/combobox.tsx";
import { useModal } from "../page/use_modal.ts";
import { ofIndex, ofRuns } from "./corpus.ts";
import { search, type Entry, type Ready } from "./rank.ts";

const MOST = 30;

/** Shows nothing but a dialog while `open`. */
export function SearchDialog({ open, close }: { open: boolean; close: () => void }) {
  const dialog = useModal(open);
  const [query, setQuery] = useState("");
  const { entries, state } = useCorpus(open);
  const found = useMemo(() => search(entries, query, MOST), [entries, query]);
  return (
    <dialog class="search" ref={dialog} onClose={close} aria-label="Search the site">
      <Combobox
        id="found"
        label="Words of a run, an experiment, a metric, a report"
        about="What was found"
        placeholder="Search"
        query={query}
        write={setQuery}
        options={found.map(({ entry }) => ({
          key: `${entry.kind} ${entry.url} ${entry.title}`,
          shown: (
            <>
              <b>{entry.title}</b> <span class="kind">{entry.kind}</span>
              {entry.about && <small>{entry.about}</small>}
            </>
          ),
        }))}
        take={(place, beside) => {
          const entry = found[place]?.entry;
          if (entry !== undefined) go(entry, beside);
        }}
      />
      <p class="note" role="status">
        {told(query, found.length, state)}
      </p>
    </dialog>
  );
}

function go(entry: Entry, beside: boolean): void {
  open(page(entry.url), beside ? "_blank" : "_self");
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
  const [state, tell] = useState<string | undefined>();
  useEffect(() => {
    if (!wanted || state !== undefined) return;
    tell("Reading the runs …");
    gather(add).then(
      () => tell(""),
      (error: Error) => tell(error.message),
    );
  }, [wanted]);
  return { entries, state: state ?? "" };
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
