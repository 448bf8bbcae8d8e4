/** Begins the window: on the program, or in mode `fake` on a stand-in that simulates all of it. */
import { mount } from "svelte";
import type { Backend } from "./ipc/client";
import "./shared/base.css";
import { wear } from "./shared/theme.svelte";

// As the system is, until the settings say otherwise.
wear("system")();

const target = document.body.querySelector("#app") ?? document.body;
const measured = import.meta.env.MODE === "fake" ? new URLSearchParams(location.search).get("bench") : null;

// The frame of the window is painted first: reading the rest takes several times as long. A hidden window paints none.
await Promise.race([new Promise(requestAnimationFrame), new Promise((done) => setTimeout(done, 50))]);
if (measured === null) await begin();
else await (await import("../bench/page")).bench(measured, target);

async function begin(): Promise<void> {
  const [{ default: App }, backend] = await Promise.all([import("./frame/App.svelte"), program()]);
  target.replaceChildren();
  mount(App, { target, props: { backend } });
}

async function program(): Promise<Backend> {
  if (import.meta.env.MODE !== "fake") return (await import("./ipc/tauri")).tauri;
  return (await import("./ipc/fake/page")).fakeOfPage();
}
