/**
 * The check of the vault: everything in it is read again.
 *
 * Owner of: how far it is, what came of it, and for which folder. Invariant: what came of one folder is never told of
 * another.
 */
import type { ScrubStepView, ScrubView } from "../ipc/bindings";
import { asError, type Backend } from "../ipc/client";
import { words } from "../shared/words";

export type CheckBackend = Pick<Backend, "checkVault" | "stopCheck">;

export class VaultCheck {
  /** None while none runs. */
  step: ScrubStepView | null = $state.raw(null);
  /** Why there is no result. */
  failed: string | null = $state(null);
  #result: { vault: string; view: ScrubView } | null = $state.raw(null);
  #backend: CheckBackend;

  constructor(backend: CheckBackend) {
    this.#backend = backend;
  }

  /** What came of the last check of this folder. */
  resultOf(vault: string): ScrubView | null {
    return this.#result?.vault === vault ? this.#result.view : null;
  }

  async start(vault: string): Promise<void> {
    if (this.step !== null) return;
    [this.step, this.failed, this.#result] = [{ done: 0, total: 0 }, null, null];
    try {
      const view = await this.#backend.checkVault((step) => this.#tell(step));
      this.#result = { vault, view };
    } catch (thrown) {
      this.failed = asError(thrown).message || words.settings.check.failed;
    } finally {
      this.step = null;
    }
  }

  async stop(): Promise<void> {
    try {
      await this.#backend.stopCheck();
    } catch (thrown) {
      this.failed = asError(thrown).message || words.settings.check.failed;
    }
  }

  /** A word that comes after the end is late. */
  #tell(step: ScrubStepView): void {
    if (this.step !== null) this.step = step;
  }
}
