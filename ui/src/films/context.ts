/** How a poster anywhere in the window finds what is known of films: the frame provides it once. */
import { getContext, setContext } from "svelte";
import type { Films } from "./films.svelte";

const key = Symbol("films");

export function provideFilms(films: Films): void {
  setContext(key, films);
}

/** None where nobody provided it: a poster is decoration, and its place works without. */
export function filmsHere(): Films | undefined {
  return getContext<Films | undefined>(key);
}
