import { describe, expect, it } from "vitest";
import { chunkMap } from "../test/views";
import { pathOf, shareOf, uploadedStretches } from "./ranges";

describe("what has been uploaded", () => {
  it("is what was acknowledged, and nothing that flies", () => {
    const map = chunkMap([2, 2, 1, 0, 2, 3, 4, 5, 6, 2], { size: 10, chunk_len: 1 });
    expect(uploadedStretches(map), "a run of chunks is one stretch").toEqual([
      { from: 0, to: 0.2 },
      { from: 0.4, to: 0.5 },
      { from: 0.9, to: 1 },
    ]);
  });

  it("counts the last chunk by its bytes", () => {
    const stretches = uploadedStretches(chunkMap([0, 0, 2], { size: 10, chunk_len: 4 }));
    expect(stretches, "it is shorter than the others").toEqual([{ from: 0.8, to: 1 }]);
  });

  it("is nothing of an empty film", () => {
    expect(uploadedStretches(chunkMap([], { size: 0 })), "no chunk, no stretch").toEqual([]);
  });

  it("has a share", () => {
    const stretches = uploadedStretches(chunkMap([2, 0, 2, 2], { size: 8, chunk_len: 2 }));
    expect(shareOf(stretches), "three of four").toBeCloseTo(0.75, 9);
  });
});

it("is drawn as one path", () => {
  const path = pathOf([
    { from: 0, to: 0.25 },
    { from: 0.5, to: 1 },
  ]);
  expect(path, "a box for each stretch").toBe("M0 0H250V1H0ZM500 0H1000V1H500Z");
});
