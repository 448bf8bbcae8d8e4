/**
 * The video element as the machine that plays: where it is, jumps, single frames.
 *
 * Owner of: the watch on its frames. Invariant: every jump lands within the film.
 */
import { FrameClock, type Spot } from "./frames";
import type { Frame } from "./loop";

export class Deck {
  readonly frames = new FrameClock();
  readonly video: HTMLVideoElement;
  /** Where the film was, or was going, when that was last known; an element that fails says zero. */
  place: number | null = null;
  #ended = false;

  /** `onframe` is called with every frame that appears while the film plays, as far as the webview tells of it. */
  constructor(video: HTMLVideoElement, onframe: () => void) {
    this.video = video;
    this.#watch(onframe);
    video.addEventListener("seeking", this.#jumped);
  }

  end(): void {
    this.#ended = true;
    this.video.removeEventListener("seeking", this.#jumped);
  }

  /** It moved, or was moved. */
  noted(): void {
    if (!this.video.error) this.place = this.video.currentTime;
  }

  #jumped = (): void => {
    this.frames.jumped();
    this.noted();
  };

  get isPlaying(): boolean {
    return !this.video.paused && !this.video.seeking;
  }

  get spot(): Spot {
    return { at: this.video.currentTime, duration: this.video.duration, seeking: this.video.seeking };
  }

  /** The frame on the screen. Without a known length it begins and ends where the film is. */
  get frame(): Frame {
    const begins = this.frames.beginningOf(this.spot) ?? this.video.currentTime;
    return { begins, ends: begins + (this.frames.length ?? 0) };
  }

  play(): void {
    this.video.play().catch(() => undefined);
  }

  seek(to: number): void {
    const { duration } = this.video;
    if (!Number.isFinite(duration)) return;
    this.frames.jumped();
    this.video.currentTime = Math.min(duration, Math.max(0, to));
  }

  /** To a share of the film; the whole of it is its last frame, not the nothing behind that. */
  seekToShare(share: number): void {
    const { duration } = this.video;
    this.seek(share < 1 ? duration * share : (this.frames.last(duration) ?? duration));
  }

  /** Answers whether it could; a step that lands anywhere would be a lie. */
  step(frames: 1 | -1): boolean {
    if (!Number.isFinite(this.video.duration)) return false;
    const to = this.frames.step(frames, this.spot);
    if (to === null) return false;
    this.video.pause();
    this.seek(to);
    return true;
  }

  volumeBy(share: number): void {
    this.video.volume = Math.min(1, Math.max(0, this.video.volume + share));
    if (share > 0) this.video.muted = false;
  }

  #watch(onframe: () => void): void {
    const { video } = this;
    if (this.#ended || !("requestVideoFrameCallback" in video)) return;
    video.requestVideoFrameCallback((_, { mediaTime, presentedFrames }) => {
      if (this.#ended) return;
      this.frames.observe(mediaTime, presentedFrames, this.isPlaying);
      if (this.isPlaying) onframe();
      this.#watch(onframe);
    });
  }
}
