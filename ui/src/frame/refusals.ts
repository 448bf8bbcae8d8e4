/** Destinations that let nobody in: one word for each, however many films wait for it. Pure. */
import type { TransferView } from "../ipc/bindings";

export interface Refusal {
  /** The destination's id and what it is called. */
  id: string;
  name: string;
  films: number;
}

export function refusalsOf(views: Iterable<TransferView>): Refusal[] {
  const refusals = new Map<string, Refusal>();
  for (const view of views) {
    const state = view.hold ?? view.state;
    if (state.is !== "waiting" || state.reason !== "credentials") continue;
    const known = refusals.get(view.destination_id)?.films ?? 0;
    refusals.set(view.destination_id, { id: view.destination_id, name: view.destination, films: known + 1 });
  }
  return [...refusals.values()];
}
