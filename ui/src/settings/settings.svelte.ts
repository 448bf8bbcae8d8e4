/**
 * Wishes to change settings.
 *
 * Owner of: what went wrong with which of them. Invariant: what is in force is never kept here; it comes by the feed.
 */
import type { SettingChange } from "../ipc/bindings";
import { asError, type Backend } from "../ipc/client";
import { copyText } from "../shared/clipboard";
import { words } from "../shared/words";
import { VaultCheck, type CheckBackend } from "./check.svelte";

type SettingsBackend = Pick<Backend, "changeSetting" | "chooseVault" | "setLimit" | "diagnostics" | "clearNear">;

export type Control = SettingChange["is"] | "vault" | "limit" | "diagnostics" | "near";

export class Settings {
  /** What to say beside a control: that it failed, or that it was done. */
  told: Partial<Record<Control, { good: boolean; sentence: string }>> = $state({});
  readonly check: VaultCheck;
  #backend: SettingsBackend;

  constructor(backend: SettingsBackend & CheckBackend) {
    this.#backend = backend;
    this.check = new VaultCheck(backend);
  }

  change(change: SettingChange): Promise<void> {
    return this.#try(change.is, () => this.#backend.changeSetting(change));
  }

  setLimit(limit: number | null): Promise<void> {
    return this.#try("limit", () => this.#backend.setLimit(limit));
  }

  /** The dialog is the program's; the new folder comes by the feed. */
  chooseVault(): Promise<void> {
    return this.#try("vault", async () => {
      await this.#backend.chooseVault();
    });
  }

  copyDiagnostics(): Promise<void> {
    return this.#try("diagnostics", async () => {
      const text = await this.#backend.diagnostics();
      const good = await copyText(text);
      this.told.diagnostics = { good, sentence: good ? words.settings.copied : words.settings.notCopied };
    });
  }

  clearNear(): Promise<void> {
    return this.#try("near", async () => {
      await this.#backend.clearNear();
      this.told.near = { good: true, sentence: words.settings.nearCleared };
    });
  }

  async #try(control: Control, wish: () => Promise<void>): Promise<void> {
    delete this.told[control];
    try {
      await wish();
    } catch (thrown) {
      this.told[control] = { good: false, sentence: asError(thrown).message || words.settings.failed };
    }
  }
}
