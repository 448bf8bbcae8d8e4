import { describe, expect, it } from "vitest";
import type { StateView } from "../ipc/bindings";
import { delta, transfer, whole } from "../test/views";
import { Transfers } from "./transfers.svelte";

const done: StateView = { is: "done", proof: "root", object: "o" };
const ids = (transfers: Transfers) => transfers.rows.map((row) => row.id);

function listed(...views: Parameters<typeof transfer>[0][]): Transfers {
  const transfers = new Transfers();
  transfers.take(whole({ transfers: views.map((view) => transfer(view)) }));
  return transfers;
}

describe("the list", () => {
  it("shows the whole in line order, whatever order it came in", () => {
    expect(ids(listed({ id: "b", position: 2 }, { id: "a", position: 1 })), "lower goes first").toEqual(["a", "b"]);
  });

  it("puts what ended last, newest first", () => {
    const transfers = listed(
      { id: "old", position: 1, state: done, ended_at: 100 },
      { id: "new", position: 2, state: { is: "cancelled" }, ended_at: 200 },
      { id: "live", position: 3 },
    );
    expect(ids(transfers), "what is under way is what one looks for").toEqual(["live", "new", "old"]);
    expect(transfers.endedCount, "two have ended").toBe(2);
  });

  it("keeps a failed one among those under way", () => {
    const failed: StateView = { is: "failed", kind: "remote", sentence: "" };
    expect(ids(listed({ id: "a", position: 2 }, { id: "b", position: 1, state: failed })), "it needs the user").toEqual([
      "b",
      "a",
    ]);
  });

  it("orders equals the same way each time", () => {
    expect(ids(listed({ id: "b", position: 1 }, { id: "a", position: 1 })), "rows must not swap").toEqual(["a", "b"]);
  });

  it("forgets what a second whole does not hold", () => {
    const transfers = listed({ id: "a" }, { id: "b", position: 2 });
    transfers.toggle("a");
    transfers.take(whole({ transfers: [transfer({ id: "b", position: 2 })] }));
    expect(ids(transfers), "the core is the truth").toEqual(["b"]);
    expect(transfers.opened.has("a"), "nor is it open any more").toBe(false);
  });
});

describe("a delta", () => {
  it("changes the row that it names, and only that", () => {
    const transfers = listed({ id: "a" }, { id: "b", position: 2 });
    const [a, b] = transfers.rows;
    const before = b?.view;
    transfers.take(delta({ changed: [transfer({ id: "a", bytes_acked: 3.5e9 })] }));
    expect(transfers.rows[0], "the row itself stays, so its open details stay").toBe(a);
    expect(a?.view.bytes_acked, "it shows what arrived last").toBe(3.5e9);
    expect(b?.view, "the other was not touched").toBe(before);
  });

  it("does not arrange the list anew for mere progress", () => {
    const transfers = listed({ id: "a" }, { id: "b", position: 2 });
    const before = transfers.rows;
    transfers.take(delta({ changed: [transfer({ id: "a", speed: 1 })] }));
    expect(transfers.rows, "ten times a second, ten thousand rows").toBe(before);
  });

  it("adds a new row in its place", () => {
    const transfers = listed({ id: "a", position: 1 }, { id: "c", position: 3 });
    transfers.take(delta({ changed: [transfer({ id: "b", position: 2 })] }));
    expect(ids(transfers), "in line order").toEqual(["a", "b", "c"]);
  });

  it("removes a row, and its being open", () => {
    const transfers = listed({ id: "a" }, { id: "b", position: 2 });
    transfers.toggle("a");
    transfers.take(delta({ removed: ["a", "never seen"] }));
    expect(ids(transfers), "gone").toEqual(["b"]);
    expect(transfers.opened.size, "and forgotten").toBe(0);
  });

  it("moves a row that has ended below", () => {
    const transfers = listed({ id: "a", position: 1 }, { id: "b", position: 2 });
    transfers.take(delta({ changed: [transfer({ id: "a", position: 1, state: done, ended_at: 5 })] }));
    expect(ids(transfers), "what runs comes first").toEqual(["b", "a"]);
  });

  it("moves a row whose place in line changed", () => {
    const transfers = listed({ id: "a", position: 1 }, { id: "b", position: 2 });
    transfers.take(delta({ changed: [transfer({ id: "a", position: 3 })] }));
    expect(ids(transfers), "in line order").toEqual(["b", "a"]);
  });
});

describe("places in line", () => {
  const places = (transfers: Transfers) => transfers.rows.map((row) => row.place);

  it("are counted among the queued alone", () => {
    const transfers = listed(
      { id: "a", position: 1 },
      { id: "b", position: 2, state: { is: "queued" } },
      { id: "c", position: 3, state: { is: "paused" } },
      { id: "d", position: 4, state: { is: "queued" } },
    );
    expect(places(transfers), "a paused one does not stand in line").toEqual([null, 1, null, 2]);
  });

  it("move up when one before begins", () => {
    const queued: StateView = { is: "queued" };
    const transfers = listed({ id: "a", position: 1, state: queued }, { id: "b", position: 2, state: queued });
    transfers.take(delta({ changed: [transfer({ id: "a", position: 1, state: { is: "preparing" } })] }));
    expect(places(transfers), "the second is now next").toEqual([null, 1]);
  });
});

it("asks for a row anew each time it is sought", () => {
  const transfers = listed({ id: "a" });
  transfers.seek("a");
  const first = transfers.sought;
  transfers.seek("a");
  expect(transfers.sought, "dropping the same file twice shows its row twice").not.toBe(first);
});
