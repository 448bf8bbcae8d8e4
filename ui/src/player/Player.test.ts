// @vitest-environment jsdom
import { fireEvent, render, screen } from "@testing-library/svelte";
import { userEvent } from "@testing-library/user-event";
import { beforeEach, describe, expect, it, test, vi } from "vitest";
import { tick } from "svelte";
import { words } from "../shared/words";
import Player from "./Player.svelte";

vi.mock("./controls", () => ({}));

const media = { url: "http://127.0.0.1:1/film", name: "Harbour.mov", size: 1 };

interface Playing {
  video: HTMLVideoElement;
  onclose: ReturnType<typeof vi.fn>;
}

/** A film of 100 seconds whose picture is so wide. */
async function opened({ width = 1920, waitingFor = "Waiting for bytes" } = {}): Promise<Playing> {
  const onclose = vi.fn();
  render(Player, { media, waitingFor, onclose });
  const video = screen.getByTestId("player").querySelector("video")!;
  let [time, paused] = [40, false];
  Object.defineProperties(video, {
    videoWidth: { get: () => width, configurable: true },
    duration: { get: () => 100 },
    paused: { get: () => paused },
    currentTime: { get: () => time, set: (to: number) => (time = to) },
  });
  video.play = vi.fn(async () => void (paused = false));
  video.pause = vi.fn(() => void (paused = true));
  await fireEvent(video, new Event("loadedmetadata"));
  return { video, onclose };
}

const press = (keys: string) => userEvent.keyboard(keys);
const trouble = () => screen.queryByTestId("player-trouble")?.textContent;

describe("a film", () => {
  it("is asked for its head only, so that no copy of it fills the disk", async () => {
    const { video } = await opened();
    expect(video.getAttribute("preload"), "anything more is spooled to a temporary file").toBe("metadata");
    expect(video.hasAttribute("autoplay"), "autoplay would override that").toBe(false);
  });

  it("plays once its head is there", async () => {
    const { video } = await opened();
    expect(video.play, "Play was pressed to see it play").toHaveBeenCalledOnce();
  });

  it("has its name read out", async () => {
    await opened();
    expect(screen.getByRole("region", { name: "Player: Harbour.mov" }), "where one is").toBe(screen.getByTestId("player"));
  });

  it("takes the focus, so that keys work at once", async () => {
    await opened();
    expect(document.activeElement, "no click is needed").toBe(screen.getByTestId("player"));
  });

  it("is let go when the player closes", async () => {
    const { video } = await opened();
    document.body.replaceChildren();
    const { unmount } = render(Player, { media, waitingFor: "", onclose: vi.fn() });
    const other = document.querySelector("video")!;
    unmount();
    expect(other.hasAttribute("src"), "nobody reads a film that nobody sees").toBe(false);
    expect(video, "the first is another").not.toBe(other);
  });
});

describe("an error", () => {
  it("is a picture without width", async () => {
    const { video } = await opened({ width: 0 });
    expect(trouble(), "a missing decoder raises no error by itself").toContain(words.player.noPicture);
    expect(video.play, "and it is not played unseen").not.toHaveBeenCalled();
  });

  it("goes when the picture comes after all", async () => {
    const { video } = await opened({ width: 0 });
    Object.defineProperty(video, "videoWidth", { get: () => 640 });
    await fireEvent(video, new Event("resize"));
    expect(trouble(), "some decoders are slow").toBeUndefined();
  });

  test.each([
    [1, words.player.aborted],
    [2, words.player.network],
    [3, words.player.decode],
    [4, words.player.unsupported],
  ])("of code %d is told in words", async (code, sentence) => {
    const { video } = await opened();
    Object.defineProperty(video, "error", { get: () => ({ code }) });
    await fireEvent(video, new Event("error"));
    expect(trouble(), "never a raw code").toContain(sentence);
    expect(sentence, "the code itself helps nobody").not.toMatch(/\d/);
  });

  it("can be tried again", async () => {
    const { video } = await opened({ width: 0 });
    video.load = vi.fn();
    await userEvent.click(screen.getByRole("button", { name: words.player.retry }));
    expect([trouble(), vi.mocked(video.load).mock.calls.length], "read anew").toEqual([undefined, 1]);
  });
});

describe("missing bytes", () => {
  it("are said while the film stands still, and no longer", async () => {
    const { video } = await opened({ waitingFor: words.player.waiting });
    await fireEvent(video, new Event("waiting"));
    expect(screen.getByTestId("player-waiting").textContent, "what it waits for").toBe(words.player.waiting);
    await fireEvent(video, new Event("playing"));
    expect(screen.queryByTestId("player-waiting"), "it goes on").toBeNull();
  });

  it("are no matter while enough is there", async () => {
    const { video } = await opened();
    Object.defineProperty(video, "readyState", { get: () => HTMLMediaElement.HAVE_ENOUGH_DATA });
    await fireEvent(video, new Event("stalled"));
    expect(screen.queryByTestId("player-waiting"), "the picture moves").toBeNull();
  });
});

describe("keys", () => {
  let playing: Playing;
  beforeEach(async () => void (playing = await opened()));

  test.each([
    ["j", 30],
    ["l", 50],
    ["{ArrowLeft}", 35],
    ["{ArrowRight}", 45],
    ["0", 0],
    ["7", 70],
  ])("%s jumps from 40 to %d seconds", async (key, to) => {
    await press(key);
    expect(playing.video.currentTime, "of a hundred").toBe(to);
  });

  it("do not jump out of the film", async () => {
    await press("9lll");
    expect(playing.video.currentTime, "the end is the end").toBe(100);
    await press("0j");
    expect(playing.video.currentTime, "and the beginning").toBe(0);
  });

  test.each([" ", "k"])("%o pauses and plays", async (key) => {
    await press(key);
    expect(playing.video.pause, "it played").toHaveBeenCalledOnce();
    await press(key);
    expect(playing.video.play, "once at the start, once now").toHaveBeenCalledTimes(2);
  });

  it("m mutes and unmutes", async () => {
    await press("m");
    expect(playing.video.muted, "silence").toBe(true);
    await press("m");
    expect(playing.video.muted, "and sound").toBe(false);
  });

  it("arrows change the volume within its bounds", async () => {
    playing.video.volume = 0.98;
    await press("{ArrowUp}");
    expect(playing.video.volume, "no louder than loud").toBe(1);
    await press("{ArrowDown}");
    expect(playing.video.volume, "a little softer").toBeCloseTo(0.95, 5);
  });

  it("Escape closes", async () => {
    await press("{Escape}");
    expect(playing.onclose, "back to where one was").toHaveBeenCalledOnce();
  });

  it("f fills the screen", async () => {
    const full = vi.fn(async () => undefined);
    screen.getByTestId("player").requestFullscreen = full;
    await press("f");
    expect(full, "with its controls, so the whole player").toHaveBeenCalledOnce();
  });

  it("a comma does not step while frames are unknown", async () => {
    await press(",.");
    expect(playing.video.currentTime, "a step that lands anywhere would be a lie").toBe(40);
  });

  it("Space on a focused button presses that button", async () => {
    screen.getByRole("button", { name: words.player.close }).focus();
    await press(" ");
    expect(playing.video.pause, "the film is not meant").not.toHaveBeenCalled();
    expect(playing.onclose, "the button is").toHaveBeenCalledOnce();
  });

  it("do nothing but close while there is trouble", async () => {
    Object.defineProperty(playing.video, "error", { get: () => ({ code: 4 }) });
    await fireEvent(playing.video, new Event("error"));
    await press("l");
    expect(playing.video.currentTime, "there is nothing to jump in").toBe(40);
    await press("{Escape}");
    expect(playing.onclose, "the way out stays open").toHaveBeenCalledOnce();
  });
});

describe("frame steps", () => {
  it("go by one frame once its length is known, and pause", async () => {
    let show: VideoFrameRequestCallback = () => undefined;
    HTMLVideoElement.prototype.requestVideoFrameCallback = (callback) => {
      show = callback;
      return 1;
    };
    const { video } = await opened();
    for (let frame = 0; frame < 12; frame += 1) {
      show(0, { mediaTime: frame / 25, presentedFrames: frame + 1 } as VideoFrameCallbackMetadata);
    }
    await press(".");
    await tick();
    expect(video.pause, "one looks at a frame, not at a film").toHaveBeenCalledOnce();
    expect(video.currentTime, "the middle of the next frame").toBeCloseTo(11 / 25 + 0.06, 5);
  });
});
