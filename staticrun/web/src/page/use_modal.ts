// A dialog over the page.

import { useLayoutEffect, useRef } from "preact/hooks";
import type { RefObject } from "preact";

/** Show a dialog while `open`. */
export function useModal(open: boolean): RefObject<HTMLDialogElement | null> {
  const dialog = useRef<HTMLDialogElement>(null);
  // Before the next paint: the letters typed right after the key that opened it belong to it.
  useLayoutEffect(() => {
    if (open) dialog.current?.showModal();
    else dialog.current?.close();
  }, [open]);
  return dialog;
}
