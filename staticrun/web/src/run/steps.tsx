// Pictures of one key over steps: one large, its neighbours below. All keys of a page follow one
// step: each shows its picture of that step, or the last before.

import { galleries, pictureAt, type Gallery } from "../compare/pictures.ts";
import { number } from "../data/format.ts";
import { load, root } from "../data/load.ts";
import type { RunData } from "../data/types.ts";
import type { App } from "../page/mount.tsx";
import { useView } from "../view/use_view.ts";

/** The slider of the key `data-key`, in place of the server's pictures. */
export const stepsApp: App = async (place) => {
  const data = await load<RunData>(place.dataset["run"] ?? "");
  const gallery = galleries(new Map([[0, data]])).find(({ name }) => name === place.dataset["key"]);
  // What the server wrote stays for good where its name is not the key to the letter.
  return gallery ? <Steps gallery={gallery} size={place.dataset["size"]} /> : new Promise(() => {});
};

function Steps({ gallery, size }: { gallery: Gallery; size: string | undefined }) {
  const [view, change] = useView();
  const { steps, name } = gallery;
  const wanted = Number(view["step"] || Infinity);
  const at = Math.max(0, steps.filter((step) => step <= wanted).length - 1);
  const go = (to: number) => change({ step: String(steps[to]) });
  const of = (to: number) => pictureAt(gallery, 0, steps[to]);
  const words = (to: number) => `step ${number(steps[to], 6)}`;
  const url = root() + of(at)?.url;
  return (
    <div class={`steps ${size}`}>
      <label>
        Step{" "}
        <input
          type="range"
          max={steps.length - 1}
          value={at}
          aria-valuetext={words(at)}
          onInput={(event) => go(Number(event.currentTarget.value))}
        />
      </label>
      <figure class="large">
        <a href={url}>
          <img src={url} alt={`${name} at ${words(at)}`} />
        </a>
        <figcaption>
          <b>{words(at)}</b> {of(at)?.caption}
        </figcaption>
      </figure>
      <p class="near">
        {steps.map(
          (_, to) =>
            Math.abs(to - at) < 4 && (
              <button aria-current={to === at} onClick={() => go(to)}>
                <img src={root() + of(to)?.url} alt="" />
                {words(to)}
              </button>
            ),
        )}
      </p>
    </div>
  );
}
