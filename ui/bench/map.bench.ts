/** The chunk map of 100 GB: 25,600 chunks, of which 30 change in every frame; and all of it drawn anew. */
import { flushSync, mount, unmount } from "svelte";
import type { ChunkNoteView } from "../src/ipc/bindings";
import { Cell, decodeChunkMap, type ChunkMap } from "../src/chunks/decode";
import { measured, timed, type Measured } from "./meter";
import Stage from "./Stage.svelte";

const chunks = 25_600;
const chunkLen = 4 * 1024 * 1024;
const changesAFrame = 30;

export async function mapBench(target: Element): Promise<Record<string, Measured>> {
  const world = new Chunks();
  const stage = mount(Stage, { target, props: { first: world.map() } });
  await frame();
  const changes = await measured("changes", 200, () => {
    world.change();
    const answer = world.frame();
    return timed(() => flushSync(() => stage.show(decodeChunkMap(answer))));
  });
  const nothing = await measured("nothing", 50, () => 0);
  await unmount(stage);
  return { nothing, changes, anew: await anew(target, world) };
}

/** A row is opened: the first stroke paints every cell. */
async function anew(target: Element, world: Chunks): Promise<Measured> {
  let stage: object | null = null;
  const result = await measured("anew", 30, () => {
    if (stage) void unmount(stage);
    const answer = world.frame();
    return timed(() => {
      stage = mount(Stage, { target, props: { first: decodeChunkMap(answer) } });
      flushSync();
    });
  });
  if (stage) await unmount(stage);
  return result;
}

/** Chunks that fly, fail and land, the same way each time. */
class Chunks {
  #cells = Uint8Array.from({ length: chunks }, (_, chunk) => (chunk % 3 === 0 ? Cell.pending : Cell.acked));
  #turn = 0;

  change(): void {
    for (let change = 0; change < changesAFrame; change += 1) {
      this.#turn += 1;
      const chunk = (this.#turn * 7919) % chunks;
      this.#cells[chunk] = this.#turn % 7;
    }
  }

  /** As the core sends it. */
  frame(): ArrayBuffer {
    const head = { id: "one", size: chunks * chunkLen, chunk_len: chunkLen, notes: this.#notes() };
    const json = new TextEncoder().encode(JSON.stringify(head));
    const frame = new Uint8Array(4 + json.length + chunks);
    new DataView(frame.buffer).setUint32(0, json.length);
    frame.set(json, 4);
    frame.set(this.#cells, 4 + json.length);
    return frame.buffer;
  }

  map(): ChunkMap {
    return decodeChunkMap(this.frame());
  }

  /** As many as are in flight at most. */
  #notes(): ChunkNoteView[] {
    return Array.from({ length: 16 }, (_, index) => {
      const start = index * chunkLen;
      const sent = (this.#turn * 1000) % chunkLen;
      return { chunk: index, start, end: start + chunkLen, sent, attempts: 0, sentence: null, next_try: null };
    });
  }
}

function frame(): Promise<unknown> {
  return new Promise((resolve) => requestAnimationFrame(resolve));
}
