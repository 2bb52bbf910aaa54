// What is drawn in a cell.

import type { Cell, Shown } from "./cells.ts";
import type { Chosen } from "./table.ts";
import type { Inset } from "./widths.ts";

const MARKS: Readonly<Record<string, string>> = {
  finished: "fin",
  failed: "fail",
  stopped: "stop",
  open: "open",
};

/** The content of a cell; with insets, numbers of a column stand below each other. */
export function CellContent({ cell, inset }: { cell: Cell; inset?: Inset | undefined }) {
  const { text, behind, delta, status, curve } = cell;
  if (curve !== undefined) return <Spark heights={curve} />;
  const [hasBehind, hasDelta] = [(inset?.behind ?? 0) > 0, (inset?.delta ?? 0) > 0];
  return (
    <>
      {status !== undefined && <span class={`mk ${MARKS[status] ?? "none"}`} />}
      {cell.best ? <b>{text}</b> : text}
      {(behind || hasBehind || delta || hasDelta) && " "}
      {(behind || hasBehind) && (
        <span class="pm" style={wide(inset?.behind, 0.5)}>
          {behind}
        </span>
      )}
      {(delta || hasDelta) && (
        <span class={`delta ${classOf(delta)}`} style={wide(inset?.delta, 2.5)} title={delta?.about || undefined}>
          {delta?.text}
          {delta?.verdict && <span class="vh"> {delta.verdict}</span>}
        </span>
      )}
    </>
  );
}

/** The box that selects a line. */
export function SelectBox({ name, chosen, ...more }: { name: string; chosen: Chosen; tabIndex?: number; onChange?: () => void }) {
  return (
    <input
      type="checkbox"
      aria-label={`Select ${name}`}
      checked={chosen === "all"}
      ref={(box) => {
        if (box) box.indeterminate = chosen === "some";
      }}
      {...more}
    />
  );
}

function wide(characters: number | undefined, more: number): { minWidth: string } | undefined {
  return characters === undefined ? undefined : { minWidth: `${characters + more}ch` };
}

/** Up and down are the judgement; `low` turns the arrow where lower is better. */
function classOf(delta: Shown | undefined): string {
  if (delta?.verdict === undefined) return "";
  const better = delta.verdict === "better";
  return `${better ? "up" : "dn"}${delta.value > 0 === better ? "" : " low"}`;
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
