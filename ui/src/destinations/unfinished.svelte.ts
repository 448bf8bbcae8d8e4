/**
 * What lies unfinished on one destination, asked when somebody wants to see it.
 *
 * Owner of: the last answer, and the upload about which the person is asked. Invariant: nothing is thrown away without
 * a question; after every deed the destination is asked again.
 */
import type { OrphansView, OrphanView } from "../ipc/bindings";
import { asError, type Backend } from "../ipc/client";
import { words } from "../shared/words";

type Ways = Pick<Backend, "orphans" | "abortOrphan" | "adoptOrphan">;

export class Unfinished {
  readonly destination: string;
  answer: OrphansView | null = $state.raw(null);
  asking = $state(false);
  /** What did not work. */
  trouble: string | null = $state(null);
  /** The one to be thrown away, if the person says so. */
  asked: OrphanView | null = $state.raw(null);
  #backend: Ways;
  #tell: (sentence: string) => void;

  constructor(backend: Ways, destination: string, tell: (sentence: string) => void) {
    this.#backend = backend;
    this.destination = destination;
    this.#tell = tell;
  }

  async refresh(): Promise<void> {
    this.trouble = null;
    await this.#read();
  }

  async adopt(orphan: OrphanView): Promise<void> {
    const done = await this.#try(() => this.#backend.adoptOrphan(this.destination, orphan.id));
    if (done) this.#tell(words.destinations.unfinishedThere.adopted(orphan.name));
  }

  async answerAbort(yes: boolean): Promise<void> {
    const orphan = this.asked;
    this.asked = null;
    if (!yes || orphan === null) return;
    const done = await this.#try(() => this.#backend.abortOrphan(this.destination, orphan.id));
    if (done) this.#tell(words.destinations.unfinishedThere.aborted(orphan.name));
  }

  async #read(): Promise<void> {
    this.asking = true;
    try {
      this.answer = await this.#backend.orphans(this.destination);
    } catch (thrown) {
      this.trouble = asError(thrown).message || words.destinations.unfinishedThere.failed;
    }
    this.asking = false;
  }

  async #try(deed: () => Promise<void>): Promise<boolean> {
    this.trouble = null;
    try {
      await deed();
    } catch (thrown) {
      this.trouble = asError(thrown).message || words.destinations.unfinishedThere.failed;
      return false;
    }
    await this.#read();
    return true;
  }
}
