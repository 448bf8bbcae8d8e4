import { describe, expect, it, test } from "vitest";
import { chunkMap, everyState } from "../../test/views";
import { aimAt } from "./aim";
import type { Grid } from "./geometry";

const alone: Grid = { columns: 10, rows: 1, cells: 10, perCell: 1, side: 12, gap: 3 };
const four: Grid = { ...alone, cells: 1, perCell: 4 };

describe("a click on a chunk", () => {
  test.each([
    ["to come", 0, { chunk: 0, again: false }],
    ["on its way", 1, null],
    ["safe", 2, null],
    ["that is tried again", 3, { chunk: 0, again: true }],
    ["held by the destination", 4, { chunk: 0, again: false }],
    ["that failed", 5, { chunk: 0, again: true }],
    ["wanted by a viewer", 6, null],
  ])("%s aims as it should", (_, state, aim) => {
    expect(aimAt(chunkMap([state]), alone, 0, "uploading"), "only where it changes something").toEqual(aim);
  });

  it("does nothing where nothing is sent", () => {
    const sending = everyState.filter(({ is }) => aimAt(chunkMap([0]), alone, 0, is) !== null).map(({ is }) => is);
    expect(sending, "a paused transfer has no first chunk").toEqual(["uploading", "limited", "throttled"]);
  });
});

describe("a click on a cell of several chunks", () => {
  test.each([
    [[2, 0, 3, 5], 3],
    [[2, 0, 3, 3], 2],
    [[0, 4, 2, 1], 1],
    [[2, 1, 0, 0], 2],
  ])("of %j aims at the one that needs it most", (cells, chunk) => {
    expect(aimAt(chunkMap(cells), four, 0, "uploading")?.chunk, "failed, then resting, then to come").toBe(chunk);
  });

  it("that needs nothing aims at none", () => {
    expect(aimAt(chunkMap([2, 2, 1, 2]), four, 0, "uploading"), "all safe or on their way").toBeNull();
  });
});
