import { afterEach, beforeEach, describe, expect, it, test, vi } from "vitest";
import { transfer } from "../test/views";
import { frameKey } from "./keys";
import { linkOf } from "./link";
import { shortageOf } from "./room";
import { Toasts } from "./toasts.svelte";

const key = (name: string, over = {}) => ({ key: name, ctrlKey: false, metaKey: false, altKey: false, shiftKey: false, target: null, ...over });

test.each([
  [key("1", { ctrlKey: true }), { is: "go", place: "transfers" }],
  [key(",", { ctrlKey: true }), { is: "go", place: "settings" }],
  [key("o", { ctrlKey: true }), { is: "choose" }],
  [key("O", { ctrlKey: true, shiftKey: true }), { is: "choose_folder" }],
  [key("v", { ctrlKey: true }), { is: "paste" }],
  [key("q", { ctrlKey: true }), { is: "quit" }],
  [key("?", { shiftKey: true }), { is: "shortcuts" }],
  [key("o"), null],
  [key("o", { ctrlKey: true, altKey: true }), null],
])("a key anywhere in the window: %j", (pressed, does) => {
  expect(frameKey(pressed), "as the shortcuts say").toEqual(does);
});

describe("room for what is to arrive", () => {
  const films = [transfer({ bytes_total: 10, bytes_acked: 4 }), transfer({ state: { is: "cancelled" }, bytes_total: 99, bytes_acked: 0 })];

  it("counts only what has not arrived and goes on", () => {
    expect(shortageOf(films, 5), "six are to come").toEqual({ need: 6, free: 5 });
    expect([shortageOf(films, 6), shortageOf(films, null)], "it fits, or nobody knows").toEqual([null, null]);
  });
});

it("says the gravest of what the rows say about the way", () => {
  const away = transfer({ state: { is: "waiting", reason: "network", sentence: "", until: null } });
  expect([linkOf([transfer(), away]), linkOf([transfer()]), linkOf([])], "one without network says most").toEqual(["offline", "moving", "idle"]);
});

describe("a message in passing", () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  it("goes by itself, but not while somebody looks at it", () => {
    const toasts = new Toasts();
    toasts.tell("Done.");
    toasts.hold(true);
    vi.advanceTimersByTime(60_000);
    expect(toasts.list.length, "held").toBe(1);
    toasts.hold(false);
    vi.advanceTimersByTime(5_000);
    expect(toasts.list.length, "gone").toBe(0);
  });

  it("takes back what it told, once", () => {
    const [toasts, undo] = [new Toasts(), vi.fn()];
    toasts.tell("a.mov is in the trash.", undo);
    expect([toasts.undo(), toasts.undo(), undo.mock.calls.length], "and no more").toEqual([true, false, 1]);
  });
});
