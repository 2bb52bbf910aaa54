import { number } from "../data/format.ts";
import { Heads, Sheet } from "../page/sheet.tsx";
import type { Importance } from "./importance.ts";

/** How much of a metric each param explains, with a bar. */
export function ImportanceTable({ found, metric }: { found: readonly Importance[]; metric: string }) {
  if (found.length === 0) return <p class="note">No param varies among these runs.</p>;
  return (
    <Sheet caption={`How much of ${metric} each param explains by itself`} kind="list importance">
        <thead>
          <tr>
            <th scope="col">Param</th>
            <Heads names={["Explains", "Share", "Rank correlation", "Values", "Runs"]} />
          </tr>
        </thead>
        <tbody>
          {found.map((one) => (
            <tr>
              <th scope="row" class="k mono">
                {one.name}
              </th>
              <td class="n" data-l="explains">
                {one.explained === undefined ? "–" : `${Math.round(100 * one.explained)}\u202f%`}
              </td>
              <td class="iv-c">
                <meter min={0} max={1} value={one.explained ?? 0} aria-hidden="true" />
              </td>
              <td class="n" data-l="rank">
                {one.rank === undefined ? "–" : number(one.rank, 2)}
              </td>
              <td class="n dim x">{one.levels}</td>
              <td class="n dim x">{one.n}</td>
            </tr>
          ))}
        </tbody>
    </Sheet>
  );
}
