/**
 * The finished films as the core reported them, and how the person looks at them.
 *
 * Owner of: what is sought, the order, the layout. Invariant: a film is called what the core calls it, and is gone
 * when the core says so; nothing here runs ahead.
 */
import type { FeedView, MediaRequest, VideoView } from "../ipc/bindings";
import { inOrder, matching, type Order } from "./order";
import { Taste, type Layout } from "./taste.svelte";

/** The length of a film in seconds, where it is known. */
export type LengthOf = (request: MediaRequest) => number | null;

export class Library {
  videos: readonly VideoView[] = $state.raw([]);
  sought = $state("");
  readonly taste = new Taste();
  readonly shown: readonly VideoView[] = $derived.by(() => {
    const lengthOf = (video: VideoView) => this.#lengthOf(requestOf(video));
    return inOrder(matching(this.videos, this.sought), this.taste.order, lengthOf);
  });
  #lengthOf: LengthOf;

  constructor(lengthOf: LengthOf = () => null) {
    this.#lengthOf = lengthOf;
  }

  take(feed: FeedView): void {
    if (feed.videos !== null) this.videos = feed.videos;
  }
}

export function requestOf(video: VideoView): MediaRequest {
  return { is: "video", id: video.id };
}

export type { Layout, Order };
