import { useEffect, useState } from "preact/hooks";

/** What a promise gives, and until then `first`; asked again when an input changes. */
export function useLoaded<T>(first: T, ask: () => Promise<T>, inputs: readonly unknown[]): T {
  const [found, set] = useState(first);
  useEffect(() => {
    let current = true;
    void ask().then((answer) => {
      if (current) set(answer);
    });
    return () => {
      current = false;
    };
  }, inputs);
  return found;
}
