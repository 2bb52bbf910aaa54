// A table that scrolls by itself where it is wider than the page.

import type { ComponentChildren } from "preact";

/** Props of `Sheet`. */
export interface SheetProps {
  /** What it is a table of, for those who do not see it. */
  readonly caption: string;
  /** The style's names for it. */
  readonly kind: string;
  readonly children: ComponentChildren;
}

/** The table; rows are its children. */
export function Sheet({ caption, kind, children }: SheetProps) {
  return (
    <section class="scroll" tabIndex={0} aria-label={caption}>
      <table class={kind}>
        <caption class="vh">{caption}</caption>
        {children}
      </table>
    </section>
  );
}

/** Heads of columns of numbers. */
export function Heads({ names }: { names: readonly string[] }) {
  return names.map((name) => (
    <th scope="col" class="n">
      {name}
    </th>
  ));
}
