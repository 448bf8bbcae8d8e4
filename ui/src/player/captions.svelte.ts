/**
 * The captions beside a film, and which of them are shown.
 *
 * Owner of: the addresses under which the webview reads them, each given back at the end; and the person's choice,
 * which holds for the next film. Invariant: at most one is shown.
 */
import type { CaptionsView } from "../ipc/bindings";

export interface CaptionTrack {
  label: string;
  language: string | null;
  url: string;
}

/** What the person chose last; null for none. */
export interface Choice {
  get(): string | null;
  set(label: string | null): void;
}

export class Captions {
  tracks: CaptionTrack[] = $state.raw([]);
  /** Which is shown, from 0. */
  shown: number | null = $state(null);
  #choice: Choice;

  constructor(choice: Choice = kept) {
    this.#choice = choice;
  }

  /** They were found; those are shown that the person chose for the film before. */
  take(views: CaptionsView[]): void {
    this.end();
    this.tracks = views.map(({ label, language, text }) => ({ label, language, url: addressOf(text) }));
    this.shown = this.#chosenBefore();
  }

  choose(index: number | null): void {
    this.shown = index;
    this.#choice.set(index === null ? null : (this.tracks[index]?.label ?? null));
  }

  /** From none through all of them to none again. */
  next(): void {
    const following = this.shown === null ? 0 : this.shown + 1;
    this.choose(following < this.tracks.length ? following : null);
  }

  end(): void {
    for (const { url } of this.tracks) URL.revokeObjectURL(url);
    this.tracks = [];
    this.shown = null;
  }

  /** The only ones of a film are meant by whoever wanted captions, whatever they are called. */
  #chosenBefore(): number | null {
    const label = this.#choice.get();
    if (label === null) return null;
    const same = this.tracks.findIndex((track) => track.label === label);
    if (same >= 0) return same;
    return this.tracks.length === 1 ? 0 : null;
  }
}

function addressOf(text: string): string {
  return URL.createObjectURL(new Blob([text], { type: "text/vtt" }));
}

const key = "player.captions";

/** In the window's own storage, which may be missing: then it holds as long as nobody closes the window. */
const kept: Choice = {
  get() {
    try {
      return localStorage.getItem(key);
    } catch {
      return null;
    }
  },
  set(label) {
    try {
      if (label === null) localStorage.removeItem(key);
      else localStorage.setItem(key, label);
    } catch {
      // A choice that cannot be kept is still a choice for this film.
    }
  },
};
