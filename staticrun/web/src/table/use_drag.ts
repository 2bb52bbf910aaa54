// Dragging columns into another order: their heads, and their lines in the panel.

import { useRef, useState } from "preact/hooks";

/**
 * Drag an item onto another, to stand where that one stands.
 *
 * @returns Props of the item with an id; `data-drop` says on which side of it the dragged one would
 *   stand.
 */
export function useDrag(ids: readonly string[], put: (ids: readonly string[]) => void) {
  const dragged = useRef<string | undefined>(undefined);
  const [over, hover] = useState<string | undefined>();
  const isLater = (id: string): boolean => ids.indexOf(dragged.current ?? "") < ids.indexOf(id);
  const end = (): void => {
    dragged.current = undefined;
    hover(undefined);
  };
  return (id: string) => ({
    draggable: true,
    "data-drop": over === id && id !== dragged.current ? (isLater(id) ? "after" : "before") : undefined,
    onDragStart: (event: DragEvent) => {
      dragged.current = id;
      event.dataTransfer?.setData("text/plain", id);
    },
    onDragOver: (event: DragEvent) => {
      if (dragged.current === undefined) return;
      event.preventDefault();
      hover(id);
    },
    onDragEnd: end,
    onDrop: (event: DragEvent) => {
      event.preventDefault();
      const from = dragged.current;
      if (from !== undefined && from !== id) {
        const next = ids.filter((one) => one !== from);
        next.splice(next.indexOf(id) + Number(isLater(id)), 0, from);
        put(next);
      }
      end();
    },
  });
}
