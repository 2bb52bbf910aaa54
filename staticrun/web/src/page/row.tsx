// A row of the sheet: the margin talks, the body shows.

import type { ComponentChildren } from "preact";

/** Props of `Row`. */
export interface RowProps {
  readonly id: string;
  readonly head: string;
  /** How to read the evidence; at most four short sentences. */
  readonly notes?: readonly ComponentChildren[];
  readonly children: ComponentChildren;
}

/** A section with its side head. */
export function Row({ id, head, notes = [], children }: RowProps) {
  return (
    <section class="row" aria-labelledby={id}>
      <div class="m">
        <h2 id={id}>{head}</h2>
        {notes.map((note) => (
          <p>{note}</p>
        ))}
      </div>
      <div class="b">{children}</div>
    </section>
  );
}
