/**
 * Something that the core is asked for again and again while a row is open: its chunk map, its log.
 *
 * Invariant: at most one request on its way, no two closer than the spacing, and the last change is always followed
 * by one.
 */
export class Following<T> {
  /** The last answer that arrived. */
  latest: T | null = $state.raw(null);
  /** When it arrived, in milliseconds since the epoch. */
  at = $state(0);
  /** Whether the last request failed; the answer before it is still shown. */
  lost = $state(false);
  #ask: () => Promise<T>;
  /** Milliseconds between two requests. */
  #spacing: number;
  #timer: ReturnType<typeof setTimeout> | null = null;
  #asking = false;
  #stale = false;
  #closed = false;

  constructor(ask: () => Promise<T>, spacing: number) {
    this.#ask = ask;
    this.#spacing = spacing;
  }

  /** Something changed: it is asked for now, or as soon as the spacing allows. */
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
    this.#timer = setTimeout(() => this.#spaced(), this.#spacing);
    try {
      const answer = await this.#ask();
      if (!this.#closed) [this.latest, this.at] = [answer, Date.now()];
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
