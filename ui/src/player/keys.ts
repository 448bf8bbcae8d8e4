/** What a key does in the player, as in mpv and on the web. Pure. */

export type KeyAction =
  | { is: "toggle" }
  | { is: "seek_by"; seconds: number }
  | { is: "seek_to"; share: number }
  | { is: "volume_by"; share: number }
  | { is: "step"; frames: 1 | -1 }
  | { is: "mute" }
  | { is: "full" }
  | { is: "close" };

/** The parts of a key event that matter. */
export type Key = Pick<KeyboardEvent, "key" | "ctrlKey" | "metaKey" | "altKey">;

/** Null for a key that is none of ours, and for every chord: those belong to the system. */
export function keyAction({ key, ctrlKey, metaKey, altKey }: Key): KeyAction | null {
  if (ctrlKey || metaKey || altKey) return null;
  if (/^[0-9]$/.test(key)) return { is: "seek_to", share: Number(key) / 10 };
  return actions[key.length === 1 ? key.toLowerCase() : key] ?? null;
}

const actions: Record<string, KeyAction> = {
  " ": { is: "toggle" },
  k: { is: "toggle" },
  j: { is: "seek_by", seconds: -10 },
  l: { is: "seek_by", seconds: 10 },
  ArrowLeft: { is: "seek_by", seconds: -5 },
  ArrowRight: { is: "seek_by", seconds: 5 },
  ArrowUp: { is: "volume_by", share: 0.05 },
  ArrowDown: { is: "volume_by", share: -0.05 },
  ",": { is: "step", frames: -1 },
  ".": { is: "step", frames: 1 },
  m: { is: "mute" },
  f: { is: "full" },
  Escape: { is: "close" },
};

/** Whether the focused control has a use of its own for the key: then it keeps it. */
export function belongsToControl(target: EventTarget | null, key: string): boolean {
  if (!(target instanceof Element)) return false;
  if (target.closest("input, textarea, select, media-time-range, media-volume-range")) return ownRangeKeys.has(key);
  return (key === " " || key === "Enter") && target.closest(pressable) !== null;
}

const ownRangeKeys = new Set([" ", "ArrowLeft", "ArrowRight", "ArrowUp", "ArrowDown", "Home", "End"]);

const pressable =
  "button, a, media-play-button, media-mute-button, media-fullscreen-button, media-seek-backward-button, media-seek-forward-button";
