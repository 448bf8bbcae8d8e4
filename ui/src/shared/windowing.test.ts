import { describe, expect, it } from "vitest";
import { offsetsOf, scrollTo, shift, spanOf } from "./windowing";

const tall = (index: number) => 60 + (index % 7) * 11;

describe("the window of a long list", () => {
  const offsets = offsetsOf(10_000, tall);
  const whole = offsets[10_000] ?? 0;

  it("never changes the height of the whole, wherever one scrolls", () => {
    for (let top = 0; top < whole; top += 7_919) {
      const { from, to, before, after } = spanOf(offsets, top, 800, 600);
      const drawn = (offsets[to] ?? 0) - (offsets[from] ?? 0);
      expect(before + drawn + after, `the scroll bar must not jump at ${top}`).toBeCloseTo(whole, 6);
    }
  });

  it("draws everything that is in view", () => {
    for (let top = 0; top < whole; top += 7_919) {
      const { before, after } = spanOf(offsets, top, 800, 0);
      expect(before, `nothing above ${top} may be left out that reaches into the view`).toBeLessThanOrEqual(top);
      expect(whole - after, "nor below").toBeGreaterThanOrEqual(Math.min(whole, top + 800));
    }
  });

  it("draws few of many", () => {
    const { from, to } = spanOf(offsets, 200_000, 800, 600);
    expect(to - from, "ten thousand rows must cost what thirty do").toBeLessThan(40);
  });

  it("draws all of a short list, even before its own height is known", () => {
    const short = offsetsOf(5, () => 108);
    expect(spanOf(short, 0, 0, 600), "five rows fit").toEqual({ from: 0, to: 5, before: 0, after: 0 });
  });

  it("learns a height without being made anew", () => {
    const learnt = offsetsOf(50, () => 108);
    shift(learnt, 7, 33);
    expect(learnt, "one that was measured before is no different").toEqual(offsetsOf(50, (index) => (index === 7 ? 141 : 108)));
  });

  it("is empty for an empty list", () => {
    expect(spanOf(offsetsOf(0, tall), 0, 800, 600), "no items, no gaps").toEqual({ from: 0, to: 0, before: 0, after: 0 });
  });

  it("survives a scroll position beyond the end", () => {
    const { to, after } = spanOf(offsets, whole + 5_000, 800, 600);
    expect([to, after], "the list may have become shorter a moment ago").toEqual([10_000, 0]);
  });
});

describe("bringing an item into view", () => {
  const offsets = offsetsOf(100, () => 100);

  it("does not scroll when it is in view already", () => {
    expect(scrollTo(offsets, 3, 200, 400), "300 to 400 lies within 200 to 600").toBeNull();
  });

  it("scrolls up to its beginning", () => {
    expect(scrollTo(offsets, 3, 1_000, 400), "its upper edge at the top").toBe(300);
  });

  it("scrolls down until its end shows", () => {
    expect(scrollTo(offsets, 50, 0, 400), "its lower edge at the bottom").toBe(4_700);
  });

  it("shows the beginning of one that is higher than the view", () => {
    expect(scrollTo(offsetsOf(3, () => 900), 1, 0, 400), "one reads from the top").toBe(900);
  });
});
