/** What the core does when it is told something; see `transfer::step`. */
import type { CommandView, StateView } from "../bindings";

const running: StateView["is"][] = ["queued", "preparing", "uploading", "limited", "throttled", "waiting", "verifying"];

/** The state that a command leads to; null where the core refuses it. */
export function answerTo(command: CommandView, state: StateView): StateView | null {
  const from = (states: StateView["is"][], to: StateView): StateView | null => (states.includes(state.is) ? to : null);
  switch (command) {
    case "pause":
      return from(running, { is: "paused" });
    case "resume":
      return from(["paused"], { is: "queued" });
    case "cancel":
      return from([...running, "paused", "failed"], { is: "cancelled" });
    case "retry":
      return from(["failed", "waiting", "throttled", "cancelling", "skipped"], { is: "queued" });
    case "start_over":
      return from(["failed", "paused", "waiting"], { is: "queued" });
    case "send_changed":
      return goesOn(state) ? { is: "queued" } : null;
    case "remove":
      return from(["done", "cancelled", "skipped"], state);
  }
}

/** A file that was changed, or that was missing and is pointed at. */
function goesOn(state: StateView): boolean {
  return (state.is === "failed" && state.kind.startsWith("source_")) || (state.is === "waiting" && state.reason === "source");
}
