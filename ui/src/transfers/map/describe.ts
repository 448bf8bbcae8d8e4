/**
 * Cells and chunks in words. Pure. People count chunks from one.
 *
 * Invariant: the same words serve the pointer, the keyboard and the screen reader.
 */
import { opened } from "../../shared/opened";
import type { ChunkNoteView, LogLineView } from "../../ipc/bindings";
import { chunkLength, format } from "../../shared/format";
import { words } from "../../shared/words";
import { bytesOf, Cell, countStates, type ChunkMap } from "../../chunks/decode";
import { chunksOf, type Grid } from "./geometry";

export interface Description {
  title: string;
  lines: string[];
}

/** What a cell is: one chunk with all that is known of it, or several with their counts. */
export function describeCell(map: ChunkMap, grid: Grid, cell: number, now: number, answers: Answers = none): Description {
  const { first, last } = chunksOf(grid, map.cells.length, cell);
  return first === last ? describeChunk(map, first, now, answers) : describeRun(map, first, last);
}

/** When the last bad answer about a chunk came, by chunk. */
export type Answers = ReadonlyMap<number, number>;

const none: Answers = new Map();

export function answersOf(log: readonly LogLineView[]): Answers {
  return new Map(log.flatMap(({ at, what }) => (what.is === "chunk_failed" ? [[what.chunk, at] as const] : [])));
}

function describeChunk(map: ChunkMap, chunk: number, now: number, answers: Answers): Description {
  const note = noteOf(map, chunk);
  const told = note ? tellNote(note, now, answers.get(chunk)) : [];
  return { title: `${number(chunk)}: ${stateName(map, chunk)}`, lines: [place(map, chunk, chunk), ...told] };
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

function tellNote(note: ChunkNoteView, now: number, answered?: number): string[] {
  const lines = [];
  if (note.sent > 0) lines.push(words.map.sent(format.percent(note.sent / Math.max(1, note.end - note.start))));
  if (note.attempts > 0) lines.push(words.map.attempts(note.attempts));
  if (note.sentence !== null) lines.push(lastAnswer(opened(note.sentence.replace(/\.$/, "")), now, answered));
  if (note.next_try !== null) lines.push(nextTry(note.next_try, now));
  return lines;
}

function lastAnswer(sentence: string, now: number, answered: number | undefined): string {
  if (answered === undefined) return sentence;
  return words.map.answered(sentence, format.duration(Math.max(0, (now - answered) / 1000)));
}

function nextTry(at: number, now: number): string {
  return at > now ? words.map.nextTry(format.duration((at - now) / 1000)) : words.map.tryingNow;
}

function place(map: ChunkMap, first: number, last: number): string {
  const { start, end } = bytesOf(map, first, last);
  return words.map.range(format.count(start), format.count(Math.max(start, end - 1)), chunkLength(end - start));
}

function noteOf(map: ChunkMap, chunk: number): ChunkNoteView | undefined {
  return map.notes.find((note) => note.chunk === chunk);
}

/** `Chunk 212` */
export function number(chunk: number): string {
  return words.map.chunk(format.count(chunk + 1));
}

function stateName(map: ChunkMap, chunk: number): string {
  return words.map.cell[map.cells[chunk] ?? Cell.pending] ?? "";
}
