/**
 * How long a frame lasts, learned from the frames that were shown, so that a step is exactly one frame.
 *
 * Invariant: it answers only when it is sure; a film of varying rate has no frame length, and is not stepped.
 */

/** So many agreeing frames make it sure. */
const enough = 6;

/** Two lengths agree within this share. */
const tolerance = 0.12;

export class FrameClock {
  #lengths: number[] = [];
  #time: number | null = null;
  #count = 0;

  /** A frame was shown: its time in the film in seconds, and how many frames were presented so far. */
  observe(time: number, count: number): void {
    const frames = count - this.#count;
    const passed = this.#time === null ? 0 : time - this.#time;
    this.#time = time;
    this.#count = count;
    // A jump, a step back and a dropped frame say nothing about a frame's length.
    if (frames !== 1 || passed <= 0 || passed > 0.25) return;
    this.#lengths = [...this.#lengths.slice(1 - 2 * enough), passed];
  }

  /** Seconds a frame; null while it is not sure. */
  get length(): number | null {
    if (this.#lengths.length < enough) return null;
    const sorted = this.#lengths.toSorted((a, b) => a - b);
    const middle = sorted[sorted.length >> 1] ?? 0;
    const agreeing = sorted.filter((length) => Math.abs(length - middle) <= middle * tolerance);
    if (agreeing.length < sorted.length * 0.8) return null;
    return agreeing.reduce((sum, length) => sum + length, 0) / agreeing.length;
  }

  /** Where to jump to for the next or the last frame: its middle, so that rounding cannot miss it. */
  step(frames: 1 | -1): number | null {
    const { length } = this;
    if (length === null || this.#time === null) return null;
    return Math.max(0, this.#time + (frames + 0.5) * length);
  }
}
