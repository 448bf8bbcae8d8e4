/**
 * What the window wears, and who must know: canvases draw anew when the colours or the pixels of the screen change;
 * style sheets know by themselves.
 *
 * Owner of: `data-theme` on the root element, always `light` or `dark`. Invariant: it listens only while something on
 * the screen reads it.
 */
import { createSubscriber } from "svelte/reactivity";
import type { ThemeView } from "../ipc/bindings";

const dark = "(prefers-color-scheme: dark)";
const queries = [dark, "(prefers-contrast: more)", "(forced-colors: active)", "(min-resolution: 1.5dppx)"];

class Theme {
  #version = 0;
  #subscribe = createSubscriber((update) => {
    const changed = () => {
      this.#version += 1;
      update();
    };
    const lists = queries.map((query) => window.matchMedia(query));
    for (const list of lists) list.addEventListener("change", changed);
    const worn = new MutationObserver(changed);
    worn.observe(document.documentElement, { attributeFilter: ["data-theme"] });
    return () => {
      worn.disconnect();
      lists.forEach((list) => list.removeEventListener("change", changed));
    };
  });

  /** Another number after each change; read it inside an effect to run it again. */
  get version(): number {
    this.#subscribe();
    return this.#version;
  }
}

export const theme = new Theme();

/** Puts a theme on the whole page and keeps `system` up with the system; answers how to stop. */
export function wear(wanted: ThemeView): () => void {
  const system = window.matchMedia(dark);
  const put = () => {
    const worn = wanted === "system" ? (system.matches ? "dark" : "light") : wanted;
    document.documentElement.dataset["theme"] = worn;
  };
  put();
  system.addEventListener("change", put);
  return () => system.removeEventListener("change", put);
}
