// Around the runs: code, packages, machines, data.

import { root } from "../data/load.ts";
import { scalar } from "../data/format.ts";
import type { RunData } from "../data/types.ts";
import { Row } from "../page/row.tsx";
import { SideHead } from "./params_table.tsx";
import type { Sides } from "./sides.ts";

type Data = ReadonlyMap<number, RunData>;

/** Two rows: code, and what else differs around the runs. */
export function Surroundings({ sides, data }: { sides: Sides; data: Data }) {
  if (data.size === 0) return null;
  const facts = differing(sides, data, (one) => ({
    command: one.command,
    python: one.python,
    platform: one.platform,
    hardware: one.hardware === undefined || one.hardware === null ? undefined : scalar(one.hardware),
    ...Object.fromEntries(
      (one.datasets ?? []).map(([name, role, digest]) => [
        `data: ${name}${role ? `, ${role}` : ""}`,
        digest.slice(0, 12),
      ]),
    ),
  }));
  const packages = differing(sides, data, (one) => one.packages ?? {});
  const all = [...data.values()];
  const commit = all[0]?.commit;
  const plain = all.every((one) => one.commit === commit && one.dirty !== true && !one.diff);
  return (
    <>
      <Row id="code" head="Code">
        {plain ? (
          <p>
            {commit ? "All runs are of commit " : "No commit was recorded."}
            {commit && <code>{commit.slice(0, 7)}</code>}
            {commit && "."}
          </p>
        ) : (
          <table class="list facts">
            <caption class="vh">Commits of the sides</caption>
            <tbody>
              {sides.all.map((side) => (
                <CodeLine key={side.label} label={side.label} own={ownOf(side.runs, data)} />
              ))}
            </tbody>
          </table>
        )}
      </Row>
      <Row id="around" head="Around it" notes={["Packages, machines and data that differ."]}>
        <Differing found={facts} head="Fact" sides={sides} same="Machines, commands and data are the same." />
        <Differing found={packages} head="Package" sides={sides} same={samePackages(packages)} />
      </Row>
    </>
  );
}

function samePackages(found: Found): string {
  return found.same > 0
    ? `All ${found.same} recorded packages have the same version.`
    : "No packages were recorded.";
}

function ownOf(runs: readonly number[], data: Data): RunData[] {
  return runs.flatMap((run) => {
    const one = data.get(run);
    return one === undefined ? [] : [one];
  });
}

function CodeLine({ label, own }: { label: string; own: readonly RunData[] }) {
  const commits = [...new Set(own.map((one) => one.commit).filter(Boolean))];
  const changed = own.filter((one) => one.dirty === true).length;
  const diffs = own.filter((one) => one.diff);
  return (
    <tr>
      <th scope="row" class="k">
        {label}
      </th>
      <td>
        {commits.length === 0
          ? "no commit recorded"
          : commits.map((commit) => <code key={commit}>{commit?.slice(0, 7)} </code>)}
        {changed > 0 && (own.length === 1 ? ", with changes" : `, ${changed} of ${own.length} with changes`)}
        {diffs.map((one) => (
          <span key={one.key}>
            {" "}
            <a href={root() + (one.diff ?? "")}>{own.length > 1 ? `diff of ${one.name}` : "diff"}</a>
          </span>
        ))}
      </td>
    </tr>
  );
}

interface Found {
  readonly rows: readonly (readonly [string, readonly string[]])[];
  readonly same: number;
}

/** Find the names whose texts are not the same in all sides. */
function differing(
  sides: Sides,
  data: Data,
  read: (one: RunData) => Readonly<Record<string, string | undefined>>,
): Found {
  const maps = sides.all.map((side) => ownOf(side.runs, data).map(read));
  const names = [...new Set(maps.flat().flatMap((one) => Object.keys(one)))].sort();
  const rows: (readonly [string, readonly string[]])[] = [];
  let same = 0;
  for (const name of names) {
    const texts = maps.map((own) => [...new Set(own.map((one) => one[name] || "–"))].join(", "));
    if (new Set(texts).size > 1) rows.push([name, texts]);
    else if (texts[0] !== "–") same += 1;
  }
  return { rows, same };
}

function Differing(props: { found: Found; head: string; sides: Sides; same: string }) {
  const { found, head, sides, same } = props;
  if (found.rows.length === 0) return <p>{same}</p>;
  return (
    <section class="scroll" tabIndex={0} aria-label={`${head}s that differ`}>
      <table class="list facts">
        <caption class="vh">{head}s that differ</caption>
        <thead>
          <tr>
            <th scope="col">{head}</th>
            {sides.all.map((side) => (
              <SideHead key={side.label} side={side} />
            ))}
          </tr>
        </thead>
        <tbody>
          {found.rows.map(([name, texts]) => (
            <tr key={name}>
              <th scope="row" class="k mono">
                {name}
              </th>
              {texts.map((text, i) => (
                <td key={i} data-l={sides.all[i]?.label}>
                  {text}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}
