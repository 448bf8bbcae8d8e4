/**
 * The graph of the last minutes: how high, how wide, which second. Pure arithmetic.
 *
 * Invariant: the last second stands at the right edge, every second has the same width, and no value is cut off at
 * the top. A second in which it waited has no value, and leaves a gap.
 */
export type Seconds = readonly (number | null)[];

/** Seconds from the left edge to the right one. */
export const span = 300;

/** A limit is drawn unless it would press the curve to the ground: up to so many times the highest value. */
const reach = 4;

const round = [1, 2, 3, 4, 5, 6, 8, 10];

/** A round number of bytes a second at the top, not below the peak, nor below a limit that is within reach. */
export function topOf(seconds: Seconds, limit: number | null): number {
  const peak = Math.max(0, ...movingOf(seconds));
  const highest = drawsLimit(peak, limit) ? Math.max(peak, limit ?? 0) : peak;
  const power = 10 ** Math.floor(Math.log10(Math.max(1, highest)));
  return (round.find((figure) => figure * power >= highest) ?? 10) * power;
}

export function drawsLimit(peak: number, limit: number | null): boolean {
  return limit !== null && (peak === 0 || limit <= peak * reach);
}

/** From 0 at the left edge to `span` at the right one. */
export function xOf(index: number, count: number): number {
  return span - count + index;
}

/** The curve as the `d` of a path on a field `span` wide and 1 high; a step a second, as it was measured. */
export function curveOf(seconds: Seconds, top: number): string {
  return runsOf(seconds).map((run) => stepsOf(run, top)).join("");
}

/** The same, each piece closed along the ground. */
export function areaOf(seconds: Seconds, top: number): string {
  return runsOf(seconds).map((run) => `${stepsOf(run, top)}V1H${run.from}Z`).join("");
}

interface Run {
  /** Where it begins on the field. */
  from: number;
  values: number[];
}

/** The pieces between the gaps. */
function runsOf(seconds: Seconds): Run[] {
  const runs: Run[] = [];
  let run: Run | null = null;
  seconds.forEach((bytes, index) => {
    if (bytes === null) run = null;
    else if (run === null) runs.push((run = { from: xOf(index, seconds.length), values: [bytes] }));
    else run.values.push(bytes);
  });
  return runs;
}

function stepsOf({ from, values }: Run, top: number): string {
  return values.map((bytes, index) => `${index === 0 ? "M" : "L"}${from + index} ${yOf(bytes, top)}H${from + index + 1}`).join("");
}

/** From 0 at the top to 1 at the ground. */
export function yOf(bytes: number, top: number): number {
  return Math.round((1 - Math.min(1, bytes / top)) * 1000) / 1000;
}

/** Which second is at a share of the width, 0 to 1; null where nothing was measured. */
export function secondAt(share: number, count: number): number | null {
  const index = Math.floor(share * span) - (span - count);
  return index >= 0 && index < count ? index : null;
}

/** What a key does to the second in focus; null when it is none of ours. */
export function steppedTo(index: number, count: number, key: string): number | null {
  const to = { ArrowLeft: index - 1, ArrowRight: index + 1, PageUp: index - 30, PageDown: index + 30, Home: 0, End: count - 1 }[key];
  return to === undefined ? null : Math.max(0, Math.min(count - 1, to));
}

export interface Figures {
  /** Over the last few seconds, as one second alone jumps. */
  now: number;
  /** While it was on its way. */
  average: number;
  peak: number;
  /** Seconds in which it waited. */
  waited: number;
}

export function figuresOf(seconds: Seconds): Figures {
  const moving = movingOf(seconds);
  const now = mean(seconds.slice(-5).map((bytes) => bytes ?? 0));
  return { now, average: mean(moving), peak: Math.max(0, ...moving), waited: seconds.length - moving.length };
}

function movingOf(seconds: Seconds): number[] {
  return seconds.filter((bytes) => bytes !== null);
}

function mean(values: readonly number[]): number {
  return values.length === 0 ? 0 : values.reduce((sum, value) => sum + value, 0) / values.length;
}
