// Opens pages in Firefox and prints one JSON object for each: what the browser complained about,
// by how many pixels the page is too wide for a phone, how many style sheets it has.
//
//     node firefox.mjs FIREFOX PROFILE URL…
//
// It speaks WebDriver BiDi with Firefox itself, so that neither geckodriver nor a package is needed.

import { spawn } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";

const [firefox, profile, ...urls] = process.argv.slice(2);
mkdirSync(profile, { recursive: true });
// The recommended preferences of a remote session switch off what keeps file:// pages apart.
const preferences = { "remote.prefs.recommended": false, "browser.startup.page": 0 };
writeFileSync(
  join(profile, "user.js"),
  Object.entries(preferences)
    .map(([name, value]) => `user_pref("${name}", ${JSON.stringify(value)});\n`)
    .join(""),
);

const browser = spawn(
  firefox,
  ["--headless", "--no-remote", "--profile", profile, "--remote-debugging-port", "0"],
  { stdio: ["ignore", "ignore", "pipe"] },
);
process.on("exit", () => browser.kill());
const address = await new Promise((resolve, reject) => {
  let told = "";
  browser.stderr.on("data", (data) => {
    told += data;
    const match = /BiDi listening on (ws:\S+)/.exec(told);
    if (match) resolve(match[1]);
  });
  browser.on("exit", () => reject(new Error(told)));
});

const socket = new WebSocket(`${address}/session`);
await new Promise((resolve, reject) => {
  socket.onopen = resolve;
  socket.onerror = reject;
});
const waiting = new Map();
let problems = [];
let page = "";
socket.onmessage = ({ data }) => {
  const message = JSON.parse(data);
  if (message.id) {
    const { resolve, reject } = waiting.get(message.id);
    waiting.delete(message.id);
    if (message.type === "success") resolve(message.result);
    else reject(new Error(data));
    return;
  }
  const { params } = message;
  if ((params.source?.context ?? params.context) !== page) return;
  if (message.method === "log.entryAdded" && ["error", "warn"].includes(params.level)) {
    problems.push(params.text);
  }
  if (message.method === "network.fetchError") problems.push(`failed: ${params.request.url}`);
  if (message.method === "browsingContext.userPromptOpened") problems.push(params.message);
};
let count = 0;
const call = (method, params = {}) =>
  new Promise((resolve, reject) => {
    count += 1;
    waiting.set(count, { resolve, reject });
    socket.send(JSON.stringify({ id: count, method, params }));
  });

await call("session.new", { capabilities: {} });
const tree = await call("browsingContext.getTree");
page = tree.contexts[0].context;
await call("session.subscribe", {
  events: ["log.entryAdded", "network.fetchError", "browsingContext.userPromptOpened"],
});
await call("browsingContext.setViewport", { context: page, viewport: { width: 390, height: 800 } });
// What the page still loads is waited for: leaving it would end that, which is no failure.
const alive = `new Promise((done) => {
  const end = Date.now() + 10000;
  const look = () => {
    const dead = document.querySelectorAll("[data-app]:not([data-alive])").length;
    if (dead === 0 || Date.now() > end) setTimeout(() => done(dead), 500);
    else setTimeout(look, 50);
  };
  look();
})`;
const measure = `({
  overflow: document.documentElement.scrollWidth - document.documentElement.clientWidth,
  sheets: document.styleSheets.length,
})`;
for (const url of urls) {
  problems = [];
  await call("browsingContext.navigate", { context: page, url, wait: "complete" });
  const { result: dead } = await call("script.evaluate", {
    expression: alive,
    target: { context: page },
    awaitPromise: true,
  });
  const { result } = await call("script.evaluate", {
    expression: `JSON.stringify(${measure})`,
    target: { context: page },
    awaitPromise: false,
  });
  console.log(JSON.stringify({ url, dead: dead.value, problems, ...JSON.parse(result.value) }));
}
await call("browser.close");
socket.close();
