/**
 * Where the frames of a film lie, so that a step is exactly one frame. Their rate is known from the file, or learned
 * from those that were shown; what was seen outweighs what the file says.
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

/** Shares of a frame by which a time may be rounded down: that of a shown frame, and that of a jump. */
const graceShown = 0.25;
const graceJumped = 0.001;

/** Where the player is. Times are seconds into the film. */
export interface Spot {
  at: number;
  duration: number;
  /** A jump is under way: what is on the screen will not stay. */
  seeking: boolean;
}

export class FrameClock {
  /** Seconds a frame, as the file says. */
  #told: number | null = null;
  #reports: { length: number; frames: number }[] = [];
  /** The frame on the screen: its time in the film, and how many were presented until then. */
  #shown: { time: number; count: number; begins: boolean } | null = null;
  /** The beginning of some frame; after a jump the webview tells the jump's time instead. */
  #beginning = 0;

  /** The file says so many frames a second, on average. */
  tell(rate: number | null): void {
    this.#told = rate !== null && rate > 1 / longest ? usual(1 / rate) : null;
  }

  /** A frame was shown, so many seconds into the film, as the so-manieth. */
  observe(time: number, count: number, playing: boolean): void {
    const before = this.#shown;
    this.#shown = { time, count, begins: playing };
    if (!playing) return;
    this.#beginning = time;
    const frames = count - (before?.count ?? 0);
    const length = (time - (before?.time ?? time)) / frames;
    // A jump, forwards or back, says nothing about a frame's length. A busy webview tells of every tenth frame only.
    if (frames < 1 || length <= 0 || length > longest) return;
    this.#reports = [...this.#reports.slice(1 - mostReports), { length, frames }];
  }

  /** The film goes elsewhere: what was shown until now says nothing any more. */
  jumped(): void {
    this.#shown = null;
  }

  /** Seconds a frame; null while it is not sure. */
  get length(): number | null {
    const seen = this.#reports.reduce((sum, { frames }) => sum + frames, 0);
    if (this.#reports.length < enoughReports || seen < enoughFrames) return this.#told;
    const sorted = this.#reports.map(({ length }) => length).toSorted((a, b) => a - b);
    const middle = sorted[sorted.length >> 1] ?? 0;
    const agreeing = sorted.filter((length) => Math.abs(length - middle) <= middle * tolerance);
    if (agreeing.length < sorted.length * 0.8) return null;
    const seenLength = usual(agreeing.reduce((sum, length) => sum + length, 0) / agreeing.length);
    // What the file says is exact where a few frames agree with it, and rounding would add up over hours.
    return this.#told !== null && Math.abs(this.#told - seenLength) <= seenLength * tolerance ? this.#told : seenLength;
  }

  /** When the frame on the screen begins; null while that is not sure. */
  beginningOf(spot: Spot): number | null {
    const { length } = this;
    return length === null ? null : Math.max(0, this.#beginning + this.#index(spot, length) * length);
  }

  /**
   * Where to jump to for the next frame or the one before: its middle, so that rounding cannot miss it. At the first
   * and the last frame it stays there.
   */
  step(frames: 1 | -1, spot: Spot): number | null {
    const { length } = this;
    return length === null ? null : this.#middle(this.#index(spot, length) + frames, spot.duration, length);
  }

  /** The middle of the last frame. */
  last(duration: number): number | null {
    const { length } = this;
    return length === null ? null : this.#middle(Infinity, duration, length);
  }

  /** Which frame is on the screen, counted from the one whose beginning is known. */
  #index({ at, duration, seeking }: Spot, length: number): number {
    const shown = this.#shown;
    // A busy webview tells of every tenth frame only, and may not have told of the one that it stopped at. It may
    // have stopped at the one after the time that it tells.
    const past = shown === null || seeking ? NaN : (at - shown.time) / length;
    const told = shown !== null && past > -0.9 && past < 0.99 ? shown : null;
    const grace = told?.begins ? graceShown : graceJumped;
    const index = Math.floor(((told?.time ?? at) - this.#beginning) / length + grace);
    return this.#within(index, duration, length);
  }

  #middle(index: number, duration: number, length: number): number {
    return Math.max(0, this.#beginning + (this.#within(index, duration, length) + 0.5) * length);
  }

  /** The end of a film is the end of its last frame, and of nothing that could be shown. */
  #within(index: number, duration: number, length: number): number {
    const first = Math.ceil(-this.#beginning / length - graceShown);
    const last = Math.round((duration - this.#beginning) / length) - 1;
    return Math.max(first, Math.min(index, last));
  }
}

function usual(length: number): number {
  const rate = usualRates.find((one) => Math.abs(length * one - 1) < nearly);
  return rate === undefined ? length : 1 / rate;
}
