import { describe, expect, it, test } from "vitest";
import type { PriorityView } from "../../ipc/bindings";
import { dropped, gapFor, numberOf, stepped, type Placed, type Step } from "./places";

const row = (id: string, priority: PriorityView = "normal"): Placed => ({ id, priority });
const line = [row("h", "high"), row("a"), row("b"), row("c"), row("d"), row("l", "low")];

describe("a step by keys", () => {
  test.each<[string, Step, string | null]>([
    ["b", "up", "a"],
    ["b", "down", "d"],
    ["b", "first", "a"],
    ["b", "last", null],
    ["c", "down", null],
  ])("moves %s %s to before %s", (led, step, before) => {
    expect(stepped(line, new Set(), led, step), "one place, or all the way").toEqual({ ids: [led], before });
  });

  test.each<[string, Step]>([["a", "up"], ["a", "first"], ["d", "down"], ["d", "last"], ["h", "down"], ["l", "up"]])(
    "of %s %s is none: it stands there, at the end of its priority",
    (led, step) => {
      expect(stepped(line, new Set(), led, step), "the core is not asked").toBeNull();
    },
  );

  it("moves what is selected together, in the order of the line", () => {
    expect(stepped(line, new Set(["c", "b"]), "c", "up"), "both before the one above them").toEqual({ ids: ["b", "c"], before: "a" });
    expect(stepped(line, new Set(["b", "d"]), "b", "down"), "apart they gather below").toEqual({ ids: ["b", "d"], before: null });
    expect(stepped(line, new Set(["a", "l"]), "a", "down"), "one of another priority stays").toEqual({ ids: ["a"], before: "c" });
  });
});

describe("a drop", () => {
  it("lands before the row under the line", () => {
    expect(dropped(line, new Set(["d"]), "d", 1), "to the front of its priority").toEqual({ ids: ["d"], before: "a" });
    expect(dropped(line, new Set(["a"]), "a", 5), "to the end").toEqual({ ids: ["a"], before: null });
    expect(dropped(line, new Set(["a", "c"]), "a", 5), "several together").toEqual({ ids: ["a", "c"], before: null });
  });

  it("where they stand already changes nothing", () => {
    expect([dropped(line, new Set(["b"]), "b", 2), dropped(line, new Set(["b"]), "b", 3)], "on both sides of it").toEqual([null, null]);
    expect(dropped(line, new Set(["b", "c"]), "b", 3), "nor between them").toBeNull();
  });

  it("is shown where it can land", () => {
    expect([gapFor(line, "c", 0), gapFor(line, "c", 3), gapFor(line, "c", 6)], "among its own priority").toEqual([1, 3, 5]);
    expect([gapFor(line, "h", 4), gapFor(line, "l", 0)], "as at both ends").toEqual([1, 5]);
  });
});

it("people count from one", () => {
  expect(numberOf(line, "h"), "the first").toBe(1);
});
