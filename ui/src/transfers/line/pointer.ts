/**
 * Rows moved by the pointer. It owns the gesture, from the press to the drop or to Escape, and nothing of the list.
 *
 * The window hears it and not the row: a long list draws a row no more once it is scrolled out of view.
 */
export interface Gesture {
  lift: (id: string) => void;
  /** The pointer is at this place of the page. */
  at: (x: number, y: number) => void;
  drop: () => void;
  giveUp: () => void;
}

/** Pixels that a hand moves while it clicks. */
const tremble = 5;
/** Pixels from the edge of the list in which it scrolls, and how far in a frame. */
const [edge, stride] = [40, 9];

/** For the element around the list; only rows that `moves` says can be moved. */
export function rowsMovedBy(gesture: Gesture, moves: (id: string) => boolean) {
  return (host: HTMLElement) => {
    let end: (() => void) | null = null;
    const onpointerdown = (event: PointerEvent) => {
      const id = event.button === 0 && event.pointerType !== "touch" && !chords(event) ? rowUnder(event.target) : null;
      if (id !== null && end === null && moves(id)) end = follow(host, id, event, gesture, () => (end = null));
    };
    host.addEventListener("pointerdown", onpointerdown);
    return () => {
      host.removeEventListener("pointerdown", onpointerdown);
      end?.();
    };
  };
}

function chords({ ctrlKey, metaKey, shiftKey, altKey }: PointerEvent): boolean {
  return ctrlKey || metaKey || shiftKey || altKey;
}

/** The row whose head was pressed, but for the buttons on it. */
function rowUnder(target: EventTarget | null): string | null {
  const head = target instanceof Element ? target.closest("[data-head]") : null;
  const button = target instanceof Element ? target.closest("button, [role=menu]") : null;
  if (head === null || (button !== null && !button.matches(".title"))) return null;
  return head.closest<HTMLElement>("[data-row]")?.dataset["row"] ?? null;
}

function follow(host: HTMLElement, id: string, press: PointerEvent, gesture: Gesture, ended: () => void): () => void {
  let lifted = false;
  let [x, y] = [press.clientX, press.clientY];
  let frame = 0;

  const onpointermove = (event: PointerEvent) => {
    [x, y] = [event.clientX, event.clientY];
    if (!lifted && Math.hypot(x - press.clientX, y - press.clientY) < tremble) return;
    if (!lifted) lift();
    gesture.at(x, y);
  };
  const onpointerup = () => finish(gesture.drop);
  const oncancel = () => finish(gesture.giveUp);
  const onkeydown = (event: KeyboardEvent) => {
    if (!lifted || event.key !== "Escape") return;
    event.preventDefault();
    event.stopPropagation();
    finish(gesture.giveUp);
  };

  function lift() {
    lifted = true;
    gesture.lift(id);
    frame = requestAnimationFrame(scroll);
  }

  /** Near an edge the list goes on by itself. */
  function scroll() {
    const view = host.querySelector("[data-scrolls]");
    const box = view?.getBoundingClientRect();
    if (view && box) {
      const before = view.scrollTop;
      if (y < box.top + edge) view.scrollTop -= stride;
      else if (y > box.bottom - edge) view.scrollTop += stride;
      if (view.scrollTop !== before) gesture.at(x, y);
    }
    frame = requestAnimationFrame(scroll);
  }

  function finish(how: (() => void) | null) {
    cancelAnimationFrame(frame);
    for (const [name, listener] of listeners) window.removeEventListener(name, listener, true);
    if (lifted) swallowClick();
    if (lifted) how?.();
    ended();
  }

  const listeners: [string, EventListener][] = [
    ["pointermove", onpointermove as EventListener],
    ["pointerup", onpointerup],
    ["pointercancel", oncancel],
    ["blur", oncancel],
    ["keydown", onkeydown as EventListener],
  ];
  for (const [name, listener] of listeners) window.addEventListener(name, listener, true);
  return () => finish(gesture.giveUp);
}

/** The click with which a drag ends opens nothing. After Escape the button is still held. */
function swallowClick() {
  const swallow = (event: Event) => {
    event.preventDefault();
    event.stopPropagation();
  };
  const done = () => {
    window.removeEventListener("click", swallow, true);
    window.removeEventListener("pointerdown", done, true);
  };
  window.addEventListener("click", swallow, { capture: true, once: true });
  window.addEventListener("pointerdown", done, true);
}

/** The drawn row that a height of the page is before, or behind, where that row is the last. */
export function rowBelow(host: HTMLElement, y: number): { id: string; below: boolean } | null {
  const rows = [...host.querySelectorAll<HTMLElement>("[data-row]")];
  for (const row of rows) {
    const { top, height } = row.getBoundingClientRect();
    if (y < top + height / 2) return { id: row.dataset["row"] ?? "", below: false };
  }
  const last = rows.at(-1)?.dataset["row"];
  return last === undefined ? null : { id: last, below: true };
}
