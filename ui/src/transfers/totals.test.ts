import { describe, expect, it, test } from "vitest";
import type { StateView } from "../ipc/bindings";
import { everyState, nameOf, transfer } from "../test/views";
import { forecastsOf, totalsOf } from "./totals";

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
    expect(totalsOf([gigabyte({ is: "queued" })]), "no speed, no promise").toMatchObject({ speed: 0, secondsLeft: null });
    expect(totalsOf([]), "nothing at all").toEqual({ speed: 0, secondsLeft: null, total: 0, safe: 0 });
  });

  it("count what is safe, whether it moves or not", () => {
    const totals = totalsOf([uploading, gigabyte({ is: "paused" })]);
    expect([totals.total, totals.safe], "acknowledged bytes of all bytes").toEqual([4e9, 2e9]);
  });

  test.each(everyState.map((state) => [nameOf(state), state] as const))("with one that is %s", (_, state) => {
    const still = ["waiting", "paused", "failed", "verifying", "cancelling", "cancelled", "skipped", "done"].includes(state.is);
    const seconds = totalsOf([uploading, gigabyte(state)]).secondsLeft;
    expect(seconds, "what stands still would make the promise wrong").toBe(still ? 10 : 20);
  });
});

describe("a forecast for the queued", () => {
  const queued = (id: string) => transfer({ id, state: { is: "queued" }, bytes_total: 10e6, bytes_acked: 0, speed: 0 });
  const moving = transfer({ id: "now", bytes_total: 10e6, bytes_acked: 5e6, speed: 1e6 });
  const paused = transfer({ id: "held", state: { is: "paused" }, bytes_total: 90e6, bytes_acked: 0, speed: 0 });

  it("counts what goes before it in line, then its own bytes", () => {
    expect([...forecastsOf([moving, paused, queued("a"), queued("b")])], "a paused one is in nobody's way").toEqual([
      ["a", 15],
      ["b", 25],
    ]);
  });

  it("is none while nothing moves", () => {
    expect(forecastsOf([queued("a")]).size, "no speed, no promise").toBe(0);
  });
});
