import { describe, expect, it, test } from "vitest";
import { keyAction, repeats } from "./keys";

const plain = { ctrlKey: false, metaKey: false, altKey: false, shiftKey: false };
const press = (key: string) => keyAction({ key, ...plain });

describe("keys of the player", () => {
  test.each([
    [" ", { is: "toggle" }],
    ["k", { is: "toggle" }],
    ["j", { is: "seek_by", seconds: -10 }],
    ["l", { is: "seek_by", seconds: 10 }],
    ["ArrowLeft", { is: "seek_by", seconds: -5 }],
    ["ArrowRight", { is: "seek_by", seconds: 5 }],
    ["ArrowUp", { is: "volume_by", share: 0.05 }],
    ["ArrowDown", { is: "volume_by", share: -0.05 }],
    ["0", { is: "seek_to", share: 0 }],
    ["5", { is: "seek_to", share: 0.5 }],
    ["9", { is: "seek_to", share: 0.9 }],
    ["m", { is: "mute" }],
    ["f", { is: "full" }],
    [",", { is: "step", frames: -1 }],
    [".", { is: "step", frames: 1 }],
    ["Home", { is: "seek_to", share: 0 }],
    ["End", { is: "seek_to", share: 1 }],
    ["[", { is: "speed_by", steps: -1 }],
    ["]", { is: "speed_by", steps: 1 }],
    ["Backspace", { is: "speed_usual" }],
    ["a", { is: "loop", mark: "a" }],
    ["b", { is: "loop", mark: "b" }],
    ["c", { is: "captions" }],
    ["s", { is: "screenshot" }],
    ["p", { is: "picture" }],
    ["i", { is: "inside" }],
    ["Escape", { is: "close" }],
  ])("%o", (key, action) => {
    expect(press(key), "as in mpv and on the web").toEqual(action);
  });

  it("work with caps lock", () => {
    expect(press("K"), "the same key").toEqual({ is: "toggle" });
  });

  it("are more exact with Shift", () => {
    const press = (key: string) => keyAction({ key, ...plain, shiftKey: true });
    expect(press("ArrowRight"), "a second").toEqual({ is: "seek_by", seconds: 1 });
    expect(press("ArrowLeft"), "and back").toEqual({ is: "seek_by", seconds: -1 });
    expect(press("?"), "on most keyboards the mark is made with Shift").toEqual({ is: "keys" });
    expect(press("K"), "a capital is the same key").toEqual({ is: "toggle" });
  });

  it("repeat while they are held, where that makes sense", () => {
    expect(repeats({ is: "step", frames: 1 }), "frame by frame").toBe(true);
    expect(repeats({ is: "screenshot" }), "one picture is enough").toBe(false);
    expect(repeats({ is: "toggle" }), "nobody wants a film to flutter").toBe(false);
  });

  test.each(["Tab", "Enter", "x", "F5", "PageUp"])("leave %s alone", (key) => {
    expect(press(key), "it belongs to the window").toBeNull();
  });

  test.each(["ctrlKey", "metaKey", "altKey"])("leave chords with %s alone", (chord) => {
    expect(keyAction({ key: "f", ...plain, [chord]: true }), "they belong to the system").toBeNull();
  });
});
