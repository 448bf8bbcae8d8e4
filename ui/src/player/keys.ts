/** What a key does in the player, as in mpv and on the web. Pure. */

export type KeyAction =
  | { is: "toggle" }
  | { is: "seek_by"; seconds: number }
  | { is: "seek_to"; share: number }
  | { is: "volume_by"; share: number }
  | { is: "step"; frames: 1 | -1 }
  | { is: "speed_by"; steps: 1 | -1 }
  | { is: "speed_usual" }
  | { is: "loop"; mark: "a" | "b" }
  | { is: "captions" }
  | { is: "screenshot" }
  | { is: "picture" }
  | { is: "inside" }
  | { is: "keys" }
  | { is: "mute" }
  | { is: "full" }
  | { is: "close" };

/** The parts of a key event that matter. */
export type Key = Pick<KeyboardEvent, "key" | "ctrlKey" | "metaKey" | "altKey" | "shiftKey">;

/** Null for a key that is none of ours, and for every chord but those with Shift: they belong to the system. */
export function keyAction({ key, ctrlKey, metaKey, altKey, shiftKey }: Key): KeyAction | null {
  if (ctrlKey || metaKey || altKey) return null;
  if (/^[0-9]$/.test(key)) return { is: "seek_to", share: Number(key) / 10 };
  if (shiftKey && key in shifted) return shifted[key] ?? null;
  return actions[key.length === 1 ? key.toLowerCase() : key] ?? null;
}

const actions: Record<string, KeyAction> = {
  " ": { is: "toggle" },
  k: { is: "toggle" },
  j: { is: "seek_by", seconds: -10 },
  l: { is: "seek_by", seconds: 10 },
  ArrowLeft: { is: "seek_by", seconds: -5 },
  ArrowRight: { is: "seek_by", seconds: 5 },
  Home: { is: "seek_to", share: 0 },
  End: { is: "seek_to", share: 1 },
  ArrowUp: { is: "volume_by", share: 0.05 },
  ArrowDown: { is: "volume_by", share: -0.05 },
  ",": { is: "step", frames: -1 },
  ".": { is: "step", frames: 1 },
  "[": { is: "speed_by", steps: -1 },
  "]": { is: "speed_by", steps: 1 },
  Backspace: { is: "speed_usual" },
  a: { is: "loop", mark: "a" },
  b: { is: "loop", mark: "b" },
  c: { is: "captions" },
  s: { is: "screenshot" },
  p: { is: "picture" },
  i: { is: "inside" },
  "?": { is: "keys" },
  m: { is: "mute" },
  f: { is: "full" },
  Escape: { is: "close" },
};

const shifted: Record<string, KeyAction> = {
  ArrowLeft: { is: "seek_by", seconds: -1 },
  ArrowRight: { is: "seek_by", seconds: 1 },
};

/** A key that is held down does these again and again; the others once. */
export function repeats(action: KeyAction): boolean {
  return action.is === "seek_by" || action.is === "step" || action.is === "volume_by" || action.is === "speed_by";
}

/** Whether the focused control has a use of its own for the key: then it keeps it. */
export function belongsToControl(target: EventTarget | null, key: string): boolean {
  if (!(target instanceof Element)) return false;
  if (target.closest("input, textarea, select, media-time-range, media-volume-range")) return ownRangeKeys.has(key);
  return (key === " " || key === "Enter") && target.closest(pressable) !== null;
}

const ownRangeKeys = new Set([" ", "ArrowLeft", "ArrowRight", "ArrowUp", "ArrowDown", "Home", "End"]);

const pressable =
  "button, a, media-play-button, media-mute-button, media-fullscreen-button, media-seek-backward-button, media-seek-forward-button";
