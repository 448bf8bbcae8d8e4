import { describe, expect, it, test } from "vitest";
import { Cell } from "../../chunks/decode";
import { aggregate, cellAt, chunksOf, fit, heightOf, levels, moved, placeOf } from "./geometry";

/** Sizes at which layouts break: none, one, the edges of capacities, and 100 GB in chunks of 4 MiB. */
const counts = [0, 1, 2, 3, 63, 64, 65, 953, 999, 1_000, 1_001, 2_957, 2_958, 25_600, 250_000];
const widths = [0, 1, 5, 17, 300, 500, 724, 790, 1_163, 3_400];

describe("a grid", () => {
  test.each(counts)("of %d chunks holds each exactly once, in order, on any width", (chunks) => {
    for (const width of widths) {
      const grid = fit(chunks, width, 240);
      let next = 0;
      for (let cell = 0; cell < grid.cells; cell += 1) {
        const { first, last } = chunksOf(grid, chunks, cell);
        if (first !== next || last < first) expect.fail(`cell ${cell} on ${width} pixels holds ${first} to ${last}`);
        next = last + 1;
      }
      expect(next, `the last cell ends with the last chunk on ${width} pixels`).toBe(chunks);
    }
  });

  test.each(counts)("of %d chunks stays within its width and height", (chunks) => {
    for (const width of widths.filter((one) => one >= 20)) {
      const grid = fit(chunks, width, 240);
      const corners = [0, grid.columns - 1, grid.cells - 1].map((cell) => placeOf(grid, Math.max(0, cell)));
      for (const { x, y } of corners) {
        expect(x + grid.side, `no cell is cut off at the right of ${width}`).toBeLessThanOrEqual(width);
        expect(y + grid.side, "nor at the bottom").toBeLessThanOrEqual(240);
      }
      expect(heightOf(grid), "the canvas is as high as its rows").toBeLessThanOrEqual(240);
    }
  });

  it("shows each chunk alone as long as there is room", () => {
    expect(fit(954, 790, 240).perCell, "4 GB fit").toBe(1);
    expect(fit(2_957, 790, 240).perCell, "12 GB fit").toBe(1);
    expect(fit(25_600, 790, 240).perCell, "100 GB do not").toBeGreaterThan(1);
  });

  it("takes the roomiest cells that fit", () => {
    expect(fit(20, 790, 240).side, "few chunks, large cells").toBe(16);
    expect(fit(2_957, 790, 240).side, "many chunks, small cells").toBe(6);
  });

  it("grows with the type on large screens", () => {
    expect(fit(20, 2_000, 360, 1.5).side, "one and a half times as large").toBe(24);
  });
});

describe("the cell under the pointer", () => {
  const grid = fit(100, 300, 240);

  it("is found for every point of every cell", () => {
    for (let cell = 0; cell < grid.cells; cell += 1) {
      const { x, y } = placeOf(grid, cell);
      expect(cellAt(grid, x, y), "its upper left corner").toBe(cell);
      expect(cellAt(grid, x + grid.side - 0.5, y + grid.side - 0.5), "its lower right corner").toBe(cell);
    }
  });

  test.each([
    [-1, 5],
    [5, -1],
    [5_000, 5],
    [5, 5_000],
  ])("is none at %d, %d", (x, y) => {
    expect(cellAt(grid, x, y), "outside there are no chunks").toBeNull();
  });
});

describe("the keyboard", () => {
  const grid = fit(100, 300, 240);
  const { columns } = grid;

  test.each([
    ["ArrowRight", 5, 6],
    ["ArrowLeft", 5, 4],
    ["ArrowDown", 5, 5 + columns],
    ["ArrowUp", 5 + columns, 5],
    ["Home", 50, 0],
    ["End", 50, 99],
    ["PageUp", 3, 0],
    ["PageDown", 98, 99],
  ])("%s moves from %d to %d", (key, from, to) => {
    expect(moved(grid, from, key), "as in any grid").toBe(to);
  });

  test.each([
    ["ArrowLeft", 0],
    ["ArrowUp", 2],
    ["ArrowRight", 99],
    ["ArrowDown", 99],
  ])("%s stays at the edge of cell %d", (key, at) => {
    expect(moved(grid, at, key), "one cannot fall out").toBe(at);
  });

  it("leaves other keys to others", () => {
    expect(moved(grid, 5, "Tab"), "Tab leaves the map").toBeNull();
  });
});

describe("aggregation", () => {
  const one = { columns: 10, rows: 1, cells: 1, perCell: 4, side: 6, gap: 2 };
  const seen = (cells: number[]) => aggregate(one, Uint8Array.from(cells), new Map());

  it("shows all of a cell as safe only when all of it is", () => {
    expect([...seen([2, 2, 2, 2]).fills], "full").toEqual([levels]);
    expect(seen([2, 2, 2, 0]).fills[0], "a quarter is missing").toBe(levels * 0.75);
    expect(seen([2, 2, 2, 0]).states[0], "so it is not called safe").toBe(Cell.pending);
  });

  test.each([
    [[2, 5, 4, 3], Cell.failed],
    [[6, 4, 3, 1], Cell.throttled],
    [[6, 1, 3, 0], Cell.retrying],
    [[6, 1, 0, 2], Cell.wanted],
    [[2, 1, 0, 2], Cell.inFlight],
    [[2, 2, 0, 2], Cell.pending],
    [[2, 2, 2, 2], Cell.acked],
  ])("of %j lets the most urgent state speak", (cells, state) => {
    expect(seen(cells).states[0], "trouble must not hide among safe chunks").toBe(state);
  });

  it("counts only the chunks that the last cell has", () => {
    const { fills } = aggregate({ ...one, cells: 2 }, Uint8Array.of(0, 0, 0, 0, 2), new Map());
    expect([...fills], "one of one is all").toEqual([0, levels]);
  });

  it("fills a chunk in flight by what has left", () => {
    const alone = { ...one, perCell: 1, cells: 3 };
    const { fills } = aggregate(alone, Uint8Array.of(2, 1, 1), new Map([[1, 0.5]]));
    expect([...fills], "safe, half, not yet begun").toEqual([levels, levels / 2, 0]);
  });

  it("does not count bytes on their way as safe", () => {
    const { fills } = aggregate(one, Uint8Array.of(1, 1, 1, 1), new Map([[0, 1]]));
    expect([...fills], "what is not acknowledged is not safe").toEqual([0]);
  });
});
