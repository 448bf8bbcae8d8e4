/**
 * Which stretches of the film have been uploaded, while it uploads.
 *
 * Owner of: the asking. Invariant: at most one question on its way, about one a second, and none for a film that does
 * not upload.
 */
import type { StateView } from "../ipc/bindings";
import { decodeChunkMap } from "../chunks/decode";
import { uploadedStretches, type Stretch } from "./ranges";

/** Whether more of it arrives: it does, it does not now, or there is nothing to come. */
export type Upload = "moving" | "held" | "none";

export function uploadOf(state: StateView | undefined): Upload {
  switch (state?.is) {
    case "preparing":
    case "uploading":
    case "limited":
    case "throttled":
      return "moving";
    case "queued":
    case "waiting":
    case "paused":
    case "failed":
      return "held";
    case "verifying":
    case "cancelling":
    case "cancelled":
    case "skipped":
    case "done":
    case undefined:
      return "none";
  }
}

/** Milliseconds between two questions. */
const spacing = 1000;

export class Uploaded {
  /** None while it is not known, and when all of it is there. */
  stretches: Stretch[] | null = $state.raw(null);
  #ask: () => Promise<ArrayBuffer>;

  constructor(ask: () => Promise<ArrayBuffer>) {
    this.#ask = ask;
  }

  /** Asks as long as it is moving; once when it is held. The answer ends it. */
  follow(upload: Upload): () => void {
    if (upload === "none") this.stretches = null;
    if (upload === "none") return () => undefined;
    let [over, timer] = [false, setTimeout(() => undefined)];
    const look = async () => {
      const stretches = await this.#look();
      if (over) return;
      this.stretches = stretches ?? this.stretches;
      if (upload === "moving") timer = setTimeout(look, spacing);
    };
    void look();
    return () => {
      over = true;
      clearTimeout(timer);
    };
  }

  /** A bar that cannot be drawn disturbs nobody. */
  async #look(): Promise<Stretch[] | null> {
    try {
      return uploadedStretches(decodeChunkMap(await this.#ask()));
    } catch {
      return null;
    }
  }
}
