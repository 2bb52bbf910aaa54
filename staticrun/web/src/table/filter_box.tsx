// Where a filter is written: it is read at every letter, what is wrong is told under its place, and
// what can come next is offered.

import { useEffect, useMemo, useRef, useState } from "preact/hooks";

import { complete, type Vocabulary } from "../filter/complete.ts";
import { askedBy, BOX_KEYS } from "../page/keys.ts";
import type { Problem } from "./filter.ts";

const OFFERED = 10;

/** Props of `FilterBox`. */
export interface FilterProps {
  readonly text: string;
  readonly problem: Problem | undefined;
  readonly vocabulary: Vocabulary;
  readonly write: (text: string) => void;
}

interface Offer {
  readonly insert: string;
  readonly from: number;
  readonly to: number;
  readonly about: string;
}

/** A filter, and help with writing it. */
export function FilterBox({ text, problem, vocabulary, write }: FilterProps) {
  const box = useRef<HTMLInputElement>(null);
  const [cursor, setCursor] = useState<number | undefined>();
  const [chosen, choose] = useState(-1);
  const offers = useMemo(
    () => (cursor === undefined ? [] : offersAt(text, cursor, vocabulary, problem)),
    [text, cursor, vocabulary, problem],
  );
  const open = offers.length > 0;
  const place = Math.min(chosen, offers.length - 1);
  const jump = useRef<number | undefined>(undefined);
  useEffect(() => {
    if (jump.current === undefined) return;
    box.current?.setSelectionRange(jump.current, jump.current);
    jump.current = undefined;
  });

  const look = (): void => {
    choose(-1);
    setCursor(box.current?.selectionStart ?? 0);
  };
  const take = ({ insert, from, to }: Offer): void => {
    const rest = text.slice(to);
    const space = /^\s/.test(rest) || insert.endsWith("(") ? "" : " ";
    jump.current = from + insert.length + Number(!insert.endsWith("("));
    choose(-1);
    setCursor(jump.current);
    write(text.slice(0, from) + insert + space + rest);
    box.current?.focus();
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    const asked = askedBy(event, BOX_KEYS);
    const step = asked === "next" ? 1 : asked === "before" ? -1 : 0;
    if (step !== 0 && !open) look();
    else if (step !== 0) choose(around(place + step, offers.length));
    else if (asked === "take" && open && place >= 0) take(offers[place] as Offer);
    else if (asked === "take" || (asked === "leave" && open)) setCursor(undefined);
    else return;
    event.preventDefault();
  };
  return (
    <div class="filter">
      <label for="table-filter">Filter</label>
      <div class="box">
        <input
          id="table-filter"
          ref={box}
          role="combobox"
          aria-expanded={open}
          aria-controls="table-offers"
          aria-autocomplete="list"
          aria-activedescendant={open && place >= 0 ? `table-offer-${place}` : undefined}
          aria-invalid={problem !== undefined}
          aria-describedby="table-problem"
          autocomplete="off"
          autocapitalize="off"
          spellcheck={false}
          placeholder="every run"
          value={text}
          onInput={(event) => {
            write(event.currentTarget.value);
            look();
          }}
          onClick={look}
          // The cursor was moved.
          onKeyUp={(event) => {
            if (/^(Arrow(Left|Right)|Home|End)$/.test(event.key)) look();
          }}
          onKeyDown={onKeyDown}
          onBlur={() => setCursor(undefined)}
        />
        <ul id="table-offers" role="listbox" aria-label="What can come next" hidden={!open}>
          {offers.map((offer, i) => (
            <li
              id={`table-offer-${i}`}
              key={offer.insert}
              role="option"
              aria-selected={i === place}
              // The box keeps the focus.
              onPointerDown={(event) => event.preventDefault()}
              onClick={() => take(offer)}
            >
              <code>{offer.insert}</code> <span class="dim">{offer.about}</span>
            </li>
          ))}
        </ul>
        <p id="table-problem" class="problem" role="status">
          {problem && <Told problem={problem} />}
        </p>
      </div>
      {text !== "" && (
        <button type="button" onClick={() => write("")}>
          Clear
        </button>
      )}
    </div>
  );
}

/** What is wrong, under the letter where it begins. */
function Told({ problem }: { problem: Problem }) {
  return (
    <>
      <span class="mark" aria-hidden="true" style={{ "--at": String(problem.at) }}>
        ^
      </span>{" "}
      <span class="vh">At character {problem.at + 1}: </span>
      {problem.text}
    </>
  );
}

/** What can come next; before it what was probably meant, wherever the cursor is. */
function offersAt(text: string, cursor: number, vocabulary: Vocabulary, problem: Problem | undefined): Offer[] {
  const offers = complete(text, cursor, vocabulary).slice(0, OFFERED);
  return problem?.mend ? [{ ...problem.mend, about: "probably meant" }, ...offers] : offers;
}

function around(place: number, n: number): number {
  // Before the first offer is none: the text as it was written.
  return place < -1 ? n - 1 : place >= n ? -1 : place;
}
