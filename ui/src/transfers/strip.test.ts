import { describe, expect, it } from "vitest";
import { gradientOf } from "./strip";

interface Stop {
  filled: boolean;
  from: number;
  to: number;
}

function stopsOf(gradient: string): Stop[] {
  return [...gradient.matchAll(/var\(--(filled|unfilled)\) ([\d.]+)% ([\d.]+)%/g)].map(([, kind, from, to]) => ({
    filled: kind === "filled",
    from: Number(from),
    to: Number(to),
  }));
}

const filledPart = (stops: Stop[]) => stops.reduce((sum, { filled, from, to }) => sum + (filled ? to - from : 0), 0);

describe("the strip", () => {
  it("is one run when all or nothing is safe", () => {
    expect(gradientOf([255, 255, 255]), "neighbours melt").toBe("linear-gradient(to right, var(--filled) 0% 100%)");
    expect(gradientOf([0, 0, 0]), "neighbours melt").toBe("linear-gradient(to right, var(--unfilled) 0% 100%)");
  });

  it("is empty for a transfer that is not planned yet", () => {
    expect(gradientOf([]), "no stretches, nothing safe").toBe("linear-gradient(to right, var(--unfilled) 0% 100%)");
  });

  it("shows islands where they lie in the film", () => {
    expect(stopsOf(gradientOf([255, 0, 0, 255])), "beginning and end are there").toEqual([
      { filled: true, from: 0, to: 25 },
      { filled: false, from: 25, to: 75 },
      { filled: true, from: 75, to: 100 },
    ]);
  });

  it("covers the width without gap or overlap, and fills no more than is safe", () => {
    for (let seed = 1; seed < 200; seed += 1) {
      const strip = Array.from({ length: 1 + (seed % 64) }, (_, index) => (seed * 97 + index * index * 31) % 256);
      const stops = stopsOf(gradientOf(strip));
      expect(stops[0]?.from, "it begins at the left").toBe(0);
      expect(stops.at(-1)?.to, "it ends at the right").toBe(100);
      stops.slice(1).forEach((stop, index) => expect(stop.from, "each begins where one ended").toBe(stops[index]?.to));
      const safe = (strip.reduce((sum, share) => sum + share, 0) / (255 * strip.length)) * 100;
      expect(Math.abs(filledPart(stops) - safe), "its filled part is the safe share").toBeLessThan(0.7);
    }
  });

  it("takes no byte beyond its range", () => {
    expect(filledPart(stopsOf(gradientOf([999, -5]))), "half is filled at most").toBe(50);
  });
});
