/**
 * `npm run bench [map|list]`: builds the page on the fake backend, opens it in headless Chromium and prints what it
 * measured. The browser is $CHROMIUM, or the system's own.
 */
import { spawn } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { build, preview } from "vite";

const wanted = process.argv.slice(2);
const benches = wanted.length > 0 ? wanted : ["map", "list"];
const screens = ["1200,800", "3840,2160"];

await build({ mode: "fake", logLevel: "warn" });
const server = await preview({ mode: "fake", build: { outDir: "node_modules/.fake" }, preview: { port: 0 } });
const address = server.resolvedUrls?.local[0];
try {
  for (const bench of benches) for (const screen of screens) print(await measure(`${address}?bench=${bench}`, screen));
} finally {
  await server.close();
}

/** A browser of its own for every measurement, so that none warms the next. */
async function measure(url, screen) {
  const home = await mkdtemp(join(tmpdir(), "pawl-bench-"));
  const browser = spawn(
    process.env.CHROMIUM ?? "chromium",
    ["--headless", "--no-sandbox", "--remote-debugging-port=0", `--user-data-dir=${home}`, `--window-size=${screen}`, url],
    { stdio: ["ignore", "ignore", "pipe"] },
  );
  try {
    return await resultOf(await pageOf(await portOf(browser)));
  } finally {
    const ended = new Promise((resolve) => browser.once("exit", resolve));
    browser.kill();
    await ended;
    await rm(home, { recursive: true, force: true, maxRetries: 5 });
  }
}

/** Chromium says on which port it listens. */
function portOf(browser) {
  return new Promise((resolve, reject) => {
    browser.once("error", reject);
    browser.stderr.on("data", (text) => {
      const port = /127\.0\.0\.1:(\d+)\//.exec(text)?.[1];
      if (port) resolve(port);
    });
  });
}

async function pageOf(port) {
  for (;;) {
    const targets = await (await fetch(`http://127.0.0.1:${port}/json`)).json();
    const page = targets.find(({ type }) => type === "page");
    if (page) return page.webSocketDebuggerUrl;
    await pause(100);
  }
}

/** Asks the page until its result is there. */
async function resultOf(address) {
  const socket = new WebSocket(address);
  await new Promise((resolve, reject) => Object.assign(socket, { onopen: resolve, onerror: reject }));
  const deadline = Date.now() + 180_000;
  while (Date.now() < deadline) {
    const said = await evaluate(socket, "document.documentElement.dataset.bench ?? ''");
    if (said) return JSON.parse(said);
    await pause(500);
  }
  throw new Error("the page did not finish in three minutes");
}

function evaluate(socket, expression) {
  return new Promise((resolve) => {
    socket.onmessage = ({ data }) => resolve(JSON.parse(data).result?.result?.value);
    socket.send(JSON.stringify({ id: 1, method: "Runtime.evaluate", params: { expression } }));
  });
}

function print({ bench, screen, ...figures }) {
  console.log(`\n${bench} at ${screen.width} × ${screen.height}, milliseconds of the main thread`);
  for (const [name, figure] of Object.entries(figures)) {
    const told = typeof figure === "number" ? `${figure}` : `script ${line(figure.script)} · whole frame ${line(figure.frame)}`;
    console.log(`  ${name.padEnd(9)} ${told}`);
  }
}

function line({ median, p95, max }) {
  return `median ${median} p95 ${p95} max ${max}`;
}

function pause(ms) {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
