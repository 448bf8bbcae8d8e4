import { describe, expect, it, test } from "vitest";
import { Memory, worthRemembering } from "./memory";

function remembering(known: number | null = null) {
  const told: (number | null)[] = [];
  return { told, memory: new Memory(known, (seconds) => told.push(seconds)) };
}

describe("a place in a film of 100 seconds", () => {
  test.each([
    [0, null],
    [9.9, null],
    [10, 10],
    [50.5, 50.5],
    [97, 97],
    [97.1, null],
    [100, null],
  ])("at %d is remembered as %o", (at, place) => {
    expect(worthRemembering(at, 100), "the first seconds and the end begin anew").toBe(place);
  });
});

describe("the memory", () => {
  it("tells about every five seconds while the film plays", () => {
    const { told, memory } = remembering();
    for (let at = 0; at <= 30; at += 0.25) memory.pass(at, 100);
    expect(told, "often enough to lose little, seldom enough to disturb nobody").toEqual([10, 15, 20, 25, 30]);
  });

  it("tells at once when the film stands still", () => {
    const { told, memory } = remembering();
    memory.pass(20, 100);
    memory.keep(21.5, 100);
    expect(told, "to the second").toEqual([20, 21.5]);
  });

  it("tells nothing twice", () => {
    const { told, memory } = remembering(40);
    memory.keep(40, 100);
    memory.keep(40, 100);
    expect(told, "the program knows").toEqual([]);
  });

  it("forgets at the end", () => {
    const { told, memory } = remembering(40);
    memory.keep(100, 100);
    expect(told, "seen to its end").toEqual([null]);
  });

  it("forgets when one goes back to the beginning", () => {
    const { told, memory } = remembering(40);
    memory.pass(2, 100);
    expect(told, "a film that begins anew").toEqual([null]);
  });

  it("says nothing of a film whose length is not known", () => {
    const { told, memory } = remembering(40);
    memory.keep(0, NaN);
    expect(told, "it was never opened, so its place stands").toEqual([]);
  });
});
