// The table as it is printed: the first rows of what is shown, as a real table.

import { plural } from "../data/format.ts";
import { PRINT_MAX, texts } from "./export.ts";
import type { Table } from "./table.ts";

/** The first rows of what is shown. */
export function Rows({ table }: { readonly table: Table }) {
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
