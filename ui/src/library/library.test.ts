import { describe, expect, it, test } from "vitest";
import { video } from "../test/views";
import { columnsFor, moveFrom } from "./moves";
import { faultOf, stemOf } from "./naming";
import { inOrder, matching } from "./order";

const named = (name: string, over = {}) => video({ id: name, name, ...over });

describe("a search", () => {
  const films = [named("Café Müller.mp4"), named("Reel 9.mov"), named("<b>Titles</b>.mov")];

  test.each([
    ["cafe", ["Café Müller.mp4"]],
    ["MOV 9", ["Reel 9.mov"]],
    ["<b>", ["<b>Titles</b>.mov"]],
    ["zebra", []],
  ])("for %j finds what holds every word of it", (sought, found) => {
    expect(matching(films, sought).map(({ name }) => name), "without regard to case, accents, order").toEqual(found);
  });

  it("for nothing shows everything", () => {
    expect(matching(films, "  "), "the very list").toBe(films);
  });
});

describe("the order", () => {
  const films = [named("Reel 10", { size: 1, created_at: 3 }), named("Reel 9", { size: 9, created_at: 2 })];
  const lengths: Record<string, number> = { "Reel 10": 60 };
  const by = (order: Parameters<typeof inOrder>[1]) =>
    inOrder(films, order, ({ id }) => lengths[id] ?? null).map(({ name }) => name);

  test.each([
    ["newest", ["Reel 10", "Reel 9"]],
    ["name", ["Reel 9", "Reel 10"]],
    ["size", ["Reel 9", "Reel 10"]],
    ["length", ["Reel 10", "Reel 9"]],
  ] as const)("by %s", (order, names) => {
    expect(by(order), "numbers as numbers; an unknown length stands last").toEqual(names);
  });
});

describe("the arrow keys", () => {
  test.each([
    [0, "ArrowRight", 1],
    [0, "ArrowDown", 3],
    [4, "ArrowUp", 1],
    [4, "ArrowDown", 6],
    [6, "ArrowDown", null],
    [0, "ArrowLeft", null],
    [6, "ArrowRight", null],
    [2, "End", 6],
    [2, "Home", 0],
    [2, "a", null],
  ])("from %i, %s leads to %s of seven in rows of three", (at, key, to) => {
    expect(moveFrom(at, key, 3, 7), "never out of the grid").toBe(to);
  });

  it("know how many posters stand side by side", () => {
    expect([columnsFor(10, 13.5, 0.5), columnsFor(28, 13.5, 0.5), columnsFor(0, 13.5, 0.5)]).toEqual([1, 2, 1]);
  });
});

describe("a name", () => {
  test.each(["", "  ", "a/b", ".", "..", "é".repeat(128)])("%j is none, and it is said why", (name) => {
    expect(faultOf(name), "before the core is asked").not.toBeNull();
  });

  it("keeps its ending out of the selection", () => {
    expect([stemOf("a.b.mov"), stemOf(".hidden"), stemOf("film")], "one changes the stem").toEqual([3, 7, 4]);
    expect(faultOf("a.mov"), "an ordinary name").toBeNull();
  });
});
