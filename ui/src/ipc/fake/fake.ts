/**
 * The whole program, simulated: the window and its tests run against it without a core.
 *
 * Invariant: it keeps the contract of `Backend` to the letter, refusals included. What happens behind it is the
 * world's.
 */
import type {
  AddedView,
  CaptionsView,
  CommandView,
  DetailsView,
  DroppedView,
  FactsView,
  FeedView,
  MediaRequest,
  MediaView,
  OpenedView,
  PriorityView,
  QuitView,
  ScrubStepView,
  ScrubView,
  SettingChange,
} from "../bindings";
import type { Backend, Drag, Stop } from "../client";
import { FakeDestinations } from "./destinations";
import { FakeCheck } from "./check";
import { refusal } from "./refusal";
import { changed } from "./settings";

export class FakeBackend extends FakeDestinations implements Backend {
  /** How the check of the vault ends: tests hold it, and say what it finds. */
  readonly check = new FakeCheck();

  onAdded = (listener: (added: AddedView[]) => void): Promise<Stop> => this.ears.added.add(listener);
  onDrag = (listener: (drag: Drag) => void): Promise<Stop> => this.ears.drag.add(listener);
  onDropped = (listener: (drop: DroppedView) => void): Promise<Stop> => this.ears.dropped.add(listener);
  onOpened = (listener: (opened: OpenedView) => void): Promise<Stop> => this.ears.opened.add(listener);
  onQuitAsked = (listener: (quit: QuitView) => void): Promise<Stop> => this.ears.quit.add(listener);

  async subscribe(listener: (feed: FeedView) => void): Promise<void> {
    this.listener = listener;
    const transfers = this.films.map((film) => this.viewOf(film));
    const destinations = this.destinations();
    listener({ is: "whole", transfers, videos: this.shelf.videos, destinations, status: this.status(), notices: this.notices });
  }

  async chooseFiles(destination: string | null): Promise<AddedView[]> {
    this.asked.push(`choose${toWhere(destination)}`);
    return this.add(this.scene.dialog, destination);
  }

  async chooseFolder(destination: string | null): Promise<AddedView[]> {
    this.asked.push(`choose folder${toWhere(destination)}`);
    return this.add(this.scene.dialog, destination);
  }

  async pasteFiles(destination: string | null): Promise<AddedView[]> {
    this.asked.push(`paste${toWhere(destination)}`);
    return this.add(this.scene.dialog, destination);
  }

  async takeDrop(drop: number, destination: string | null): Promise<void> {
    this.asked.push(`take drop${toWhere(destination)}`);
    this.fall(drop, destination);
  }

  async uploadOpened(id: string, destination: string | null): Promise<AddedView[]> {
    this.asked.push(`upload opened ${id}${toWhere(destination)}`);
    return this.add([this.openedFile(id)], destination);
  }

  async askToQuit(): Promise<void> {
    this.asked.push("ask to quit");
    this.wantToQuit();
  }

  async quit(): Promise<void> {
    this.asked.push("quit");
  }

  async command(id: string, command: CommandView): Promise<void> {
    this.asked.push(`${command} ${id}`);
    const film = this.film(id);
    if (!film.obey(command, this.now)) throw refusal("not_now", `${command} is not possible now`);
    if (command !== "remove") return this.report([film]);
    this.films = this.films.filter((other) => other !== film);
    this.report([], [id]);
  }

  async pointAtFile(id: string): Promise<boolean> {
    this.asked.push(`point at ${id}`);
    if (this.scene.strange !== undefined) throw refusal("another_film", this.scene.strange);
    return this.#goOn(id, "send_changed");
  }

  async sendPointedAt(id: string): Promise<void> {
    this.asked.push(`send pointed at ${id}`);
    this.#goOn(id, "start_over");
  }

  #goOn(id: string, command: "send_changed" | "start_over"): boolean {
    const film = this.film(id);
    film.obey(command, this.now);
    this.report([film]);
    return true;
  }

  async reorder(ids: string[], before: string | null): Promise<void> {
    this.asked.push(`reorder ${ids.join(" ")} before ${before}`);
    this.move(ids, before);
  }

  async setPriority(ids: string[], priority: PriorityView): Promise<void> {
    this.asked.push(`priority ${ids.join(" ")} ${priority}`);
    const films = ids.map((id) => this.film(id));
    for (const film of films) film.priority = priority;
    this.report(films);
  }

  async retryAll(): Promise<number> {
    this.asked.push("retry all");
    const stuck: Record<string, boolean> = { failed: true, waiting: true, throttled: true, queued: true, preparing: true, verifying: true };
    const failed = this.films.filter((film) => stuck[film.state.is] && film.obey("retry", this.now));
    if (failed.length > 0) this.report(failed);
    return failed.length;
  }

  async clearEnded(): Promise<number> {
    this.asked.push("clear ended");
    const ended = this.films.filter((film) => film.obey("remove", this.now)).map((film) => film.id);
    this.films = this.films.filter((film) => !ended.includes(film.id));
    this.report([], ended);
    return ended.length;
  }

  async hasten(id: string, chunk: number): Promise<void> {
    this.asked.push(`hasten ${id} ${chunk}`);
    this.film(id).hasten(chunk);
  }

  async details(id: string): Promise<DetailsView> {
    this.asked.push(`details ${id}`);
    return this.film(id).details(this.now);
  }

  async saveReceipt(id: string): Promise<string | null> {
    this.asked.push(`receipt ${id}`);
    const { name, state } = this.film(id);
    if (state.is !== "done") throw refusal("not_now", "there is no receipt before the film is there whole");
    return `/home/kim/Documents/${name}.receipt.json`;
  }

  async setLimit(limit: number | null): Promise<void> {
    this.asked.push(`limit ${limit}`);
    this.limit = limit;
    this.report([]);
  }

  async chunkMap(id: string): Promise<ArrayBuffer> {
    this.asked.push(`map ${id}`);
    return this.film(id).frame();
  }

  async openMedia(request: MediaRequest): Promise<MediaView> {
    this.asked.push(`open ${request.is} ${request.id}`);
    const { name, size } = this.named(request);
    if (this.scene.media === undefined) throw refusal("media_gone", `${name} is not there`);
    return { url: this.scene.media, name, size, position: this.positions.get(keyOf(request)) ?? null };
  }

  async closeMedia(url: string): Promise<void> {
    this.asked.push(`close ${url}`);
  }

  async showInFolder(request: MediaRequest): Promise<void> {
    this.asked.push(`show ${request.is} ${request.id}`);
  }

  async facts(request: MediaRequest): Promise<FactsView> {
    this.asked.push(`facts ${request.is} ${request.id}`);
    return this.scene.facts?.[this.named(request).name] ?? unknown;
  }

  async captions(request: MediaRequest): Promise<CaptionsView[]> {
    this.asked.push(`captions ${request.is} ${request.id}`);
    return this.scene.captions?.[this.named(request).name] ?? [];
  }

  async saveFrame(request: MediaRequest, seconds: number, png: ArrayBuffer): Promise<string> {
    this.asked.push(`frame ${request.is} ${request.id} ${seconds} ${png.byteLength}`);
    return `/home/kim/Pictures/${this.named(request).name} ${seconds.toFixed(3)}.png`;
  }

  async rememberPosition(request: MediaRequest, seconds: number | null): Promise<void> {
    this.asked.push(`position ${request.is} ${request.id} ${seconds}`);
    if (seconds === null) this.positions.delete(keyOf(request));
    else this.positions.set(keyOf(request), seconds);
  }

  async renameVideo(id: string, name: string): Promise<void> {
    this.asked.push(`rename ${id} ${name}`);
    this.shelf.rename(id, name);
    this.report([], [], [], this.shelf.videos);
  }

  async deleteVideo(id: string, forGood: boolean): Promise<void> {
    this.asked.push(`delete ${id}${forGood ? " for good" : ""}`);
    this.shelf.remove(id, forGood);
    this.report([], [], [], this.shelf.videos);
  }

  async restoreVideo(id: string): Promise<void> {
    this.asked.push(`restore ${id}`);
    this.shelf.restore(id);
    this.report([], [], [], this.shelf.videos);
  }

  async changeSetting(change: SettingChange): Promise<void> {
    this.asked.push(`setting ${JSON.stringify(change)}`);
    this.settings = changed(this.settings, change);
    this.report([]);
  }

  async chooseVault(): Promise<boolean> {
    this.asked.push("choose vault");
    this.vault = "/media/archive";
    this.report([]);
    return true;
  }

  async diagnostics(): Promise<string> {
    this.asked.push("diagnostics");
    return "Pawl 0.1.0\nfake";
  }

  async clearNear(): Promise<void> {
    this.asked.push("clear near");
    this.near = { ...this.near, kept: 0 };
    this.report([]);
  }

  async checkVault(listener: (step: ScrubStepView) => void): Promise<ScrubView> {
    this.asked.push("check vault");
    return this.check.run(this.shelf.videos, listener);
  }

  async stopCheck(): Promise<void> {
    this.asked.push("stop check");
    this.check.stop();
  }

  async dismiss(notice: number): Promise<void> {
    this.asked.push(`dismiss ${notice}`);
    this.notices = this.notices.filter((other) => other.id !== notice);
  }
}

const unknown: FactsView = {
  poster: null,
  duration: null,
  container: null,
  tracks: [],
  index_at_end: false,
  trouble: null,
};

/** Nothing is said of the default. */
function toWhere(destination: string | null): string {
  return destination === null ? "" : ` to ${destination}`;
}

function keyOf(request: MediaRequest): string {
  return `${request.is} ${request.id}`;
}
