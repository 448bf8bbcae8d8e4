/**
 * The clock of every countdown: one second hand for the whole window.
 *
 * Invariant: it ticks only while something on the screen reads it; a window without a countdown wakes nobody.
 */
import { createSubscriber } from "svelte/reactivity";

class Clock {
  #subscribe = createSubscriber((update) => {
    const timer = setInterval(update, 1000);
    return () => clearInterval(timer);
  });

  /** Milliseconds since the epoch; read inside an effect or a template it is read anew every second. */
  get now(): number {
    this.#subscribe();
    return Date.now();
  }
}

export const clock = new Clock();
