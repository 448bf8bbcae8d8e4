/**
 * The whole program, simulated: the window and its tests run against it without a core.
 *
 * Invariant: it keeps the contract of `Backend` to the letter, refusals included. It never ticks by itself: whoever
 * owns it tells it that time passed.
 */
import type {
  AddedView,
  CommandView,
  ErrorCode,
  ErrorView,
  FeedView,
  MediaRequest,
  MediaView,
  NoticeView,
  StatusView,
  VideoView,
} from "../bindings";
import type { Backend, Drag, Stop } from "../client";
import { FakeFilm, type Seed } from "./film";

/** A file as one would drop it. */
export interface Dropped {
  name: string;
  size: number;
  folder?: boolean;
}

export interface Scene {
  transfers: Seed[];
  videos: VideoView[];
  notices: NoticeView[];
  /** What the dialog answers. */
  dialog: Dropped[];
  /** An address that plays; without one every film is away. */
  media?: string;
}

/** Bytes a second that the simulated link carries. */
const link = 64e6;
const activeAtOnce = 2;

export class FakeBackend implements Backend {
  /** What was asked of it, in order, for tests. */
  readonly asked: string[] = [];
  #films: FakeFilm[];
  #videos: VideoView[];
  #notices: NoticeView[];
  #scene: Scene;
  #now: number;
  #limit: number | null = null;
  #listener: ((feed: FeedView) => void) | null = null;
  #addedListeners = new Set<(added: AddedView[]) => void>();
  #dragListeners = new Set<(drag: Drag) => void>();
  #position = 0;
  #lastStatus = "";
  #seed = 0x2545f491;

  constructor(scene: Scene, now: number) {
    this.#scene = scene;
    this.#now = now;
    this.#films = scene.transfers.map((seed) => new FakeFilm(seed, (this.#position += 1)));
    this.#videos = scene.videos;
    this.#notices = scene.notices;
  }

  // ---- the contract ----

  async subscribe(listener: (feed: FeedView) => void): Promise<void> {
    this.#listener = listener;
    const transfers = this.#films.map((film) => film.view());
    listener({ is: "whole", transfers, videos: this.#videos, status: this.#status(), notices: this.#notices });
  }

  async onAdded(listener: (added: AddedView[]) => void): Promise<Stop> {
    this.#addedListeners.add(listener);
    return () => this.#addedListeners.delete(listener);
  }

  async onDrag(listener: (drag: Drag) => void): Promise<Stop> {
    this.#dragListeners.add(listener);
    return () => this.#dragListeners.delete(listener);
  }

  async chooseFiles(): Promise<AddedView[]> {
    this.asked.push("choose");
    return this.#add(this.#scene.dialog);
  }

  async command(id: string, command: CommandView): Promise<void> {
    this.asked.push(`${command} ${id}`);
    const film = this.#film(id);
    if (!film.obey(command, this.#now)) throw refusal("not_now", `${command} is not possible now`);
    if (command !== "remove") return this.#report([film]);
    this.#films = this.#films.filter((other) => other !== film);
    this.#report([], [id]);
  }

  async setLimit(limit: number | null): Promise<void> {
    this.asked.push(`limit ${limit}`);
    this.#limit = limit;
    this.#report([]);
  }

  async chunkMap(id: string): Promise<ArrayBuffer> {
    this.asked.push(`map ${id}`);
    return this.#film(id).frame();
  }

  async openMedia(request: MediaRequest): Promise<MediaView> {
    this.asked.push(`open ${request.is} ${request.id}`);
    const film = request.is === "transfer" ? this.#film(request.id) : this.#video(request.id);
    if (this.#scene.media === undefined) throw refusal("media_gone", `${film.name} is not there`);
    return { url: this.#scene.media, name: film.name, size: film.size };
  }

  async closeMedia(url: string): Promise<void> {
    this.asked.push(`close ${url}`);
  }

  async showInFolder(request: MediaRequest): Promise<void> {
    this.asked.push(`show ${request.is} ${request.id}`);
  }

  async dismiss(notice: number): Promise<void> {
    this.asked.push(`dismiss ${notice}`);
    this.#notices = this.#notices.filter((other) => other.id !== notice);
  }

  // ---- what the world does ----

  /** Files fall onto the window, or come by the command line. */
  drop(files: Dropped[]): void {
    const added = this.#add(files);
    for (const listener of this.#addedListeners) listener(added);
  }

  drag(drag: Drag): void {
    for (const listener of this.#dragListeners) listener(drag);
  }

  /** So many milliseconds pass. */
  pass(ms: number): void {
    this.#now += ms;
    this.#admit();
    const sending = this.#films.filter((film) => film.isSending);
    const rate = Math.min(link, this.#limit ?? link);
    const budget = (rate * (ms / 1000)) / Math.max(1, sending.length);
    const limited = this.#limit !== null && this.#limit < link;
    const changed = this.#films.filter((film) => film.pass(this.#now, ms, budget, limited, this.#random));
    if (changed.length > 0) this.#report(changed);
  }

  #admit(): void {
    const queued = this.#films.filter((film) => film.state.is === "queued");
    const places = activeAtOnce - this.#films.filter((film) => film.isActive).length;
    const admitted = queued.slice(0, Math.max(0, places));
    for (const film of admitted) film.admit(this.#now);
    if (admitted.length > 0) this.#report(admitted);
  }

  #add(files: Dropped[]): AddedView[] {
    const fresh: FakeFilm[] = [];
    const answers = files.map((file): AddedView => {
      const known = this.#films.find((film) => film.name === file.name && film.state.is !== "cancelled");
      if (known) return { is: "already", id: known.id };
      if (file.folder) return this.#refuse(file.name);
      const film = this.#newFilm(file);
      fresh.push(film);
      return { is: "added", id: film.id };
    });
    this.#films.push(...fresh);
    if (fresh.length > 0) this.#report(fresh);
    return answers;
  }

  /** A refused file becomes a notice too. */
  #refuse(name: string): AddedView {
    const sentence = "it is a folder. Drop the films in it instead";
    const id = 1 + Math.max(0, ...this.#notices.map((notice) => notice.id));
    const notice: NoticeView = { id, level: "warning", sentence: `${name} was not added: ${sentence}.` };
    this.#notices = [...this.#notices, notice];
    this.#report([], [], [notice]);
    return { is: "refused", name, sentence };
  }

  #newFilm({ name, size }: Dropped): FakeFilm {
    this.#position += 1;
    return new FakeFilm({ id: `dropped-${this.#position}`, name, size, createdAt: this.#now }, this.#position);
  }

  #report(changed: FakeFilm[], removed: string[] = [], notices: NoticeView[] = []): void {
    const videos = this.#finish(changed);
    const status = this.#status();
    const news = JSON.stringify(status) === this.#lastStatus ? null : status;
    this.#lastStatus = JSON.stringify(status);
    this.#listener?.({
      is: "delta",
      changed: changed.map((film) => film.view()),
      removed,
      videos,
      status: news,
      notices,
    });
  }

  /** What is done becomes a video; the list when it changed. */
  #finish(changed: FakeFilm[]): VideoView[] | null {
    const done = changed.flatMap((film) => (film.state.is === "done" ? [{ film, id: film.state.object }] : []));
    const fresh = done.filter(({ id }) => !this.#videos.some((video) => video.id === id));
    if (fresh.length === 0) return null;
    const made = fresh.map(({ film, id }) => ({
      id,
      name: film.name,
      size: film.size,
      blake3: "00".repeat(32),
      created_at: this.#now,
    }));
    this.#videos = [...made, ...this.#videos];
    return this.#videos;
  }

  #status(): StatusView {
    return { limit: this.#limit, vault: "/home/kim/Pawl", free: 213.4e9 };
  }

  #film(id: string): FakeFilm {
    const film = this.#films.find((candidate) => candidate.id === id);
    if (!film) throw refusal("unknown_transfer", `there is no transfer ${id}`);
    return film;
  }

  #video(id: string): VideoView {
    const video = this.#videos.find((candidate) => candidate.id === id);
    if (!video) throw refusal("media_gone", `there is no film ${id}`);
    return video;
  }

  /** The same every time: xorshift from a fixed seed. */
  #random = (): number => {
    this.#seed ^= this.#seed << 13;
    this.#seed ^= this.#seed >>> 17;
    this.#seed ^= this.#seed << 5;
    return (this.#seed >>> 0) / 2 ** 32;
  };
}

function refusal(code: ErrorCode, message: string): ErrorView {
  return { code, message, detail: null };
}
