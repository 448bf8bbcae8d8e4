/**
 * One window at work: it hands the feed to those who keep it, and wishes to the program.
 *
 * Owner of: the place one is in, the status. Invariant: every change comes by the feed, and none because it was asked for.
 */
import { Destinations } from "../destinations/destinations.svelte";
import { Films } from "../films/films.svelte";
import type { AddedView, DroppedView, FeedView, MediaRequest, QuitView, StatusView, VideoView } from "../ipc/bindings";
import { asError, type Backend, type Stop } from "../ipc/client";
import { Library } from "../library/library.svelte";
import { Player } from "../player/player.svelte";
import { uploadOf, type Upload } from "../player/uploaded.svelte";
import { Settings } from "../settings/settings.svelte";
import { copyText } from "../shared/clipboard";
import { format } from "../shared/format";
import { words } from "../shared/words";
import { makesLinks, placeOf, type ActionName } from "../transfers/actions";
import type { Inside } from "../transfers/inside";
import { Transfers, type Row } from "../transfers/transfers.svelte";
import { Discarding } from "./discarding.svelte";
import { Dropping } from "./dropping.svelte";
import { Notices } from "./notices.svelte";
import { Ordering } from "./ordering";
import { Pointing } from "./pointing";
import { shortageOf } from "./room";
import { Toasts } from "./toasts.svelte";
import { WhereTo } from "./whereto.svelte";

export type Place = "transfers" | "library" | "destinations" | "settings";

/** Days for which a link works. */
const linkDays = 7;

export class Desk {
  readonly transfers = new Transfers();
  readonly films: Films;
  readonly library: Library;
  readonly notices: Notices;
  readonly player: Player;
  readonly settings: Settings;
  readonly toasts = new Toasts();
  readonly destinations: Destinations;
  readonly whereTo: WhereTo;
  readonly dropping = new Dropping();
  readonly discarding: Discarding;
  readonly pointing: Pointing;
  readonly ordering: Ordering;
  place: Place = $state("transfers");
  /** None before the first feed. */
  status: StatusView | null = $state.raw(null);
  /** Why there is no list, when there is none. */
  broken: string | null = $state(null);
  /** Somebody wants to end the program, and something is not finished. */
  quitAsked: QuitView | null = $state.raw(null);
  #backend: Backend;
  #stops: Stop[] = [];
  /** Films that were added and are not in the list yet: when all are, it is known whether they fit. */
  #unweighed = new Set<string>();

  constructor(backend: Backend) {
    this.#backend = backend;
    this.notices = new Notices(backend);
    this.player = new Player(backend);
    this.films = new Films(backend);
    this.library = new Library((request) => this.films.lengthOf(request));
    this.settings = new Settings(backend);
    const tell = (sentence: string, undo?: () => void) => this.toasts.tell(sentence, undo);
    this.destinations = new Destinations(backend, { tell, fail: (thrown) => this.#complain(thrown) });
    this.whereTo = new WhereTo(this.destinations);
    this.pointing = new Pointing(backend, this.transfers, (thrown, id) => this.#complain(thrown, id));
    this.ordering = new Ordering(backend, (thrown) => this.#complain(thrown));
    this.discarding = new Discarding(backend, this.toasts, (thrown) => this.#complain(thrown));
  }

  /** Listeners first: what is dropped while the list loads must not be missed. */
  async begin(): Promise<void> {
    try {
      this.#stops.push(await this.#backend.onAdded((added) => this.#taken(added)));
      this.#stops.push(await this.#backend.onDrag((drag) => this.dropping.drag(drag)));
      this.#stops.push(await this.#backend.onDropped((drop) => this.#dropped(drop)));
      this.#stops.push(await this.#backend.onOpened(({ id, name }) => this.play({ is: "opened", id }, name)));
      this.#stops.push(await this.#backend.onQuitAsked((quit) => this.#quitAsked(quit)));
      await this.#backend.subscribe((feed) => this.#take(feed));
    } catch (thrown) {
      this.broken = asError(thrown).message || words.errors.other;
    }
  }

  end(): void {
    for (const stop of this.#stops.splice(0)) stop();
    this.player.close();
  }

  async choose(destination: string | null = null): Promise<void> {
    const added = await this.#ask(() => this.#backend.chooseFiles(destination));
    if (added) this.#taken(added);
  }

  async chooseFolder(destination: string | null = null): Promise<void> {
    const added = await this.#ask(() => this.#backend.chooseFolder(destination));
    if (added) this.#taken(added);
  }

  /** Without a destination the person is asked, where there is something to choose. */
  async paste(destination?: string | null): Promise<void> {
    const to = destination === undefined ? await this.whereTo.ask(words.destinations.where.paste) : destination;
    if (to === undefined) return;
    const added = await this.#ask(() => this.#backend.pasteFiles(to));
    if (added?.length === 0) this.toasts.tell(words.frame.nothingPasted);
    else if (added) this.#taken(added);
  }

  /** The program answers with `onQuitAsked`, or ends. */
  async askToQuit(): Promise<void> {
    await this.#ask(() => this.#backend.askToQuit());
  }

  async answerQuit(quit: boolean): Promise<void> {
    this.quitAsked = null;
    if (quit) await this.#ask(() => this.#backend.quit());
  }

  async act(row: Row, name: ActionName): Promise<void> {
    switch (name) {
      case "play":
        return this.play({ is: "transfer", id: row.id }, row.view.name);
      case "show":
        return this.show(placeOf(row.view, this.destinations.kindOf(row.view.destination_id)));
      case "save_receipt":
        return this.saveReceipt(row.id);
      case "copy_link":
        return this.copyLink({ is: "transfer", id: row.id }, row.view.name);
      case "point_at":
        return this.pointing.at(row.id);
      default:
        await this.#ask(() => this.#backend.command(row.id, name), row.id);
    }
  }

  /** The program asks where. */
  async saveReceipt(id: string): Promise<void> {
    const path = await this.#ask(() => this.#backend.saveReceipt(id), id);
    if (path) this.toasts.tell(words.actions.receiptSaved(path));
  }

  async retryAll(): Promise<void> {
    await this.#ask(() => this.#backend.retryAll());
  }

  async clearEnded(): Promise<void> {
    await this.#ask(() => this.#backend.clearEnded());
  }

  play(request: MediaRequest, name: string): Promise<void> {
    return this.player.open(request, name);
  }

  playVideo(video: VideoView): Promise<void> {
    return this.play({ is: "video", id: video.id }, video.name);
  }

  /** Answers why it was refused, if it was: said beside the field. */
  async rename(video: VideoView, name: string): Promise<string | null> {
    try {
      await this.#backend.renameVideo(video.id, name);
      return null;
    } catch (thrown) {
      const { code, message } = asError(thrown);
      return code === "name_taken" ? words.library.nameTaken(name) : message || words.library.nameFailed;
    }
  }

  async copyDigest(video: VideoView): Promise<void> {
    const copied = await copyText(video.blake3);
    this.toasts.tell(copied ? words.library.copied(video.name) : words.library.notCopied);
  }

  /** The program puts it on the clipboard. */
  async copyLink(request: MediaRequest, name: string): Promise<void> {
    const link = await this.#ask(() => this.#backend.copyLink(request, linkDays));
    if (link) this.toasts.tell(words.destinations.linkCopied(name, format.day(link.expires_at)));
  }

  /** The transfers of finished films to which there are links, by their objects. */
  readonly linkable: ReadonlyMap<string, string> = $derived.by(() => {
    const ended = this.transfers.rows.slice(this.transfers.rows.length - this.transfers.endedCount);
    const linked = ended.map(({ view }) => view).filter((view) => makesLinks(this.destinations.kindOf(view.destination_id)));
    return new Map(linked.flatMap(({ id, state }) => (state.is === "done" ? [[state.object, id]] : [])));
  });

  async show(request: MediaRequest): Promise<void> {
    await this.#ask(() => this.#backend.showInFolder(request));
  }

  async setLimit(limit: number | null): Promise<void> {
    await this.#ask(() => this.#backend.setLimit(limit));
  }

  async dismiss(notice: Notices["list"][number]): Promise<void> {
    await this.#ask(() => this.notices.dismiss(notice));
  }

  /** What opened rows ask. */
  readonly inside: Inside = {
    map: (id) => this.#backend.chunkMap(id),
    details: (id) => this.#backend.details(id),
    hasten: async (id, chunk) => (await this.#ask(() => this.#backend.hasten(id, chunk).then(() => true), id)) ?? false,
  };

  /** Whether more of what plays arrives at its destination. */
  get upload(): Upload {
    const request = this.player.showing?.request;
    return uploadOf(request?.is === "transfer" ? this.transfers.row(request.id)?.view.state : undefined);
  }

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
    this.destinations.take(feed);
    if (feed.status !== null) this.status = feed.status;
    this.#weigh();
  }

  /** At once: the program waits for it. */
  #dropped(drop: DroppedView): void {
    const destination = this.destinations.several ? this.dropping.fell(drop) : null;
    void this.#ask(() => this.#backend.takeDrop(drop.drop, destination));
  }

  /** With nothing to lose there is nothing to ask. */
  #quitAsked(quit: QuitView): void {
    if (quit.unfinished === 0) void this.answerQuit(true);
    else this.quitAsked = quit;
  }

  /** Before it starts, one knows whether it fits. */
  #weigh(): void {
    if (this.#unweighed.size === 0 || this.status === null) return;
    for (const id of this.#unweighed) if (this.transfers.row(id) === undefined) return;
    this.#unweighed.clear();
    const { free, vault } = this.status;
    const here = this.transfers.rows.map((row) => row.view).filter((view) => this.destinations.isHere(view.destination_id));
    const shortage = shortageOf(here, free);
    if (shortage === null) return;
    this.notices.tell("warning", words.frame.short(format.size(shortage.need), format.size(shortage.free), vault));
  }

  /** New ones appear by the feed, and so do the reasons of those that were refused; known ones are shown. */
  #taken(added: AddedView[]): void {
    this.dropping.over = false;
    const known = added.find((one) => one.is === "already");
    if (known === undefined && !added.some((one) => one.is === "added")) return;
    this.place = "transfers";
    this.player.close();
    // A search must not hide what has just come.
    this.transfers.query = "";
    for (const one of added) if (one.is === "added") this.#unweighed.add(one.id);
    this.#weigh();
    if (known?.is === "already") this.transfers.seek(known.id);
  }

  /** Every error ends here: acted on by its code, or told. */
  async #ask<T>(wish: () => Promise<T>, transfer?: string): Promise<T | undefined> {
    try {
      return await wish();
    } catch (thrown) {
      this.#complain(thrown, transfer);
      return undefined;
    }
  }

  #complain(thrown: unknown, transfer?: string): void {
    const error = asError(thrown);
    switch (error.code) {
      case "unknown_transfer":
        if (transfer !== undefined) this.transfers.drop(transfer);
        return;
      case "not_now":
        // The row says why.
        return;
      case "media_gone":
        return this.notices.tell("warning", words.errors.media_gone, error.detail);
      case "another_film":
      case "name_taken":
      case "no_trash":
      case "other":
        return this.notices.tell("warning", error.message || words.errors.other, error.detail);
    }
  }
}
