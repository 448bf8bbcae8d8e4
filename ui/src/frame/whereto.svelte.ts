/**
 * The question where something goes, asked when there is more than one answer.
 *
 * Owner of: the question that is open. Invariant: every question is answered, at the latest by the next one.
 */
import type { Destinations } from "../destinations/destinations.svelte";

/** An id; null for the default, which is meant when there is nothing to choose; none when one changed one's mind. */
export type Choice = string | null | undefined;

export class WhereTo {
  /** What is said beside the choice; none while nothing is asked. */
  lead: string | null = $state(null);
  #destinations: Destinations;
  #answer: ((choice: Choice) => void) | null = null;

  constructor(destinations: Destinations) {
    this.#destinations = destinations;
  }

  async ask(lead: string): Promise<Choice> {
    if (!this.#destinations.several) return null;
    this.answer(undefined);
    this.lead = lead;
    return new Promise((resolve) => (this.#answer = resolve));
  }

  answer(choice: Choice): void {
    const answer = this.#answer;
    [this.lead, this.#answer] = [null, null];
    answer?.(choice);
  }
}
