// What is drawn in a cell.

import type { Cell } from "./cells.ts";

const MARKS: Readonly<Record<string, string>> = {
  finished: "fin",
  failed: "fail",
  stopped: "stop",
  open: "open",
};

/** The content of a cell. */
export function CellContent({ cell }: { cell: Cell }) {
  const { text, behind, delta, status, curve } = cell;
  if (curve !== undefined) return <Spark heights={curve} />;
  return (
    <>
      {status !== undefined && <span class={`mk ${MARKS[status] ?? "none"}`} />}
      {cell.best ? <b>{text}</b> : text}
      {behind && <span class="pm"> {behind}</span>}
      {delta && (
        <span
          class={`delta ${delta.verdict ? (delta.verdict === "better" ? "up" : "dn") : ""}${delta.verdict && delta.rises !== (delta.verdict === "better") ? " low" : ""}`}
          title={delta.about || undefined}
        >
          {delta.text}
          {delta.verdict && <span class="vh"> {delta.verdict}</span>}
        </span>
      )}
    </>
  );
}

const LETTERS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
const WIDTH = 80;
const HEIGHT = 18;

/** A small curve; it says nothing that the numbers beside it do not. */
function Spark({ heights }: { heights: string }) {
  const step = WIDTH / Math.max(heights.length - 1, 1);
  let path = "";
  let pen = "M";
  [...heights].forEach((letter, i) => {
    const height = LETTERS.indexOf(letter);
    if (height < 0) pen = "M";
    else {
      path += `${pen}${(i * step).toFixed(1)} ${(HEIGHT - 1 - (height / 61) * (HEIGHT - 2)).toFixed(1)}`;
      pen = "L";
    }
  });
  return (
    <svg class="small" viewBox={`0 0 ${WIDTH} ${HEIGHT}`} width={WIDTH} height={HEIGHT} aria-hidden="true">
      <path class="ln" d={path} />
    </svg>
  );
}
