/**
 * Which items of a long list are drawn. Pure arithmetic on heights in CSS pixels.
 *
 * Invariant: `before` + the drawn items + `after` is the height of the whole list, wherever one scrolls.
 */
export interface Span {
  /** First item drawn, and the one after the last. */
  from: number;
  to: number;
  /** Pixels of what is left out above and below. */
  before: number;
  after: number;
}

/** Where each item begins; one entry more than there are items, the last being the whole height. */
export function offsetsOf(count: number, heightAt: (index: number) => number): Float64Array {
  const offsets = new Float64Array(count + 1);
  for (let index = 0; index < count; index += 1) offsets[index + 1] = at(offsets, index) + heightAt(index);
  return offsets;
}

/** An item became so much higher: what comes after it begins later. */
export function shift(offsets: Float64Array, index: number, by: number): void {
  for (let after = index + 1; after < offsets.length; after += 1) offsets[after] = at(offsets, after) + by;
}

/** The items that touch the view, and some more on both sides so that scrolling and tabbing find them drawn. */
export function spanOf(offsets: Float64Array, top: number, height: number, spare: number): Span {
  const count = offsets.length - 1;
  const from = Math.max(0, indexAt(offsets, top - spare));
  const to = Math.min(count, indexAt(offsets, top + height + spare) + 1);
  return { from, to, before: at(offsets, from), after: at(offsets, count) - at(offsets, to) };
}

/** How far to scroll so that an item is wholly in view; null when it is already. */
export function scrollTo(offsets: Float64Array, index: number, top: number, height: number): number | null {
  const start = at(offsets, index);
  const end = at(offsets, index + 1);
  if (start >= top && end <= top + height) return null;
  return start < top || end - start > height ? start : end - height;
}

/** The item at a height; the nearest one outside of the list. */
function indexAt(offsets: Float64Array, y: number): number {
  let low = 0;
  let high = Math.max(0, offsets.length - 2);
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (at(offsets, middle) <= y) low = middle;
    else high = middle - 1;
  }
  return low;
}

function at(offsets: Float64Array, index: number): number {
  return offsets[index] ?? 0;
}
