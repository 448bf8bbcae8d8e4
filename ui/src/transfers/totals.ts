/** All transfers together, for the status bar. Pure: reported rows in, sums out. */
import type { StateView, TransferView } from "../ipc/bindings";

export interface Totals {
  /** Bytes a second. */
  speed: number;
  /** Seconds until everything that goes on by itself is there; null when that cannot be said. */
  secondsLeft: number | null;
}

export function totalsOf(views: Iterable<TransferView>): Totals {
  let [speed, left] = [0, 0];
  for (const { state, speed: one, bytes_total, bytes_acked } of views) {
    speed += one;
    if (goesOn[state.is]) left += bytes_total - bytes_acked;
  }
  return { speed, secondsLeft: speed > 0 && left > 0 ? Math.ceil(left / speed) : null };
}

/** What stands still for a reason of its own would make every promise wrong. */
const goesOn: Record<StateView["is"], boolean> = {
  queued: true,
  preparing: true,
  uploading: true,
  limited: true,
  throttled: true,
  waiting: false,
  paused: false,
  failed: false,
  verifying: false,
  cancelling: false,
  cancelled: false,
  done: false,
};
