/** Begins the window: on the program, or in mode `fake` on a stand-in that simulates all of it. */
import { mount } from "svelte";
import App from "./frame/App.svelte";
import type { Backend } from "./ipc/client";
import "./shared/base.css";

const backend: Backend =
  import.meta.env.MODE === "fake"
    ? (await import("./ipc/fake/page")).fakeOfPage()
    : (await import("./ipc/tauri")).tauri;

mount(App, { target: document.body.querySelector("#app") ?? document.body, props: { backend } });
