// Pictures of the sides beside each other, step by step, with their difference.

import { useState } from "preact/hooks";

import { number } from "../data/format.ts";
import { root } from "../data/load.ts";
import type { RunData } from "../data/types.ts";
import { Row } from "../page/row.tsx";
import { galleries, pictureAt, type Gallery } from "./pictures.ts";
import { Swatch } from "./side_table.tsx";
import type { Side, Sides } from "./sides.ts";

const MOST = 12;

/** A row of pictures for each name that the runs logged pictures under. */
export function PicturesRow({ sides, data }: { sides: Sides; data: ReadonlyMap<number, RunData> }) {
  const found = galleries(data);
  if (found.length === 0) return null;
  const notes = [
    "The first run of each side that has the picture.",
    "Difference: black where a picture equals the baseline’s.",
  ];
  return (
    <Row id="pictures" head="Pictures" notes={notes}>
      {found.slice(0, MOST).map((gallery) => (
        <GalleryView key={gallery.name} gallery={gallery} sides={sides} />
      ))}
      {found.length > MOST && <p class="note">{found.length - MOST} more names are left out.</p>}
    </Row>
  );
}

function GalleryView({ gallery, sides }: { gallery: Gallery; sides: Sides }) {
  const [place, setPlace] = useState(gallery.steps.length - 1);
  const [difference, setDifference] = useState(false);
  const step = gallery.steps[Math.min(place, gallery.steps.length - 1)];
  const of = (side: Side) => {
    const run = side.runs.find((one) => gallery.of.has(one));
    return run === undefined ? undefined : pictureAt(gallery, run, step);
  };
  const base = sides.baseline === undefined ? undefined : of(sides.baseline);
  return (
    <section aria-label={gallery.name} class="gallery">
      <h3>{gallery.name}</h3>
      <p class="choice">
        {gallery.steps.length > 1 && (
          <label>
            Step{" "}
            <input
              type="range"
              min={0}
              max={gallery.steps.length - 1}
              value={place}
              aria-valuetext={`step ${number(step, 6)}`}
              onInput={(event) => setPlace(Number(event.currentTarget.value))}
            />{" "}
            <output>{number(step, 6)}</output>
          </label>
        )}{" "}
        {base && (
          <label>
            <input
              type="checkbox"
              checked={difference}
              onChange={(event) => setDifference(event.currentTarget.checked)}
            />{" "}
            Difference to the baseline
          </label>
        )}
      </p>
      <div class="plates">
        {sides.all.map((side) => {
          const picture = of(side);
          const against = difference && !side.baseline ? base : undefined;
          return (
            <figure>
              {picture ? (
                <a class="stack" href={root() + (picture.url ?? "")}>
                  <img src={root() + (picture.url ?? "")} alt={`${gallery.name} of ${side.label}`} loading="lazy" />
                  {against && <img class="over" src={root() + (against.url ?? "")} alt="" />}
                </a>
              ) : (
                <p class="note">none</p>
              )}
              <figcaption>
                <Swatch side={side} />
                {side.label}
                {typeof picture?.step === "number" && picture.step !== step
                  ? `, step ${number(picture.step, 6)}`
                  : ""}
                {picture?.caption && <small>{picture.caption}</small>}
              </figcaption>
            </figure>
          );
        })}
      </div>
    </section>
  );
}
