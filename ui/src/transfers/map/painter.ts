/**
 * The cells on a canvas. Each state has a colour *and* a shape: hollow, filling, full, diamond, hatched, crossed, play.
 *
 * Invariant: only cells that changed since the last stroke are painted, at most as many at once as one allows; a new
 * grid or palette begins anew.
 */
import { Cell } from "../../chunks/decode";
import { levels, placeOf, type Grid, type Picture } from "./geometry";

/** Colours by token name, resolved by the style sheet. */
export interface Palette {
  hollow: string;
  line: string;
  safe: string;
  fly: string;
  away: string;
  wait: string;
  bad: string;
  hold: string;
}

export function paletteOf(element: Element): Palette {
  const style = getComputedStyle(element);
  const token = (name: string) => style.getPropertyValue(`--${name}`).trim();
  return {
    hollow: token("hollow"),
    line: token("line"),
    safe: token("safe-fill"),
    fly: token("fly-fill"),
    away: token("away-fill"),
    wait: token("wait-fill"),
    bad: token("bad-fill"),
    hold: token("hold-fill"),
  };
}

type Brush = CanvasRenderingContext2D;

/**
 * How to ask for a brush: thousands of small shapes are painted by the processor five times as fast as they are handed
 * to a graphics card, and where OpenGL is imitated in software the card is the slowest of all.
 */
export const byProcessor: CanvasRenderingContext2DSettings = { willReadFrequently: true };

export class Painter {
  #brush: Brush;
  #palette: Palette;
  #grid: Grid;
  /** What is on the canvas, a cell each. */
  #painted: Picture;

  constructor(brush: Brush, grid: Grid, palette: Palette) {
    this.#brush = brush;
    this.#grid = grid;
    this.#palette = palette;
    this.#painted = { states: new Uint8Array(grid.cells).fill(bare), fills: new Uint8Array(grid.cells) };
  }

  /** Answers how many cells were painted; as many as `most` means that there may be more. */
  paint(picture: Picture, most = Infinity): number {
    const { states, fills } = this.#painted;
    let strokes = 0;
    for (let cell = 0; cell < this.#grid.cells && strokes < most; cell += 1) {
      const [state, fill] = [picture.states[cell] ?? Cell.pending, picture.fills[cell] ?? 0];
      if (states[cell] === state && fills[cell] === fill) continue;
      this.#cell(cell, state, fill / levels);
      [states[cell], fills[cell]] = [state, fill];
      strokes += 1;
    }
    return strokes;
  }

  #cell(cell: number, state: number, fill: number): void {
    const { x, y } = placeOf(this.#grid, cell);
    const { side } = this.#grid;
    const brush = this.#brush;
    brush.translate(x, y);
    brush.clearRect(-0.5, -0.5, side + 1, side + 1);
    this.#ground(side, state, fill);
    this.#mark(side, state);
    brush.translate(-x, -y);
  }

  /** An empty cell, and from below what of it is safe or has left. */
  #ground(side: number, state: number, fill: number): void {
    const flying = state === Cell.inFlight && this.#grid.perCell === 1;
    if (fill < 1) slab(this.#brush, side, 1, this.#palette.hollow);
    if (fill > 0) slab(this.#brush, side, fill, flying ? this.#palette.fly : this.#palette.safe);
  }

  #mark(side: number, state: number): void {
    const palette = this.#palette;
    switch (state) {
      case Cell.pending:
        return border(this.#brush, side, palette.line, 1);
      case Cell.inFlight:
        return border(this.#brush, side, palette.fly, 1.5);
      case Cell.retrying:
        return diamond(this.#brush, side, palette.away);
      case Cell.throttled:
        return hatch(this.#brush, side, palette.wait);
      case Cell.failed:
        return cross(this.#brush, side, palette.bad);
      case Cell.wanted:
        return triangle(this.#brush, side, palette.hold);
      default:
        return;
    }
  }
}

/** No cell is in this state: nothing is on the canvas yet. */
const bare = 255;

/** The lower share of a cell. Clipping a rectangle instead would cost ten times as much, for thousands of cells. */
function slab(brush: Brush, side: number, share: number, colour: string): void {
  const round = side * 0.2;
  brush.beginPath();
  brush.roundRect(0, side * (1 - share), side, side * share, share === 1 ? round : [0, 0, round, round]);
  brush.fillStyle = colour;
  brush.fill();
}

function border(brush: Brush, side: number, colour: string, width: number): void {
  brush.beginPath();
  brush.roundRect(width / 2, width / 2, side - width, side - width, side * 0.2);
  brush.strokeStyle = colour;
  brush.lineWidth = width;
  brush.stroke();
}

function diamond(brush: Brush, side: number, colour: string): void {
  const [low, middle, high] = [side * 0.12, side / 2, side * 0.88];
  border(brush, side, colour, 1);
  fill(brush, colour, [
    [middle, low],
    [high, middle],
    [middle, high],
    [low, middle],
  ]);
}

function triangle(brush: Brush, side: number, colour: string): void {
  border(brush, side, colour, side > 8 ? 1.5 : 1);
  fill(brush, colour, [
    [side * 0.34, side * 0.22],
    [side * 0.8, side / 2],
    [side * 0.34, side * 0.78],
  ]);
}

function hatch(brush: Brush, side: number, colour: string): void {
  border(brush, side, colour, 1);
  brush.lineWidth = Math.max(1, side / 9);
  const step = Math.max(3, side / 3);
  brush.save();
  brush.beginPath();
  brush.rect(0, 0, side, side);
  brush.clip();
  for (let from = -side; from < side; from += step) line(brush, from, side, from + side, 0);
  brush.restore();
}

function cross(brush: Brush, side: number, colour: string): void {
  border(brush, side, colour, 1);
  brush.lineWidth = Math.max(1.5, side / 6);
  line(brush, side * 0.26, side * 0.26, side * 0.74, side * 0.74);
  line(brush, side * 0.74, side * 0.26, side * 0.26, side * 0.74);
}

function line(brush: Brush, x1: number, y1: number, x2: number, y2: number): void {
  brush.beginPath();
  brush.moveTo(x1, y1);
  brush.lineTo(x2, y2);
  brush.stroke();
}

function fill(brush: Brush, colour: string, corners: [number, number][]): void {
  brush.beginPath();
  for (const [x, y] of corners) brush.lineTo(x, y);
  brush.fillStyle = colour;
  brush.fill();
}
