// Generated from src-tauri/src/view by `make bindings`. Do not edit.

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
sentence: string, } | { "is": "verifying" } | { "is": "cancelling" } | { "is": "cancelled" } | { "is": "skipped", 
/**
 * What is there, and what helps.
 */
sentence: string, } | { "is": "done", 
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
 * Whose turn comes first, whatever the places in line.
 */
export type PriorityView = "high" | "normal" | "low";

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
 * The destination's id.
 */
destination_id: string, 
/**
 * What it does.
 */
state: StateView, 
/**
 * What holds it back, where its state does not say so: `throttled` or `waiting`.
 */
hold: StateView | null, 
/**
 * Its place in line among those of its priority: lower goes first.
 */
position: number, 
/**
 * Whose turn comes before its place.
 */
priority: PriorityView, 
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
 * How far what arrived is compared with a file that became another, while it is.
 */
comparing: ComparingView | null, 
/**
 * Whether of a file that was changed what changed can be sent alone.
 */
can_send_changed: boolean, 
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
 * How far a comparison is.
 */
export type ComparingView = { 
/**
 * Bytes that were compared.
 */
bytes: number, 
/**
 * Of so many.
 */
of: number, };

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
 * Where films can go: the default first, then by name.
 */
destinations: Array<DestinationView>, 
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
 * Where films can go, when that changed.
 */
destinations: Array<DestinationView> | null, 
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
free: number | null, 
/**
 * The settings in force.
 */
settings: SettingsView, 
/**
 * What was played from far away.
 */
near: NearView, };

/**
 * What was played from destinations on the network, and is kept near.
 */
export type NearView = { 
/**
 * Bytes on the disk.
 */
kept: number, 
/**
 * The most bytes there.
 */
most: number, 
/**
 * Pieces that a player wanted in this run and found near.
 */
found: number, 
/**
 * Pieces that had to travel.
 */
fetched: number, 
/**
 * Bytes that travelled for that.
 */
bytes_fetched: number, };

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
export type CommandView = "pause" | "resume" | "cancel" | "retry" | "start_over" | "send_changed" | "remove";

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
 * What there is to see of an opened row beside its chunk map.
 */
export type DetailsView = { 
/**
 * What happened to it in this run, oldest first; the older of several hundred lines are forgotten.
 */
log: Array<LogLineView>, 
/**
 * Bytes that left in each of the last seconds, oldest first, at most 300 of them; none for one in which it waited
 * or was held.
 */
throughput: Array<number | null>, };

/**
 * One line of a transfer's log.
 */
export type LogLineView = { 
/**
 * When.
 */
at: number, 
/**
 * What.
 */
what: LogView, };

/**
 * What happened to a transfer.
 */
export type LogView = { "is": "added" } | { "is": "state", 
/**
 * This one.
 */
state: StateView, } | { "is": "chunk_failed", 
/**
 * Its number, from 0.
 */
chunk: number, 
/**
 * Why, in words.
 */
sentence: string, 
/**
 * Failures in a row.
 */
attempts: number, 
/**
 * When it is tried again, if that is settled.
 */
next_try: number | null, } | { "is": "lost_ground", 
/**
 * How many.
 */
chunks: number, } | { "is": "proven", 
/**
 * How many.
 */
chunks: number, 
/**
 * On whose word.
 */
by: VoucherView, } | { "is": "compared", 
/**
 * Chunks that are in it as they are.
 */
same: number, 
/**
 * Chunks that are not.
 */
changed: number, } | { "is": "held", 
/**
 * Why, and until when: `throttled` or `waiting`.
 */
state: StateView, } | { "is": "told", 
/**
 * They.
 */
sentence: string, };

/**
 * Whose word it is that a chunk is in its place.
 */
export type VoucherView = "remote" | "journal";

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
size: number, 
/**
 * Where the person was, in seconds; none at the beginning.
 */
position: number | null, };

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
id: string, } | { "is": "opened", 
/**
 * See [`OpenedView`].
 */
id: string, };

/**
 * What is known of a film's inside.
 */
export type FactsView = { 
/**
 * The address of its poster, an image of at most 640 pixels; none where none could be made.
 */
poster: string | null, 
/**
 * Its length in seconds.
 */
duration: number | null, 
/**
 * What it is packed in: `MP4`, `Matroska`.
 */
container: string | null, 
/**
 * What is in it, pictures first.
 */
tracks: Array<TrackView>, 
/**
 * Its index stands at its end, so that a player must read there first.
 */
index_at_end: boolean, 
/**
 * Why nothing is known of it, in words; none when all is well.
 */
trouble: string | null, };

/**
 * One track of a film.
 */
export type TrackView = { 
/**
 * What it carries.
 */
kind: TrackKindView, 
/**
 * Its codec as people call it: `H.264`, `AAC`.
 */
codec: string, 
/**
 * Whether this computer can decode it.
 */
decodable: boolean, 
/**
 * Pixels across, of a picture as it is shown (turned if it says so).
 */
width: number | null, 
/**
 * Pixels down.
 */
height: number | null, 
/**
 * Frames a second, on average.
 */
frame_rate: number | null, 
/**
 * Degrees clockwise by which it is turned to be shown: 0, 90, 180 or 270.
 */
rotation: number, 
/**
 * Channels of sound.
 */
channels: number | null, 
/**
 * Samples of sound a second.
 */
sample_rate: number | null, 
/**
 * Its language (BCP 47 or ISO 639), where it is said.
 */
language: string | null, };

/**
 * What a track carries.
 */
export type TrackKindView = "video" | "audio" | "text";

/**
 * Captions that lie beside a film.
 */
export type CaptionsView = { 
/**
 * What to call them: the language in the file's name (`de`), or the name itself.
 */
label: string, 
/**
 * The language (BCP 47), where the file's name says one.
 */
language: string | null, 
/**
 * All of them as WebVTT, whatever the file was.
 */
text: string, };

/**
 * A file that *Open with Pawl* or `--open` brought: it plays, and nothing of it is sent.
 */
export type OpenedView = { 
/**
 * By which it is asked for; good while the window lives.
 */
id: string, 
/**
 * Its name, safe to show.
 */
name: string, };

/**
 * The settings in force.
 */
export type SettingsView = { 
/**
 * How many chunks travel at once, 1 to 16.
 */
parallel: number, 
/**
 * Light, dark, or as the system is.
 */
theme: ThemeView, 
/**
 * Whether Pawl starts with the person's session.
 */
autostart: boolean, 
/**
 * Whether the computer is kept from sleeping while something uploads.
 */
keep_awake: boolean, };

/**
 * How the window looks.
 */
export type ThemeView = "system" | "light" | "dark";

/**
 * One setting, changed. The speed limit has a command of its own, and the vault's folder a dialog.
 */
export type SettingChange = { "is": "parallel", 
/**
 * So many, 1 to 16.
 */
count: number, } | { "is": "theme", 
/**
 * So.
 */
theme: ThemeView, } | { "is": "autostart", 
/**
 * Whether.
 */
on: boolean, } | { "is": "keep_awake", 
/**
 * Whether.
 */
on: boolean, };

/**
 * What goes on next time, asked before Pawl ends.
 */
export type QuitView = { 
/**
 * Transfers that are not finished and will go on by themselves at the next start.
 */
unfinished: number, };

/**
 * Which protocol.
 */
export type KindView = "vault" | "server" | "tus" | "s3";

/**
 * Where it is and how to connect: all of it may be shown.
 */
export type PlaceView = { "is": "vault", 
/**
 * Its whole path.
 */
folder: string, } | { "is": "server", 
/**
 * `https://host`.
 */
url: string, } | { "is": "tus", 
/**
 * Where uploads are created: `https://host/files/`.
 */
url: string, } | { "is": "s3", 
/**
 * `https://host`.
 */
endpoint: string, 
/**
 * The region that requests are signed for.
 */
region: string, 
/**
 * The bucket's name.
 */
bucket: string, 
/**
 * A folder in the bucket; empty for none.
 */
prefix: string, 
/**
 * How the bucket is named in a request.
 */
style: StyleView, };

/**
 * How a bucket is named in a request.
 */
export type StyleView = "auto" | "path" | "host";

/**
 * What to do where a name is taken there.
 */
export type TakenView = "keep_both" | "replace" | "skip";

/**
 * What a form holds besides the secret.
 */
export type DestinationForm = { 
/**
 * What a person calls it.
 */
name: string, 
/**
 * Where it is.
 */
place: PlaceView, 
/**
 * What to do where the name is taken there.
 */
taken: TakenView, 
/**
 * How fast films may go there, in bytes a second, or nothing.
 */
limit: number | null, 
/**
 * How the key or name is made: `{name}` alone, or with `{folder}/`, `{date}/`, `{batch}/` before it.
 */
template: string, 
/**
 * A proxy instead of the system's, or nothing.
 */
proxy: string | null, 
/**
 * Certificates of authorities to trust besides the system's, PEM text, or nothing.
 */
authorities: string | null, };

/**
 * A secret on its way in. It never comes back out.
 */
export type SecretForm = { "is": "keep" } | { "is": "none" } | { "is": "token", 
/**
 * Itself.
 */
token: string, } | { "is": "keys", 
/**
 * The access key.
 */
access_key: string, 
/**
 * Its secret.
 */
secret_key: string, 
/**
 * The token of a session, where there is one.
 */
session_token: string | null, };

/**
 * Where a secret is kept.
 */
export type SecretPlaceView = "keyring" | "file";

/**
 * One destination of the list.
 */
export type DestinationView = { 
/**
 * Who.
 */
id: string, 
/**
 * Which protocol.
 */
kind: KindView, 
/**
 * What was chosen.
 */
form: DestinationForm, 
/**
 * The place in one line, safe to show.
 */
address: string, 
/**
 * Whether films go there when nothing else is said.
 */
is_default: boolean, 
/**
 * The vault of this computer cannot be removed, only moved (Settings).
 */
removable: boolean, 
/**
 * Where its secret is kept, if it has one.
 */
secret: SecretPlaceView | null, 
/**
 * Unfinished transfers to it.
 */
unfinished: number, 
/**
 * Why it cannot be used now, or nothing.
 */
trouble: string | null, };

/**
 * What *Test connection* found: one line each, in the order of [`CheckedView`].
 */
export type ReportView = { 
/**
 * The lines.
 */
checks: Array<CheckView>, };

/**
 * One line of a report.
 */
export type CheckView = { 
/**
 * What was tried.
 */
what: CheckedView, 
/**
 * Whether it is so. What comes after a failure is not tried, and unknown.
 */
verdict: VerdictView, 
/**
 * In words.
 */
sentence: string, };

/**
 * What is tried of a destination.
 */
export type CheckedView = "reachable" | "signed_in" | "can_write" | "can_read_ranges" | "limits" | "proof";

/**
 * Whether something is so.
 */
export type VerdictView = "yes" | "no" | "unknown";

/**
 * What a pasted text is.
 */
export type RecognisedView = { 
/**
 * A proposal, its name filled in; none where the text is no destination.
 */
form: DestinationForm | null, 
/**
 * Why not, or what was left out (a password in an address).
 */
sentence: string | null, };

/**
 * An upload that lies unfinished on a destination.
 */
export type OrphanView = { 
/**
 * Which.
 */
id: string, 
/**
 * Its name or key, safe to show.
 */
name: string, 
/**
 * Bytes of the whole, where that is known.
 */
size: number | null, 
/**
 * Bytes that are there, where that is known.
 */
received: number | null, 
/**
 * When it was begun, where that is known.
 */
begun_at: number | null, 
/**
 * The transfer of ours that it belongs to, if there is one: then it is no orphan and has no buttons.
 */
transfer: string | null, 
/**
 * Whether a transfer of ours could go on with it.
 */
adoptable: boolean, };

/**
 * The uploads that lie unfinished on a destination.
 */
export type OrphansView = { 
/**
 * They.
 */
orphans: Array<OrphanView>, 
/**
 * Why there is no list, where there is none.
 */
sentence: string | null, };

/**
 * A public link.
 */
export type LinkView = { 
/**
 * It.
 */
url: string, 
/**
 * Until when it leads anywhere.
 */
expires_at: number, };

/**
 * Files were dropped on the window (event `dropped`): the page says where they go (`take_drop`).
 */
export type DroppedView = { 
/**
 * Which drop.
 */
drop: number, 
/**
 * Logical pixels from the left of the page.
 */
x: number, 
/**
 * Logical pixels from its top.
 */
y: number, };

/**
 * How far the check of a vault is.
 */
export type ScrubStepView = { 
/**
 * Bytes that were read.
 */
done: number, 
/**
 * Bytes to read.
 */
total: number, };

/**
 * What came of the check of a vault.
 */
export type ScrubView = { 
/**
 * Finished films that were looked at.
 */
films: number, 
/**
 * Their bytes.
 */
bytes: number, 
/**
 * Films that still arrive, of which what has arrived was looked at.
 */
unfinished: number, 
/**
 * Those of both that are not what arrived.
 */
harmed: Array<HarmedView>, 
/**
 * Files in the folder that are no films of the vault, safe to show.
 */
strays: Array<string>, 
/**
 * Whether all of it was looked at: it was not stopped.
 */
ended: boolean, };

/**
 * A film that is not what arrived.
 */
export type HarmedView = { 
/**
 * Its name, safe to show.
 */
name: string, 
/**
 * Whether all of it had arrived.
 */
finished: boolean, 
/**
 * In what way.
 */
harm: HarmView, };

/**
 * In what way a film is not what arrived.
 */
export type HarmView = "missing" | "length" | "content" | "unreadable";

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
export type ErrorCode = "unknown_transfer" | "not_now" | "media_gone" | "another_film" | "name_taken" | "no_trash" | "other";
