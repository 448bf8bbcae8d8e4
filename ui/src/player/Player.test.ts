// @vitest-environment jsdom
import { fireEvent, render, screen } from "@testing-library/svelte";
import { userEvent } from "@testing-library/user-event";
import { beforeEach, describe, expect, it, test, vi } from "vitest";
import { tick } from "svelte";
import { words } from "../shared/words";
import { backendOf, media, request } from "../test/films";
import Player from "./Player.svelte";

vi.mock("./controls", () => ({}));

const props = () => ({ backend: backendOf(), request, media, upload: "none" as const, whereTo: async () => null, onretry: vi.fn(), onclose: vi.fn() });

interface Playing {
  video: HTMLVideoElement;
  onclose: ReturnType<typeof vi.fn>;
  onretry: ReturnType<typeof vi.fn>;
}

/** A film of 100 seconds whose picture is so wide. */
async function opened({ width = 1920, waitingFor = "Waiting for bytes" } = {}): Promise<Playing> {
  const [onclose, onretry] = [vi.fn(), vi.fn()];
  render(Player, { ...props(), waitingFor, onclose, onretry });
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
  return { video, onclose, onretry };
}

const press = (keys: string) => userEvent.keyboard(keys);
const trouble = () => screen.queryByTestId("player-trouble")?.textContent;

describe("a film", () => {
  it("is asked for its head only, so that no copy of it fills the disk", async () => {
    const { video } = await opened();
    expect(video.getAttribute("preload"), "anything more is spooled to a temporary file").toBe("metadata");
    expect(video.getAttribute("crossorigin"), "its frames may be kept, its captions read").toBe("anonymous");
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
    const { unmount } = render(Player, { ...props(), waitingFor: "" });
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

  it("can be tried again where it was", async () => {
    const { video, onretry } = await opened();
    await fireEvent(video, new Event("timeupdate"));
    Object.defineProperty(video, "error", { get: () => ({ code: 2 }) });
    await fireEvent(video, new Event("error"));
    await userEvent.click(screen.getByRole("button", { name: words.player.retry }));
    expect(onretry, "opened anew, at the same second").toHaveBeenCalledExactlyOnceWith(40);
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
    ["{Home}", 0],
    ["{End}", 100],
    ["{Shift>}{ArrowLeft}{/Shift}", 39],
    ["{Shift>}{ArrowRight}{/Shift}", 41],
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

  it("that jump, speed up or change the volume are answered on the picture", async () => {
    const said = () => screen.getByTestId("player-osd").textContent;
    await press("l");
    expect(said(), "where one is").toBe("0:50 / 1:40");
    await press("]");
    expect(said(), "how fast").toBe(words.player.speedIs("1.25"));
    await press("m");
    expect(said(), "how loud").toBe(words.player.muted);
  });

  it("open the sheets and close them", async () => {
    await press("?");
    expect(screen.getByTestId("player-keys-panel").textContent, "what each key does").toContain("One frame back");
    await press("i");
    expect(screen.queryByTestId("player-keys-panel"), "one sheet at a time").toBeNull();
    await press("{Escape}");
    expect(screen.queryByTestId("player-inside-panel"), "Escape closes the sheet first").toBeNull();
    expect(playing.onclose, "and not the film").not.toHaveBeenCalled();
  });

  it("held down jump again and again, but take one picture", async () => {
    const { video } = playing;
    await fireEvent.keyDown(document.body, { key: "k", repeat: true });
    expect(video.pause, "a film does not flutter").not.toHaveBeenCalled();
    await fireEvent.keyDown(document.body, { key: "l", repeat: true });
    expect(video.currentTime, "on and on").toBe(50);
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
    expect(screen.getByTestId("player-osd").textContent, "and it says so").toBe(words.player.noStep);
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
    video.currentTime = 11 / 25;
    await press(".");
    await tick();
    expect(video.pause, "one looks at a frame, not at a film").toHaveBeenCalledOnce();
    expect(video.currentTime, "the middle of the next frame").toBeCloseTo(11 / 25 + 0.06, 5);
  });
});
