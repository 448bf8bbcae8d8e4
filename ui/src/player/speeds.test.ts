import { describe, expect, it } from "vitest";
import { speedBeside, speeds } from "./speeds";

describe("the speed", () => {
  it("goes from a quarter to four times and no further", () => {
    expect([speedBeside(0.25, -1), speedBeside(4, 1)], "the ends stay").toEqual([0.25, 4]);
  });

  it("goes up and down by the same steps", () => {
    for (const speed of speeds.slice(0, -1)) {
      expect(speedBeside(speedBeside(speed, 1), -1), "there and back").toBe(speed);
    }
  });

  it("finds its way from a speed between", () => {
    expect([speedBeside(1.1, 1), speedBeside(1.1, -1)], "whoever set it").toEqual([1.25, 1]);
  });
});
