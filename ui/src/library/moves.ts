/** Where the arrow keys lead in a grid of films. Pure. */

/** The film that a key leads to; null for a key that moves nothing. It never leaves the grid. */
export function moveFrom(at: number, key: string, columns: number, count: number): number | null {
  const to = targetOf(at, key, columns, count);
  if (to === null || to === at || to < 0 || count === 0) return null;
  // Below a last row that is not full lies its last film.
  if (to < count) return to;
  const lastRow = Math.floor((count - 1) / columns);
  return Math.floor(at / columns) < lastRow ? count - 1 : null;
}

function targetOf(at: number, key: string, columns: number, count: number): number | null {
  switch (key) {
    case "ArrowRight":
      return at + 1;
    case "ArrowLeft":
      return at - 1;
    case "ArrowDown":
      return at + columns;
    case "ArrowUp":
      return at - columns;
    case "PageDown":
      return Math.min(count - 1, at + 4 * columns);
    case "PageUp":
      return Math.max(0, at - 4 * columns);
    case "Home":
      return 0;
    case "End":
      return count - 1;
    default:
      return null;
  }
}

/** How many posters stand side by side; widths and gaps in one unit. */
export function columnsFor(width: number, least: number, gap: number): number {
  return Math.max(1, Math.floor((width + gap) / (least + gap)));
}
