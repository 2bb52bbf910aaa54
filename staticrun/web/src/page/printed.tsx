// What is printed in the place of an app: what the page came with, or, once the reader has changed
// something, what is made of it while the printer asks.

import type { ComponentChild } from "preact";
import { useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";

interface PrintedProps {
  /** The style's name for it. */
  readonly kind: string;
  /** What the page came with. */
  readonly written: readonly Node[];
  /** Whether the app shows what the page decides. */
  readonly untouched: boolean;
  readonly made: () => ComponentChild;
}

/** Is there for printers alone. */
export function Printed({ kind, written, untouched, made }: PrintedProps) {
  const place = useRef<HTMLDivElement>(null);
  const [printing, set] = useState(false);
  useEffect(() => {
    const hear = ({ type }: Event): void => set(type === "beforeprint");
    addEventListener("beforeprint", hear);
    addEventListener("afterprint", hear);
    return () => {
      removeEventListener("beforeprint", hear);
      removeEventListener("afterprint", hear);
    };
  }, []);
  useLayoutEffect(() => {
    if (untouched) place.current?.replaceChildren(...written);
  }, [untouched, written]);
  if (untouched) return <div class={kind} key="written" ref={place} />;
  return <div class={kind}>{printing && made()}</div>;
}
