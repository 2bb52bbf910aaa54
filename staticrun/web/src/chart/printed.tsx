// What is printed: the figures that the page came with, or, once the reader has changed something,
// the charts that were drawn, in the colours of paper.

import { useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";

import { plural } from "../data/format.ts";
import type { Drawn } from "./files.ts";
import { readPalette } from "./palette.ts";
import { spellSvg } from "./svg.ts";
import { visible } from "./text.ts";

interface PrintedProps {
  /** What the page came with. */
  readonly written: readonly Node[];
  /** Whether charts show what the page decides. */
  readonly untouched: boolean;
  /** Of each chart what is drawn, in order; undefined where it was never in sight. */
  readonly drawn: () => readonly (Drawn | undefined)[];
}

/** Is there for printers alone. */
export function Printed({ written, untouched, drawn }: PrintedProps) {
  const place = useRef<HTMLDivElement>(null);
  const [printing, set] = useState(false);
  useEffect(() => {
    const begin = (): void => set(true);
    const end = (): void => set(false);
    addEventListener("beforeprint", begin);
    addEventListener("afterprint", end);
    return () => {
      removeEventListener("beforeprint", begin);
      removeEventListener("afterprint", end);
    };
  }, []);
  useLayoutEffect(() => {
    if (untouched) place.current?.replaceChildren(...written);
  }, [untouched, written]);
  if (untouched) return <div class="charts-printed" key="written" ref={place} />;
  return <div class="charts-printed">{printing && <Drawings all={drawn()} />}</div>;
}

function Drawings({ all }: { all: readonly (Drawn | undefined)[] }) {
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
