/** Those who listen for one kind of event. */
import type { Stop } from "../client";

export class Ears<T> {
  #listeners = new Set<(event: T) => void>();

  async add(listener: (event: T) => void): Promise<Stop> {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  tell(event: T): void {
    for (const listener of this.#listeners) listener(event);
  }
}
