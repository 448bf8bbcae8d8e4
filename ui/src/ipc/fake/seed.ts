/** What a simulated transfer begins with. */
import type { ComparingView, PriorityView, StateView } from "../bindings";

/** Enough of a transfer to begin one; the rest follows. */
export interface Seed {
  id: string;
  name: string;
  size: number;
  path?: string;
  state?: StateView;
  /** Share that is safe already, 0 to 1. */
  safe?: number;
  createdAt: number;
  endedAt?: number;
  lostGround?: boolean;
  /** How far it is compared with a file that became another, while it is prepared. */
  comparing?: ComparingView;
  /** Chunks that a viewer waits for. */
  wanted?: number[];
  /** It has run for minutes, over a bad link, until then. */
  roughUntil?: number;
  priority?: PriorityView;
  /** What its destination holds it back for, until it is retried. */
  hold?: StateView | undefined;
  /** It stays as it is, to be looked at. */
  held?: boolean;
  /** The id of where it goes; the vault, mostly. */
  destination?: string;
}
