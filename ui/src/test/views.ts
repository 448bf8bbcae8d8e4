/** Things to test with: views as the core sends them, each whole and unremarkable but for what a test says. */
import type { FeedView, StateView, StatusView, TransferView, VideoView } from "../ipc/bindings";
import { usualSettings } from "../ipc/fake/settings";
import type { ChunkMap } from "../chunks/decode";
import { vault } from "./destinations";

/** An instant, in milliseconds: 23 November 2026, 14:03:12 UTC. */
export const instant = Date.UTC(2026, 10, 23, 14, 3, 12);

export function transfer(over: Partial<TransferView> = {}): TransferView {
  return {
    id: "one",
    batch: "batch",
    name: "Harbour.mov",
    path: "/films/Harbour.mov",
    destination: "this computer",
    destination_id: "vault",
    state: { is: "uploading" },
    hold: null,
    position: 1,
    priority: "normal",
    bytes_total: 4_000_000_000,
    bytes_acked: 3_200_000_000,
    bytes_sent: 3_300_000_000,
    speed: 38_400_000,
    seconds_left: 21,
    chunk_len: 4_194_304,
    chunks_total: 954,
    chunks_acked: 763,
    lost_ground: false,
    comparing: null,
    can_send_changed: false,
    strip: [255, 128, 0],
    created_at: instant - 60_000,
    ended_at: null,
    ...over,
  };
}

/** One of every state that can be reported, with every reason, failure and proof. */
export const everyState: StateView[] = [
  { is: "queued" },
  { is: "preparing" },
  { is: "uploading" },
  { is: "limited" },
  { is: "throttled", until: instant + 24_000 },
  ...(["network", "credentials", "remote", "source"] as const).map(
    (reason): StateView => ({ is: "waiting", reason, sentence: `Waits for ${reason}.`, until: instant + 5_000 }),
  ),
  { is: "paused" },
  ...(["source_changed", "source_unreadable", "corrupt", "no_space", "remote"] as const).map(
    (kind): StateView => ({ is: "failed", kind, sentence: `Failed by ${kind}.` }),
  ),
  { is: "verifying" },
  { is: "cancelling" },
  { is: "cancelled" },
  { is: "skipped", sentence: "Skipped: its name is taken." },
  ...(["root", "parts", "read_back", "size_only"] as const).map(
    (proof): StateView => ({ is: "done", proof, object: "object-1" }),
  ),
];

/** `waiting network`, `failed corrupt`, `done root`, `queued`: a name for a table of tests. */
export function nameOf(state: StateView): string {
  switch (state.is) {
    case "waiting":
      return `waiting ${state.reason}`;
    case "failed":
      return `failed ${state.kind}`;
    case "done":
      return `done ${state.proof}`;
    default:
      return state.is;
  }
}

export function video(over: Partial<VideoView> = {}): VideoView {
  return { id: "video-1", name: "Harbour.mov", size: 4e9, blake3: "00".repeat(32), created_at: instant, ...over };
}

export function status(over: Partial<StatusView> = {}): StatusView {
  return { limit: null, vault: "/films/Pawl", free: 213e9, settings: usualSettings, near: { kept: 312e6, most: 2e9, found: 1890, fetched: 121, bytes_fetched: 63e6 }, ...over };
}

export function whole(over: Partial<Extract<FeedView, { is: "whole" }>> = {}): FeedView {
  return { is: "whole", transfers: [], videos: [], destinations: [vault], status: status(), notices: [], ...over };
}

export function delta(over: Partial<Extract<FeedView, { is: "delta" }>> = {}): FeedView {
  return { is: "delta", changed: [], removed: [], videos: null, destinations: null, status: null, notices: [], ...over };
}

export function chunkMap(cells: number[], over: Partial<ChunkMap> = {}): ChunkMap {
  const chunk_len = 4_194_304;
  return { id: "one", size: cells.length * chunk_len, chunk_len, notes: [], cells: Uint8Array.from(cells), ...over };
}

/** The frame of a map, as the core sends it. */
export function frameOf(head: unknown, cells: number[]): ArrayBuffer {
  const json = new TextEncoder().encode(JSON.stringify(head));
  const frame = new Uint8Array(4 + json.length + cells.length);
  new DataView(frame.buffer).setUint32(0, json.length);
  frame.set(json, 4);
  frame.set(cells, 4 + json.length);
  return frame.buffer;
}
