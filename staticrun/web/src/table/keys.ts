// What a key asks of the table. Row -1 is the head.

/** A cell. */
export interface Place {
  readonly row: number;
  readonly column: number;
}

export type Command =
  | { readonly is: "move"; readonly to: Place }
  | { readonly is: "open" }
  | { readonly is: "select"; readonly range: boolean }
  | { readonly is: "sort"; readonly more: boolean }
  | { readonly is: "resize"; readonly by: number }
  | { readonly is: "shift"; readonly by: number }
  | { readonly is: "only" }
  | { readonly is: "without" };

/** The parts of a keyboard event that count. */
export interface Pressed {
  readonly key: string;
  readonly ctrlKey: boolean;
  readonly metaKey: boolean;
  readonly altKey: boolean;
  readonly shiftKey: boolean;
}

const STEP = 16;

/**
 * Say what a key asks; undefined for keys that are not the table's.
 *
 * @param size Numbers of rows and columns, and of the rows that are in sight at once.
 */
export function command(
  { key, ctrlKey, metaKey, altKey, shiftKey }: Pressed,
  at: Place,
  size: { readonly rows: number; readonly columns: number; readonly page: number },
): Command | undefined {
  if (altKey || metaKey) return undefined;
  const last = { row: size.rows - 1, column: size.columns - 1 };
  const move = (row: number, column: number): Command => ({
    is: "move",
    to: {
      row: Math.max(-1, Math.min(last.row, row)),
      column: Math.max(0, Math.min(last.column, column)),
    },
  });
  if (ctrlKey) {
    if (key === "Home") return move(0, 0);
    if (key === "End") return move(last.row, last.column);
    return undefined;
  }
  switch (key) {
    case "ArrowUp":
      return move(at.row - 1, at.column);
    case "ArrowDown":
      return move(at.row + 1, at.column);
    case "ArrowLeft":
      return shiftKey ? { is: "shift", by: -1 } : move(at.row, at.column - 1);
    case "ArrowRight":
      return shiftKey ? { is: "shift", by: 1 } : move(at.row, at.column + 1);
    case "Home":
      return move(at.row, 0);
    case "End":
      return move(at.row, last.column);
    case "PageUp":
      // A page up ends at the first row; the head is one more step.
      return move(at.row <= 0 ? -1 : Math.max(0, at.row - size.page), at.column);
    case "PageDown":
      return move(at.row + size.page, at.column);
    case "Enter":
      return at.row < 0 ? { is: "sort", more: shiftKey } : { is: "open" };
    case " ":
      return at.row < 0 ? { is: "sort", more: shiftKey } : { is: "select", range: shiftKey };
    case "s":
    case "S":
      return { is: "sort", more: shiftKey };
    case "+":
      return { is: "resize", by: STEP };
    case "-":
      return { is: "resize", by: -STEP };
    case "=":
      return { is: "only" };
    case "!":
      return { is: "without" };
    default:
      return undefined;
  }
}
