// Charts as they are printed: those that were drawn, in the colours of paper.

import { plural } from "../data/format.ts";
import type { Drawn } from "./files.ts";
import { readPalette } from "./palette.ts";
import { spellSvg } from "./svg.ts";
import { visible } from "./text.ts";

/** Of each chart what is drawn, in order; undefined where it was never in sight. */
export function Drawings({ all }: { readonly all: readonly (Drawn | undefined)[] }) {
  const palette = readPalette("light");
  const found = all.filter((one) => one !== undefined);
  const more = all.length - found.length;
  return (
    <>
      <div class="grid">
        {found.map(({ picture, frame }) => {
          const svg = spellSvg(picture, frame, palette);
          return (
            <figure key={picture.metric}>
              <img
                alt={`${visible(picture.metric)}: ${picture.facts.join(" ")}`}
                src={`data:image/svg+xml;charset=utf-8,${encodeURIComponent(svg)}`}
              />
            </figure>
          );
        })}
      </div>
      {more > 0 && (
        <p class="note">{plural(more, "more chart")} left out: not drawn on the screen.</p>
      )}
    </>
  );
}
