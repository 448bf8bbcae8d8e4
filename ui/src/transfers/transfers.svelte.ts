/**
 * The list of transfers as the core reported it.
 *
 * Owner of: rows, their order, which are open, which one should be looked at. Invariant: a row shows the last view
 * that arrived for it and nothing else; a change of one row does not touch the others.
 */
import { SvelteSet } from "svelte/reactivity";
import type { FeedView, TransferView } from "../ipc/bindings";
import { finder, folded } from "./find";
import { hasEnded, inListOrder, movesList } from "./order";
import { waits } from "./telling";
import { forecastsOf, totalsOf, type Totals } from "./totals";

/** One row: its view is replaced whole at each change. */
export class Row {
  readonly id: string;
  /** Its name and its destination's, as they are searched for. */
  folded = "";
  view: TransferView = $state.raw()!;
  /** Its number among the queued, from 1. */
  place: number | null = $state(null);

  constructor(view: TransferView) {
    this.id = view.id;
    this.show(view);
  }

  /** A film keeps its name for as long as it is a transfer; a destination may be renamed. */
  show(view: TransferView): void {
    if (this.view?.destination !== view.destination) this.folded = folded(`${view.name} ${view.destination}`);
    this.view = view;
  }
}

/** A row to bring into view and focus: another object each time. */
export interface Sought {
  id: string;
  /** The person went there by keys and needs no flash to find it. */
  quietly?: boolean;
}

export class Transfers {
  /** Open ones in line order, then ended ones, newest first. */
  rows: readonly Row[] = $state.raw([]);
  /** Rows that show their details. */
  readonly opened = new SvelteSet<string>();
  /** The row to bring into view and focus. */
  sought: Sought | null = $state.raw(null);
  /** The file that was pointed at is another film than this one's: it is asked whether to send it instead. */
  strange: { id: string; sentence: string } | null = $state.raw(null);
  /** How many have ended; they stand at the end of `rows`. */
  endedCount = $state(0);
  /** What one searches for; nothing finds all. */
  query = $state("");
  /** The rows that the search finds. */
  readonly found: { open: readonly Row[]; ended: readonly Row[] } = $derived.by(() => {
    const finds = finder(this.query);
    const openCount = this.rows.length - this.endedCount;
    const found = (rows: readonly Row[]) => rows.filter((row) => finds(row.folded));
    return { open: found(this.rows.slice(0, openCount)), ended: found(this.rows.slice(openCount)) };
  });
  /** How many failed, and how many wait: what *Retry all* is for. */
  readonly stuck: { failed: number; waiting: number } = $derived.by(() => {
    const views = this.#open().map((row) => row.view);
    const failed = views.filter(({ state }) => state.is === "failed").length;
    return { failed, waiting: views.filter(waits).length };
  });
  /** Of those that have not ended alone: a history of thousands costs nothing. */
  readonly totals: Totals = $derived(totalsOf(this.#open().map((row) => row.view)));
  /** Seconds until a queued one is there at the speed of now, by id; none while nothing moves. */
  readonly forecasts: ReadonlyMap<string, number> = $derived(forecastsOf(this.#open().map((row) => row.view)));
  #byId = new Map<string, Row>();

  take(feed: FeedView): void {
    switch (feed.is) {
      case "whole":
        return this.#replace(feed.transfers);
      case "delta":
        return this.#change(feed.changed, feed.removed);
    }
  }

  row(id: string): Row | undefined {
    return this.#byId.get(id);
  }

  /** Forgets a row that the core does not know any more. */
  drop(id: string): void {
    this.#change([], [id]);
  }

  /** A search that hides it is over. */
  seek(id: string): void {
    this.query = "";
    this.sought = { id };
  }

  /** It was brought into view. */
  shown(sought: Sought): void {
    if (this.sought === sought) this.sought = null;
  }

  toggle(id: string): void {
    if (!this.opened.delete(id)) this.opened.add(id);
  }

  #open(): readonly Row[] {
    return this.rows.slice(0, this.rows.length - this.endedCount);
  }

  #replace(views: TransferView[]): void {
    const known = this.#byId;
    this.#byId = new Map();
    for (const view of views) {
      const row = known.get(view.id) ?? new Row(view);
      row.show(view);
      this.#byId.set(view.id, row);
    }
    for (const id of this.opened) if (!this.#byId.has(id)) this.opened.delete(id);
    this.#arrange();
  }

  #change(changed: TransferView[], removed: string[]): void {
    let moved = false;
    for (const id of removed) {
      moved = this.#byId.delete(id) || moved;
      this.opened.delete(id);
    }
    for (const view of changed) moved = this.#set(view) || moved;
    if (moved) this.#arrange();
  }

  /** Answers whether the list has to be arranged anew. */
  #set(view: TransferView): boolean {
    const row = this.#byId.get(view.id);
    if (!row) {
      this.#byId.set(view.id, new Row(view));
      return true;
    }
    const before = row.view;
    row.show(view);
    return movesList(before, view);
  }

  #arrange(): void {
    this.rows = [...this.#byId.values()].sort((a, b) => inListOrder(a.view, b.view));
    this.endedCount = this.rows.reduce((count, row) => count + (hasEnded(row.view) ? 1 : 0), 0);
    let place = 0;
    for (const row of this.rows) row.place = row.view.state.is === "queued" ? (place += 1) : null;
  }
}
