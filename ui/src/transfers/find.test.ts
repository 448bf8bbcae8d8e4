import { describe, expect, it, test } from "vitest";
import { finder, folded } from "./find";

const finds = (query: string, name: string) => finder(query)(folded(name));

describe("a search", () => {
  test.each([
    ["harb", "Harbour_Interview.mov", true],
    ["HARBOUR", "harbour.mov", true],
    ["mov harbour", "Harbour.mov", true],
    ["uber", "Über den Wolken.mkv", true],
    ["über", "Uber.mkv", true],
    ["cafe\u0301", "Café.mp4", true],
    ["<b>", "a <b>bold</b> name.mov", true],
    ["harbour mkv", "Harbour.mov", false],
    ["x", "Harbour.mov", false],
  ])("for %o in %o answers %o", (query, name, found) => {
    expect(finds(query, name), "as a person would look for it").toBe(found);
  });

  it("for nothing finds everything", () => {
    expect([finds("", "a"), finds("   ", "a")], "an empty field hides no film").toEqual([true, true]);
  });
});
