/**
 * The strip in a row: the chunk map in miniature, as a gradient of hard stops. Pure.
 *
 * Invariant: it covers the whole width without a gap, and no more of it is filled than is acknowledged.
 */

/** Acknowledged shares, 0 to 255 each, as the stops of a `linear-gradient`. */
export function gradientOf(strip: readonly number[]): string {
  const stops = runsOf(strip).map(({ filled, from, to }) => {
    const colour = filled ? "var(--filled)" : "var(--unfilled)";
    return `${colour} ${percent(from)} ${percent(to)}`;
  });
  return `linear-gradient(to right, ${stops.join(", ")})`;
}

interface Run {
  filled: boolean;
  from: number;
  to: number;
}

/** Neighbours of one kind are one run; a stretch that is partly there is filled from its beginning. */
function runsOf(strip: readonly number[]): Run[] {
  const runs: Run[] = [];
  const add = (filled: boolean, from: number, to: number) => {
    const before = runs.at(-1);
    if (to <= from) return;
    if (before?.filled === filled) before.to = to;
    else runs.push({ filled, from, to });
  };
  strip.forEach((share, index) => {
    const edge = index + Math.min(255, Math.max(0, share)) / 255;
    add(true, index / strip.length, edge / strip.length);
    add(false, edge / strip.length, (index + 1) / strip.length);
  });
  return runs.length > 0 ? runs : [{ filled: false, from: 0, to: 1 }];
}

function percent(share: number): string {
  return `${Math.round(share * 10_000) / 100}%`;
}
