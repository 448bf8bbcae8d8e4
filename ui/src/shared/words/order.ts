/** What is said of the order of the line and of what holds it up: a chapter of the catalogue (`words.ts`). */
import type { PriorityView, StateView, WaitView } from "../../ipc/bindings";

export const order = {
  priorities: { high: "High priority", normal: "Normal priority", low: "Low priority" } satisfies Record<PriorityView, string>,
  priorityOf: (name: string, priority: string) => `${name}: ${priority}`,
  first: "To the front of the line",
  last: "To the end of the line",
  selected: "Selected",
  keys: "Alt with the arrow keys moves it in line, plus and minus change its priority",
  count: (count: number, text: string) => (count === 1 ? "1 film" : `${text} films`),
  nowSelected: (count: number, text: string) => (count === 0 ? "Nothing is selected" : `${text} selected`),
  moved: (what: string, place: string, of: string) => `${what} moved: number ${place} of ${of}`,
  stays: (what: string) => `${what} cannot go further`,
  givenUp: "The order is as it was",

  /** Of one that would go, and its destination does not take it now. */
  held: {
    throttled: "Its destination asked for a break",
    network: "There is no way to its destination",
    credentials: "Waits until its destination lets us in again",
    remote: "Its destination failed several times in a row",
    source: "Its file is away",
  } satisfies Record<WaitView | Extract<StateView["is"], "throttled">, string>,
  arrived: "All of it arrived and is safe",
  triesAgain: (left: string) => `Tries again in ${left}`,
  triesNow: "Trying again",

  refused: (name: string, count: number, text: string) =>
    count === 1
      ? `${name} refused its password or key. 1 film waits for that; what has arrived is safe.`
      : `${name} refused its password or key. ${text} films wait for that; what has arrived is safe.`,
  mend: "Mend it…",
  mendOf: (name: string) => `Mend ${name} under Destinations`,

  limit: {
    label: "Speed limit",
    hint: "Like 20M or 500k a second. It holds beneath the limit over all films.",
    most: (rate: string) => `At most ${rate}`,
    yours: (rate: string) => `Your limit, ${rate}`,
    of: (name: string, rate: string) => `Limit of ${name}, ${rate}`,
  },
  waited: (time: string) => `Waited at ${time}`,
  waits: (duration: string) => `Gaps: it waited, ${duration} in all`,

  heldUntil: (sentence: string, time: string) => `${sentence} It is tried again at ${time}.`,
};
