/** What a menu offers about a row's place in line. Pure. */
import type { PriorityView, TransferView } from "../../ipc/bindings";
import type { IconName } from "../../shared/icons";
import { words } from "../../shared/words";
import { hasEnded } from "../order";

export type OrderName = PriorityView | "first" | "last";

export interface OrderChoice {
  name: OrderName;
  label: string;
  icon: IconName;
  keys?: string;
}

const priorities: readonly PriorityView[] = ["high", "normal", "low"];
const icons = { high: "high", normal: "minus", low: "low" } as const;

const places: readonly OrderChoice[] = [
  { name: "first", label: words.order.first, icon: "first", keys: "Alt+Home" },
  { name: "last", label: words.order.last, icon: "last", keys: "Alt+End" },
];

/** Nothing for one that needs no turn any more. */
export function orderChoicesFor(view: TransferView): readonly OrderChoice[] {
  if (hasEnded(view) || view.state.is === "cancelling") return [];
  const others = priorities.filter((priority) => priority !== view.priority);
  return [...places, ...others.map((name) => ({ name, label: words.order.priorities[name], icon: icons[name] }))];
}
