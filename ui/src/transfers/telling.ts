/**
 * A transfer in words: its pill, its sentence, its figures. Pure.
 *
 * Invariant: says only what was reported, and "verified" or a whole progress only when it is Done.
 */
import type { ComparingView, StateView, TransferView, WaitView } from "../ipc/bindings";
import { format, type Formats } from "../shared/format";
import type { IconName } from "../shared/icons";
import { words } from "../shared/words";

export interface Pill {
  label: string;
  icon: IconName;
}

/** The short word and the shape of a state; its colour is chosen by `state.is` in the style sheet. */
export function pillOf(state: StateView): Pill {
  switch (state.is) {
    case "waiting":
      return { label: words.waits[state.reason], icon: waitIcons[state.reason] };
    case "failed":
      return { label: words.failures[state.kind], icon: "cross" };
    default:
      return { label: words.states[state.is], icon: stateIcons[state.is] };
  }
}

const waitIcons: Record<WaitView, IconName> = {
  network: "offline",
  credentials: "key",
  remote: "hourglass",
  source: "unplugged",
};

const stateIcons: Record<Exclude<StateView["is"], "waiting" | "failed">, IconName> = {
  queued: "queue",
  preparing: "search",
  uploading: "up",
  limited: "gauge",
  throttled: "clock",
  paused: "pause",
  verifying: "scan",
  cancelling: "undo",
  cancelled: "stop",
  skipped: "skip",
  done: "check",
};

/** What is going on, in a sentence. `place` is its number among the queued, from 1. */
export function sentenceOf(view: TransferView, place: number | null, now: number, formats: Formats = format): string {
  const say = words.sentences;
  const { state } = view;
  switch (state.is) {
    case "queued":
      return place === null || place === 1 ? say.next : say.inLine(formats.count(place));
    case "preparing":
      return view.comparing === null ? say.preparing : say.comparing(formats.percent(shareOf(view.comparing)));
    case "uploading":
      return "";
    case "limited":
      return say.limited;
    case "throttled":
      return state.until > now ? say.throttled(formats.time(state.until)) : say.throttleOver;
    case "waiting":
      // Why it was refused is said once for all that wait for it.
      return state.reason === "credentials" ? words.order.held.credentials : state.sentence;
    case "paused":
      return say.paused;
    case "failed":
      return state.sentence;
    case "verifying":
      return say.verifying;
    case "cancelling":
      return say.cancelling;
    case "cancelled":
      return say.cancelled;
    case "skipped":
      return state.sentence;
    case "done":
      return words.proofs[state.proof](formats.size(view.bytes_total));
  }
}

/** How what helps works, where that is not plain. */
export function hintOf(view: TransferView): string | null {
  const helps = view.state.is === "failed" && view.state.kind === "source_changed" && view.can_send_changed;
  return helps ? words.sentences.sendChanged : null;
}

/** Of nothing, all is compared. */
function shareOf({ bytes, of }: ComparingView): number {
  return of === 0 ? 1 : bytes / of;
}

/** What is going on, and why not more: the sentence, what holds it, and when it is tried again. */
export function tellOf(view: TransferView, place: number | null, now: number, formats: Formats = format): (string | null)[] {
  const { hold, state } = view;
  if (hold === null) return [sentenceOf(view, place, now, formats), triesAgain(state, now, formats)];
  const lead = state.is === "verifying" ? words.order.arrived : state.is === "queued" ? sentenceOf(view, place, now, formats) : null;
  return [lead, heldBy(hold), triesAgain(hold, now, formats)];
}

function heldBy(hold: StateView): string | null {
  if (hold.is === "throttled") return words.order.held.throttled;
  return hold.is === "waiting" ? words.order.held[hold.reason] : null;
}

/** When one that waits is tried again, if that happens by itself. A file is looked for all the time: that is no news. */
export function triesAgain(state: StateView, now: number, formats: Formats = format): string | null {
  const until = state.is === "throttled" || (state.is === "waiting" && state.reason !== "source") ? state.until : null;
  if (until === null) return null;
  return until > now ? words.order.triesAgain(countdown(until, now, formats)) : words.order.triesNow;
}

/** Whether something counts down in its row. */
export function waits({ hold, state }: TransferView): boolean {
  return hold !== null || state.is === "throttled" || state.is === "waiting";
}

/** The figures beside the sentence, most important first: what is safe, how fast, how long. */
export function figuresOf(view: TransferView, formats: Formats = format): string[] {
  const figures = [];
  if (showsSafe(view)) figures.push(safeOf(view, formats));
  if (moves(view.state)) {
    if (view.speed > 0) figures.push(formats.rate(view.speed));
    if (view.seconds_left !== null) figures.push(words.sentences.left(formats.duration(view.seconds_left)));
  }
  return figures;
}

/**
 * What is known before it starts: how much is to be sent, how much room there is, how long it takes. Of one that is held
 * back it matters more why.
 */
export function outlookOf(view: TransferView, free: number | null, seconds: number | null, formats: Formats = format): string[] {
  if (view.state.is !== "queued" || view.hold !== null) return [];
  const say = words.sentences;
  const left = view.bytes_total - view.bytes_acked;
  const outlook = [say.toSend(formats.size(left))];
  if (seconds !== null) outlook.push(say.thereIn(formats.duration(seconds)));
  if (free !== null) outlook.push((free < left ? say.tooLittleRoom : say.room)(formats.size(free)));
  return outlook;
}

/** `37.9 of 82.4 GB safe` */
export function safeOf(view: TransferView, formats: Formats = format): string {
  return words.sentences.safe(formats.share(view.bytes_acked, view.bytes_total, words.sentences.of));
}

/** The progress from 0 to 100, whole only when it is Done. */
export function percentOf(view: TransferView): number {
  if (view.state.is === "done") return 100;
  if (view.bytes_total === 0) return 0;
  return Math.min(99, Math.floor((view.bytes_acked / view.bytes_total) * 100));
}

/** Sentence and figures in one line; a full stop before a dividing dot would be one mark too many. */
export function lineOf(parts: (string | null)[]): string[] {
  const said = parts.filter((part): part is string => part !== null && part !== "");
  return said.map((part, index) => (index < said.length - 1 ? part.replace(/\.$/, "") : part));
}

export function countdown(until: number, now: number, formats: Formats = format): string {
  return formats.duration(Math.max(0, (until - now) / 1000));
}

function moves(state: StateView): boolean {
  return state.is === "uploading" || state.is === "limited";
}

function showsSafe({ state, bytes_acked }: TransferView): boolean {
  switch (state.is) {
    case "uploading":
    case "limited":
      return true;
    case "queued":
    case "preparing":
    case "throttled":
    case "waiting":
    case "paused":
    case "failed":
      return bytes_acked > 0;
    case "verifying":
    case "cancelling":
    case "cancelled":
    case "skipped":
    case "done":
      return false;
  }
}
