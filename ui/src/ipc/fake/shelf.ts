/**
 * The finished films of the fake program, and those in its trash.
 *
 * Invariant: no two films on the shelf have one name; what is in the trash comes back under its own.
 */
import type { VideoView } from "../bindings";
import { refusal } from "./refusal";

export class Shelf {
  videos: VideoView[];
  #trash = new Map<string, VideoView>();

  constructor(videos: VideoView[]) {
    this.videos = videos;
  }

  knows(id: string): boolean {
    return this.#trash.has(id) || this.videos.some((video) => video.id === id);
  }

  put(fresh: VideoView[]): void {
    this.videos = [...fresh, ...this.videos];
  }

  video(id: string): VideoView {
    const video = this.videos.find((candidate) => candidate.id === id);
    if (!video) throw refusal("media_gone", `there is no film ${id}`);
    return video;
  }

  rename(id: string, name: string): void {
    const film = this.video(id);
    if (name.trim() === "" || name.includes("/")) throw refusal("other", "This is no name for a film.");
    if (this.videos.some((other) => other !== film && other.name === name)) {
      throw refusal("name_taken", `There is a film ${name} already.`);
    }
    this.videos = this.videos.map((video) => (video === film ? { ...video, name } : video));
  }

  remove(id: string, forGood: boolean): void {
    const film = this.video(id);
    if (film.name.includes("no trash") && !forGood) throw refusal("no_trash", "There is no trash where it lies.");
    this.videos = this.videos.filter((video) => video !== film);
    if (!forGood) this.#trash.set(id, film);
  }

  restore(id: string): void {
    const film = this.#trash.get(id);
    if (!film) throw refusal("media_gone", "It is no longer in the trash.");
    this.#trash.delete(id);
    this.videos = [...this.videos, film].sort((a, b) => b.created_at - a.created_at);
  }
}
