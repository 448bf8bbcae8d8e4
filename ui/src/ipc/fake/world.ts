/**
 * What happens in the fake program, whoever asks: time passes, files fall in, films land.
 *
 * Invariant: it never ticks by itself; whoever owns it tells it that time passed.
 */
import type {
  NearView,
  AddedView,
  CaptionsView,
  DestinationView,
  DroppedView,
  FactsView,
  FeedView,
  MediaRequest,
  NoticeView,
  OpenedView,
  QuitView,
  StatusView,
  TransferView,
  VideoView,
} from "../bindings";
import type { Drag } from "../client";
import { Ears } from "./ears";
import { FakeFilm } from "./film";
import { FakePlaces, type PlaceSeed } from "./places";
import { refusal } from "./refusal";
import type { Seed } from "./seed";
import { usualSettings } from "./settings";
import { Shelf } from "./shelf";

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
  /** The file that one points at is another film: so the core says. */
  strange?: string;
  /** Where films can go besides this computer. */
  destinations?: PlaceSeed[];
  /** An address that plays; without one every film is away. */
  media?: string;
  /** What is known of films, by their names; nothing of one that is not here. */
  facts?: Record<string, FactsView>;
  /** What lies beside films, by their names. */
  captions?: Record<string, CaptionsView[]>;
}

/** Bytes a second that the simulated link carries. */
const link = 64e6;
const activeAtOnce = 2;
/** Milliseconds for which a drop waits to be told where it goes. */
const patience = 2_000;

export class FakeWorld {
  /** What was asked of it, in order, for tests. */
  readonly asked: string[] = [];
  protected films: FakeFilm[];
  protected readonly ears = {
    added: new Ears<AddedView[]>(),
    drag: new Ears<Drag>(),
    dropped: new Ears<DroppedView>(),
    opened: new Ears<OpenedView>(),
    quit: new Ears<QuitView>(),
  };
  protected shelf: Shelf;
  protected places: FakePlaces;
  protected drops = new Map<number, { files: Dropped[]; at: number }>();
  protected notices: NoticeView[];
  protected scene: Scene;
  protected now: number;
  protected limit: number | null = null;
  protected listener: ((feed: FeedView) => void) | null = null;
  protected position = 0;
  protected lastStatus = "";
  protected lastDestinations = "";
  #dropCount = 0;
  protected settings = usualSettings;
  protected near: NearView = { kept: 312e6, most: 2_147_483_648, found: 1890, fetched: 121, bytes_fetched: 63e6 };
  protected vault = "/home/kim/Pawl";
  protected opened = new Map<string, Dropped>();
  protected positions = new Map<string, number>();
  protected seed = 0x2545f491;

  constructor(scene: Scene, now: number) {
    this.scene = scene;
    this.now = now;
    this.films = scene.transfers.map((seed) => new FakeFilm(seed, (this.position += 1)));
    this.shelf = new Shelf(scene.videos);
    this.places = new FakePlaces(scene.destinations ?? []);
    this.lastDestinations = JSON.stringify(this.destinations());
    this.notices = scene.notices;
  }

  /** Files fall onto the window; the page says where they go. */
  drop(files: Dropped[], x = 0, y = 0): void {
    const drop = (this.#dropCount += 1);
    this.drops.set(drop, { files, at: this.now });
    this.ears.dropped.tell({ drop, x, y });
  }

  drag(is: Drag["is"], x = 0, y = 0): void {
    this.ears.drag.tell(is === "over" ? { is, x, y } : { is });
  }

  /** *Open with Pawl*. */
  open(file: Dropped): void {
    const id = `opened-${this.opened.size + 1}`;
    this.opened.set(id, file);
    this.ears.opened.tell({ id, name: file.name });
  }

  /** The person wants to end the program, in whatever way. */
  wantToQuit(): void {
    const unfinished = this.films.filter((film) => film.isActive || film.state.is === "queued").length;
    this.ears.quit.tell({ unfinished });
  }

  /** So many milliseconds pass. */
  pass(ms: number): void {
    this.now += ms;
    for (const [drop, { at }] of this.drops) if (this.now - at >= patience) this.fall(drop, null);
    this.admit();
    const sending = this.films.filter((film) => film.isSending);
    const rate = Math.min(link, this.limit ?? link);
    const budget = (rate * (ms / 1000)) / Math.max(1, sending.length);
    const limited = this.limit !== null && this.limit < link;
    const changed = this.films.filter((film) => film.pass(this.now, ms, budget, limited, this.random));
    if (changed.length > 0) this.report(changed);
  }

  /** A drop becomes transfers, once. */
  protected fall(drop: number, destination: string | null): void {
    const waiting = this.drops.get(drop);
    if (!this.drops.delete(drop) || waiting === undefined) return;
    this.ears.added.tell(this.add(waiting.files, destination));
  }

  protected admit(): void {
    const queued = this.films.filter((film) => film.state.is === "queued");
    const places = activeAtOnce - this.films.filter((film) => film.isActive).length;
    const admitted = queued.slice(0, Math.max(0, places));
    for (const film of admitted) film.admit(this.now);
    if (admitted.length > 0) this.report(admitted);
  }

  /** The line is numbered anew. */
  protected move(ids: string[], before: string | null): void {
    const line = this.films.toSorted((a, b) => a.position - b.position);
    const moving = ids.map((id) => this.film(id));
    const at = before === null ? line.length : line.indexOf(this.film(before));
    const stays = (film: FakeFilm) => !moving.includes(film);
    const order = [...line.slice(0, at).filter(stays), ...moving, ...line.slice(at).filter(stays)];
    order.forEach((film, index) => (film.position = index + 1));
    this.report(order);
  }

  protected add(files: Dropped[], destination: string | null): AddedView[] {
    const goesTo = this.places.one(destination ?? this.places.defaultId).id;
    const fresh: FakeFilm[] = [];
    const answers = files.map((file): AddedView => {
      const known = this.films.find((film) => film.name === file.name && film.state.is !== "cancelled" && film.state.is !== "skipped");
      if (known) return { is: "already", id: known.id };
      if (file.folder) return this.refuse(file.name);
      const film = this.newFilm(file, goesTo);
      fresh.push(film);
      return { is: "added", id: film.id };
    });
    this.films.push(...fresh);
    if (fresh.length > 0) this.report(fresh);
    return answers;
  }

  /** A refused file becomes a notice too. */
  protected refuse(name: string): AddedView {
    const sentence = "it is a folder. Drop the films in it instead";
    const id = 1 + Math.max(0, ...this.notices.map((notice) => notice.id));
    const notice: NoticeView = { id, level: "warning", sentence: `${name} was not added: ${sentence}.` };
    this.notices = [...this.notices, notice];
    this.report([], [], [notice]);
    return { is: "refused", name, sentence };
  }

  protected newFilm({ name, size }: Dropped, destination: string): FakeFilm {
    this.position += 1;
    return new FakeFilm({ id: `dropped-${this.position}`, name, size, destination, createdAt: this.now }, this.position);
  }

  protected report(changed: FakeFilm[], removed: string[] = [], notices: NoticeView[] = [], shelf: VideoView[] | null = null): void {
    const videos = this.finish(changed) ?? shelf;
    const status = this.status();
    const news = JSON.stringify(status) === this.lastStatus ? null : status;
    this.lastStatus = JSON.stringify(status);
    const destinations = this.destinations();
    const moved = JSON.stringify(destinations) !== this.lastDestinations;
    this.lastDestinations = JSON.stringify(destinations);
    this.listener?.({
      is: "delta",
      changed: changed.map((film) => this.viewOf(film)),
      removed,
      videos,
      destinations: moved ? destinations : null,
      status: news,
      notices,
    });
  }

  protected viewOf(film: FakeFilm): TransferView {
    return film.view(this.places.nameOf(film.destination));
  }

  /** The default first, then by name, each with what is unfinished there. */
  protected destinations(): DestinationView[] {
    const goesOn = this.films.filter(({ state }) => state.is !== "done" && state.is !== "cancelled");
    return this.places.views((id) => goesOn.filter(({ destination }) => destination === id).length);
  }

  /** What is done here becomes a video; the list when it changed. */
  protected finish(changed: FakeFilm[]): VideoView[] | null {
    const done = changed.flatMap((film) => (film.state.is === "done" && film.destination === "vault" ? [{ film, id: film.state.object }] : []));
    const fresh = done.filter(({ id }) => !this.shelf.knows(id));
    if (fresh.length === 0) return null;
    const made = fresh.map(({ film, id }) => ({
      id,
      name: film.name,
      size: film.size,
      blake3: "00".repeat(32),
      created_at: this.now,
    }));
    this.shelf.put(made);
    return this.shelf.videos;
  }

  protected status(): StatusView {
    return { limit: this.limit, vault: this.vault, free: 213.4e9, settings: this.settings, near: this.near };
  }

  protected film(id: string): FakeFilm {
    const film = this.films.find((candidate) => candidate.id === id);
    if (!film) throw refusal("unknown_transfer", `there is no transfer ${id}`);
    return film;
  }

  protected named(request: MediaRequest): { name: string; size: number } {
    switch (request.is) {
      case "transfer":
        return this.film(request.id);
      case "video":
        return this.shelf.video(request.id);
      case "opened":
        return this.openedFile(request.id);
    }
  }

  protected openedFile(id: string): Dropped {
    const file = this.opened.get(id);
    if (!file) throw refusal("media_gone", "The file was not opened.");
    return file;
  }

  /** The same every time: xorshift from a fixed seed. */
  protected random = (): number => {
    this.seed ^= this.seed << 13;
    this.seed ^= this.seed >>> 17;
    this.seed ^= this.seed << 5;
    return (this.seed >>> 0) / 2 ** 32;
  };
}
