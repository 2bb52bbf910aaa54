// Keys of runs in the address: `vision/net/a,~b,~c`, where `~` stands for the experiment of the
// key before, so that many runs of a sweep fit.

/** Spell keys, in order. */
export function spellKeys(keys: readonly string[]): string {
  let before: string | undefined;
  return keys
    .map((key) => {
      const cut = key.lastIndexOf("/") + 1;
      const experiment = key.slice(0, cut);
      const text = escape(experiment === before ? key.slice(cut) : key);
      const short = experiment === before ? `~${text}` : text;
      before = experiment;
      return short;
    })
    .join(",");
}

/** Read keys; without repetition. */
export function parseKeys(text: string | undefined): string[] {
  if (text === undefined || text === "") return [];
  let before = "";
  const keys = text.split(",").map((part) => {
    const key = part.startsWith("~") ? before + unescape(part.slice(1)) : unescape(part);
    before = key.slice(0, key.lastIndexOf("/") + 1);
    return key;
  });
  return [...new Set(keys)];
}

function escape(key: string): string {
  return key.replace(/[!,~]/g, (char) => `!${char.charCodeAt(0).toString(16)}`);
}

function unescape(text: string): string {
  return text.replace(/!([0-9a-f]{2})/g, (_, code: string) =>
    String.fromCharCode(Number.parseInt(code, 16)),
  );
}
