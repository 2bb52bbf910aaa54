// The colour of a run where runs are drawn one by one.

/** What a drawing needs of a run. */
export interface Drawn {
  readonly run: number;
  readonly label: string;
  /** 1 to 10; 0 for ink. */
  readonly slot: number;
  readonly url: string;
}

/** Class name of a slot's colour: `c3`; the theme has the colours. */
export function slotClass(slot: number): string {
  return slot > 0 ? `c${slot}` : "ink";
}
