// Saves all charts of a page, those too that were not in sight yet.

import type { Entry } from "./catalog.ts";
import { KINDS, save, type Drawn } from "./files.ts";
import { layOut } from "./frame.ts";
import { useMeasure, usePalette } from "./hooks.ts";
import { makePicture } from "./make.ts";
import type { Options } from "./picture.ts";
import type { ChartState } from "./state.ts";

interface SaveAllProps {
  readonly entries: readonly Entry[];
  /** What is on the screen of a chart. */
  readonly drawn: (entry: Entry) => Drawn | undefined;
  readonly options: Options;
  readonly state: ChartState;
  /** Name of a file that holds all. */
  readonly name: string;
}

const [WIDTH, HEIGHT, PIXELS] = [350, 220, 300];

export function SaveAll({ entries, drawn, options, state, name }: SaveAllProps) {
  const palette = usePalette();
  const measure = useMeasure();
  const made = async (entry: Entry): Promise<Drawn | undefined> => {
    const shown = drawn(entry);
    if (shown) return shown;
    const { subjects, metric, about } = entry;
    const picture = await makePicture(subjects, metric, about, options, state.zoom, PIXELS);
    const frame = layOut(picture, state.bends, WIDTH, HEIGHT, measure);
    return frame && { picture, frame };
  };
  return (
    <span class="together" role="group" aria-label="Save all charts">
      Save all{" "}
      {KINDS.map((kind) => (
        <button
          key={kind}
          type="button"
          onClick={() =>
            void Promise.all(entries.map(made)).then((all) =>
              save(
                kind,
                all.filter((one) => one !== undefined),
                name,
                palette,
              ),
            )
          }
        >
          {kind}
        </button>
      ))}
    </span>
  );
}
