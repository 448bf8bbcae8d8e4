/** A film to play, and the program behind it, as little as a player asks of it. */
import type { CaptionsView, FactsView, MediaRequest, MediaView, TrackView } from "../ipc/bindings";
import type { FilmBackend } from "../player/film.svelte";

export const request: MediaRequest = { is: "video", id: "v1" };

export const media: MediaView = { url: "http://127.0.0.1:1/film", name: "Harbour.mov", size: 1, position: null };

export function track(over: Partial<TrackView> = {}): TrackView {
  const picture = { width: 1920, height: 1080, frame_rate: 25, rotation: 0 };
  const none = { channels: null, sample_rate: null, language: null };
  return { kind: "video", codec: "H.264", decodable: true, ...picture, ...none, ...over };
}

export function sound(over: Partial<TrackView> = {}): TrackView {
  const none = { width: null, height: null, frame_rate: null };
  return track({ kind: "audio", codec: "AAC", ...none, channels: 2, sample_rate: 48_000, ...over });
}

export function facts(over: Partial<FactsView> = {}): FactsView {
  const container = "MP4";
  return { poster: null, duration: 100, container, tracks: [track()], index_at_end: false, trouble: null, ...over };
}

export function captions(label: string): CaptionsView {
  return { label, language: label, text: "WEBVTT\n" };
}

/** Knows nothing and takes everything, but for what a test says. */
export function backendOf(over: Partial<FilmBackend> = {}): FilmBackend {
  const unknown = facts({ container: null, duration: null, tracks: [] });
  return {
    facts: async () => unknown,
    captions: async () => [],
    saveFrame: async () => "/home/kim/Pictures/frame.png",
    rememberPosition: async () => undefined,
    chunkMap: () => Promise.reject({ code: "unknown_transfer", message: "", detail: null }),
    uploadOpened: async () => [],
    ...over,
  };
}

/** A video element of 100 seconds at 25 frames a second that does as it is told, at once. */
export class FakeVideo extends EventTarget {
  currentTime = 40;
  duration = 100;
  paused = true;
  seeking = false;
  muted = false;
  volume = 1;
  playbackRate = 1;
  readyState = 4;
  videoWidth = 1920;
  videoHeight = 1080;
  error: { code: number } | null = null;

  async play(): Promise<void> {
    this.paused = false;
  }

  pause(): void {
    this.paused = true;
  }

  get element(): HTMLVideoElement {
    return this as unknown as HTMLVideoElement;
  }
}
