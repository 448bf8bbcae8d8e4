/** Which films are shown, and in which order. Pure. Invariant: a total order, so that films never swap places. */
import type { VideoView } from "../ipc/bindings";

export const orders = ["newest", "name", "size", "length"] as const;
export type Order = (typeof orders)[number];

/** Names as people read them: `Reel 9` before `Reel 10`, without regard to case and accents. */
const names = new Intl.Collator(undefined, { numeric: true, sensitivity: "base" });

/** Those whose name holds every word that was typed, in any order. */
export function matching(videos: readonly VideoView[], sought: string): readonly VideoView[] {
  const parts = plain(sought).split(/\s+/).filter(Boolean);
  if (parts.length === 0) return videos;
  return videos.filter(({ name }) => {
    const text = plain(name);
    return parts.every((part) => text.includes(part));
  });
}

export function inOrder(
  videos: readonly VideoView[],
  order: Order,
  lengthOf: (video: VideoView) => number | null,
): readonly VideoView[] {
  const lengths = order === "length" ? new Map(videos.map((video) => [video.id, lengthOf(video) ?? -1])) : null;
  const by: Record<Order, (a: VideoView, b: VideoView) => number> = {
    newest: (a, b) => b.created_at - a.created_at,
    name: (a, b) => names.compare(a.name, b.name),
    size: (a, b) => b.size - a.size,
    // Those that were not looked at yet stand last.
    length: (a, b) => (lengths?.get(b.id) ?? -1) - (lengths?.get(a.id) ?? -1),
  };
  return videos.toSorted((a, b) => by[order](a, b) || by.newest(a, b) || (a.id < b.id ? -1 : 1));
}

/** `Café` is found by `cafe`. */
function plain(text: string): string {
  return text.normalize("NFKD").replace(/\p{Mn}/gu, "").toLowerCase();
}
