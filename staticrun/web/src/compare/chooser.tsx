// Which runs are compared: what is chosen, and a box to add more.

import { useMemo, useState } from "preact/hooks";

import { at } from "../data/columns.ts";
import { page } from "../data/version.ts";
import { Runs } from "../data/runs.ts";
import type { Index } from "../data/types.ts";
import { Combobox } from "../page/combobox.tsx";
import { useLoaded } from "../page/use_loaded.ts";
import { ofRuns } from "../search/corpus.ts";
import { search, type Ready } from "../search/rank.ts";
import { Swatch } from "./side_table.tsx";
import type { Side, Sides } from "./sides.ts";

/** Props of `Chooser`. */
export interface ChooserProps {
  readonly index: Index;
  readonly runs: Runs | undefined;
  readonly keys: readonly string[];
  readonly sides: Sides | undefined;
  readonly grouped: boolean;
  readonly filter: string;
  /** What is wrong with the filter; empty for nothing. */
  readonly problem: string;
  readonly setFilter: (text: string) => void;
  readonly choose: (keys: readonly string[]) => boolean;
  readonly setGrouped: (on: boolean) => void;
  readonly setBaseline: (key: string) => void;
}

/** The chosen runs by side, each with its own way out. */
export function Chooser(props: ChooserProps) {
  const { keys, runs, sides, grouped, choose } = props;
  const [told, tell] = useState("");
  const add = (more: readonly string[]): void => {
    const next = [...new Set([...keys, ...more])];
    const fits = choose(next);
    tell(fits ? "" : "No more fit into the address of this page.");
  };
  return (
    <div class="chooser">
      <AddBox index={props.index} taken={keys} add={add} />
      <label class="by-filter">
        Or a filter{" "}
        <input
          value={props.filter}
          spellcheck={false}
          autocomplete="off"
          placeholder="experiment = 'a' and params.lr < 0.1"
          aria-invalid={props.problem !== ""}
          onChange={(event) => props.setFilter(event.currentTarget.value)}
        />
      </label>
      {(told || props.problem) && <p role="alert">{told || props.problem}</p>}
      {keys.length === 1 && <p class="note">Add a second run to compare it with.</p>}
      {runs && sides && (
        <>
          <table class="list sides">
            <caption class="vh">The sides of the comparison</caption>
            <thead>
              <tr>
                {["Side", "Runs", "Baseline", "Remove"].map((head) => (
                  <th scope="col">
                    {head}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {sides.all.map((side) => (
                <SideRow key={side.label} side={side} {...props} runs={runs} />
              ))}
            </tbody>
          </table>
          <p class="note">
            <label>
              <input
                type="checkbox"
                checked={grouped}
                onChange={(event) => props.setGrouped(event.currentTarget.checked)}
              />{" "}
              Runs that differ in their seed alone are one side
            </label>{" "}
            <button type="button" class="plain" onClick={() => choose([])}>
              Remove all
            </button>
          </p>
        </>
      )}
    </div>
  );
}

function SideRow(props: ChooserProps & { side: Side; runs: Runs }) {
  const { side, runs, keys, choose, setBaseline } = props;
  const own = side.runs.map((run) => runs.key(run));
  return (
    <tr>
      <th scope="row" class="k">
        <Swatch side={side} /> {side.label}
      </th>
      <td>
        {side.runs.map((run, i) => (
          <span>
            {i > 0 && ", "}
            <a class="q" href={page(runs.url(run))}>
              {String(at(runs.column({ space: "run", name: "name" }), run) ?? runs.key(run))}
            </a>
          </span>
        ))}
      </td>
      <td>
        <label>
          <input
            type="radio"
            name="baseline"
            checked={side.baseline}
            onChange={() => setBaseline(own[0] ?? "")}
            aria-label={`${side.label} is the baseline`}
          />
        </label>
      </td>
      <td>
        <button
          type="button"
          class="plain"
          aria-label={`Remove ${side.label}`}
          onClick={() => choose(keys.filter((key) => !own.includes(key)))}
        >
          remove
        </button>
      </td>
    </tr>
  );
}

const MOST = 12;

/** A box that finds runs of all experiments by words. */
function AddBox(props: {
  index: Index;
  taken: readonly string[];
  add: (keys: readonly string[]) => void;
}) {
  const [query, setQuery] = useState("");
  const [asked, ask] = useState(false);
  const load = async () => (asked ? ofRuns(await Runs.load(props.index.experiments)) : []);
  const entries = useLoaded<readonly Ready[]>([], load, [asked]);
  const found = useMemo(() => search(entries, query, MOST), [entries, query]);
  const keyOf = (i: number): string => found[i]?.entry.about.split(" · ")[0] ?? "";
  return (
    <div class="add">
      <span aria-hidden="true">Add a run</span>
      <Combobox
        id="addable"
        label="Add a run"
        about="Runs that can be added"
        placeholder="words of its name, params or tags"
        query={query}
        write={setQuery}
        onFocus={() => ask(true)}
        options={found.map(({ entry }, i) => ({
          key: entry.url,
          shown: (
            <>
              <b>{entry.title}</b> <small>{entry.about}</small>
              {props.taken.includes(keyOf(i)) && <small> (chosen)</small>}
            </>
          ),
        }))}
        take={(place) => {
          props.add([keyOf(place)]);
          setQuery("");
        }}
      />
      <p class="vh" role="status">
        {query === "" ? "" : `${found.length} found`}
      </p>
    </div>
  );
}
