/**
 * One simulated transfer: chunks that fly, fail, are tried again and land.
 *
 * Invariant: as in the core, what is reported as safe never goes back and is whole only when every chunk landed.
 */
import type { ChunkMapView, ChunkNoteView, CommandView, DetailsView, PriorityView, StateView, TransferView } from "../bindings";
import { answerTo } from "./commands";
import { FakeHistory } from "./history";
import type { Seed } from "./seed";

interface Flight {
  sent: number;
  /** It fails when so much of it has left; never, mostly. */
  failsAt: number;
}

interface Setback {
  attempts: number;
  nextTry: number;
}

const chunkLen = 4 * 1024 * 1024;

const [pending, inFlight, acked, retrying, failed, wanted] = [0, 1, 2, 3, 5, 6];
const lanes = 4;

export class FakeFilm {
  readonly id: string;
  state: StateView;
  position: number;
  priority: PriorityView;
  #seed: Seed;
  #cells: Uint8Array;
  #flights = new Map<number, Flight>();
  #setbacks = new Map<number, Setback>();
  #history = new FakeHistory();
  #hastened: number | null = null;
  #sent = 0;
  #speed = 0;
  #endedAt: number | null;
  #since: number;

  constructor(seed: Seed, position: number) {
    this.id = seed.id;
    this.state = seed.state ?? { is: "queued" };
    this.position = position;
    this.priority = seed.priority ?? "normal";
    this.#seed = seed;
    this.#endedAt = seed.endedAt ?? null;
    this.#since = seed.createdAt;
    this.#cells = new Uint8Array(Math.ceil(seed.size / chunkLen));
    this.#history.note(seed.createdAt, { is: "added" });
    if (seed.roughUntil !== undefined) this.#history.rough(seed.roughUntil);
    this.#begin(seed.safe ?? (this.state.is === "done" ? 1 : 0));
  }

  get name(): string {
    return this.#seed.name;
  }

  get size(): number {
    return this.#seed.size;
  }

  /** The id of where it goes. */
  get destination(): string {
    return this.#seed.destination ?? "vault";
  }

  get path(): string {
    return this.#seed.path ?? `/home/kim/Films/${this.#seed.name}`;
  }

  /** Answers whether the core would take it in this state; see `transfer::step`. */
  obey(command: CommandView, now: number): boolean {
    const to = answerTo(command, this.state);
    if (command === "retry" && this.#seed.hold) {
      this.#seed = { ...this.#seed, hold: undefined, held: false };
      return true;
    }
    if (to === null) return false;
    if (command === "start_over") this.#begin(0);
    this.#cut();
    this.#enter(to, now);
    return true;
  }

  /** It was queued, and its turn has come. */
  admit(now: number): void {
    this.#enter({ is: "preparing" }, now);
  }

  get isActive(): boolean {
    return this.state.is === "preparing" || this.isSending || this.state.is === "verifying";
  }

  get isSending(): boolean {
    return this.state.is === "uploading" || this.state.is === "limited";
  }

  /** The chunk goes next, and rests no longer. */
  hasten(chunk: number): void {
    this.#hastened = chunk;
    const setback = this.#setbacks.get(chunk);
    if (setback) setback.nextTry = 0;
  }

  details(now: number): DetailsView {
    return this.#history.view(now);
  }

  /** Time passed, and so many bytes may leave. Answers whether there is something to report. */
  pass(now: number, ms: number, budget: number, limited: boolean, random: () => number): boolean {
    if (this.#seed.held) return false;
    switch (this.state.is) {
      case "preparing":
        return this.#after(600, now, { is: limited ? "limited" : "uploading" });
      case "verifying":
        return this.#after(1800, now, { is: "done", proof: "root", object: `object-${this.id}` });
      case "throttled":
        return this.state.until <= now && this.#enter({ is: "queued" }, now);
      case "uploading":
      case "limited":
        this.state = { is: limited ? "limited" : "uploading" };
        this.#send(now, ms, budget, random);
        return true;
      default:
        return false;
    }
  }

  /** `destination` is what its destination is called. */
  view(destination: string): TransferView {
    const landed = this.#landed();
    const left = this.size - landed;
    return {
      id: this.id,
      batch: "batch",
      name: this.name,
      path: this.path,
      destination,
      destination_id: this.destination,
      state: this.state,
      hold: this.state.is === "queued" || this.state.is === "preparing" || this.state.is === "verifying" ? (this.#seed.hold ?? null) : null,
      position: this.position,
      priority: this.priority,
      bytes_total: this.size,
      bytes_acked: landed,
      bytes_sent: this.#sent,
      speed: this.isSending ? Math.round(this.#speed) : 0,
      seconds_left: this.isSending && this.#speed > 0 ? Math.ceil(left / this.#speed) : null,
      chunk_len: chunkLen,
      chunks_total: this.#cells.length,
      chunks_acked: this.#count(acked),
      lost_ground: this.#seed.lostGround ?? false,
      comparing: this.state.is === "preparing" ? (this.#seed.comparing ?? null) : null,
      can_send_changed: this.state.is === "failed" && this.state.kind === "source_changed" && landed > 0,
      strip: this.#strip(),
      created_at: this.#seed.createdAt,
      ended_at: this.#endedAt,
    };
  }

  /** Framed as the core does: length, JSON, a byte a chunk. */
  frame(): ArrayBuffer {
    const head: ChunkMapView = { id: this.id, size: this.size, chunk_len: chunkLen, notes: this.#notes() };
    const json = new TextEncoder().encode(JSON.stringify(head));
    const frame = new Uint8Array(4 + json.length + this.#cells.length);
    new DataView(frame.buffer).setUint32(0, json.length);
    frame.set(json, 4);
    frame.set(this.#cells, 4 + json.length);
    return frame.buffer;
  }

  #begin(safe: number): void {
    this.#cells.fill(pending);
    const landed = Math.floor(this.#cells.length * safe);
    this.#cells.fill(acked, 0, landed);
    // A player asks for the end of a film first: its index is there.
    if (safe > 0.1 && safe < 1) this.#cells.fill(acked, -Math.ceil(this.#cells.length / 40));
    if (this.state.is === "throttled") this.#cells.fill(4, landed, landed + lanes);
    if (this.state.is === "failed") this.#cells.fill(failed, landed, landed + 1);
    for (const chunk of this.#seed.wanted ?? []) this.#cells[chunk] = wanted;
    this.#sent = this.#landed();
  }

  #enter(state: StateView, now: number): true {
    this.state = state;
    this.#history.note(now, { is: "state", state });
    this.#since = now;
    this.#endedAt = state.is === "done" || state.is === "cancelled" || state.is === "skipped" ? now : null;
    return true;
  }

  #after(ms: number, now: number, next: StateView): boolean {
    return now - this.#since >= ms && this.#enter(next, now);
  }

  #send(now: number, ms: number, budget: number, random: () => number): void {
    this.#launch(now, random);
    const share = budget / Math.max(1, this.#flights.size);
    for (const [chunk, flight] of [...this.#flights]) this.#fly(chunk, flight, share, now);
    this.#speed += (budget / (ms / 1000) - this.#speed) * Math.min(1, ms / 1500);
    if (this.#cells.every((cell) => cell === acked)) this.#enter({ is: "verifying" }, now);
  }

  #launch(now: number, random: () => number): void {
    for (const chunk of this.#order()) {
      if (this.#flights.size >= lanes) return;
      const setback = this.#setbacks.get(chunk);
      const ready = this.#cells[chunk] === pending || this.#cells[chunk] === wanted || (setback !== undefined && setback.nextTry <= now);
      if (!ready || this.#cells[chunk] === acked || this.#flights.has(chunk)) continue;
      this.#cells[chunk] = inFlight;
      this.#flights.set(chunk, { sent: 0, failsAt: random() < 0.04 ? random() * chunkLen : Infinity });
    }
  }

  /** What was hastened, then the file's order. */
  *#order(): Iterable<number> {
    if (this.#hastened !== null) yield this.#hastened;
    for (let chunk = 0; chunk < this.#cells.length; chunk += 1) yield chunk;
  }

  #fly(chunk: number, flight: Flight, bytes: number, now: number): void {
    const length = this.#lengthOf(chunk);
    flight.sent = Math.min(length, flight.sent + bytes);
    this.#sent += Math.min(bytes, length);
    this.#history.sent(now, Math.min(bytes, length));
    if (flight.sent >= flight.failsAt) this.#fail(chunk, now);
    else if (flight.sent === length) this.#land(chunk);
  }

  #land(chunk: number): void {
    this.#flights.delete(chunk);
    this.#setbacks.delete(chunk);
    this.#cells[chunk] = acked;
  }

  #fail(chunk: number, now: number): void {
    const attempts = (this.#setbacks.get(chunk)?.attempts ?? 0) + 1;
    this.#flights.delete(chunk);
    const next_try = now + 3000 * attempts;
    this.#setbacks.set(chunk, { attempts, nextTry: next_try });
    this.#history.note(now, { is: "chunk_failed", chunk, sentence: "The connection was reset.", attempts, next_try });
    this.#cells[chunk] = retrying;
  }

  /** What was on its way is pending again. */
  #cut(): void {
    for (const chunk of this.#flights.keys()) this.#cells[chunk] = pending;
    this.#flights.clear();
    this.#speed = 0;
  }

  #notes(): ChunkNoteView[] {
    const chunks = new Set([...this.#flights.keys(), ...this.#setbacks.keys()]);
    return [...chunks].sort((a, b) => a - b).map((chunk) => this.#note(chunk));
  }

  #note(chunk: number): ChunkNoteView {
    const setback = this.#setbacks.get(chunk);
    return {
      chunk,
      start: chunk * chunkLen,
      end: chunk * chunkLen + this.#lengthOf(chunk),
      sent: this.#flights.get(chunk)?.sent ?? 0,
      attempts: setback?.attempts ?? 0,
      sentence: setback ? "The connection was reset." : null,
      next_try: setback && this.#cells[chunk] === retrying ? setback.nextTry : null,
    };
  }

  #lengthOf(chunk: number): number {
    return Math.min(chunkLen, this.size - chunk * chunkLen);
  }

  #landed(): number {
    let bytes = 0;
    this.#cells.forEach((cell, chunk) => (bytes += cell === acked ? this.#lengthOf(chunk) : 0));
    return bytes;
  }

  #count(state: number): number {
    return this.#cells.reduce((count, cell) => count + (cell === state ? 1 : 0), 0);
  }

  #strip(): number[] {
    const stretches = Math.min(64, this.#cells.length);
    return Array.from({ length: stretches }, (_, index) => {
      const from = Math.floor((index * this.#cells.length) / stretches);
      const part = this.#cells.subarray(from, Math.floor(((index + 1) * this.#cells.length) / stretches));
      return Math.floor((part.reduce((count, cell) => count + (cell === acked ? 1 : 0), 0) / part.length) * 255);
    });
  }
}
