/**
 * Which buttons make sense now. Pure: a state in, at most two buttons and a menu out.
 *
 * Invariant: an action is offered exactly where the engine takes it; the main ones are those that help most.
 */
import type { CommandView, KindView, MediaRequest, StateView, TransferView } from "../ipc/bindings";
import { format } from "../shared/format";
import type { IconName } from "../shared/icons";
import { words } from "../shared/words";

/** A command of the core, or something that the window does. */
export type ActionName = CommandView | "play" | "show" | "copy_link";

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

/** `kind` is that of its destination; none when that was removed. `held`: its destination holds it back. */
export function offerFor(state: StateView, kind: KindView | null = "vault", held = false): Offer {
  const [main, menu] = namesFor(state, kind, held);
  const waits = held || state.is === "waiting" || state.is === "throttled";
  return {
    main: main.map((name) => actionOf(name, state, waits)),
    menu: menu.map((name) => actionOf(name, state, waits)),
  };
}

function namesFor(state: StateView, kind: KindView | null, held: boolean): [main: ActionName[], menu: ActionName[]] {
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
      return [["retry", "pause"], ["play", "start_over", "cancel"]];
    case "paused":
      return [["play", "resume"], ["start_over", "cancel"]];
    case "failed":
      return state.kind === "source_changed"
        ? [["start_over"], ["play", "retry", "cancel"]]
        : [["retry"], ["play", "start_over", "cancel"]];
    case "cancelling":
      return [[], ["retry"]];
    case "cancelled":
      return [["remove"], []];
    case "skipped":
      return [["retry", "remove"], ["play"]];
    case "done":
      return makesLinks(kind) ? [["play", "copy_link"], ["show", "remove"]] : [["play", "show"], ["remove"]];
  }
}

const icons: Record<ActionName, IconName> = {
  play: "play",
  pause: "pause",
  resume: "up",
  retry: "retry",
  start_over: "undo",
  show: "folder",
  copy_link: "link",
  cancel: "cross",
  remove: "minus",
};

function actionOf(name: ActionName, state: StateView, waits: boolean): Action {
  const helps = state.is === "failed" && (name === "retry" || name === "start_over");
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
  // After the file changed, what arrived is of no use: nothing is lost.
  const useless = view.state.is === "failed" && view.state.kind === "source_changed";
  if (name !== "start_over" || useless) return null;
  return { sentence: ask.startOver(safe), yes: ask.startOverYes, no: ask.startOverNo };
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
