/**
 * Finding films by name and destination as one types. Pure.
 *
 * Invariant: case and accents do not matter, every word must occur, nothing typed finds everything.
 */

/** A name as it is compared: `Ünï Câm` is `uni cam`. */
export function folded(text: string): string {
  return text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();
}

/** Asks whether a folded name has every word of what was typed. */
export function finder(query: string): (name: string) => boolean {
  const wanted = folded(query).split(/\s+/).filter((word) => word !== "");
  return (name) => wanted.every((word) => name.includes(word));
}
