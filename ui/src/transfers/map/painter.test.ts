import { describe, expect, it } from "vitest";
import { Cell } from "../../chunks/decode";
import { levels, type Grid } from "./geometry";
import { Painter, type Palette } from "./painter";

const palette: Palette = {
  hollow: "hollow",
  line: "line",
  safe: "safe",
  fly: "fly",
  away: "away",
  wait: "wait",
  bad: "bad",
  hold: "hold",
};
const grid: Grid = { columns: 4, rows: 1, cells: 4, perCell: 1, side: 12, gap: 3 };

/** A brush that writes down what it is told. */
function brushes() {
  const strokes: string[] = [];
  const brush = new Proxy({} as Record<string, unknown>, {
    get: (kept, name) => kept[String(name)] ?? ((...args: unknown[]) => strokes.push(`${String(name)} ${args.join(" ")}`)),
    set: (kept, name, value) => {
      strokes.push(`${String(name)}=${String(value)}`);
      kept[String(name)] = value;
      return true;
    },
  });
  return { brush: brush as unknown as CanvasRenderingContext2D, strokes };
}

const picture = (states: number[], fills: number[] = states.map((state) => (state === Cell.acked ? levels : 0))) => ({
  states: Uint8Array.from(states),
  fills: Uint8Array.from(fills),
});

const paintedAs = (state: number) => {
  const { brush, strokes } = brushes();
  new Painter(brush, { ...grid, cells: 1 }, palette).paint(picture([state]));
  return strokes;
};

describe("the painter", () => {
  it("paints every cell at first", () => {
    const { brush } = brushes();
    expect(new Painter(brush, grid, palette).paint(picture([0, 1, 2, 3])), "the canvas was empty").toBe(4);
  });

  it("paints only what changed afterwards", () => {
    const painter = new Painter(brushes().brush, grid, palette);
    painter.paint(picture([0, 0, 0, 0]));
    expect(painter.paint(picture([0, 0, 0, 0])), "nothing changed").toBe(0);
    expect(painter.paint(picture([0, 2, 0, 0])), "one chunk landed").toBe(1);
    expect(painter.paint(picture([0, 2, 0, 0], [8, levels, 0, 0])), "one filled further").toBe(1);
  });

  it("spreads many cells over several strokes when it is told to", () => {
    const painter = new Painter(brushes().brush, grid, palette);
    const all = picture([0, 1, 2, 3]);
    const strokes = [painter.paint(all, 3), painter.paint(all, 3), painter.paint(all, 3)];
    expect(strokes, "no frame paints more than it may, and nothing is left out or painted twice").toEqual([3, 1, 0]);
  });

  it("gives each state strokes of its own, colour aside", () => {
    const shapes = Object.values(Cell).map((state) =>
      paintedAs(state)
        .filter((stroke) => !/^(fillStyle|strokeStyle)=/.test(stroke))
        .join(";"),
    );
    expect(new Set(shapes).size, "nobody must tell them apart by colour alone").toBe(shapes.length);
  });

  it("uses green for what is safe and for nothing else", () => {
    const green = Object.entries(Cell).filter(([, state]) => {
      const strokes = paintedAs(state);
      return strokes.includes("fillStyle=safe");
    });
    expect(green.map(([name]) => name), "an area filled with green").toEqual(["acked"]);
  });
});
