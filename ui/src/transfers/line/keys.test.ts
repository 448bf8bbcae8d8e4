import { describe, expect, it, test } from "vitest";
import { transfer, everyState } from "../../test/views";
import { orderChoicesFor } from "./choices";
import { raised, rowKey, type RowKey } from "./keys";

const key = (name: string, over = {}) => ({ key: name, ctrlKey: false, metaKey: false, altKey: false, shiftKey: false, ...over });

test.each<[string, ReturnType<typeof key>, RowKey | null]>([
  ["an arrow leads on", key("ArrowDown"), { is: "go", to: "down" }],
  ["with Shift it selects", key("ArrowUp", { shiftKey: true }), { is: "extend", to: "up" }],
  ["with Alt it moves", key("ArrowUp", { altKey: true }), { is: "move", step: "up" }],
  ["Alt and End", key("End", { altKey: true }), { is: "move", step: "last" }],
  ["a plus", key("+", { shiftKey: true }), { is: "priority", by: 1 }],
  ["a minus", key("-"), { is: "priority", by: -1 }],
  ["R", key("r"), { is: "retry" }],
  ["Escape", key("Escape"), { is: "forget" }],
  ["Ctrl and Space", key(" ", { ctrlKey: true }), { is: "select" }],
  ["Ctrl and A", key("a", { ctrlKey: true }), { is: "select_all" }],
  ["Ctrl and R is not ours", key("r", { ctrlKey: true }), null],
  ["Space opens the row", key(" "), null],
])("%s", (_, pressed, does) => {
  expect(rowKey(pressed), "as the shortcuts say").toEqual(does);
});

it("a priority ends at the highest and the lowest", () => {
  expect([raised("normal", 1), raised("high", 1), raised("low", -1), raised("low", 1)], "one by one").toEqual(["high", "high", "low", "normal"]);
});

describe("the menu about a row's place", () => {
  it("offers both ends of the line and the two other priorities", () => {
    const names = orderChoicesFor(transfer({ priority: "high" })).map(({ name }) => name);
    expect(names, "nothing that would change nothing").toEqual(["first", "last", "normal", "low"]);
  });

  it("is empty for what needs no turn any more", () => {
    for (const state of everyState.filter(({ is }) => is === "done" || is === "cancelled" || is === "skipped" || is === "cancelling")) {
      expect(orderChoicesFor(transfer({ state })), state.is).toEqual([]);
    }
  });
});
