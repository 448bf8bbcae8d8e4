// @vitest-environment jsdom
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { FakeVideo } from "../test/films";
import { Deck } from "./deck";
import { noLoop, type Loop } from "./loop";
import { Looping } from "./looping";

const stretch: Loop = { is: "whole", start: 2, end: 4 };

/** A film of 25 frames a second that plays. */
function playing(at: number) {
  const video = Object.assign(new FakeVideo(), { currentTime: at, paused: false });
  const deck = new Deck(video.element, () => undefined);
  deck.frames.tell(25);
  return { video, looping: new Looping(deck) };
}

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

describe("a loop that plays", () => {
  it("jumps back when its time has come, though no frame was told of", () => {
    const { video, looping } = playing(3.8);
    looping.look(stretch);
    video.currentTime = 3.95;
    vi.advanceTimersByTime(150);
    expect(video.currentTime, "into its first frame").toBeCloseTo(2.02, 9);
  });

  it("comes sooner when the film plays faster", () => {
    const { video, looping } = playing(3.8);
    video.playbackRate = 2;
    looping.look(stretch);
    video.currentTime = 3.95;
    vi.advanceTimersByTime(80);
    expect(video.currentTime, "half the time").toBeCloseTo(2.02, 9);
  });

  it("leaves a film alone that was paused meanwhile", () => {
    const { video, looping } = playing(3.8);
    looping.look(stretch);
    video.paused = true;
    vi.advanceTimersByTime(1000);
    expect(video.currentTime, "one looks at a frame").toBe(3.8);
  });

  it("looks again at the moment of the jump", () => {
    const { video, looping } = playing(3.8);
    looping.look(stretch);
    video.currentTime = 2.5;
    vi.advanceTimersByTime(150);
    expect(video.currentTime, "the person went back meanwhile").toBe(2.5);
  });

  it("ends with the loop and with the player", () => {
    const { video, looping } = playing(3.8);
    looping.look(stretch);
    looping.look(noLoop);
    looping.look(stretch);
    looping.end();
    video.currentTime = 3.99;
    vi.advanceTimersByTime(1000);
    expect(video.currentTime, "no alarm is left").toBe(3.99);
  });
});
