import { describe, expect, it, test } from "vitest";
import { areaOf, curveOf, drawsLimit, figuresOf, secondAt, span, steppedTo, topOf, xOf, yOf } from "./scale";

describe("the top of the graph", () => {
  test.each([
    [[38_400_000], 40e6],
    [[40_000_000], 40e6],
    [[40_000_001], 50e6],
    [[7], 8],
    [[950_000], 1e6],
    [[0, 0], 1],
    [[], 1],
  ])("of %j is the round %d", (seconds, top) => {
    expect(topOf(seconds, null), "a figure that one can read at a glance").toBe(top);
  });

  it("is never below the curve", () => {
    for (let peak = 1; peak < 1e12; peak = Math.ceil(peak * 1.7)) {
      expect(topOf([peak], null), `${peak} bytes a second would be cut off`).toBeGreaterThanOrEqual(peak);
    }
  });

  it("leaves room for a limit within reach", () => {
    expect(topOf([4e6], 10e6), "the limit is drawn in").toBe(10e6);
    expect(topOf([], 5e6), "also before anything was sent").toBe(5e6);
  });

  it("does not press the curve to the ground for a limit far above", () => {
    expect(drawsLimit(1e6, 1e9), "it is only told").toBe(false);
    expect(topOf([1e6], 1e9), "as if there was none").toBe(1e6);
  });
});

describe("the curve", () => {
  it("ends at the right edge, a step a second", () => {
    expect(curveOf([10, 20], 20), "the last second is the last step").toBe(`M298 0.5H299L299 0H${span}`);
  });

  it("is closed along the ground as an area", () => {
    expect(areaOf([10], 10), "down and back").toBe("M299 0H300V1H299Z");
  });

  it("leaves a gap where it waited", () => {
    expect(curveOf([10, null, null, 20], 20), "nothing is drawn there").toBe("M296 0.5H297M299 0H300");
    expect(areaOf([10, null, 20], 20), "each piece stands on the ground").toBe("M297 0.5H298V1H297ZM299 0H300V1H299Z");
    expect([curveOf([null], 1), areaOf([null, null], 1)], "a wait alone is no path").toEqual(["", ""]);
  });

  it("of nothing is nothing", () => {
    expect([curveOf([], 1), areaOf([], 1)], "no path at all").toEqual(["", ""]);
  });

  it("is not drawn above its field", () => {
    expect(yOf(30, 20), "an old top may be below a new second").toBe(0);
  });
});

describe("a second", () => {
  it("is found under the pointer at its own place", () => {
    for (const index of [0, 1, 58, 59]) {
      expect(secondAt((xOf(index, 60) + 0.5) / span, 60), "its middle").toBe(index);
    }
  });

  test.each([0, 0.5, -0.1, 1, 1.2])("is none at the share %d of a graph of one minute", (share) => {
    expect(secondAt(share, 60), "nothing was measured there").toBeNull();
  });

  test.each([
    ["ArrowLeft", 5, 4],
    ["ArrowRight", 5, 6],
    ["ArrowLeft", 0, 0],
    ["ArrowRight", 59, 59],
    ["PageUp", 40, 10],
    ["PageDown", 40, 59],
    ["Home", 40, 0],
    ["End", 40, 59],
  ])("by %s from %d is %d", (key, from, to) => {
    expect(steppedTo(from, 60, key), "as on any slider").toBe(to);
  });

  it("leaves other keys to others", () => {
    expect(steppedTo(5, 60, "Tab"), "Tab leaves the graph").toBeNull();
  });
});

it("tells the last seconds, the average and the peak", () => {
  expect(figuresOf([0, 10, 10, 10, 10, 20]), "now is five seconds, as one alone jumps").toEqual({ now: 12, average: 10, peak: 20, waited: 0 });
  expect(figuresOf([]), "no division by nothing").toEqual({ now: 0, average: 0, peak: 0, waited: 0 });
  expect(figuresOf([30, null, null, 10]), "a wait makes nothing slower, and is counted").toMatchObject({ average: 20, waited: 2 });
});
