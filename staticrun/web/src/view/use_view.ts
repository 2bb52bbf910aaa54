import { useEffect, useState } from "preact/hooks";

import { change, current, subscribe, type View } from "./hash.ts";

/** The view in the address, followed: `const [view, change] = useView()`. */
export function useView(): [View, typeof change] {
  const [view, set] = useState<View>(current);
  useEffect(() => subscribe(set), []);
  return [view, change];
}
