// Firefox in the hands of a test: one line of JSON asks, one line answers.
//
//     node firefox.mjs FIREFOX
//     ["click", "link", "A network in NumPy", null]      → {"value": null}
//
// What can be asked is in `hand`. Things are named as a reader names them: by role and visible name.

import { createRequire } from "node:module";
import { createInterface } from "node:readline";

const require = createRequire(new URL("../web/", import.meta.url));
const { default: puppeteer } = await import(require.resolve("puppeteer-core"));

const browser = await puppeteer.launch({
  browser: "firefox",
  executablePath: process.argv[2],
  defaultViewport: { width: 1440, height: 900 },
  // Puppeteer lets pages from a folder read each other; a reader's Firefox does not.
  extraPrefsFirefox: { "security.fileuri.strict_origin_policy": true },
});
const page = await browser.newPage();
let problems = [];
page.on("console", (message) => {
  if (["error", "warn"].includes(message.type())) problems.push(message.text());
});
page.on("pageerror", (error) => problems.push(String(error)));
page.on("requestfailed", (request) => problems.push(`failed: ${request.url()}`));
page.on("dialog", (dialog) => {
  problems.push(dialog.message());
  void dialog.dismiss();
});

/** Wait until every app of the page has taken its place; count those that have not. */
const dead = () =>
  page.evaluate(async () => {
    const left = () => document.querySelectorAll("[data-app]:not([data-alive])").length;
    for (const end = Date.now() + 10_000; left() > 0 && Date.now() < end; )
      await new Promise((done) => setTimeout(done, 50));
    return left();
  });

/** Find what has a role and a name, in a thing or anywhere, once one of them is there. */
async function find(role, name, within) {
  const selector = `::-p-aria(${name ? quoted(name) : ""}[role="${role}"])`;
  for (const end = Date.now() + 30_000; Date.now() < end; ) {
    const [place] = within ? await find(...within) : [page];
    // A page that is being left has nothing.
    const found = await place.$$(selector).catch(() => []);
    if (found.length > 0) return found;
    await new Promise((done) => setTimeout(done, 50));
  }
  throw new Error(`there is no ${role} ${JSON.stringify(name)} at ${page.url()}`);
}

const quoted = (name) => name.replaceAll(/[\\[\]"]/g, "\\$&");

const hand = {
  async go(url) {
    // What the page before still loads is broken off when it is left: no complaint of this one.
    await page.goto("about:blank");
    problems = [];
    await page.goto(url);
  },
  width: (width) => page.setViewport({ width, height: 900 }),
  click: async (role, name, within) => (await find(role, name, within))[0].click(),
  async write(role, name, text) {
    const [box] = await find(role, name);
    await box.focus();
    await page.keyboard.type(text);
  },
  press: (key) => page.keyboard.press(key),
  async read(role, name, within) {
    const found = await find(role, name, within);
    return Promise.all(found.map((one) => one.evaluate((element) => element.innerText)));
  },
  async rows(role, name) {
    const [found] = await find(role, name);
    return found.evaluate((table) =>
      [...table.querySelectorAll("tr, [role=row]")].map((row) =>
        [...row.children].map((cell) => cell.innerText),
      ),
    );
  },
  /** Say whether the page may read a file of its own site by script. */
  fetch: (url) => page.evaluate((at) => fetch(at).then(() => "read", () => "refused"), url),
  address: () => page.url(),
  problems: () => problems,
  async measure() {
    const measured = await page.evaluate(() => ({
      overflow: document.documentElement.scrollWidth - document.documentElement.clientWidth,
      sheets: document.styleSheets.length,
    }));
    return { dead: await dead(), ...measured };
  },
};

for await (const line of createInterface({ input: process.stdin })) {
  const [what, ...rest] = JSON.parse(line);
  let answer;
  try {
    answer = { value: (await hand[what](...rest)) ?? null };
  } catch (error) {
    answer = { error: String(error) };
  }
  console.log(JSON.stringify(answer));
}
await browser.close();
