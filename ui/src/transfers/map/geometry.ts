/**
 * Where the cells of the map stand. Pure arithmetic: chunks and a width in, cells and places out.
 *
 * Invariant: every chunk belongs to exactly one cell, cells are in file order, and no cell lies outside the width.
 */
import { Cell } from "../../chunks/decode";

export interface Grid {
  columns: number;
  rows: number;
  /** How many cells; the last row may be short. */
  cells: number;
  /** Chunks a cell; the last cell may hold fewer. */
  perCell: number;
  /** Side of a cell and gap between two, in CSS pixels. */
  side: number;
  gap: number;
}

/** From roomy to dense, in CSS pixels at a scale of 1. */
const densities = [
  { side: 16, gap: 4 },
  { side: 12, gap: 3 },
  { side: 9, gap: 2 },
  { side: 6, gap: 2 },
  { side: 6, gap: 1 },
] as const;

/**
 * Fits `chunks` into a width and at most a height. The densest cells decide how many chunks a cell must hold, the
 * roomiest that still fit are taken. `scale` is that of the type beside it: on large screens cells grow with it.
 */
export function fit(chunks: number, width: number, maxHeight: number, scale = 1): Grid {
  const fields = densities.map(({ side, gap }) => field(width, maxHeight, Math.round(side * scale), Math.round(gap * scale)));
  const densest = fields.reduce((most, one) => (capacity(one) > capacity(most) ? one : most));
  const perCell = Math.max(1, Math.ceil(chunks / capacity(densest)));
  const cells = Math.ceil(chunks / perCell);
  const { columns, side, gap } = fields.find((one) => capacity(one) >= cells) ?? densest;
  return { columns, rows: Math.ceil(cells / columns), cells, perCell, side, gap };
}

function capacity({ columns, rows }: { columns: number; rows: number }): number {
  return columns * rows;
}

/** How many columns and rows a width and a height hold. */
function field(width: number, maxHeight: number, side: number, gap: number) {
  const along = (length: number) => Math.max(1, Math.floor((length + gap) / (side + gap)));
  return { columns: along(width), rows: along(maxHeight), side, gap };
}

export function heightOf(grid: Grid): number {
  return Math.max(0, grid.rows * (grid.side + grid.gap) - grid.gap);
}

/** The upper left corner of a cell. */
export function placeOf(grid: Grid, cell: number): { x: number; y: number } {
  const pitch = grid.side + grid.gap;
  return { x: (cell % grid.columns) * pitch, y: Math.floor(cell / grid.columns) * pitch };
}

/** The cell under a point; the gap after a cell still counts as that cell, so that the pointer never falls between. */
export function cellAt(grid: Grid, x: number, y: number): number | null {
  const pitch = grid.side + grid.gap;
  const column = Math.floor(x / pitch);
  const row = Math.floor(y / pitch);
  if (column < 0 || row < 0 || column >= grid.columns) return null;
  const cell = row * grid.columns + column;
  return cell < grid.cells ? cell : null;
}

/** The chunks of a cell, both ends included. */
export function chunksOf(grid: Grid, chunks: number, cell: number): { first: number; last: number } {
  const first = cell * grid.perCell;
  return { first, last: Math.min(chunks, first + grid.perCell) - 1 };
}

/** What a key does to the cell in focus; null when it is none of ours. */
export function moved(grid: Grid, cell: number, key: string): number | null {
  const last = Math.max(0, grid.cells - 1);
  const within = (to: number) => (to < 0 || to > last ? cell : to);
  switch (key) {
    case "ArrowRight":
      return within(cell + 1);
    case "ArrowLeft":
      return within(cell - 1);
    case "ArrowDown":
      return within(cell + grid.columns);
    case "ArrowUp":
      return within(cell - grid.columns);
    case "PageDown":
      return Math.min(last, cell + grid.columns * 5);
    case "PageUp":
      return Math.max(0, cell - grid.columns * 5);
    case "Home":
      return 0;
    case "End":
      return last;
    default:
      return null;
  }
}

/** Which state speaks for a cell of several: trouble first, then what moves, then what is still to come. */
const urgency = [
  Cell.failed,
  Cell.throttled,
  Cell.retrying,
  Cell.wanted,
  Cell.inFlight,
  Cell.pending,
  Cell.acked,
] as const;

const rank = new Uint8Array(urgency.length);
urgency.forEach((state, index) => (rank[state] = index));

/** A step of a cell's filling; fine enough for a cell of 16 pixels. */
export const levels = 32;

/** The cells as they are drawn: the state that speaks for each, and how far it is filled, from 0 to `levels`. */
export interface Picture {
  states: Uint8Array;
  fills: Uint8Array;
}

/** One pass over the chunks. `sent` says how much of a chunk in flight has left, from 0 to 1. */
export function aggregate(grid: Grid, cells: Uint8Array, sent: ReadonlyMap<number, number>): Picture {
  const states = new Uint8Array(grid.cells);
  const fills = new Uint8Array(grid.cells);
  for (let cell = 0; cell < grid.cells; cell += 1) {
    const { first, last } = chunksOf(grid, cells.length, cell);
    let worst: number = Cell.acked;
    let filled = 0;
    for (let chunk = first; chunk <= last; chunk += 1) {
      const state = cells[chunk] ?? Cell.pending;
      if ((rank[state] ?? 0) < (rank[worst] ?? 0)) worst = state;
      if (state === Cell.acked) filled += 1;
      else if (state === Cell.inFlight && grid.perCell === 1) filled += sent.get(chunk) ?? 0;
    }
    states[cell] = worst;
    fills[cell] = Math.floor((filled / (last - first + 1)) * levels);
  }
  return { states, fills };
}
