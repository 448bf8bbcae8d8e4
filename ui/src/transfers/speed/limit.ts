/** The speed limit that counts for a transfer: the lower of the one over all and its destination's. Pure. */
import { format, type Formats } from "../../shared/format";
import { words } from "../../shared/words";

export interface Limit {
  /** Bytes a second. */
  rate: number;
  /** The destination whose limit it is; none for the one over all films. */
  of: string | null;
}

export function limitInForce(all: number | null, destination: { limit: number | null; name: string } | null): Limit | null {
  const own = destination?.limit ?? null;
  if (destination !== null && own !== null && (all === null || own < all)) return { rate: own, of: destination.name };
  return all === null ? null : { rate: all, of: null };
}

export function limitTold({ rate, of }: Limit, formats: Formats = format): string {
  const say = words.order.limit;
  return of === null ? say.yours(formats.limit(rate)) : say.of(of, formats.limit(rate));
}
