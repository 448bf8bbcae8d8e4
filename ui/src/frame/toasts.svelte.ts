/**
 * What was done, said in passing, and a way to take it back.
 *
 * Owner of: the few messages that are on show, and when each goes. Invariant: nothing that must be read is said here;
 * while somebody looks at them, none goes.
 */
export interface Toast {
  key: number;
  sentence: string;
  undo: (() => void) | null;
}

const most = 3;
const short = 5_000;
/** Taking something back needs time to think. */
const long = 10_000;

export class Toasts {
  list: readonly Toast[] = $state.raw([]);
  #last = 0;
  #held = false;
  #timers = new Map<number, ReturnType<typeof setTimeout>>();

  tell(sentence: string, undo: (() => void) | null = null): void {
    const toast = { key: (this.#last += 1), sentence, undo };
    const leaving = this.list.slice(0, Math.max(0, this.list.length + 1 - most));
    this.list = [...this.list, toast];
    for (const { key } of leaving) this.dismiss(key);
    if (!this.#held) this.#countDown(toast);
  }

  dismiss(key: number): void {
    clearTimeout(this.#timers.get(key));
    this.#timers.delete(key);
    this.list = this.list.filter((toast) => toast.key !== key);
  }

  /** Takes back what one of them told, or the last that can be taken back; answers whether there was one. */
  undo(key?: number): boolean {
    const toast = this.list.findLast(({ key: one, undo }) => undo !== null && (key === undefined || one === key));
    if (toast === undefined) return false;
    this.dismiss(toast.key);
    toast.undo?.();
    return true;
  }

  /** Somebody looks at them, or does no more. */
  hold(held: boolean): void {
    this.#held = held;
    for (const timer of this.#timers.values()) clearTimeout(timer);
    this.#timers.clear();
    if (!held) for (const toast of this.list) this.#countDown(toast);
  }

  #countDown({ key, undo }: Toast): void {
    this.#timers.set(key, setTimeout(() => this.dismiss(key), undo === null ? short : long));
  }
}
