import { describe, expect, it, test } from "vitest";
import { FrameClock } from "./frames";

/** Plays frames at their times, one after the other. */
function played(times: number[]): FrameClock {
  const clock = new FrameClock();
  times.forEach((time, index) => clock.observe(time, index + 1, true));
  return clock;
}

const steady = (rate: number, count: number, from = 0) => Array.from({ length: count }, (_, index) => (from + index) / rate);

/** Which frame a time lies in. */
const frameAt = (time: number | null, rate: number) => Math.floor((time ?? NaN) * rate + 1e-6);

describe("the length of a frame", () => {
  test.each([24, 25, 29.97, 50, 60])("is learned at %d frames a second", (rate) => {
    expect(played(steady(rate, 12)).length, "as long as they were").toBeCloseTo(1 / rate, 4);
  });

  it("is exact for the rates that films are made with", () => {
    const rounded = steady(30 / 1.001, 12).map((time) => Math.round(time * 1e4) / 1e4);
    expect(played(rounded).length, "rounding must not add up over hours").toBe(1.001 / 30);
  });

  it("is not known from a few frames", () => {
    expect(played(steady(25, 4)).length, "it might be chance").toBeNull();
  });

  it("is not known where the rate varies", () => {
    const varying = [0, 0.04, 0.06, 0.14, 0.16, 0.24, 0.3, 0.32, 0.42, 0.44, 0.52, 0.53, 0.63];
    expect(played(varying).length, "a step that lands anywhere would be a lie").toBeNull();
  });

  it("is not disturbed by jumps", () => {
    const clock = played(steady(25, 8));
    clock.observe(120, 9, true);
    clock.observe(3, 10, true);
    clock.observe(3.04, 11, true);
    expect(clock.length, "they say nothing about a frame").toBeCloseTo(0.04, 5);
  });

  it("is not disturbed by steps", () => {
    const clock = played(steady(25, 12));
    for (let step = 0; step < 20; step += 1) clock.observe(0.3 + step * 0.06, 13 + step, false);
    expect(clock.length, "what is shown in a pause was jumped to").toBeCloseTo(0.04, 5);
  });

  it("is learned from a busy webview too, which tells of few frames", () => {
    const clock = new FrameClock();
    for (const count of [22, 30, 38, 49, 56, 63, 73]) clock.observe(count / 25, count, true);
    expect(clock.length, "it counts those that it did not tell of").toBeCloseTo(0.04, 5);
  });
});

describe("a step", () => {
  it("lands in the frame beside", () => {
    const clock = played(steady(25, 12));
    expect(frameAt(clock.step(1), 25), "frame 11 is shown").toBe(12);
    expect(frameAt(clock.step(-1), 25), "and one back").toBe(10);
  });

  it("after a step lands one frame further, though the webview tells where it jumped to", () => {
    const clock = played(steady(25, 12));
    for (let frame = 12; frame < 40; frame += 1) {
      const to = clock.step(1);
      expect(frameAt(to, 25), "one by one").toBe(frame);
      clock.observe(to ?? 0, frame + 1, false);
    }
  });

  it("while a jump is under way goes on from where it will land", () => {
    const clock = played(steady(25, 12));
    const to = clock.step(1);
    expect(frameAt(clock.step(1, to), 25), "two quick presses are two frames").toBe(13);
    expect(frameAt(clock.step(-1, to), 25), "there and back").toBe(11);
  });

  it("hours away still hits its frame", () => {
    const rate = 24 / 1.001;
    const clock = played(steady(rate, 12));
    const far = (200_000 + 0.5) / rate;
    clock.observe(far, 13, false);
    expect(frameAt(clock.step(1), rate), "after a jump of more than two hours").toBe(200_001);
  });

  it("keeps to the frames of a film that does not begin at zero", () => {
    const clock = played(steady(25, 12).map((time) => time + 0.021));
    const to = (clock.step(1) ?? 0) - 0.021;
    expect(frameAt(to, 25), "its first frame begins late").toBe(12);
  });

  it("does not leave the film", () => {
    const clock = played(steady(25, 12));
    clock.observe(0, 13, false);
    expect(clock.step(-1), "before the first frame there is nothing").toBe(0);
  });

  it("is none while the length is not known", () => {
    expect(played([0]).step(1), "the key does nothing").toBeNull();
  });
});
