/**
 * The short messages on the picture, as on a television.
 *
 * Owner of: the one message that is shown. Invariant: the newest replaces the one before, and each goes by itself.
 */

/** Milliseconds: for a figure that one glances at, and for a sentence that one reads. */
const glance = 1500;
const reading = 6000;

export class Osd {
  message: string | null = $state(null);
  #timer: ReturnType<typeof setTimeout> | undefined;

  /** A figure. */
  tell(message: string): void {
    this.#show(message, glance);
  }

  /** A sentence, which takes longer to read. */
  explain(message: string): void {
    this.#show(message, reading);
  }

  end(): void {
    clearTimeout(this.#timer);
    this.message = null;
  }

  #show(message: string, long: number): void {
    clearTimeout(this.#timer);
    this.message = message;
    this.#timer = setTimeout(() => (this.message = null), long);
  }
}
