// What was changed: the params in which the sides differ.

import { at } from "../data/columns.ts";
import { plural, scalar } from "../data/format.ts";
import type { Runs } from "../data/runs.ts";
import { Row } from "../page/row.tsx";
import type { Side, Sides } from "./sides.ts";

/** A table of params by side; those that are the same in all are counted. */
export function ParamsTable({ runs, sides }: { runs: Runs; sides: Sides }) {
  const { differing, same } = sides;
  const notes = same > 0 ? [`${plural(same, "param")} ${same === 1 ? "is" : "are"} the same in all and not shown.`] : [];
  return (
    <Row id="changed" head="What changed" notes={notes}>
      {differing.length === 0 ? (
        <p class="verdict">No param differs.</p>
      ) : (
        <section class="scroll" tabIndex={0} aria-label="Params that differ">
          <table class="list facts">
            <caption class="vh">Params that differ</caption>
            <thead>
              <tr>
                <th scope="col">Param</th>
                {sides.all.map((side) => (
                  <SideHead key={side.label} side={side} />
                ))}
              </tr>
            </thead>
            <tbody>
              {differing.map((name) => (
                <ParamRow key={name} name={name} runs={runs} sides={sides} />
              ))}
            </tbody>
          </table>
        </section>
      )}
    </Row>
  );
}

/** The head of a side's column, with its colour. */
export function SideHead({ side, about }: { side: Side; about?: string }) {
  return (
    <th scope="col" class="n">
      <span class={side.baseline ? "swatch dash" : `swatch c${side.slot}`} />
      {side.label}
      {about && <small>{about}</small>}
    </th>
  );
}

function ParamRow({ name, runs, sides }: { name: string; runs: Runs; sides: Sides }) {
  const column = runs.column({ space: "params", name });
  const texts = sides.all.map((side) => {
    const values = [...new Set(side.runs.map((run) => spelled(at(column, run))))];
    return values.length > 3 ? `${values.length} values` : values.join(", ");
  });
  const base = texts[sides.all.findIndex((side) => side.baseline)];
  return (
    <tr>
      <th scope="row" class="k mono">
        {name}
      </th>
      {sides.all.map((side, i) => (
        <td key={side.label} class="n" data-l={side.label}>
          {texts[i] === base ? texts[i] : <b>{texts[i]}</b>}
        </td>
      ))}
    </tr>
  );
}

function spelled(value: unknown): string {
  return value === undefined ? "–" : scalar(value);
}
