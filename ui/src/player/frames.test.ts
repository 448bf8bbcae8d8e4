import { describe, expect, it, test } from "vitest";
import { FrameClock } from "./frames";

/** Plays frames at their times, one after the other. */
function played(times: number[]): FrameClock {
  const clock = new FrameClock();
  times.forEach((time, index) => clock.observe(time, index + 1, true));
  return clock;
}

const steady = (rate: number, count: number, from = 0) => Array.from({ length: count }, (_, index) => (from + index) / rate);

/** Somewhere in a film of 100 seconds. */
const spot = (at: number) => ({ at, duration: 100, seeking: false });

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

describe("the rate that the file says", () => {
  it("is enough for the first step, before anything was played", () => {
    const clock = new FrameClock();
    clock.tell(25);
    expect(frameAt(clock.step(1, spot(0)), 25), "from the first frame on").toBe(1);
  });

  it("is taken as films are made", () => {
    const clock = new FrameClock();
    clock.tell(29.97);
    expect(clock.length, "an average is rounded").toBe(1.001 / 30);
  });

  it("yields to what is seen to vary", () => {
    const clock = new FrameClock();
    clock.tell(25);
    [0, 0.04, 0.06, 0.14, 0.16, 0.24, 0.3, 0.32, 0.42, 0.44, 0.52, 0.53].forEach((time, index) =>
      clock.observe(time, index + 1, true),
    );
    expect(clock.length, "an average of a varying rate is nobody's frame").toBeNull();
  });

  test.each([null, 0, 1])("of %o is none", (rate) => {
    const clock = new FrameClock();
    clock.tell(rate);
    expect(clock.length, "pictures of music are no film").toBeNull();
  });
});

describe("a step", () => {
  it("lands in the frame beside", () => {
    const clock = played(steady(25, 12));
    expect(frameAt(clock.step(1, spot(0.44)), 25), "frame 11 is shown").toBe(12);
    expect(frameAt(clock.step(-1, spot(0.44)), 25), "and one back").toBe(10);
  });

  it("after a step lands one frame further, though the webview tells where it jumped to", () => {
    const clock = played(steady(25, 12));
    let at = 0.44;
    for (let frame = 12; frame < 40; frame += 1) {
      at = clock.step(1, spot(at)) ?? NaN;
      expect(frameAt(at, 25), "one by one").toBe(frame);
      clock.observe(at, frame + 1, false);
    }
  });

  it("while a jump is under way goes on from where it will land", () => {
    const clock = played(steady(25, 12));
    const to = clock.step(1, spot(0.44)) ?? NaN;
    const jumping = { ...spot(to), seeking: true };
    expect(frameAt(clock.step(1, jumping), 25), "two quick presses are two frames").toBe(13);
    expect(frameAt(clock.step(-1, jumping), 25), "there and back").toBe(11);
  });

  it("hours away still hits its frame", () => {
    const rate = 24 / 1.001;
    const clock = played(steady(rate, 12));
    const far = (200_000 + 0.5) / rate;
    clock.observe(far, 13, false);
    const at = { at: far, duration: 10_000, seeking: false };
    expect(frameAt(clock.step(1, at), rate), "after a jump of more than two hours").toBe(200_001);
  });

  test.each([0.01, 0.3, 0.5, 0.8, 0.99])("from a jump to %d of a frame is one frame", (share) => {
    const clock = played(steady(25, 12));
    const at = (50 + share) / 25;
    clock.observe(at, 13, false);
    expect(frameAt(clock.step(1, spot(at)), 25), "wherever in the frame the jump landed").toBe(51);
    expect(frameAt(clock.step(-1, spot(at)), 25), "and back").toBe(49);
  });

  it("right after a jump does not trust what was shown before it", () => {
    const clock = played(steady(25, 12));
    clock.jumped();
    expect(frameAt(clock.step(1, spot(0.461)), 25), "the webview has not told of the new frame yet").toBe(12);
  });

  it("goes by where the film is, when the webview has not told of its frame", () => {
    const clock = played(steady(25, 12));
    expect(frameAt(clock.step(1, spot(2.02)), 25), "the last frame that was told is long gone").toBe(51);
  });

  it("keeps to the frames of a film that does not begin at zero", () => {
    const clock = played(steady(25, 12).map((time) => time + 0.021));
    const to = (clock.step(1, spot(0.461)) ?? 0) - 0.021;
    expect(frameAt(to, 25), "its first frame begins late").toBe(12);
  });

  it("stays at the first frame", () => {
    const clock = played(steady(25, 12));
    clock.observe(0, 13, false);
    expect(frameAt(clock.step(-1, spot(0)), 25), "before it there is nothing").toBe(0);
    expect(frameAt(clock.step(1, spot(0)), 25), "and the next is the second").toBe(1);
  });

  it("stays at the last frame", () => {
    const clock = played(steady(25, 12));
    expect(frameAt(clock.step(1, spot(99.98)), 25), "after it there is nothing").toBe(2499);
  });

  it("back from the end shows the last but one", () => {
    const clock = played(steady(25, 12));
    expect(frameAt(clock.step(-1, spot(100)), 25), "at the end the last frame is on the screen").toBe(2498);
  });

  it("is none while the length is not known", () => {
    expect(played([0]).step(1, spot(0)), "the key does nothing").toBeNull();
  });
});

describe("the frame on the screen", () => {
  it("begins before the time of a jump into it", () => {
    expect(played(steady(25, 12)).beginningOf(spot(2.03)), "the fiftieth").toBeCloseTo(2, 9);
  });

  it("is the last at the end", () => {
    const clock = played(steady(25, 12));
    expect(frameAt(clock.last(100), 25), "its middle can be jumped to").toBe(2499);
    expect(clock.beginningOf(spot(100)), "the end itself shows nothing").toBeCloseTo(99.96, 9);
  });
});
