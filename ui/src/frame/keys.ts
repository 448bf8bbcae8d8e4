/** What a key does anywhere in the window. Pure. */
import type { Place } from "./desk.svelte";

export type FrameKey =
  | { is: "go"; place: Place }
  | { is: "choose" }
  | { is: "choose_folder" }
  | { is: "paste" }
  | { is: "undo" }
  | { is: "search" }
  | { is: "shortcuts" }
  | { is: "quit" };

/** The parts of a key event that matter. */
export type Key = Pick<KeyboardEvent, "key" | "ctrlKey" | "metaKey" | "altKey" | "shiftKey" | "target">;

/** Null for a key that is none of ours, and for one that belongs to the field that is written in. */
export function frameKey({ key, ctrlKey, metaKey, altKey, shiftKey, target }: Key): FrameKey | null {
  if (altKey || (ctrlKey && metaKey)) return null;
  const writing = isField(target);
  if (!ctrlKey && !metaKey) return key === "?" && !writing ? { is: "shortcuts" } : null;
  const name = key.toLowerCase();
  if (shiftKey) return name === "o" ? { is: "choose_folder" } : null;
  if (writing && (name === "v" || name === "z")) return null;
  return chords[name] ?? null;
}

const chords: Record<string, FrameKey> = {
  "1": { is: "go", place: "transfers" },
  "2": { is: "go", place: "library" },
  "3": { is: "go", place: "destinations" },
  "4": { is: "go", place: "settings" },
  ",": { is: "go", place: "settings" },
  o: { is: "choose" },
  v: { is: "paste" },
  z: { is: "undo" },
  f: { is: "search" },
  q: { is: "quit" },
};

function isField(target: EventTarget | null): boolean {
  return typeof Element !== "undefined" && target instanceof Element && target.closest("input, textarea") !== null;
}
