/**
 * Tells canvases when the colours or the pixels of the screen change; style sheets know by themselves.
 *
 * Invariant: it listens only while something on the screen reads it.
 */
import { createSubscriber } from "svelte/reactivity";

const queries = ["(prefers-color-scheme: dark)", "(prefers-contrast: more)", "(min-resolution: 1.5dppx)"];

class Theme {
  #version = 0;
  #subscribe = createSubscriber((update) => {
    const changed = () => {
      this.#version += 1;
      update();
    };
    const lists = queries.map((query) => window.matchMedia(query));
    for (const list of lists) list.addEventListener("change", changed);
    return () => lists.forEach((list) => list.removeEventListener("change", changed));
  });

  /** Another number after each change; read it inside an effect to run it again. */
  get version(): number {
    this.#subscribe();
    return this.#version;
  }
}

export const theme = new Theme();
