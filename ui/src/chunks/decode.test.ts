import { describe, expect, it, test } from "vitest";
import { chunkMap, frameOf } from "../test/views";
import { bytesOf, countStates, decodeChunkMap } from "./decode";

const head = { id: "one", size: 10, chunk_len: 4, notes: [] };

describe("the frame of a chunk map", () => {
  it("is length, JSON, cells", () => {
    const map = decodeChunkMap(frameOf(head, [2, 1, 0]));
    expect({ ...map, cells: [...map.cells] }, "nothing is lost on the way").toEqual({ ...head, cells: [2, 1, 0] });
  });

  it("counts its JSON in bytes, not in letters", () => {
    const named = { ...head, id: "Zürich – 東京 🎬" };
    const map = decodeChunkMap(frameOf(named, [2, 2, 2]));
    expect([map.id, [...map.cells]], "letters beyond ASCII take several bytes").toEqual([named.id, [2, 2, 2]]);
  });

  it("may hold no cells", () => {
    expect(decodeChunkMap(frameOf({ ...head, size: 0 }, [])).cells.length, "an empty file has no chunk").toBe(0);
  });

  it("carries the notes", () => {
    const note = { chunk: 1, start: 4, end: 8, sent: 2, attempts: 3, sentence: "Reset.", next_try: 7 };
    expect(decodeChunkMap(frameOf({ ...head, notes: [note] }, [2, 1, 0])).notes, "as they came").toEqual([note]);
  });

  it("reads the length in network order", () => {
    const frame = frameOf(head, [0, 0, 0]);
    expect(new Uint8Array(frame)[3], "the last of four bytes is the smallest").toBe(JSON.stringify(head).length);
    expect(() => decodeChunkMap(frame), "and so it is read").not.toThrow();
  });

  test.each([
    ["nothing", new ArrayBuffer(0)],
    ["half a length", new ArrayBuffer(3)],
    ["a length beyond the end", Uint8Array.of(0, 0, 1, 0, 123, 125).buffer],
    ["a head that is no JSON", Uint8Array.of(0, 0, 0, 2, 65, 66).buffer],
    ["a head that is null", frameOf(null, [])],
    ["a head without notes", frameOf({ id: "one", size: 1, chunk_len: 1 }, [0])],
    ["a state without a name", frameOf(head, [2, 7, 0])],
  ])("refuses %s", (_, frame) => {
    expect(() => decodeChunkMap(frame), "half a map is never drawn").toThrow();
  });
});

it("counts every chunk in one state", () => {
  const counts = countStates(Uint8Array.of(0, 1, 2, 2, 3, 4, 5, 6, 2));
  expect(counts, "pending, in flight, safe, retrying, throttled, failed, wanted").toEqual([1, 1, 3, 1, 1, 1, 1]);
});

it("gives the last chunk only the bytes that are left", () => {
  const map = chunkMap([0, 0, 0], { size: 10, chunk_len: 4 });
  expect(bytesOf(map, 2, 2), "a file is no multiple of its chunks").toEqual({ start: 8, end: 10 });
  expect(bytesOf(map, 0, 2), "a run is its chunks together").toEqual({ start: 0, end: 10 });
});
