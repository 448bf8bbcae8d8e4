import { describe, expect, it } from "vitest";
import type { ChunkNoteView } from "../../ipc/bindings";
import { chunkMap, instant } from "../../test/views";
import { attention, countedStates, describeCell } from "./describe";
import { fit } from "./geometry";

const note = (over: Partial<ChunkNoteView>): ChunkNoteView => ({
  chunk: 0,
  start: 0,
  end: 4_194_304,
  sent: 0,
  attempts: 0,
  sentence: null,
  next_try: null,
  ...over,
});

const tell = (map: ReturnType<typeof chunkMap>, cell: number) =>
  describeCell(map, fit(map.cells.length, 400, 240), cell, instant);

describe("a chunk in words", () => {
  it("has a number from one, a state and a place", () => {
    const { title, lines } = tell(chunkMap([2, 0, 0]), 0);
    expect(title, "people count from one").toBe("Chunk 1: safe");
    expect(lines, "how long it is and where it begins").toEqual(["Bytes 0 to 4,194,303, 4 MiB"]);
  });

  it("on its way says how much has left", () => {
    const map = chunkMap([1], { notes: [note({ sent: 2_097_152 })] });
    expect(tell(map, 0).lines, "half of it").toContain("50% of it sent");
  });

  it("in trouble says what happened, how often, and when it is tried again", () => {
    const trouble = note({ attempts: 2, sentence: "The connection was reset.", next_try: instant + 12_000 });
    expect(tell(chunkMap([3], { notes: [trouble] }), 0).lines.slice(1), "everything that is known").toEqual([
      "Failed twice",
      "The connection was reset",
      "Next try in 12 sec",
    ]);
  });

  it("whose time has come is tried now", () => {
    const trouble = note({ attempts: 1, next_try: instant - 5 });
    expect(tell(chunkMap([3], { notes: [trouble] }), 0).lines, "no negative seconds").toContain("Next try now");
  });

  it("at the end of the file is as short as it is", () => {
    expect(tell(chunkMap([0, 0], { size: 4_194_304 + 10 }), 1).lines[0], "ten bytes are left").toMatch(/10 bytes$/);
  });
});

it("tells several chunks in one cell by their counts", () => {
  const map = chunkMap(Array.from({ length: 25_600 }, (_, chunk) => (chunk < 12_800 ? 2 : 0)));
  const grid = fit(25_600, 400, 240);
  const { title, lines } = describeCell(map, grid, 0, instant);
  expect(title, "from first to last").toBe(`Chunks 1 to ${grid.perCell}`);
  expect(lines, "the states in it").toContain(`${grid.perCell} safe`);
});

describe("the legend", () => {
  it("counts the states that occur, and only those", () => {
    const texts = countedStates(Uint8Array.of(2, 2, 1, 0, 6)).map(({ text }) => text);
    expect(texts, "safe first, to come last").toEqual(["2 safe", "1 on their way", "1 wanted by a viewer", "1 to come"]);
  });

  it("accounts for every chunk", () => {
    const cells = Uint8Array.from({ length: 1_000 }, (_, index) => (index * index) % 7);
    const sum = countedStates(cells).reduce((total, { count }) => total + count, 0);
    expect(sum, "none is forgotten").toBe(1_000);
  });
});

describe("what needs a look", () => {
  it("is what failed, not what is merely on its way", () => {
    const map = chunkMap([1, 3, 1], {
      notes: [note({ chunk: 0, sent: 5 }), note({ chunk: 1, attempts: 1, sentence: "Reset." }), note({ chunk: 2 })],
    });
    const [first, ...others] = attention(map, instant);
    expect(others, "a chunk in flight is no trouble").toEqual([]);
    expect(first?.text, "one sentence for the screen reader").toBe("Chunk 2 is tried again soon. Failed once. Reset");
  });

  it("counts a chunk that flies again after failures", () => {
    const map = chunkMap([1], { notes: [note({ attempts: 3 })] });
    expect(attention(map, instant).map(({ chunk }) => chunk), "it is not over yet").toEqual([0]);
  });
});
