// What was changed: the params in which the sides differ.

import { at } from "../data/columns.ts";
import { MISSING, plural, scalar } from "../data/format.ts";
import type { Runs } from "../data/runs.ts";
import { Row } from "../page/row.tsx";
import { SideTable } from "./side_table.tsx";
import type { Sides } from "./sides.ts";

/** A table of params by side; those that are the same in all are counted. */
export function ParamsTable({ runs, sides }: { runs: Runs; sides: Sides }) {
  const { differing, same } = sides;
  const notes = same > 0 ? [`The same in all, not shown: ${plural(same, "param")}.`] : [];
  const base = sides.all.findIndex((side) => side.baseline);
  const rows = differing.map((name) => {
    const column = runs.column({ space: "params", name });
    const texts = sides.all.map((side) => {
      const values = [...new Set(side.runs.map((run) => spelled(at(column, run))))];
      return values.length > 3 ? `${values.length} values` : values.join(", ");
    });
    const cells = texts.map((text) => (text === texts[base] ? text : <b>{text}</b>));
    return [<span class="mono">{name}</span>, cells] as const;
  });
  return (
    <Row id="changed" head="What changed" notes={notes}>
      {rows.length === 0 ? (
        <p class="verdict">No param differs.</p>
      ) : (
        <SideTable sides={sides} head="Param" caption="Params that differ" rows={rows} />
      )}
    </Row>
  );
}

function spelled(value: unknown): string {
  return value === undefined ? MISSING : scalar(value);
}
