/**
 * Where the frames of a film lie, learned from those that were shown, so that a step is exactly one frame.
 *
 * Invariant: it answers only when it is sure; a film of varying rate has no frame length, and is not stepped.
 */

/** So many reports, of so many frames together, make it sure. */
const enoughReports = 3;
const enoughFrames = 8;
const mostReports = 12;

/** Seconds; no film has fewer than four frames a second. */
const longest = 0.25;

/** Two lengths agree within this share. */
const tolerance = 0.12;

/** Frames a second that films are made with. A measured length near one of these is that one, also hours away. */
const usualRates = [24 / 1.001, 24, 25, 30 / 1.001, 30, 48, 50, 60 / 1.001, 60, 120];
const nearly = 0.0005;

export class FrameClock {
  #reports: { length: number; frames: number }[] = [];
  /** The frame on the screen: its time in the film, and how many were presented until then. */
  #shown: { time: number; count: number } | null = null;
  /** The beginning of some frame; after a jump the webview tells the jump's time instead. */
  #beginning = 0;

  /** A frame was shown, so many seconds into the film, as the so-manieth. */
  observe(time: number, count: number, playing: boolean): void {
    const before = this.#shown;
    this.#shown = { time, count };
    if (!playing) return;
    this.#beginning = time;
    const frames = count - (before?.count ?? 0);
    const length = (time - (before?.time ?? time)) / frames;
    // A jump, forwards or back, says nothing about a frame's length. A busy webview tells of every tenth frame only.
    if (frames < 1 || length <= 0 || length > longest) return;
    this.#reports = [...this.#reports.slice(1 - mostReports), { length, frames }];
  }

  /** Seconds a frame; null while it is not sure. */
  get length(): number | null {
    const seen = this.#reports.reduce((sum, { frames }) => sum + frames, 0);
    if (this.#reports.length < enoughReports || seen < enoughFrames) return null;
    const sorted = this.#reports.map(({ length }) => length).toSorted((a, b) => a - b);
    const middle = sorted[sorted.length >> 1] ?? 0;
    const agreeing = sorted.filter((length) => Math.abs(length - middle) <= middle * tolerance);
    if (agreeing.length < sorted.length * 0.8) return null;
    return usual(agreeing.reduce((sum, length) => sum + length, 0) / agreeing.length);
  }

  /**
   * Where to jump to for the next frame or the one before: its middle, so that rounding cannot miss it. `jumpingTo`
   * is where a jump that is still under way will land.
   */
  step(frames: 1 | -1, jumpingTo: number | null = null): number | null {
    const { length } = this;
    const from = jumpingTo ?? this.#shown?.time;
    if (length === null || from === undefined) return null;
    // A quarter of a frame of grace for times that are rounded down.
    const index = Math.floor((from - this.#beginning) / length + 0.25);
    return Math.max(0, this.#beginning + (index + frames + 0.5) * length);
  }
}

function usual(length: number): number {
  const rate = usualRates.find((one) => Math.abs(length * one - 1) < nearly);
  return rate === undefined ? length : 1 / rate;
}
