import { number } from "../data/format.ts";
import type { Importance } from "./importance.ts";

/** How much of a metric each param explains, with a bar. */
export function ImportanceTable({ found, metric }: { found: readonly Importance[]; metric: string }) {
  if (found.length === 0) return <p class="note">No param varies among these runs.</p>;
  return (
    <section class="scroll" tabIndex={0} aria-label={`Params that go with ${metric}`}>
      <table class="list importance">
        <caption class="vh">How much of {metric} each param explains by itself</caption>
        <thead>
          <tr>
            <th scope="col">Param</th>
            <th scope="col" class="n">
              Explains
            </th>
            <th scope="col">
              <span class="vh">Share</span>
            </th>
            <th scope="col" class="n">
              Rank correlation
            </th>
            <th scope="col" class="n">
              Values
            </th>
            <th scope="col" class="n">
              Runs
            </th>
          </tr>
        </thead>
        <tbody>
          {found.map((one) => (
            <tr key={one.name}>
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
      </table>
    </section>
  );
}
