/**
 * A stretch of the film that plays again and again, as between A and B in mpv. Pure; times are seconds.
 *
 * Invariant: the end lies behind the start. The frame at which B was pressed is the last of the stretch, not the
 * first behind it: one marks what one sees.
 */

export type Loop = { is: "none" } | { is: "begun"; start: number } | { is: "whole"; start: number; end: number };

export const noLoop: Loop = { is: "none" };

/** The frame on the screen. */
export interface Frame {
  begins: number;
  ends: number;
}

/** Seconds. A film that is further behind the end than this was sent there by a person, who is free to leave. */
const left = 1;

/** Seconds that a webview goes on playing after it was told to jump, and by which alarms are late; measured. */
const inertia = 0.03;
const late = 0.015;

/** A mark that is set is cleared by its own key; so is a stretch that is whole, by either. */
export function marked(loop: Loop, mark: "a" | "b", { begins, ends }: Frame): Loop {
  switch (loop.is) {
    case "none":
      return mark === "a" ? { is: "begun", start: begins } : whole(0, ends);
    case "begun":
      return mark === "a" ? noLoop : whole(loop.start, ends);
    case "whole":
      return noLoop;
  }
}

/** Whoever presses B before A means the stretch between them all the same. */
function whole(start: number, end: number): Loop {
  if (end > start) return { is: "whole", start, end };
  return end < start ? { is: "whole", start: end, end: start } : { is: "begun", start };
}

export interface Leap {
  to: number;
  /** Seconds of film until it is time; none are left when it is not above zero. */
  wait: number;
}

/**
 * The jump back of a film that is there, whose frames are so long (zero where that is not known). It is time as the
 * last frame appears, or a little earlier where frames are shorter than the webview is quick: no frame behind the
 * end shall be seen. It lands in the middle of the first frame, which cannot be missed.
 */
export function leap(loop: Loop, at: number, length: number): Leap | null {
  if (loop.is !== "whole" || at > loop.end + left) return null;
  const to = loop.start + Math.min(length, loop.end - loop.start) / 2;
  return { to, wait: loop.end - Math.max(length, inertia) - late - at };
}
