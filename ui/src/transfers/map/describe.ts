/**
 * Cells and chunks in words. Pure. People count chunks from one.
 *
 * Invariant: the same words serve the pointer, the keyboard and the screen reader.
 */
import type { ChunkNoteView } from "../../ipc/bindings";
import { chunkLength, format } from "../../shared/format";
import { words } from "../../shared/words";
import { bytesOf, Cell, countStates, type ChunkMap } from "./decode";
import { chunksOf, type Grid } from "./geometry";

export interface Description {
  title: string;
  lines: string[];
}

/** What a cell is: one chunk with all that is known of it, or several with their counts. */
export function describeCell(map: ChunkMap, grid: Grid, cell: number, now: number): Description {
  const { first, last } = chunksOf(grid, map.cells.length, cell);
  return first === last ? describeChunk(map, first, now) : describeRun(map, first, last);
}

function describeChunk(map: ChunkMap, chunk: number, now: number): Description {
  const note = noteOf(map, chunk);
  const state = stateName(map, chunk);
  return { title: `${number(chunk)}: ${state}`, lines: [place(map, chunk, chunk), ...(note ? tellNote(note, now) : [])] };
}

function describeRun(map: ChunkMap, first: number, last: number): Description {
  const title = words.map.chunks(format.count(first + 1), format.count(last + 1));
  const counts = countedStates(map.cells.subarray(first, last + 1));
  return { title, lines: [place(map, first, last), ...counts.map(({ text }) => text)] };
}

/** The states that occur, in the order of the legend, with their counts in words. */
export function countedStates(cells: Uint8Array): { state: number; count: number; text: string }[] {
  const counts = countStates(cells);
  return legendOrder
    .map((state) => ({ state, count: counts[state] ?? 0 }))
    .filter(({ count }) => count > 0)
    .map((entry) => ({ ...entry, text: words.map.counted(format.count(entry.count), words.map.cells[entry.state] ?? "") }));
}

const legendOrder = [
  Cell.acked,
  Cell.inFlight,
  Cell.wanted,
  Cell.retrying,
  Cell.throttled,
  Cell.failed,
  Cell.pending,
];

/** The chunks that need a look, each in one sentence, trouble first. */
export function attention(map: ChunkMap, now: number): { chunk: number; text: string }[] {
  const troubled = map.notes.filter((note) => note.attempts > 0 || isTrouble(map.cells[note.chunk]));
  return troubled.map((note) => ({
    chunk: note.chunk,
    text: [`${number(note.chunk)} ${stateName(map, note.chunk)}`, ...tellNote(note, now)].join(". "),
  }));
}

function isTrouble(state: number | undefined): boolean {
  return state === Cell.retrying || state === Cell.throttled || state === Cell.failed;
}

function tellNote(note: ChunkNoteView, now: number): string[] {
  const lines = [];
  if (note.sent > 0) lines.push(words.map.sent(format.percent(note.sent / Math.max(1, note.end - note.start))));
  if (note.attempts > 0) lines.push(words.map.attempts(note.attempts));
  if (note.sentence !== null) lines.push(note.sentence.replace(/\.$/, ""));
  if (note.next_try !== null) lines.push(nextTry(note.next_try, now));
  return lines;
}

function nextTry(at: number, now: number): string {
  return at > now ? words.map.nextTry(format.duration((at - now) / 1000)) : words.map.tryingNow;
}

function place(map: ChunkMap, first: number, last: number): string {
  const { start, end } = bytesOf(map, first, last);
  return words.map.range(chunkLength(end - start), format.size(start));
}

function noteOf(map: ChunkMap, chunk: number): ChunkNoteView | undefined {
  return map.notes.find((note) => note.chunk === chunk);
}

function number(chunk: number): string {
  return words.map.chunk(format.count(chunk + 1));
}

function stateName(map: ChunkMap, chunk: number): string {
  return words.map.cell[map.cells[chunk] ?? Cell.pending] ?? "";
}
