/**
 * Which rows are selected, and how rows are moved in line: by keys, by menus, by the pointer.
 *
 * Owner of: the selection, the drag, what is said of a move. Invariant: nothing stands elsewhere before the core reported
 * it; a key that is struck again before that counts, and is asked for after it.
 */
import { SvelteSet } from "svelte/reactivity";
import type { PriorityView } from "../../ipc/bindings";
import { format } from "../../shared/format";
import { words } from "../../shared/words";
import type { Row } from "../transfers.svelte";
import { dropped, gapFor, numberOf, stepped, type Move, type Placed, type Step } from "./places";

/** What it needs of the list. */
export interface Line {
  /** What is still to be sent, as it is drawn. */
  rows: () => readonly Row[];
  reorder: (move: Move) => Promise<boolean>;
  setPriority: (ids: string[], priority: PriorityView) => Promise<boolean>;
  /** A row stands elsewhere now: it keeps the focus. */
  follow: (id: string) => void;
}

export interface Drag {
  /** The row that the pointer holds. */
  led: string;
  ids: ReadonlySet<string>;
  /** The row before which it would land, as its place in the list; none before the pointer is over the list. */
  gap: number | null;
}

/** Milliseconds after which a report that does not come is not waited for. */
const patience = 2_000;

export class Arranging {
  /** By their ids; whatever ended or left the list does not count. */
  readonly selected = new SvelteSet<string>();
  drag: Drag | null = $state.raw(null);
  /** For those who hear the list. */
  said = $state("");
  #line: Line;
  #anchor: string | null = null;
  #steps: { led: string; step: Step }[] = [];
  #stepping = false;
  #heard: (() => void) | null = null;

  constructor(line: Line) {
    this.#line = line;
  }

  /** The rows that an action on this one is meant for. */
  meant(id: string): string[] {
    const chosen = this.#line.rows().map((row) => row.id).filter((one) => this.selected.has(one));
    return chosen.includes(id) ? chosen : [id];
  }

  toggle(id: string): void {
    if (!this.selected.delete(id)) this.selected.add(id);
    this.#anchor = id;
    this.#tellCount();
  }

  /** From where the selection began to this one. */
  extend(to: string, from: string = to): void {
    const ids = this.#line.rows().map((row) => row.id);
    this.#anchor ??= from;
    const [a, b] = [ids.indexOf(this.#anchor), ids.indexOf(to)];
    if (a < 0 || b < 0) return;
    this.selected.clear();
    for (const id of ids.slice(Math.min(a, b), Math.max(a, b) + 1)) this.selected.add(id);
    this.#tellCount();
  }

  selectAll(): void {
    for (const row of this.#line.rows()) this.selected.add(row.id);
    this.#tellCount();
  }

  /** Answers whether there was a selection. */
  forget(): boolean {
    const some = this.selected.size > 0;
    this.#anchor = null;
    this.selected.clear();
    if (some) this.#tellCount();
    return some;
  }

  /** By a key or a menu. */
  async step(led: string, step: Step): Promise<void> {
    this.#steps.push({ led, step });
    if (this.#stepping) return;
    this.#stepping = true;
    for (let next = this.#steps.shift(); next !== undefined; next = this.#steps.shift()) await this.#take(next.led, next.step);
    this.#stepping = false;
  }

  async setPriority(led: string, priority: PriorityView): Promise<void> {
    const ids = this.meant(led).filter((id) => this.#line.rows().some((row) => row.id === id && row.view.priority !== priority));
    if (ids.length === 0 || !(await this.#reported(() => this.#line.setPriority(ids, priority)))) return;
    this.said = words.order.priorityOf(this.#called(ids, led), words.order.priorities[priority]);
    this.#line.follow(led);
  }

  lift(led: string): void {
    this.drag = { led, ids: new Set(this.meant(led)), gap: null };
  }

  /** The pointer is before the row at this place. */
  over(gap: number): void {
    if (this.drag !== null) this.drag = { ...this.drag, gap: gapFor(this.#placed(), this.drag.led, gap) };
  }

  giveUp(): void {
    if (this.drag !== null) this.said = words.order.givenUp;
    this.drag = null;
  }

  async drop(): Promise<void> {
    const drag = this.drag;
    this.drag = null;
    if (drag === null || drag.gap === null) return;
    const move = dropped(this.#placed(), drag.ids, drag.led, drag.gap);
    if (move !== null) await this.#move(move, drag.led);
  }

  /** The list is arranged anew. */
  arranged(): void {
    const ids = new Set(this.#line.rows().map((row) => row.id));
    for (const id of this.selected) if (!ids.has(id)) this.selected.delete(id);
    this.#heard?.();
  }

  async #take(led: string, step: Step): Promise<void> {
    const move = stepped(this.#placed(), new Set(this.meant(led)), led, step);
    if (move === null) this.said = words.order.stays(this.#called(this.meant(led), led));
    else await this.#move(move, led);
  }

  async #move(move: Move, led: string): Promise<void> {
    if (!(await this.#reported(() => this.#line.reorder(move)))) return;
    const line = this.#placed();
    const place = numberOf(line, move.ids[0] ?? led);
    this.said = words.order.moved(this.#called(move.ids, led), format.count(place), format.count(line.length));
    this.#line.follow(led);
  }

  /** Asks, and waits until what came of it is in the list; whether the core took it. */
  async #reported(wish: () => Promise<boolean>): Promise<boolean> {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const reported = new Promise<void>((resolve) => {
      this.#heard = resolve;
      timer = setTimeout(resolve, patience);
    });
    const taken = await wish();
    if (taken) await reported;
    clearTimeout(timer);
    this.#heard = null;
    return taken;
  }

  #placed(): Placed[] {
    return this.#line.rows().map(({ id, view }) => ({ id, priority: view.priority }));
  }

  #called(ids: string[], led: string): string {
    const name = this.#line.rows().find((row) => row.id === led)?.view.name;
    return ids.length === 1 && name !== undefined ? name : words.order.count(ids.length, format.count(ids.length));
  }

  #tellCount(): void {
    const count = this.selected.size;
    this.said = words.order.nowSelected(count, words.order.count(count, format.count(count)));
  }
}
