/**
 * The order of the line, as the person wants it. Invariant: rows move when the feed says so, and not before.
 */
import type { PriorityView } from "../ipc/bindings";
import type { Backend } from "../ipc/client";
import type { Move } from "../transfers/line/places";

export class Ordering {
  #backend: Pick<Backend, "reorder" | "setPriority">;
  #fail: (thrown: unknown) => void;

  constructor(backend: Pick<Backend, "reorder" | "setPriority">, fail: (thrown: unknown) => void) {
    this.#backend = backend;
    this.#fail = fail;
  }

  /** Answers whether the core took it. */
  reorder({ ids, before }: Move): Promise<boolean> {
    return this.#try(this.#backend.reorder(ids, before));
  }

  setPriority(ids: string[], priority: PriorityView): Promise<boolean> {
    return this.#try(this.#backend.setPriority(ids, priority));
  }

  async #try(wish: Promise<void>): Promise<boolean> {
    try {
      await wish;
      return true;
    } catch (thrown) {
      this.#fail(thrown);
      return false;
    }
  }
}
