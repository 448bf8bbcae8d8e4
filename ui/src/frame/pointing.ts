/**
 * Pointing a transfer at its file, which is at another place now.
 *
 * Invariant: another film than the transfer's is sent only when the person says so.
 */
import { asError, type Backend } from "../ipc/client";
import type { Transfers } from "../transfers/transfers.svelte";

export class Pointing {
  #backend: Pick<Backend, "pointAtFile" | "sendPointedAt">;
  #transfers: Pick<Transfers, "strange">;
  #fail: (thrown: unknown, id: string) => void;

  constructor(
    backend: Pick<Backend, "pointAtFile" | "sendPointedAt">,
    transfers: Pick<Transfers, "strange">,
    fail: (thrown: unknown, id: string) => void,
  ) {
    this.#backend = backend;
    this.#transfers = transfers;
    this.#fail = fail;
  }

  /** Asks for the file, by the system's dialog. */
  at(id: string): Promise<void> {
    return this.#try(id, () => this.#backend.pointAtFile(id));
  }

  /** The file that was pointed at is another film: whether it is to be sent instead. */
  async answer(id: string, yes: boolean): Promise<void> {
    this.#transfers.strange = null;
    if (yes) await this.#try(id, () => this.#backend.sendPointedAt(id));
  }

  async #try(id: string, wish: () => Promise<unknown>): Promise<void> {
    this.#transfers.strange = null;
    try {
      await wish();
    } catch (thrown) {
      const { code, message } = asError(thrown);
      if (code === "another_film") this.#transfers.strange = { id, sentence: message };
      else this.#fail(thrown, id);
    }
  }
}
