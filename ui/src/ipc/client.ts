/**
 * What the window may ask of the program. Two implementations: `tauri.ts` (the program) and `fake/` (a whole
 * working stand-in for work on the interface and for its tests).
 *
 * Invariant: nothing here is a guess. What a command did arrives by the feed.
 */
import type {
  AddedView,
  CaptionsView,
  CommandView,
  DestinationForm,
  DetailsView,
  DroppedView,
  ErrorCode,
  ErrorView,
  FactsView,
  FeedView,
  LinkView,
  MediaRequest,
  MediaView,
  OpenedView,
  OrphansView,
  PriorityView,
  QuitView,
  RecognisedView,
  ReportView,
  ScrubStepView,
  ScrubView,
  SecretForm,
  SettingChange,
} from "./bindings";

/** Ends a subscription. */
export type Stop = () => void;

/** Whether something hovers over the window that could be dropped, and where, in pixels of the page. */
export type Drag = { is: "over"; x: number; y: number } | { is: "left" };

/** Every promise may be rejected with an `ErrorView`. */
export interface Backend extends Transfers, Films, Settings, Ways, Destinations {
  /** First a whole, then deltas, at most ten a second. One subscription a window: a second replaces the first. */
  subscribe(listener: (feed: FeedView) => void): Promise<void>;
  dismiss(notice: number): Promise<void>;
}

/** What comes in, and how. Where a destination is asked for, null is the default. */
interface Ways {
  /** Drops and command-line files are added by the program itself; this tells how they were taken. */
  onAdded(listener: (added: AddedView[]) => void): Promise<Stop>;
  onDrag(listener: (drag: Drag) => void): Promise<Stop>;
  /** Something was dropped: the program waits two seconds to be told where it goes, then it takes the default. */
  onDropped(listener: (drop: DroppedView) => void): Promise<Stop>;
  /** Says where a drop goes; how its files were taken comes by `onAdded`. */
  takeDrop(drop: number, destination: string | null): Promise<void>;
  /** The system's dialog; an empty answer when the person changed their mind. */
  chooseFiles(destination: string | null): Promise<AddedView[]>;
  /** The same for folders: each is one batch. */
  chooseFolder(destination: string | null): Promise<AddedView[]>;
  /** Files of the clipboard; an empty answer when there are none on it. */
  pasteFiles(destination: string | null): Promise<AddedView[]>;
  /** *Open with Pawl*: a file to play. */
  onOpened(listener: (opened: OpenedView) => void): Promise<Stop>;
  /** Sends a file that was opened. */
  uploadOpened(id: string, destination: string | null): Promise<AddedView[]>;
  /** The person wants to end the program from within the window: it answers with `onQuitAsked`, or ends. */
  askToQuit(): Promise<void>;
  /** The person wants to end the program; this says what then waits for the next start. */
  onQuitAsked(listener: (quit: QuitView) => void): Promise<Stop>;
  /** Ends it. */
  quit(): Promise<void>;
}

interface Transfers {
  command(id: string, command: CommandView): Promise<void>;
  /** The system's dialog for the file of a transfer, which is at another place now; false when the person changed their mind. */
  pointAtFile(id: string): Promise<boolean>;
  /** Sends the file that was pointed at, although it is another film. */
  sendPointedAt(id: string): Promise<void>;
  /** Moves them in line, in the order given, to just before another of the list, or to the end. */
  reorder(ids: string[], before: string | null): Promise<void>;
  setPriority(ids: string[], priority: PriorityView): Promise<void>;
  /** Retries all that failed or wait; answers how many. */
  retryAll(): Promise<number>;
  /** Takes all that is done or given up off the list; answers how many. */
  clearEnded(): Promise<number>;
  /** Framed as `ChunkMapView` says. */
  chunkMap(id: string): Promise<ArrayBuffer>;
  /** Sends a chunk before all others; one that rests after a failure is tried again at once. */
  hasten(id: string, chunk: number): Promise<void>;
  details(id: string): Promise<DetailsView>;
  /** The system's dialog, then the receipt; answers where it is, safe to show, or null when the person changed their mind. */
  saveReceipt(id: string): Promise<string | null>;
}

interface Films {
  openMedia(request: MediaRequest): Promise<MediaView>;
  closeMedia(url: string): Promise<void>;
  showInFolder(request: MediaRequest): Promise<void>;
  /** Answers when the film was looked at, which may take its turn after others. */
  facts(request: MediaRequest): Promise<FactsView>;
  /** Captions that lie beside the film. */
  captions(request: MediaRequest): Promise<CaptionsView[]>;
  /** Keeps a frame (PNG) among the person's pictures; answers where, safe to show. */
  saveFrame(request: MediaRequest, seconds: number, png: ArrayBuffer): Promise<string>;
  /** Where the person is in a film, for the next time it is opened; null forgets it. */
  rememberPosition(request: MediaRequest, seconds: number | null): Promise<void>;
  renameVideo(id: string, name: string): Promise<void>;
  /** Into the system's trash, whence `restoreVideo` takes it back; `forGood` where there is no trash. */
  deleteVideo(id: string, forGood: boolean): Promise<void>;
  restoreVideo(id: string): Promise<void>;
}

/** Where films can go. The list itself comes by the feed. */
interface Destinations {
  /** What a pasted text is: an address, a folder, or why it is neither. */
  recognise(text: string): Promise<RecognisedView>;
  /** Without an id a new one; answers its id. What is wrong with it is refused with a sentence. */
  saveDestination(id: string | null, form: DestinationForm, secret: SecretForm): Promise<string>;
  /** Asks the real thing, and saves nothing; `keep` is the secret that was saved under the id. */
  testDestination(id: string | null, form: DestinationForm, secret: SecretForm): Promise<ReportView>;
  /** Refused while something unfinished goes there. */
  removeDestination(id: string): Promise<void>;
  chooseDefault(id: string): Promise<void>;
  orphans(id: string): Promise<OrphansView>;
  abortOrphan(id: string, orphan: string): Promise<void>;
  /** It becomes the upload of a transfer of the same name and size that waits. */
  adoptOrphan(id: string, orphan: string): Promise<void>;
  /** A public link, which is on the clipboard then; refused where the destination makes none. */
  copyLink(request: MediaRequest, days: number): Promise<LinkView>;
}

interface Settings {
  /** Bytes a second; null for none. */
  setLimit(limit: number | null): Promise<void>;
  changeSetting(change: SettingChange): Promise<void>;
  /** The system's dialog for the vault's folder; false when the person changed their mind. */
  chooseVault(): Promise<boolean>;
  /** What helps to find a fault, without secrets, as text. */
  diagnostics(): Promise<string>;
  /** Throws away what was kept of films that were played from far away. */
  clearNear(): Promise<void>;
  /** Reads everything in the vault again; answers at its end, or when it is stopped. */
  checkVault(listener: (step: ScrubStepView) => void): Promise<ScrubView>;
  stopCheck(): Promise<void>;
}

const codes: Record<ErrorCode, true> = {
  unknown_transfer: true,
  not_now: true,
  another_film: true,
  media_gone: true,
  name_taken: true,
  no_trash: true,
  other: true,
};

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
