/**
 * The order of the list: what is under way in line order, by priority and then by place, then what ended, newest first.
 * Pure.
 *
 * Invariant: a total order, so that rows never swap places without a reason.
 */
import type { PriorityView, TransferView } from "../ipc/bindings";

const ranks: Record<PriorityView, number> = { high: 0, normal: 1, low: 2 };

/** Whether it needs neither the core nor the user any more. */
export function hasEnded({ state }: TransferView): boolean {
  return state.is === "done" || state.is === "cancelled" || state.is === "skipped";
}

export function inListOrder(a: TransferView, b: TransferView): number {
  const ended = hasEnded(a);
  if (ended !== hasEnded(b)) return ended ? 1 : -1;
  const first = ended ? (b.ended_at ?? 0) - (a.ended_at ?? 0) : ranks[a.priority] - ranks[b.priority];
  return first || a.position - b.position || (a.id < b.id ? -1 : 1);
}

/** Whether a change can move a row, change another row's number in line, or whether a search finds it. */
export function movesList(before: TransferView, after: TransferView): boolean {
  return (
    before.destination !== after.destination ||
    before.position !== after.position ||
    before.priority !== after.priority ||
    before.ended_at !== after.ended_at ||
    hasEnded(before) !== hasEnded(after) ||
    (before.state.is === "queued") !== (after.state.is === "queued")
  );
}
