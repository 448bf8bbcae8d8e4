/**
 * What a click or Enter on a cell does: one chunk is sent before all others. Pure.
 *
 * Invariant: offered only where it changes something: the transfer sends, and the chunk is neither safe nor on its
 * way nor first already. A cell of several chunks aims at the one that needs it most, and says which.
 */
import type { StateView } from "../../ipc/bindings";
import { Cell, type ChunkMap } from "../../chunks/decode";
import { chunksOf, type Grid } from "./geometry";

export interface Aim {
  chunk: number;
  /** It failed before, so it is tried again rather than sent first. */
  again: boolean;
}

/** Most in need first. */
const order = [Cell.failed, Cell.retrying, Cell.throttled, Cell.pending] as const;

export function aimAt(map: ChunkMap, grid: Grid, cell: number, state: StateView["is"]): Aim | null {
  if (!sends[state]) return null;
  const { first, last } = chunksOf(grid, map.cells.length, cell);
  const run = map.cells.subarray(first, last + 1);
  for (const wanted of order) {
    const index = run.indexOf(wanted);
    if (index >= 0) return { chunk: first + index, again: wanted === Cell.failed || wanted === Cell.retrying };
  }
  return null;
}

/** Where nothing is sent there is nothing to send first. */
const sends: Record<StateView["is"], boolean> = {
  uploading: true,
  limited: true,
  throttled: true,
  queued: false,
  preparing: false,
  waiting: false,
  paused: false,
  failed: false,
  verifying: false,
  cancelling: false,
  cancelled: false,
  skipped: false,
  done: false,
};
