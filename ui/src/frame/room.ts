/** Whether what is to arrive fits. Pure. */
import type { StateView, TransferView } from "../ipc/bindings";

export interface Shortage {
  /** Bytes that are still to arrive, and that are free. */
  need: number;
  free: number;
}

/** Null when all of it fits, or when nobody knows how much room there is. */
export function shortageOf(views: Iterable<TransferView>, free: number | null): Shortage | null {
  if (free === null) return null;
  let need = 0;
  for (const { state, bytes_total, bytes_acked } of views) {
    if (takesRoom[state.is]) need += bytes_total - bytes_acked;
  }
  return need > free ? { need, free } : null;
}

const takesRoom: Record<StateView["is"], boolean> = {
  queued: true,
  preparing: true,
  uploading: true,
  limited: true,
  throttled: true,
  waiting: true,
  paused: true,
  failed: false,
  verifying: false,
  cancelling: false,
  cancelled: false,
  skipped: false,
  done: false,
};
