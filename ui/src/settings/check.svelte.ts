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
  #run: { vault: string; step: ScrubStepView } | null = $state.raw(null);
  #failed: { vault: string; sentence: string } | null = $state.raw(null);
  #result: { vault: string; view: ScrubView } | null = $state.raw(null);
  #backend: CheckBackend;

  constructor(backend: CheckBackend) {
    this.#backend = backend;
  }

  /** What came of the last check of this folder. */
  resultOf(vault: string): ScrubView | null {
    return this.#result?.vault === vault ? this.#result.view : null;
  }

  /** How far the check of this folder is; none while none runs. */
  stepOf(vault: string): ScrubStepView | null {
    return this.#run?.vault === vault ? this.#run.step : null;
  }

  /** Why there is no result of this folder. */
  failedOf(vault: string): string | null {
    return this.#failed?.vault === vault ? this.#failed.sentence : null;
  }

  /** A check of another folder that still runs is stopped by the program. */
  async start(vault: string): Promise<void> {
    if (this.stepOf(vault) !== null) return;
    const run = { vault, step: { done: 0, total: 0 } };
    [this.#run, this.#failed, this.#result] = [run, null, null];
    try {
      const view = await this.#backend.checkVault((step) => this.#tell(vault, step));
      if (this.#isOf(vault)) this.#result = { vault, view };
    } catch (thrown) {
      if (this.#isOf(vault)) this.#fail(vault, thrown);
    } finally {
      if (this.#isOf(vault)) this.#run = null;
    }
  }

  async stop(vault: string): Promise<void> {
    try {
      await this.#backend.stopCheck();
    } catch (thrown) {
      this.#fail(vault, thrown);
    }
  }

  #isOf(vault: string): boolean {
    return this.#run?.vault === vault;
  }

  #fail(vault: string, thrown: unknown): void {
    this.#failed = { vault, sentence: asError(thrown).message || words.settings.check.failed };
  }

  /** A word that comes after the end is late. */
  #tell(vault: string, step: ScrubStepView): void {
    if (this.#isOf(vault)) this.#run = { vault, step };
  }
}
