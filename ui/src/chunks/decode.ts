/**
 * The answer of `chunk_map`: four bytes of length (big endian), that much JSON, then a byte a chunk.
 *
 * Invariant: what does not add up is refused whole; half a map is never drawn.
 */
import type { ChunkMapView } from "../ipc/bindings";

/** The states of a chunk, by the byte that stands for them. */
export const Cell = { pending: 0, inFlight: 1, acked: 2, retrying: 3, throttled: 4, failed: 5, wanted: 6 } as const;

const cellStates = 7;

export interface ChunkMap extends ChunkMapView {
  /** A byte a chunk, in order. */
  cells: Uint8Array;
}

/** @throws RangeError when the frame is not one. */
export function decodeChunkMap(frame: ArrayBuffer): ChunkMap {
  if (frame.byteLength < 4) throw new RangeError("a chunk map begins with four bytes of length");
  const length = new DataView(frame).getUint32(0);
  if (length > frame.byteLength - 4) throw new RangeError("the chunk map ends inside its head");
  const head: unknown = JSON.parse(new TextDecoder().decode(new Uint8Array(frame, 4, length)));
  const cells = new Uint8Array(frame, 4 + length);
  if (cells.some((cell) => cell >= cellStates)) throw new RangeError("the chunk map holds a state without a name");
  return { ...asHead(head), cells };
}

function asHead(head: unknown): ChunkMapView {
  const map = head as Partial<ChunkMapView> | null;
  const whole = typeof map?.id === "string" && typeof map.size === "number" && typeof map.chunk_len === "number";
  if (!whole || !Array.isArray(map.notes)) throw new RangeError("the head of the chunk map lacks a part");
  return map as ChunkMapView;
}

/** How many chunks are in each state, by its byte. */
export function countStates(cells: Uint8Array): number[] {
  const counts = new Array<number>(cellStates).fill(0);
  for (const cell of cells) counts[cell] = (counts[cell] ?? 0) + 1;
  return counts;
}

/** The bytes of a run of chunks, half-open. The last chunk of a file may be short. */
export function bytesOf(map: ChunkMap, first: number, last: number): { start: number; end: number } {
  return { start: first * map.chunk_len, end: Math.min(map.size, (last + 1) * map.chunk_len) };
}
