import { describe, expect, it, test } from "vitest";
import { keyAction } from "./keys";

const plain = { ctrlKey: false, metaKey: false, altKey: false };
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
    ["Escape", { is: "close" }],
  ])("%o", (key, action) => {
    expect(press(key), "as in mpv and on the web").toEqual(action);
  });

  it("work with caps lock", () => {
    expect(press("K"), "the same key").toEqual({ is: "toggle" });
  });

  test.each(["Tab", "Enter", "x", "F5", "Home"])("leave %s alone", (key) => {
    expect(press(key), "it belongs to the window").toBeNull();
  });

  test.each(["ctrlKey", "metaKey", "altKey"])("leave chords with %s alone", (chord) => {
    expect(keyAction({ key: "f", ...plain, [chord]: true }), "they belong to the system").toBeNull();
  });
});
