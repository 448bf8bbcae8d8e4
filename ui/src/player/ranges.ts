/**
 * Which stretches of a film have been uploaded, as shares of its length. Pure.
 *
 * Bytes are mapped to time in proportion. A film's rate varies, so that a stretch is where it is drawn only to within
 * that; nobody but the film's index knows better, and that may not have arrived. What is drawn says how much is there,
 * and about where.
 */
import { bytesOf, Cell, type ChunkMap } from "../chunks/decode";

/** From 0 to 1, half-open. */
export interface Stretch {
  from: number;
  to: number;
}

export function uploadedStretches(map: ChunkMap): Stretch[] {
  const found: Stretch[] = [];
  for (let first = 0; first < map.cells.length; first += 1) {
    if (map.cells[first] !== Cell.acked) continue;
    let last = first;
    while (map.cells[last + 1] === Cell.acked) last += 1;
    const { start, end } = bytesOf(map, first, last);
    found.push({ from: start / map.size, to: end / map.size });
    first = last;
  }
  return found;
}

/** How much of it, from 0 to 1. */
export function shareOf(stretches: Stretch[]): number {
  return stretches.reduce((sum, { from, to }) => sum + to - from, 0);
}

/** Boxes in a picture of 1000 by 1, as the path of an SVG: one element, however many stretches there are. */
export function pathOf(stretches: Stretch[]): string {
  const place = (share: number) => Math.round(share * 100_000) / 100;
  return stretches.map(({ from, to }) => `M${place(from)} 0H${place(to)}V1H${place(from)}Z`).join("");
}
