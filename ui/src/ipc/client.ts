/**
 * What the window may ask of the program. Two implementations: `tauri.ts` (the program) and `fake/` (a whole
 * working stand-in for work on the interface and for its tests).
 *
 * Invariant: nothing here is a guess. What a command did arrives by the feed.
 */
import type { AddedView, CommandView, ErrorCode, ErrorView, FeedView, MediaRequest, MediaView } from "./bindings";

/** Ends a subscription. */
export type Stop = () => void;

/** Whether something hovers over the window that could be dropped. */
export type Drag = "over" | "left";

/** Every promise may be rejected with an `ErrorView`. */
export interface Backend {
  /** First a whole, then deltas, at most ten a second. One subscription a window: a second replaces the first. */
  subscribe(listener: (feed: FeedView) => void): Promise<void>;
  /** Drops and command-line files are added by the program itself; this tells how they were taken. */
  onAdded(listener: (added: AddedView[]) => void): Promise<Stop>;
  onDrag(listener: (drag: Drag) => void): Promise<Stop>;
  /** The system's dialog; an empty answer when the person changed their mind. */
  chooseFiles(): Promise<AddedView[]>;
  command(id: string, command: CommandView): Promise<void>;
  /** Bytes a second; null for none. */
  setLimit(limit: number | null): Promise<void>;
  /** Framed as `ChunkMapView` says. */
  chunkMap(id: string): Promise<ArrayBuffer>;
  openMedia(request: MediaRequest): Promise<MediaView>;
  closeMedia(url: string): Promise<void>;
  showInFolder(request: MediaRequest): Promise<void>;
  dismiss(notice: number): Promise<void>;
}

const codes: Record<ErrorCode, true> = { unknown_transfer: true, not_now: true, media_gone: true, other: true };

/** Whatever a promise was rejected with, as the error that the contract promises. */
export function asError(thrown: unknown): ErrorView {
  if (isErrorView(thrown)) return thrown;
  const message = thrown instanceof Error ? thrown.message : typeof thrown === "string" ? thrown : "";
  return { code: "other", message, detail: null };
}

function isErrorView(thrown: unknown): thrown is ErrorView {
  if (typeof thrown !== "object" || thrown === null) return false;
  const { code, message } = thrown as Partial<ErrorView>;
  return typeof message === "string" && typeof code === "string" && code in codes;
}
