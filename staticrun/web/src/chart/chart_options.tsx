// The options of one chart: where it stands, how large, which range, and its files.

import { exact } from "./text.ts";
import type { Entry } from "./catalog.ts";
import { KINDS, save, type Drawn } from "./files.ts";
import { usePalette } from "./hooks.ts";
import type { ChartState } from "./state.ts";

interface ChartOptionsProps {
  readonly entry: Entry;
  readonly state: ChartState;
  readonly change: (parts: Partial<ChartState>) => void;
  readonly drawn: Drawn | undefined;
}

export function ChartOptions({ entry, state, change, drawn }: ChartOptionsProps) {
  const palette = usePalette();
  const { metric } = entry;
  const [first, big] = [state.first.includes(metric), state.big.includes(metric)];
  return (
    <div class="chart-options">
      <p>
        <button
          type="button"
          aria-pressed={big}
          onClick={() => change({ big: toggled(state.big, metric) })}
        >
          Large
        </button>
        <button
          type="button"
          aria-pressed={first}
          onClick={() => change({ first: toggled(state.first, metric) })}
        >
          On top
        </button>
        {KINDS.map((kind) => (
          <button
            key={kind}
            type="button"
            disabled={drawn === undefined}
            onClick={() => drawn && void save(kind, [drawn], metric, palette)}
          >
            {kind}
          </button>
        ))}
      </p>
      <RangeFields state={state} change={change} drawn={drawn} />
    </div>
  );
}

/** The range on view as two numbers; on a phone the way to zoom. */
function RangeFields({ state, change, drawn }: Omit<ChartOptionsProps, "entry">) {
  const shown = drawn?.frame.range.x;
  if (shown === undefined) return null;
  const set = (end: "from" | "to", text: string): void => {
    const window = { ...shown, [end]: text.trim() === "" ? Number.NaN : Number(text) };
    if (window.from < window.to) change({ zoom: window });
  };
  return (
    <p>
      {(["from", "to"] as const).map((end) => (
        <label key={end}>
          {end}{" "}
          <input
            type="text"
            inputMode="decimal"
            size={9}
            value={exact(Number(shown[end].toPrecision(7)))}
            onChange={(event) => set(end, event.currentTarget.value)}
          />
        </label>
      ))}
      <button
        type="button"
        disabled={state.zoom === undefined}
        onClick={() => change({ zoom: undefined })}
      >
        Whole range
      </button>
    </p>
  );
}

function toggled(list: readonly string[], name: string): readonly string[] {
  return list.includes(name) ? list.filter((one) => one !== name) : [...list, name];
}
