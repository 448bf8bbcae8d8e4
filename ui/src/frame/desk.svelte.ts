/**
 * One window at work: it hands the feed to those who keep it, and wishes to the program.
 *
 * Owner of: the place one is in, the status, whether something hovers to be dropped. Invariant: nothing is changed
 * here because it was asked for; every change comes back by the feed.
 */
import type { AddedView, FeedView, MediaRequest, StatusView, VideoView } from "../ipc/bindings";
import { asError, type Backend, type Stop } from "../ipc/client";
import { Library } from "../library/library.svelte";
import { Player } from "../player/player.svelte";
import { words } from "../shared/words";
import { placeOf, type ActionName } from "../transfers/actions";
import { Transfers, type Row } from "../transfers/transfers.svelte";
import { Notices } from "./notices.svelte";

export type Place = "transfers" | "library";

export class Desk {
  readonly transfers = new Transfers();
  readonly library = new Library();
  readonly notices: Notices;
  readonly player: Player;
  place: Place = $state("transfers");
  dragging = $state(false);
  /** None before the first feed. */
  status: StatusView | null = $state.raw(null);
  /** Why there is no list, when there is none. */
  broken: string | null = $state(null);
  #backend: Backend;
  #stops: Stop[] = [];

  constructor(backend: Backend) {
    this.#backend = backend;
    this.notices = new Notices(backend);
    this.player = new Player(backend);
  }

  /** Listeners first: what is dropped while the list loads must not be missed. */
  async begin(): Promise<void> {
    try {
      this.#stops.push(await this.#backend.onAdded((added) => this.#taken(added)));
      this.#stops.push(await this.#backend.onDrag((drag) => (this.dragging = drag === "over")));
      await this.#backend.subscribe((feed) => this.#take(feed));
    } catch (thrown) {
      this.broken = asError(thrown).message || words.errors.other;
    }
  }

  end(): void {
    for (const stop of this.#stops.splice(0)) stop();
    this.player.close();
  }

  async choose(): Promise<void> {
    const added = await this.#ask(() => this.#backend.chooseFiles());
    if (added) this.#taken(added);
  }

  async act(row: Row, name: ActionName): Promise<void> {
    switch (name) {
      case "play":
        return this.play({ is: "transfer", id: row.id }, row.view.name);
      case "show":
        return this.show(placeOf(row.view));
      default:
        await this.#ask(() => this.#backend.command(row.id, name), row.id);
    }
  }

  play(request: MediaRequest, name: string): Promise<void> {
    return this.player.open(request, name);
  }

  playVideo(video: VideoView): Promise<void> {
    return this.play({ is: "video", id: video.id }, video.name);
  }

  async show(request: MediaRequest): Promise<void> {
    await this.#ask(() => this.#backend.showInFolder(request));
  }

  async setLimit(limit: number | null): Promise<void> {
    await this.#ask(() => this.#backend.setLimit(limit));
  }

  async dismiss(notice: Notices["list"][number]): Promise<void> {
    await this.#ask(() => this.notices.dismiss(notice));
  }

  readonly askMap = (id: string): Promise<ArrayBuffer> => this.#backend.chunkMap(id);

  /** What the player says when bytes are missing. */
  get waitingFor(): string {
    const request = this.player.showing?.request;
    const state = request?.is === "transfer" ? this.transfers.row(request.id)?.view.state.is : "done";
    if (state === "paused" || state === "failed") return words.player.held;
    return state === undefined || state === "done" ? words.player.reading : words.player.waiting;
  }

  #take(feed: FeedView): void {
    this.transfers.take(feed);
    this.library.take(feed);
    this.notices.take(feed);
    if (feed.status !== null) this.status = feed.status;
  }

  /** New ones appear by the feed, and so do the reasons of those that were refused; known ones are shown. */
  #taken(added: AddedView[]): void {
    this.dragging = false;
    const known = added.find((one) => one.is === "already");
    if (known === undefined && !added.some((one) => one.is === "added")) return;
    this.place = "transfers";
    this.player.close();
    if (known?.is === "already") this.transfers.seek(known.id);
  }

  /** Every error ends here: acted on by its code, or told. */
  async #ask<T>(wish: () => Promise<T>, transfer?: string): Promise<T | undefined> {
    try {
      return await wish();
    } catch (thrown) {
      const error = asError(thrown);
      switch (error.code) {
        case "unknown_transfer":
          if (transfer !== undefined) this.transfers.drop(transfer);
          return undefined;
        case "not_now":
          // The row says why.
          return undefined;
        case "media_gone":
          this.notices.tell("warning", words.errors.media_gone, error.detail);
          return undefined;
        case "other":
          this.notices.tell("warning", error.message || words.errors.other, error.detail);
          return undefined;
      }
    }
  }
}
