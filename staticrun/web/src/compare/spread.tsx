import { useView } from "../view/use_view.ts";
import { Choice } from "../page/choice.tsx";
import { Boxes, type Group } from "../relate/boxes.tsx";
import type { Runs } from "../data/runs.ts";

interface SpreadProps {
  readonly runs: Runs;
  readonly groups: readonly Group[];
  readonly metrics: readonly string[];
}

/** How the runs of the sides spread in one metric. */
export function Spread({ runs, groups, metrics }: SpreadProps) {
  const [view, change] = useView();
  const metric = metrics.find((one) => one === view["bm"]) ?? metrics[0];
  if (metric === undefined) return null;
  return (
    <>
      <p class="choice">
        <Choice label="Spread of" value={metric} options={metrics} choose={(bm) => change({ bm })} />
      </p>
      <Boxes runs={runs} groups={groups} metric={metric} />
    </>
  );
}
