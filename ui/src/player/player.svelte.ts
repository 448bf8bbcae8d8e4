/**
 * What plays.
 *
 * Owner of: the one film that is open, and its address at the core. Invariant: every address that was opened is
 * closed again, also when the person was quicker than the answer.
 */
import type { ErrorView, MediaRequest, MediaView } from "../ipc/bindings";
import { asError, type Backend } from "../ipc/client";

export type Showing =
  | { is: "opening"; request: MediaRequest; name: string }
  | { is: "open"; request: MediaRequest; name: string; media: MediaView }
  | { is: "failed"; request: MediaRequest; name: string; at: number | null; error: ErrorView };

export class Player {
  showing: Showing | null = $state.raw(null);
  #backend: Pick<Backend, "openMedia" | "closeMedia">;

  constructor(backend: Pick<Backend, "openMedia" | "closeMedia">) {
    this.#backend = backend;
  }

  /** `at` is the second to go on at, where that is known better than what the program remembers. */
  async open(request: MediaRequest, name: string, at: number | null = null): Promise<void> {
    this.close();
    const opening: Showing = { is: "opening", request, name };
    this.showing = opening;
    try {
      const media = await this.#backend.openMedia(request);
      if (this.showing === opening) this.showing = { is: "open", request, name, media: from(media, at) };
      else this.#release(media.url);
    } catch (thrown) {
      if (this.showing === opening) this.showing = { is: "failed", request, name, at, error: asError(thrown) };
    }
  }

  close(): void {
    if (this.showing?.is === "open") this.#release(this.showing.media.url);
    this.showing = null;
  }

  /** Nobody waits for it: an address that could not be closed ends with the window. */
  #release(url: string): void {
    this.#backend.closeMedia(url).catch(() => undefined);
  }
}

function from(media: MediaView, at: number | null): MediaView {
  return at === null ? media : { ...media, position: at };
}
