/**
 * Places in line: where rows go that are moved by keys or dropped. Pure.
 *
 * Invariant: rows stand with those of their priority, so a move ends within them; one that changes nothing is none.
 */
import type { PriorityView } from "../../ipc/bindings";

/** What a row is here. */
export interface Placed {
  id: string;
  priority: PriorityView;
}

export type Step = "up" | "down" | "first" | "last";

/** What the core is asked: these, in this order, to just before that one, or to the end. */
export interface Move {
  ids: string[];
  before: string | null;
}

/** One step with all of `moving` that have the priority of `led`; null when they are there already. */
export function stepped(line: readonly Placed[], moving: ReadonlySet<string>, led: string, step: Step): Move | null {
  const { group, ids, others } = parted(line, moving, led);
  const [first, last] = [group.indexOf(ids[0] ?? ""), group.indexOf(ids.at(-1) ?? "")];
  const [above, below] = [others.filter((id) => group.indexOf(id) < first).length, others.filter((id) => group.indexOf(id) < last).length];
  const gap = { up: Math.max(0, above - 1), down: Math.min(others.length, below + 1), first: 0, last: others.length }[step];
  return moveTo(group, ids, others, gap);
}

/** What a drop into the gap before the row at `gap` means, the line's end being the gap behind the last; null for nothing. */
export function dropped(line: readonly Placed[], moving: ReadonlySet<string>, led: string, gap: number): Move | null {
  const { group, ids, others } = parted(line, moving, led);
  const above = new Set(line.slice(0, gap).map(({ id }) => id));
  return moveTo(group, ids, others, others.filter((id) => above.has(id)).length);
}

/** The nearest gap that a row of this priority may be dropped into. */
export function gapFor(line: readonly Placed[], led: string, gap: number): number {
  const priority = line.find(({ id }) => id === led)?.priority;
  const first = line.findIndex((row) => row.priority === priority);
  const last = line.findLastIndex((row) => row.priority === priority);
  return Math.max(first, Math.min(last + 1, gap));
}

/** Where a row stands, from 1. */
export function numberOf(line: readonly Placed[], id: string): number {
  return line.findIndex((row) => row.id === id) + 1;
}

function parted(line: readonly Placed[], moving: ReadonlySet<string>, led: string) {
  const priority = line.find(({ id }) => id === led)?.priority;
  const group = line.filter((row) => row.priority === priority).map(({ id }) => id);
  const moves = (id: string) => id === led || moving.has(id);
  return { group, ids: group.filter(moves), others: group.filter((id) => !moves(id)) };
}

function moveTo(group: readonly string[], ids: string[], others: readonly string[], gap: number): Move | null {
  const result = [...others.slice(0, gap), ...ids, ...others.slice(gap)];
  const same = result.every((id, index) => group[index] === id);
  return ids.length === 0 || same ? null : { ids, before: others[gap] ?? null };
}
