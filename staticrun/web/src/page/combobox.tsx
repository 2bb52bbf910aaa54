// A box to type in and a list to choose from: arrows choose, Enter takes, Escape leaves.

import { useEffect, useState } from "preact/hooks";
import type { ComponentChild } from "preact";

import { askedBy, BOX_KEYS } from "./keys.ts";

/** Something to choose. */
export interface Option {
  readonly key: string;
  readonly shown: ComponentChild;
}

/** Props of `Combobox`. */
export interface ComboboxProps {
  /** Prefix of ids, unique on the page. */
  readonly id: string;
  /** What is asked for; spoken where no label shows it. */
  readonly label: string;
  readonly about: string;
  readonly placeholder: string;
  readonly query: string;
  readonly options: readonly Option[];
  readonly write: (query: string) => void;
  /** Takes an option by its place; `beside` where it is wanted in a window of its own. */
  readonly take: (place: number, beside: boolean) => void;
  readonly onFocus?: () => void;
}

/** The input and, while there is something to choose, the list. */
export function Combobox(props: ComboboxProps) {
  const { id, query, options, write, take } = props;
  const [chosen, choose] = useState(0);
  const place = Math.min(chosen, Math.max(options.length - 1, 0));
  const any = options.length > 0;
  useEffect(() => {
    document.getElementById(`${id}-${place}`)?.scrollIntoView({ block: "nearest" });
  }, [place, options]);
  const onKeyDown = (event: KeyboardEvent): void => {
    const asked = askedBy(event, BOX_KEYS);
    if (!any || asked === undefined || asked === "leave") return;
    if (asked === "next") choose((place + 1) % options.length);
    else if (asked === "before") choose((place - 1 + options.length) % options.length);
    else take(place, asked === "beside");
    event.preventDefault();
  };
  return (
    <>
      <input
        role="combobox"
        aria-label={props.label}
        aria-expanded={any}
        aria-controls={id}
        aria-autocomplete="list"
        aria-activedescendant={any ? `${id}-${place}` : undefined}
        autocomplete="off"
        spellcheck={false}
        placeholder={props.placeholder}
        value={query}
        onFocus={props.onFocus}
        onInput={(event) => {
          write(event.currentTarget.value);
          choose(0);
        }}
        onKeyDown={onKeyDown}
      />
      <ul id={id} role="listbox" aria-label={props.about} hidden={!any}>
        {options.map((option, i) => (
          <li
            id={`${id}-${i}`}
            key={option.key}
            role="option"
            aria-selected={i === place}
            onPointerMove={() => choose(i)}
            onClick={(event) => take(i, event.ctrlKey || event.metaKey)}
          >
            {option.shown}
          </li>
        ))}
      </ul>
    </>
  );
}
