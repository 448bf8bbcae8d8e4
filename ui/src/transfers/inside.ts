/** What an opened row asks of the core, and the one thing it does there. */
import type { DetailsView } from "../ipc/bindings";

export interface Inside {
  /** Framed as `ChunkMapView` says. */
  map(id: string): Promise<ArrayBuffer>;
  details(id: string): Promise<DetailsView>;
  /** Sends a chunk before all others; answers whether the core took it. */
  hasten(id: string, chunk: number): Promise<boolean>;
}
