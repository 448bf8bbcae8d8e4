/** How the way to the destination is, from what the rows report. Pure. */
import type { TransferView } from "../ipc/bindings";
import type { IconName } from "../shared/icons";

export type Link = "offline" | "throttled" | "waiting" | "limited" | "moving" | "idle";

/** The gravest first: one film without network says more than ten that wait in line. */
const gravest: Link[] = ["offline", "throttled", "waiting", "limited", "moving", "idle"];

export const linkIcons: Record<Link, IconName> = {
  offline: "offline",
  throttled: "hourglass",
  waiting: "clock",
  limited: "gauge",
  moving: "up",
  idle: "check",
};

export function linkOf(views: Iterable<TransferView>): Link {
  const met = new Set([...views].map(linkOfOne));
  return gravest.find((link) => met.has(link)) ?? "idle";
}

function linkOfOne({ hold, ...view }: TransferView): Link {
  const state = hold ?? view.state;
  switch (state.is) {
    case "waiting":
      return state.reason === "network" ? "offline" : state.reason === "remote" ? "waiting" : "idle";
    case "throttled":
      return "throttled";
    case "limited":
      return "limited";
    case "uploading":
    case "preparing":
    case "verifying":
      return "moving";
    case "queued":
    case "paused":
    case "failed":
    case "cancelling":
    case "cancelled":
    case "skipped":
    case "done":
      return "idle";
  }
}
