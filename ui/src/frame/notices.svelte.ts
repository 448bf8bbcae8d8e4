/**
 * What a person should know: notices of the core, and what the window itself could not do.
 *
 * Invariant: a notice of the core goes only when the core took its dismissal.
 */
import type { FeedView, LevelView } from "../ipc/bindings";
import type { Backend } from "../ipc/client";

export interface Notice {
  key: string;
  /** Its number at the core; null for one of the window's own. */
  id: number | null;
  level: LevelView;
  sentence: string;
  detail: string | null;
}

export class Notices {
  list: readonly Notice[] = $state.raw([]);
  #backend: Pick<Backend, "dismiss">;
  #own = 0;

  constructor(backend: Pick<Backend, "dismiss">) {
    this.#backend = backend;
  }

  take(feed: FeedView): void {
    const fresh = feed.notices.map(({ id, level, sentence }) => ({ key: `core-${id}`, id, level, sentence, detail: null }));
    const known = feed.is === "whole" ? this.list.filter((notice) => notice.id === null) : this.list;
    const keys = new Set(fresh.map((notice) => notice.key));
    this.list = [...known.filter((notice) => !keys.has(notice.key)), ...fresh];
  }

  /** Something of the window's own. Saying the same twice says it once. */
  tell(level: LevelView, sentence: string, detail: string | null = null): void {
    if (this.list.some((notice) => notice.id === null && notice.sentence === sentence)) return;
    this.#own += 1;
    this.list = [...this.list, { key: `own-${this.#own}`, id: null, level, sentence, detail }];
  }

  async dismiss(notice: Notice): Promise<void> {
    if (notice.id !== null) await this.#backend.dismiss(notice.id);
    this.list = this.list.filter((other) => other.key !== notice.key);
  }
}
