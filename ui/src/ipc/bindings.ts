// Generated from src-tauri/src/view.rs by `make bindings`. Do not edit.

/**
 * What a transfer is doing, in the words of the list.
 */
export type StateView = { "is": "queued" } | { "is": "preparing" } | { "is": "uploading" } | { "is": "limited" } | { "is": "throttled", 
/**
 * Until then.
 */
until: number, } | { "is": "waiting", 
/**
 * `network`, `credentials`, `remote` or `source`.
 */
reason: WaitView, 
/**
 * What happened.
 */
sentence: string, 
/**
 * When it looks again.
 */
until: number | null, } | { "is": "paused" } | { "is": "failed", 
/**
 * Which buttons help.
 */
kind: FailureView, 
/**
 * What happened.
 */
sentence: string, } | { "is": "verifying" } | { "is": "cancelling" } | { "is": "cancelled" } | { "is": "done", 
/**
 * What that rests on.
 */
proof: ProofView, 
/**
 * Where it is.
 */
object: string, };

/**
 * What a waiting transfer waits for.
 */
export type WaitView = "network" | "credentials" | "remote" | "source";

/**
 * Why a transfer failed, one for each way out.
 */
export type FailureView = "source_changed" | "source_unreadable" | "corrupt" | "no_space" | "remote";

/**
 * What Done rests on.
 */
export type ProofView = "root" | "parts" | "read_back" | "size_only";

/**
 * One row of the list.
 */
export type TransferView = { 
/**
 * Who.
 */
id: string, 
/**
 * With whom it was dropped.
 */
batch: string, 
/**
 * The file's name, safe to show.
 */
name: string, 
/**
 * The file's path, safe to show.
 */
path: string, 
/**
 * Where it goes, as a person calls it.
 */
destination: string, 
/**
 * What it does.
 */
state: StateView, 
/**
 * Its place in line: lower goes first.
 */
position: number, 
/**
 * Bytes.
 */
bytes_total: number, 
/**
 * Acknowledged bytes: the progress.
 */
bytes_acked: number, 
/**
 * Bytes that left this machine.
 */
bytes_sent: number, 
/**
 * Bytes a second over the last seconds; zero when nothing moves.
 */
speed: number, 
/**
 * Seconds left at that speed, if that can be said.
 */
seconds_left: number | null, 
/**
 * The length of a chunk in bytes; zero before it is planned.
 */
chunk_len: number, 
/**
 * How many chunks.
 */
chunks_total: number, 
/**
 * How many are acknowledged.
 */
chunks_acked: number, 
/**
 * The remote lost chunks that it had acknowledged; they are sent again.
 */
lost_ground: boolean, 
/**
 * Acknowledged share of each of up to 64 equal stretches of the file, 0 to 255: the strip in the row.
 */
strip: Array<number>, 
/**
 * When it was added.
 */
created_at: number, 
/**
 * When it ended.
 */
ended_at: number | null, };

/**
 * A finished video.
 */
export type VideoView = { 
/**
 * Its object id.
 */
id: string, 
/**
 * Its name, safe to show.
 */
name: string, 
/**
 * Bytes.
 */
size: number, 
/**
 * BLAKE3 in hex.
 */
blake3: string, 
/**
 * When it was finished.
 */
created_at: number, };

/**
 * What the one subscription carries: first a whole, then deltas, at most ten a second.
 */
export type FeedView = { "is": "whole", 
/**
 * The list in line order.
 */
transfers: Array<TransferView>, 
/**
 * The finished videos, newest first.
 */
videos: Array<VideoView>, 
/**
 * Settings and totals.
 */
status: StatusView, 
/**
 * What the person should know since the start: a database that was set aside, say.
 */
notices: Array<NoticeView>, } | { "is": "delta", 
/**
 * New or changed rows.
 */
changed: Array<TransferView>, 
/**
 * Rows that are gone.
 */
removed: Array<string>, 
/**
 * The finished videos, when they changed.
 */
videos: Array<VideoView> | null, 
/**
 * Settings and totals, when they changed.
 */
status: StatusView | null, 
/**
 * New notices.
 */
notices: Array<NoticeView>, };

/**
 * What the status bar shows beside what follows from the rows.
 */
export type StatusView = { 
/**
 * The speed limit in bytes a second.
 */
limit: number | null, 
/**
 * The vault's folder, safe to show.
 */
vault: string, 
/**
 * Bytes free there.
 */
free: number | null, };

/**
 * Something that a person should know.
 */
export type NoticeView = { 
/**
 * Which, to dismiss it.
 */
id: number, 
/**
 * `info` or `warning`.
 */
level: LevelView, 
/**
 * What happened, what is safe, what to do.
 */
sentence: string, };

/**
 * How grave a notice is.
 */
export type LevelView = "info" | "warning";

/**
 * How one file of a drop was taken.
 */
export type AddedView = { "is": "added", 
/**
 * Who.
 */
id: string, } | { "is": "already", 
/**
 * Who.
 */
id: string, } | { "is": "refused", 
/**
 * The file, safe to show.
 */
name: string, 
/**
 * Why, and what to do.
 */
sentence: string, };

/**
 * What a person does to a transfer.
 */
export type CommandView = "pause" | "resume" | "cancel" | "retry" | "start_over" | "remove";

/**
 * A chunk of which there is more to say.
 */
export type ChunkNoteView = { 
/**
 * Its number, from 0.
 */
chunk: number, 
/**
 * Its first byte.
 */
start: number, 
/**
 * The byte after its last.
 */
end: number, 
/**
 * Bytes of it that left, while it is in flight.
 */
sent: number, 
/**
 * Failures in a row.
 */
attempts: number, 
/**
 * The last one, in words.
 */
sentence: string | null, 
/**
 * When it is tried again.
 */
next_try: number | null, };

/**
 * What stands before the cells of a chunk map: the answer of `chunk_map` is four bytes of this JSON's length (big
 * endian), the JSON, then a byte a chunk (0 pending, 1 in flight, 2 acknowledged, 3 retrying, 4 throttled, 5 failed,
 * 6 wanted).
 */
export type ChunkMapView = { 
/**
 * Whose.
 */
id: string, 
/**
 * The file's size in bytes.
 */
size: number, 
/**
 * The length of a chunk in bytes.
 */
chunk_len: number, 
/**
 * Those in flight or in trouble.
 */
notes: Array<ChunkNoteView>, };

/**
 * Something to play.
 */
export type MediaView = { 
/**
 * Where the player reads it; good until the window closes.
 */
url: string, 
/**
 * Its name, safe to show.
 */
name: string, 
/**
 * Bytes.
 */
size: number, };

/**
 * What to play.
 */
export type MediaRequest = { "is": "transfer", 
/**
 * Which.
 */
id: string, } | { "is": "video", 
/**
 * Its object id.
 */
id: string, };

/**
 * Any error that crosses to the window.
 */
export type ErrorView = { 
/**
 * What to do about it, for the window's own table of words.
 */
code: ErrorCode, 
/**
 * What happened, for a person.
 */
message: string, 
/**
 * More, on demand.
 */
detail: string | null, };

/**
 * Codes exist only where the window acts on them.
 */
export type ErrorCode = "unknown_transfer" | "not_now" | "media_gone" | "other";
