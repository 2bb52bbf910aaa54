// What belongs to the person, not to the page: kept by the browser under the site's own prefix,
// because all pages of a host, and in Chromium all local files, share one store.

let prefix = "staticrun:";

/** Set the site's own prefix. */
export function keepFor(project: string): void {
  prefix = `staticrun:${project}:`;
}

/** Give what was kept; undefined where nothing was, or where the browser keeps nothing. */
export function kept(name: string): string | undefined {
  try {
    return localStorage.getItem(prefix + name) ?? undefined;
  } catch {
    return undefined;
  }
}

/** Keep something, or forget it. A browser that keeps nothing is no error. */
export function keep(name: string, value: string | undefined): void {
  try {
    if (value === undefined) localStorage.removeItem(prefix + name);
    else localStorage.setItem(prefix + name, value);
  } catch {
    // Private windows and full stores: the page works without.
  }
}
