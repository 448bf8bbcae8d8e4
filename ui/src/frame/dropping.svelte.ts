/**
 * What hovers over the window, and onto which destination it falls.
 *
 * Owner of: where the pointer is, and where the targets lie. Invariant: a drop is answered at once, and goes to what
 * was lit beneath it. Targets are remembered after they are gone: the drop is told after the drag has ended.
 */
import type { DroppedView } from "../ipc/bindings";
import type { Drag } from "../ipc/client";

/** A target; of none in particular is the default's. */
export interface Spot {
  id: string | null;
  left: number;
  top: number;
  right: number;
  bottom: number;
}

export class Dropping {
  over = $state(false);
  #point = $state.raw({ x: 0, y: 0 });
  #spots: readonly Spot[] = $state.raw([]);
  /** The target that is lit; none of a single one. */
  readonly beneath: Spot | null = $derived(this.over ? nearest(this.#spots, this.#point) : null);

  drag(drag: Drag): void {
    this.over = drag.is === "over";
    if (drag.is === "over") this.#point = { x: drag.x, y: drag.y };
  }

  measured(spots: readonly Spot[]): void {
    this.#spots = spots;
  }

  /** Answers where it goes; null for the default. */
  fell(drop: DroppedView): string | null {
    const spot = nearest(this.#spots, drop);
    // The next drag measures anew: the window may be another by then.
    [this.over, this.#spots] = [false, []];
    return spot?.id ?? null;
  }
}

/** The one that the point is in, or else the nearest: between two targets one still drops on one of them. */
export function nearest(spots: readonly Spot[], { x, y }: { x: number; y: number }): Spot | null {
  let [best, least]: [Spot | null, number] = [null, Infinity];
  for (const spot of spots) {
    const across = Math.max(spot.left - x, 0, x - spot.right);
    const distance = Math.hypot(across, Math.max(spot.top - y, 0, y - spot.bottom));
    if (distance < least) [best, least] = [spot, distance];
  }
  return best;
}
