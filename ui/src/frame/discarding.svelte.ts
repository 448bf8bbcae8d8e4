/**
 * How a finished film goes: into the trash, whence it comes back, or for good where there is no trash.
 *
 * Owner of: the film about which the person is asked. Invariant: nothing is lost without a question, and nothing is
 * asked about what can be taken back.
 */
import type { VideoView } from "../ipc/bindings";
import { asError, type Backend } from "../ipc/client";
import { words } from "../shared/words";
import type { Toasts } from "./toasts.svelte";

type Ways = Pick<Backend, "deleteVideo" | "restoreVideo">;

export class Discarding {
  asked: VideoView | null = $state.raw(null);
  #backend: Ways;
  #toasts: Toasts;
  #fail: (thrown: unknown) => void;

  constructor(backend: Ways, toasts: Toasts, fail: (thrown: unknown) => void) {
    this.#backend = backend;
    this.#toasts = toasts;
    this.#fail = fail;
  }

  async discard(video: VideoView): Promise<void> {
    try {
      await this.#backend.deleteVideo(video.id, false);
      this.#toasts.tell(words.library.trashed(video.name), () => void this.#restore(video));
    } catch (thrown) {
      if (asError(thrown).code === "no_trash") this.asked = video;
      else this.#fail(thrown);
    }
  }

  async answer(yes: boolean): Promise<void> {
    const video = this.asked;
    this.asked = null;
    if (!yes || video === null) return;
    try {
      await this.#backend.deleteVideo(video.id, true);
      this.#toasts.tell(words.library.deleted(video.name));
    } catch (thrown) {
      this.#fail(thrown);
    }
  }

  async #restore(video: VideoView): Promise<void> {
    try {
      await this.#backend.restoreVideo(video.id);
      this.#toasts.tell(words.library.restored(video.name));
    } catch (thrown) {
      this.#fail(thrown);
    }
  }
}
