/**
 * Which buttons make sense now. Pure: a state in, at most two buttons and a menu out.
 *
 * Invariant: an action is offered exactly where the engine takes it; the main ones are those that help most.
 */
import type { CommandView, FailureView, KindView, MediaRequest, StateView, TransferView } from "../ipc/bindings";
import { format } from "../shared/format";
import type { IconName } from "../shared/icons";
import { words } from "../shared/words";

/** A command of the core, or something that the window does. */
export type ActionName = CommandView | "play" | "show" | "copy_link" | "save_receipt" | "point_at";

export interface Action {
  name: ActionName;
  label: string;
  icon: IconName;
  /** The one that the eye should find first. */
  leading: boolean;
}

export interface Offer {
  main: Action[];
  menu: Action[];
}

/** What else decides about what helps. */
export interface Circumstances {
  /** See `TransferView`. */
  canSendChanged?: boolean;
  /** Its destination holds it back. */
  held?: boolean;
}

/** `kind` is that of its destination; none when that was removed. */
export function offerFor(state: StateView, kind: KindView | null = "vault", circumstances: Circumstances = {}): Offer {
  const { canSendChanged = false, held = false } = circumstances;
  const [main, menu] = namesFor(state, kind, canSendChanged, held);
  const waits = held || state.is === "waiting" || state.is === "throttled";
  const [first] = main;
  return {
    main: main.map((name) => actionOf(name, state, { waits, first: name === first })),
    menu: menu.map((name) => actionOf(name, state, { waits, first: false })),
  };
}

export function offerOf(view: TransferView, kind: KindView | null): Offer {
  return offerFor(view.state, kind, { canSendChanged: view.can_send_changed, held: view.hold !== null });
}

type Names = [main: ActionName[], menu: ActionName[]];

function namesFor(state: StateView, kind: KindView | null, canSendChanged: boolean, held: boolean): Names {
  switch (state.is) {
    case "queued":
    case "preparing":
    case "uploading":
    case "limited":
    case "verifying":
      return held ? [["retry", "pause"], ["play", "cancel"]] : [["play", "pause"], ["cancel"]];
    case "throttled":
      return [["retry", "pause"], ["play", "cancel"]];
    case "waiting":
      return state.reason === "source"
        ? [["point_at", "pause"], ["retry", "play", "start_over", "cancel"]]
        : [["retry", "pause"], ["play", "start_over", "cancel"]];
    case "paused":
      return [["play", "resume"], ["start_over", "cancel"]];
    case "failed":
      return namesAfter(state.kind, canSendChanged);
    case "cancelling":
      return [[], ["retry"]];
    case "cancelled":
      return [["remove"], []];
    case "skipped":
      return [["retry", "remove"], ["play"]];
    case "done":
      return makesLinks(kind) ? [["play", "copy_link"], ["show", "save_receipt", "remove"]] : [["play", "show"], ["save_receipt", "remove"]];
  }
}

/** What helps after a failure. */
function namesAfter(kind: FailureView, canSendChanged: boolean): Names {
  switch (kind) {
    case "source_changed":
      return [canSendChanged ? ["send_changed", "start_over"] : ["start_over"], ["play", "point_at", "retry", "cancel"]];
    case "source_unreadable":
      return [["retry", "point_at"], ["play", "start_over", "cancel"]];
    case "corrupt":
    case "no_space":
    case "remote":
      return [["retry"], ["play", "start_over", "cancel"]];
  }
}

const icons: Record<ActionName, IconName> = {
  play: "play",
  pause: "pause",
  resume: "up",
  retry: "retry",
  start_over: "undo",
  send_changed: "up",
  point_at: "search",
  show: "folder",
  copy_link: "link",
  save_receipt: "receipt",
  cancel: "cross",
  remove: "minus",
};

function actionOf(name: ActionName, state: StateView, { waits, first }: { waits: boolean; first: boolean }): Action {
  const helps = (state.is === "failed" && first) || (name === "point_at" && state.is === "waiting");
  return {
    name,
    label: name === "retry" && waits ? words.actions.retryWaiting : words.actions[name],
    icon: icons[name],
    leading: helps || name === "resume",
  };
}

/** What a person is asked before something is lost; null when nothing is. */
export interface Question {
  sentence: string;
  yes: string;
  no: string;
}

export function questionBefore(name: ActionName, view: TransferView): Question | null {
  if (view.bytes_acked === 0) return null;
  const safe = format.size(view.bytes_acked);
  const ask = words.questions;
  if (name === "cancel") return { sentence: ask.cancel(safe), yes: ask.cancelYes, no: ask.cancelNo };
  // After the file changed, what arrived is of no use where it cannot be kept: nothing is lost.
  const useless = view.state.is === "failed" && view.state.kind === "source_changed" && !view.can_send_changed;
  if (name !== "start_over" || useless) return null;
  return { sentence: ask.startOver(safe), yes: ask.startOverYes, no: ask.startOverNo };
}

/** What a person is asked when the file that they pointed at is another film. */
export function questionAbout(strange: string): Question {
  const ask = words.questions;
  return { sentence: ask.another(strange), yes: ask.anotherYes, no: ask.anotherNo };
}

/** Whether a destination gives out public links to what is done there. */
export function makesLinks(kind: KindView | null): boolean {
  return kind === "server" || kind === "s3";
}

/** What Show in folder shows: of a finished transfer the film in its vault, of one that is elsewhere its source. */
export function placeOf({ id, state }: TransferView, kind: KindView | null = "vault"): MediaRequest {
  const inVault = kind === null || kind === "vault";
  return state.is === "done" && inVault ? { is: "video", id: state.object } : { is: "transfer", id };
}
