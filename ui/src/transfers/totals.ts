/** All transfers together, for the status bar. Pure: reported rows in, sums out. */
import type { StateView, TransferView } from "../ipc/bindings";

export interface Totals {
  /** Bytes a second. */
  speed: number;
  /** Seconds until everything that goes on by itself is there; null when that cannot be said. */
  secondsLeft: number | null;
  /** Bytes of all that has not ended, and of those what is safe. */
  total: number;
  safe: number;
}

export function totalsOf(views: Iterable<TransferView>): Totals {
  let [speed, left, total, safe] = [0, 0, 0, 0];
  for (const { state, speed: one, bytes_total, bytes_acked } of views) {
    speed += one;
    total += bytes_total;
    safe += bytes_acked;
    if (goesOn[state.is]) left += bytes_total - bytes_acked;
  }
  return { speed, secondsLeft: speed > 0 && left > 0 ? Math.ceil(left / speed) : null, total, safe };
}

/**
 * Seconds until each queued transfer is there, by id: what goes on by itself before it in line, then its own bytes, at
 * the speed of now. Nothing moves, nothing is promised.
 */
export function forecastsOf(views: readonly TransferView[]): Map<string, number> {
  const speed = views.reduce((sum, view) => sum + view.speed, 0);
  const forecasts = new Map<string, number>();
  if (speed === 0) return forecasts;
  let before = 0;
  for (const { id, state, bytes_total, bytes_acked } of views) {
    if (!goesOn[state.is]) continue;
    before += bytes_total - bytes_acked;
    if (state.is === "queued") forecasts.set(id, Math.ceil(before / speed));
  }
  return forecasts;
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
  skipped: false,
  done: false,
};
