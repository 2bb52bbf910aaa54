// Data files are classic scripts: they work from file:// and under the page's policy, where
// fetch does not. Each calls `staticrun_data(URL, VALUE)`, by which it is known.

declare global {
  var staticrun_data: (url: string, value: unknown) => void;
}

const arrived = new Map<string, unknown>();
const waiting = new Map<string, Promise<unknown>>();

/** The way from this page to the site's root: `../../`, or empty. */
export function root(): string {
  return document.body.dataset["root"] ?? "";
}

/** The way from this page to the entry pages it belongs to: the root, or a version's folder. */
export function entry(): string {
  return document.body.dataset["entry"] ?? root();
}

/** Let data files hand over what they hold. To be called before any of them runs. */
export function listen(): void {
  globalThis.staticrun_data = (url, value) => {
    forget(url);
    arrived.set(url, value);
  };
}

/** Let go of a data file; it is loaded again when it is needed. */
export function forget(url: string): void {
  arrived.delete(url);
  waiting.delete(url);
}

/**
 * Load a data file once.
 *
 * @param url Relative to the site's root, as other data files name it.
 * @param base The way to where it stands: the root, but for `runs.js`.
 * @throws {MissingFile} When the file is not there, or says nothing.
 */
export function load<T>(url: string, base = root()): Promise<T> {
  const known = waiting.get(url);
  if (known !== undefined) return known as Promise<T>;
  const promise = new Promise<T>((resolve, reject) => {
    const done = (): boolean => {
      if (!arrived.has(url)) return false;
      resolve(arrived.get(url) as T);
      return true;
    };
    if (done()) return;
    const script = document.createElement("script");
    script.src = base + url;
    script.onload = () => {
      if (!done()) reject(new MissingFile(url));
      script.remove();
    };
    script.onerror = () => {
      reject(new MissingFile(url));
      script.remove();
    };
    document.head.append(script);
  });
  waiting.set(url, promise);
  return promise;
}

/** A data file that the page needs is not in the site. */
export class MissingFile extends Error {
  readonly url: string;

  constructor(url: string) {
    super(`${url} is missing. Try: staticrun build`);
    this.url = url;
  }
}
