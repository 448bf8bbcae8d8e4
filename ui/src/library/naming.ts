/** What a film may be called. Pure. The core has the last word; this one only spares a person the way there. */
import { words } from "../shared/words";

/** A name on a disk, in bytes. */
const longest = 255;

/** Why it is no name; null when it is one. */
export function faultOf(name: string): string | null {
  const say = words.library;
  if (name.trim() === "") return say.nameEmpty;
  if (name.includes("/") || name.includes("\0")) return say.nameSlash;
  if (name === "." || name === "..") return say.nameDots;
  return new TextEncoder().encode(name).length > longest ? say.nameLong : null;
}

/** Where the part ends that a person wants to change: before the ending, if there is one. */
export function stemOf(name: string): number {
  const dot = name.lastIndexOf(".");
  return dot > 0 ? dot : name.length;
}
