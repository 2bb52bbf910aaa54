// What is printed: the server's own table, or, once the reader has changed something, the first rows
// of what is shown, as a real table.

import { useEffect, useRef, useState } from "preact/hooks";

import { plural } from "../data/format.ts";
import { PRINT_MAX, texts } from "./export.ts";
import { isUntouched, type State } from "./state.ts";
import type { Table } from "./table.ts";

/** Props of `Printed`. */
export interface PrintedProps {
  readonly table: Table;
  readonly state: State;
  readonly written: readonly Node[];
}

/** Is there for printers alone. */
export function Printed({ table, state, written }: PrintedProps) {
  const place = useRef<HTMLDivElement>(null);
  const [printing, set] = useState(false);
  const untouched = isUntouched(state);
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
  useEffect(() => {
    if (untouched) place.current?.replaceChildren(...written);
  }, [untouched]);
  if (untouched) return <div class="printed" key="written" ref={place} />;
  return <div class="printed">{printing && <Rows table={table} />}</div>;
}

function Rows({ table }: { table: Table }) {
  const { heads, numeric, rows } = texts(table, PRINT_MAX);
  const more = table.arranged.lines.length - rows.length;
  return (
    <>
      <table class="runs wide">
        <thead>
          <tr>
            {heads.map((head, i) => (
              <th key={i} scope="col" class={numeric[i] ? "n" : "w"}>
                {head}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row, i) => (
            <tr key={i}>
              {row.map((text, j) =>
                j === 0 ? (
                  <th key={j} scope="row" class="k">
                    {text}
                  </th>
                ) : (
                  <td key={j} class={numeric[j] ? "n" : "w"}>
                    {text}
                  </td>
                ),
              )}
            </tr>
          ))}
        </tbody>
      </table>
      {more > 0 && <p class="note">{plural(more, "more row")} are left out.</p>}
    </>
  );
}
