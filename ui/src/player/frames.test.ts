import { describe, expect, it, test } from "vitest";
import { FrameClock } from "./frames";

/** Shows frames at their times, one after the other. */
function shown(times: number[]): FrameClock {
  const clock = new FrameClock();
  times.forEach((time, index) => clock.observe(time, index + 1));
  return clock;
}

const steady = (rate: number, count: number, from = 0) => Array.from({ length: count }, (_, index) => (from + index) / rate);

describe("the length of a frame", () => {
  test.each([24, 25, 29.97, 50, 60])("is learned at %d frames a second", (rate) => {
    expect(shown(steady(rate, 12)).length, "as long as they were").toBeCloseTo(1 / rate, 4);
  });

  it("is not known from a few frames", () => {
    expect(shown(steady(25, 4)).length, "it might be chance").toBeNull();
  });

  it("is not known where the rate varies", () => {
    const varying = [0, 0.04, 0.06, 0.14, 0.16, 0.24, 0.3, 0.32, 0.42, 0.44, 0.52, 0.53, 0.63];
    expect(shown(varying).length, "a step that lands anywhere would be a lie").toBeNull();
  });

  it("is not disturbed by a jump or a dropped frame", () => {
    const clock = shown(steady(25, 8));
    clock.observe(120, 9);
    clock.observe(120.08, 11);
    clock.observe(120.12, 12);
    expect(clock.length, "neither says how long a frame is").toBeCloseTo(0.04, 5);
  });
});

describe("a step", () => {
  it("lands in the middle of the next frame", () => {
    expect(shown(steady(25, 12)).step(1), "rounding cannot miss it").toBeCloseTo(11 / 25 + 0.06, 5);
  });

  it("lands in the middle of the frame before", () => {
    expect(shown(steady(25, 12)).step(-1), "one back").toBeCloseTo(11 / 25 - 0.02, 5);
  });

  it("does not leave the film", () => {
    const clock = shown([...steady(25, 12), 0]);
    expect(clock.step(-1), "before the first frame there is nothing").toBe(0);
  });

  it("is none while the length is not known", () => {
    expect(shown([0]).step(1), "the key does nothing").toBeNull();
  });
});
