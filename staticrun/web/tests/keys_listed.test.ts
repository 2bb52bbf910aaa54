import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { test } from "node:test";

import { CHART_KEYS } from "../src/chart/keys.ts";
import { BOX_KEYS, PAGE_KEYS, shown, spelled } from "../src/page/keys.ts";
import { TABLE_KEYS } from "../src/table/keys.ts";

const EVERY = [PAGE_KEYS, TABLE_KEYS, CHART_KEYS, BOX_KEYS];
const SOURCES = new URL("../src/", import.meta.url);

test("a handler of keys asks the list, so that none works that is not told", () => {
  const found = readdirSync(SOURCES, { recursive: true, encoding: "utf8" })
    .filter((name) => /\.tsx?$/.test(name))
    .map((name) => [name, readFileSync(new URL(name, SOURCES), "utf8")] as const)
    .filter(([, text]) => /onKeyDown=|"keydown"/.test(text) || /\bPressed\b/.test(text));
  const handlers = found.filter(([, text]) => /KeyboardEvent\): void => \{|: Pressed,/.test(text)).map(([name]) => name);

  assert.ok(handlers.includes("table/keys.ts") && handlers.includes("page/tools.tsx"), String(handlers));
  for (const [name, text] of found.filter(([name]) => handlers.includes(name) && name !== "page/keys.ts")) {
    assert.match(text, /askedBy\(|command\(event/, name);
    assert.doesNotMatch(text, /event\.key ===|switch \(key\)/, name);
  }
});

test("no two keys of a place are one, and each is said", () => {
  for (const all of EVERY) {
    const names = all.flatMap(({ acts }) => Object.keys(acts));
    assert.equal(new Set(names).size, names.length);
    for (const { does } of all) assert.ok(does.length > 5);
  }
});

test("a key is spelled with what is held, a mark as itself", () => {
  const held = { ctrlKey: false, metaKey: false, altKey: false, shiftKey: true };

  assert.equal(spelled({ ...held, key: "S" }), "Shift+s");
  assert.equal(spelled({ ...held, key: "?" }), "?");
  assert.equal(spelled({ ...held, key: " " }), "Shift+ ");
  assert.equal(spelled({ ...held, key: "Home", shiftKey: false, ctrlKey: true }), "Ctrl+Home");
  assert.deepEqual(["Shift+ArrowUp", "Shift+ ", "PageUp", "+"].map(shown), ["Shift+↑", "Shift+Space", "Page Up", "+"]);
});
