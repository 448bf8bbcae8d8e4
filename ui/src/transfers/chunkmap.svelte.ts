/**
 * The chunk map of an opened row: asked for when it opens and after each change of the row.
 *
 * Invariant: at most one request on its way, at most four a second, and the last change is always followed by one.
 */
import { decodeChunkMap, type ChunkMap } from "./map/decode";

/** Milliseconds between two requests. */
const spacing = 250;

export class ChunkMapFeed {
  /** The last map that arrived. */
  map: ChunkMap | null = $state.raw(null);
  /** Whether the last request failed; the map before it is still shown. */
  lost = $state(false);
  #ask: () => Promise<ArrayBuffer>;
  #timer: ReturnType<typeof setTimeout> | null = null;
  #asking = false;
  #stale = false;
  #closed = false;

  constructor(ask: () => Promise<ArrayBuffer>) {
    this.#ask = ask;
  }

  /** The row changed: the map is asked for now, or as soon as the spacing allows. */
  refresh(): void {
    if (this.#closed) return;
    if (this.#asking || this.#timer !== null) {
      this.#stale = true;
      return;
    }
    void this.#request();
  }

  close(): void {
    this.#closed = true;
    if (this.#timer !== null) clearTimeout(this.#timer);
  }

  async #request(): Promise<void> {
    this.#asking = true;
    this.#timer = setTimeout(() => this.#spaced(), spacing);
    try {
      const map = decodeChunkMap(await this.#ask());
      if (!this.#closed) this.map = map;
      this.lost = false;
    } catch {
      this.lost = true;
    }
    this.#asking = false;
    this.#again();
  }

  #spaced(): void {
    this.#timer = null;
    this.#again();
  }

  #again(): void {
    if (this.#asking || this.#timer !== null || !this.#stale) return;
    this.#stale = false;
    this.refresh();
  }
}
