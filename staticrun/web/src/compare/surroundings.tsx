// Around the runs: code, packages, machines, data.

import { MISSING, scalar } from "../data/format.ts";
import { root } from "../data/load.ts";
import type { RunData } from "../data/types.ts";
import { Row } from "../page/row.tsx";
import { SideTable } from "./side_table.tsx";
import type { Sides } from "./sides.ts";

/** Two rows: code, and what else differs around the runs. */
export function Surroundings({ sides, data }: { sides: Sides; data: ReadonlyMap<number, RunData> }) {
  if (data.size === 0) return null;
  const own = sides.all.map(({ runs }) => runs.flatMap((run) => data.get(run) ?? []));
  const facts = differing(own, (one) => ({
    command: one.command,
    python: one.python,
    platform: one.platform,
    hardware: one.hardware && scalar(one.hardware),
    ...Object.fromEntries(
      (one.datasets ?? []).map(([name, role, digest]) => [
        `data: ${name}${role ? `, ${role}` : ""}`,
        digest.slice(0, 12),
      ]),
    ),
  }));
  const packages = differing(own, (one) => one.packages ?? {});
  return (
    <>
      <Row id="code" head="Code">
        <Code sides={sides} own={own} />
      </Row>
      <Row id="around" head="Around it" notes={["Packages, machines and data that differ."]}>
        <Differing found={facts} head="Fact" sides={sides} same="Machines, commands and data are the same." />
        <Differing
          found={packages}
          head="Package"
          sides={sides}
          same={
            packages.same > 0
              ? `All ${packages.same} recorded packages have the same version.`
              : "No packages were recorded."
          }
        />
      </Row>
    </>
  );
}

/** What the runs of each side say of themselves. */
type Own = readonly (readonly RunData[])[];

function Code({ sides, own }: { sides: Sides; own: Own }) {
  const all = own.flat();
  const commits = (of: readonly RunData[]) => [...new Set(of.map(({ commit }) => commit?.slice(0, 7) || MISSING))];
  if (commits(all).length === 1 && !all.some(({ dirty, diff }) => dirty || diff)) {
    return <p>{all[0]?.commit ? <>All runs are of commit <code>{commits(all)}</code>.</> : "No commit was recorded."}</p>;
  }
  const changes = own.map((of) =>
    of.map(({ name, dirty, diff }) => (
      <div>{diff ? <a href={root() + diff}>{name}</a> : dirty && name}</div>
    )),
  );
  const rows = [
    ["Commit", own.map((of) => <code>{commits(of).join(", ")}</code>)],
    ["With changes", changes],
  ] as const;
  return <SideTable sides={sides} head="Code" caption="Commits of the sides" rows={rows} />;
}

interface Found {
  readonly rows: readonly (readonly [string, readonly string[]])[];
  readonly same: number;
}

/** Find the names whose texts are not the same in all sides. */
function differing(own: Own, read: (one: RunData) => Readonly<Record<string, unknown>>): Found {
  const maps = own.map((of) => of.map(read));
  const names = [...new Set(maps.flat().flatMap(Object.keys))].sort();
  const all = names.map((name) => {
    const texts = maps.map((of) => [...new Set(of.map((one) => one[name] || MISSING))].join(", "));
    return [name, texts] as const;
  });
  const rows = all.filter(([, texts]) => new Set(texts).size > 1);
  const same = all.filter(([, [first, ...rest]]) => first !== MISSING && rest.every((one) => one === first));
  return { rows, same: same.length };
}

function Differing(props: { found: Found; head: string; sides: Sides; same: string }) {
  const { found, head, sides, same } = props;
  if (found.rows.length === 0) return <p>{same}</p>;
  const rows = found.rows.map(([name, texts]) => [<span class="mono">{name}</span>, texts] as const);
  return <SideTable sides={sides} head={head} caption={`${head}s that differ`} rows={rows} />;
}
