import { describe, expect, it, test } from "vitest";
import type { StateView } from "../ipc/bindings";
import { everyState, nameOf, transfer } from "../test/views";
import { totalsOf } from "./totals";

const gigabyte = (state: StateView, speed = 0) => transfer({ state, speed, bytes_total: 2e9, bytes_acked: 1e9 });
const uploading = gigabyte({ is: "uploading" }, 100e6);

describe("all transfers together", () => {
  it("are as fast as each of them summed up", () => {
    expect(totalsOf([uploading, uploading]).speed, "two at a hundred megabytes").toBe(200e6);
  });

  it("take as long as what is left takes at that speed", () => {
    expect(totalsOf([uploading, gigabyte({ is: "queued" })]).secondsLeft, "two gigabytes at a hundred megabytes").toBe(20);
  });

  it("promise nothing while nothing moves", () => {
    expect(totalsOf([gigabyte({ is: "queued" })]), "no speed, no promise").toEqual({ speed: 0, secondsLeft: null });
    expect(totalsOf([]), "nothing at all").toEqual({ speed: 0, secondsLeft: null });
  });

  test.each(everyState.map((state) => [nameOf(state), state] as const))("with one that is %s", (_, state) => {
    const still = ["waiting", "paused", "failed", "verifying", "cancelling", "cancelled", "done"].includes(state.is);
    const seconds = totalsOf([uploading, gigabyte(state)]).secondsLeft;
    expect(seconds, "what stands still would make the promise wrong").toBe(still ? 10 : 20);
  });
});
