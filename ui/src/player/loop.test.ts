import { describe, expect, it, test } from "vitest";
import { leap, marked, noLoop, type Loop } from "./loop";

/** At 25 frames a second. */
const frame = (index: number) => ({ begins: index / 25, ends: (index + 1) / 25 });
const stretch: Loop = { is: "whole", start: 2, end: 4 };

describe("a loop", () => {
  it("begins at A and ends at B, with the frame that one sees", () => {
    const begun = marked(noLoop, "a", frame(50));
    expect(begun, "it begins with its frame").toEqual({ is: "begun", start: 2 });
    expect(marked(begun, "b", frame(99)), "and B's frame is its last").toEqual(stretch);
  });

  it("without a beginning begins with the film", () => {
    expect(marked(noLoop, "b", frame(99)), "up to here").toEqual({ is: "whole", start: 0, end: 4 });
  });

  it("is cleared by either key when it is whole", () => {
    expect([marked(stretch, "a", frame(60)), marked(stretch, "b", frame(60))], "again clears").toEqual([noLoop, noLoop]);
  });

  it("that is begun is cleared by A", () => {
    expect(marked({ is: "begun", start: 2 }, "a", frame(60)), "again clears").toEqual(noLoop);
  });

  it("marked from behind is the same stretch", () => {
    expect(marked({ is: "begun", start: 4 }, "b", frame(49)), "its end lies behind its start").toEqual(stretch);
  });

  it("of one frame is possible", () => {
    expect(marked({ is: "begun", start: 2 }, "b", frame(50)), "a still").toEqual({ is: "whole", start: 2, end: 2.04 });
  });
});

describe("the jump back", () => {
  const length = 1 / 25;

  it("is due when the last frame appears", () => {
    expect(leap(stretch, 3.9, length)?.wait, "one more frame is to be seen whole").toBeCloseTo(0.045, 9);
    expect(leap(stretch, 3.97, length)?.wait, "it appeared").toBeLessThan(0);
  });

  it("lands in the middle of the first frame", () => {
    expect(leap(stretch, 3.97, length)?.to, "rounding cannot miss it").toBeCloseTo(2.02, 9);
  });

  it("is due earlier where frames are shorter than a webview is quick", () => {
    expect(leap(stretch, 3.95, 1 / 120)?.wait, "none behind the end shall be seen").toBeCloseTo(0.005, 9);
  });

  it("comes too when nobody looked at the end", () => {
    expect(leap(stretch, 4.3, length)?.wait, "a busy webview tells of few frames").toBeLessThan(0);
  });

  it("leaves those alone who went on", () => {
    expect(leap(stretch, 12, length), "they jumped behind the end").toBeNull();
  });

  it("of a single frame stays in it", () => {
    expect(leap({ is: "whole", start: 2, end: 2.04 }, 2.01, length)?.to, "a still").toBeCloseTo(2.02, 9);
  });

  test.each<[string, Loop]>([
    ["no loop", noLoop],
    ["one that is only begun", { is: "begun", start: 1 }],
  ])("never comes with %s", (_, loop) => {
    expect(leap(loop, 3.97, length), "there is no end").toBeNull();
  });

  it("works where the length of a frame is not known", () => {
    expect(leap(stretch, 4, 0), "then the end itself counts").toMatchObject({ to: 2 });
  });
});
