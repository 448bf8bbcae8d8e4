/** The finished films as the core reported them, newest first. Owner of nothing else. */
import type { FeedView, VideoView } from "../ipc/bindings";

export class Library {
  videos: readonly VideoView[] = $state.raw([]);

  take(feed: FeedView): void {
    if (feed.videos !== null) this.videos = feed.videos.toSorted((a, b) => b.created_at - a.created_at);
  }
}
