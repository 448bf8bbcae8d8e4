/**
 * What is known of films: posters, lengths, tracks.
 *
 * Owner of: the facts that were told lately, and the lengths of all that were ever told. Invariant: a film is asked
 * about once while its facts are kept, a few at a time, those that came into view last first; what fails is secondary
 * and disturbs nobody.
 */
import { createSubscriber } from "svelte/reactivity";
import type { FactsView, MediaRequest } from "../ipc/bindings";
import type { Backend } from "../ipc/client";

/** Looking into a film costs the disk: more at once would only make all of them slow. */
const atOnce = 4;
/** Facts that are kept, a few screenfuls of posters. */
const mostKept = 600;
/** Films that wait for their turn; who scrolled past more than so many does not miss the first ones. */
const mostWaiting = 120;
/** Milliseconds after which a film that could not be looked at is asked about again. */
const rest = 60_000;
/** Milliseconds for which lengths are gathered before lists are sorted anew. */
const gathering = 400;

/** One film. No rune holds its facts: it is made while it is read, and a reaction does not hear of its own runes. */
class Known {
  failedAt: number | null = null;
  #facts: FactsView | null = null;
  #heard: (() => void) | null = null;
  #subscribe = createSubscriber((update) => {
    this.#heard = update;
    return () => (this.#heard = null);
  });

  constructor(
    readonly key: string,
    readonly request: MediaRequest,
  ) {}

  get facts(): FactsView | null {
    this.#subscribe();
    return this.#facts;
  }

  tell(facts: FactsView): void {
    this.#facts = facts;
    this.#heard?.();
  }
}

export class Films {
  #backend: Pick<Backend, "facts">;
  #clock: () => number;
  #known = new Map<string, Known>();
  #waiting: Known[] = [];
  #busy = 0;
  #lengths = new Map<string, number | null>();
  #unmeasured: MediaRequest[] = [];
  #lengthsVersion = $state(0);
  #gatherer: ReturnType<typeof setTimeout> | null = null;

  constructor(backend: Pick<Backend, "facts">, clock: () => number = Date.now) {
    this.#backend = backend;
    this.#clock = clock;
  }

  /** What is known; null while it is being looked at. Reading it is asking. */
  factsOf(request: MediaRequest): FactsView | null {
    return this.#look(request).facts;
  }

  /** Seconds; null when there are none, or none yet. Kept for every film that was looked at. */
  lengthOf(request: MediaRequest): number | null {
    void this.#lengthsVersion;
    return this.#lengths.get(keyOf(request)) ?? null;
  }

  /** Looks at all of these, after those in view: whoever sorts by length needs every length. */
  measure(requests: readonly MediaRequest[]): void {
    this.#unmeasured = requests.filter((request) => !this.#lengths.has(keyOf(request)));
    this.#advance();
  }

  #look(request: MediaRequest): Known {
    const key = keyOf(request);
    const known = this.#known.get(key);
    if (known !== undefined && !this.#rested(known)) return this.#keep(known);
    const fresh = new Known(key, request);
    this.#waiting.push(fresh);
    for (const passed of this.#waiting.splice(0, this.#waiting.length - mostWaiting)) this.#known.delete(passed.key);
    this.#keep(fresh);
    this.#advance();
    return fresh;
  }

  #rested({ failedAt }: Known): boolean {
    return failedAt !== null && this.#clock() - failedAt >= rest;
  }

  /** A map remembers the order of its entries: the first is the one that was not read for longest. */
  #keep(known: Known): Known {
    this.#known.delete(known.key);
    this.#known.set(known.key, known);
    const oldest = this.#known.keys().next().value;
    if (this.#known.size > mostKept && oldest !== undefined) this.#known.delete(oldest);
    return known;
  }

  #advance(): void {
    while (this.#busy < atOnce) {
      const next = this.#waiting.pop() ?? this.#nextUnmeasured();
      if (next === undefined) return;
      this.#busy += 1;
      void this.#ask(next);
    }
  }

  #nextUnmeasured(): Known | undefined {
    for (let request = this.#unmeasured.shift(); request; request = this.#unmeasured.shift()) {
      if (!this.#lengths.has(keyOf(request))) return new Known(keyOf(request), request);
    }
    return undefined;
  }

  async #ask(known: Known): Promise<void> {
    try {
      const facts = await this.#backend.facts(known.request);
      known.tell(facts);
      this.#measured(known.key, facts.duration);
    } catch {
      known.failedAt = this.#clock();
    }
    this.#busy -= 1;
    this.#advance();
  }

  #measured(key: string, seconds: number | null): void {
    if (this.#lengths.get(key) === seconds) return;
    this.#lengths.set(key, seconds);
    this.#gatherer ??= setTimeout(() => {
      this.#gatherer = null;
      this.#lengthsVersion += 1;
    }, gathering);
  }
}

function keyOf(request: MediaRequest): string {
  return `${request.is} ${request.id}`;
}
