import { afterEach, beforeEach, describe, expect, it, test, vi } from "vitest";
import { everyState, frameOf, nameOf } from "../test/views";
import { Uploaded, uploadOf } from "./uploaded.svelte";

/** A core that answers with ever more chunks of four. */
function core() {
  let acked = 0;
  const ask = vi.fn(async () => {
    acked += 1;
    return frameOf({ id: "t", size: 16, chunk_len: 4, notes: [] }, [0, 1, 2, 3].map((chunk) => (chunk < acked ? 2 : 0)));
  });
  return { ask, uploaded: new Uploaded(ask) };
}

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

const pass = (ms: number) => vi.advanceTimersByTimeAsync(ms);

describe("what has been uploaded", () => {
  it("is asked for about once a second while it grows", async () => {
    const { ask, uploaded } = core();
    const stop = uploaded.follow("moving");
    await pass(0);
    expect(uploaded.stretches, "at once").toEqual([{ from: 0, to: 0.25 }]);
    await pass(2000);
    expect([ask.mock.calls.length, uploaded.stretches], "twice more").toEqual([3, [{ from: 0, to: 0.75 }]]);
    stop();
    await pass(5000);
    expect(ask, "nobody looks any more").toHaveBeenCalledTimes(3);
  });

  it("is asked for once while the transfer rests", async () => {
    const { ask, uploaded } = core();
    uploaded.follow("held");
    await pass(5000);
    expect([ask.mock.calls.length, uploaded.stretches?.length], "it does not change").toEqual([1, 1]);
  });

  it("is nothing to draw when all of it is there", async () => {
    const { ask, uploaded } = core();
    uploaded.follow("moving")();
    await pass(0);
    uploaded.follow("none");
    await pass(5000);
    expect([ask.mock.calls.length, uploaded.stretches], "and nothing is asked").toEqual([1, null]);
  });

  it("stays as it was when one answer fails", async () => {
    const { ask, uploaded } = core();
    uploaded.follow("moving");
    await pass(0);
    ask.mockRejectedValueOnce(new Error("busy"));
    await pass(1000);
    expect(uploaded.stretches, "a bar disturbs nobody").toEqual([{ from: 0, to: 0.25 }]);
    await pass(1000);
    expect(uploaded.stretches, "and goes on").toEqual([{ from: 0, to: 0.5 }]);
  });
});

test.each(everyState.map((state) => [nameOf(state), state] as const))("the state %s has a bar or none", (name, state) => {
  const moving = ["preparing", "uploading", "limited", "throttled"];
  const held = ["queued", "paused", "waiting", "failed"];
  const [is = ""] = name.split(" ");
  expect(uploadOf(state), "drawn while something is missing").toBe(
    moving.includes(is) ? "moving" : held.includes(is) ? "held" : "none",
  );
});

it("is none for a film that is no transfer", () => {
  expect(uploadOf(undefined), "it is there").toBe("none");
});
