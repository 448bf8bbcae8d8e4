/**
 * Where the person is in a film, told to the program for the next time.
 *
 * Owner of: what was told last. Invariant: it tells at most every five seconds while the film plays, and nothing
 * twice. The first ten seconds and the end are forgotten: whoever stopped there begins at the beginning.
 */

/** Seconds. */
const beginning = 10;
const end = 3;
const spacing = 5;

/** What is worth remembering of a place in a film; null for nothing. */
export function worthRemembering(at: number, duration: number): number | null {
  return at < beginning || at > duration - end ? null : at;
}

export class Memory {
  #tell: (seconds: number | null) => void;
  #told: number | null;

  /** `told` is what the program remembers already. */
  constructor(told: number | null, tell: (seconds: number | null) => void) {
    this.#told = told;
    this.#tell = tell;
  }

  /** The film plays. */
  pass(at: number, duration: number): void {
    if (Math.abs(at - (this.#told ?? 0)) >= spacing) this.keep(at, duration);
  }

  /** The film stands still, or is closed. */
  keep(at: number, duration: number): void {
    if (!Number.isFinite(duration)) return;
    const place = worthRemembering(at, duration);
    if (place === this.#told) return;
    this.#told = place;
    this.#tell(place);
  }
}
