/**
 * Plays the stretch of a loop again and again.
 *
 * Owner of: the alarm for the next jump back. Invariant: it jumps only while the film plays, and looks again at the
 * moment of the jump whether it is still time: the person may be elsewhere by then.
 */
import type { Deck } from "./deck";
import { leap, type Leap, type Loop } from "./loop";

/** Seconds ahead for which an alarm is set; before, another frame is told of in time. */
const ahead = 0.5;

/** Seconds that an alarm may come early. */
const grace = 0.004;

export class Looping {
  #deck: Deck;
  #alarm: ReturnType<typeof setTimeout> | undefined;

  constructor(deck: Deck) {
    this.#deck = deck;
  }

  /** A frame appeared, or time passed. */
  look(loop: Loop): void {
    clearTimeout(this.#alarm);
    const next = this.#deck.isPlaying ? this.#next(loop) : null;
    if (next === null || next.wait > ahead) return;
    if (next.wait <= grace) return this.#deck.seek(next.to);
    this.#alarm = setTimeout(() => this.look(loop), (next.wait / this.#deck.video.playbackRate) * 1000);
  }

  /** The film came to its end, which may be the end of the loop. */
  again(loop: Loop): void {
    const next = this.#next(loop);
    if (next === null) return;
    this.#deck.seek(next.to);
    this.#deck.play();
  }

  end(): void {
    clearTimeout(this.#alarm);
  }

  /** The time that the element tells is true to the millisecond while it plays. */
  #next(loop: Loop): Leap | null {
    return leap(loop, this.#deck.video.currentTime, this.#deck.frames.length ?? 0);
  }
}
