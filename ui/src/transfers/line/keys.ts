/** What a key does on a row that has the focus. Pure. */
import type { PriorityView } from "../../ipc/bindings";
import type { Step } from "./places";

export type RowKey =
  | { is: "go"; to: "up" | "down" | "first" | "last" }
  | { is: "extend"; to: "up" | "down" }
  | { is: "move"; step: Step }
  | { is: "priority"; by: 1 | -1 }
  | { is: "select" }
  | { is: "select_all" }
  | { is: "forget" }
  | { is: "retry" };

type Key = Pick<KeyboardEvent, "key" | "ctrlKey" | "metaKey" | "altKey" | "shiftKey">;

const ways: Record<string, Step> = { ArrowUp: "up", ArrowDown: "down", Home: "first", End: "last" };

/** Null for a key that is none of ours. */
export function rowKey({ key, ctrlKey, metaKey, altKey, shiftKey }: Key): RowKey | null {
  const way = ways[key];
  if (ctrlKey || metaKey) return altKey || shiftKey ? null : withControl(key);
  if (altKey) return way === undefined || shiftKey ? null : { is: "move", step: way };
  if (shiftKey && (way === "up" || way === "down")) return { is: "extend", to: way };
  // A plus needs the shift key on many keyboards.
  if (key === "+" || key === "-") return { is: "priority", by: key === "+" ? 1 : -1 };
  if (shiftKey) return null;
  if (way !== undefined) return { is: "go", to: way };
  return key === "Escape" ? { is: "forget" } : key.toLowerCase() === "r" ? { is: "retry" } : null;
}

function withControl(key: string): RowKey | null {
  if (key === " ") return { is: "select" };
  return key.toLowerCase() === "a" ? { is: "select_all" } : null;
}

const priorities: PriorityView[] = ["low", "normal", "high"];

/** One higher or lower; the same at the end. */
export function raised(priority: PriorityView, by: 1 | -1): PriorityView {
  return priorities[priorities.indexOf(priority) + by] ?? priority;
}
