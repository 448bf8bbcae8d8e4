import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { frameOf } from "../test/views";
import { Following } from "./following.svelte";
import { decodeChunkMap } from "../chunks/decode";

const frame = (cells: number[]) => frameOf({ id: "one", size: 12, chunk_len: 4, notes: [] }, cells);

const following = (ask: () => Promise<ArrayBuffer>) => new Following(async () => decodeChunkMap(await ask()), 250);

/** The core, answering when it is told to. */
class Answers {
  asked = 0;
  #waiting: { resolve: (frame: ArrayBuffer) => void; reject: (error: unknown) => void }[] = [];

  ask = () => {
    this.asked += 1;
    return new Promise<ArrayBuffer>((resolve, reject) => this.#waiting.push({ resolve, reject }));
  };
  async answer(cells: number[]) {
    this.#waiting.shift()?.resolve(frame(cells));
    await vi.advanceTimersByTimeAsync(0);
  }
  async refuse() {
    this.#waiting.shift()?.reject({ code: "unknown_transfer", message: "gone", detail: null });
    await vi.advanceTimersByTimeAsync(0);
  }
}

describe("what is asked for while a row is open", () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  it("is asked for at once", async () => {
    const core = new Answers();
    const feed = following(core.ask);
    feed.refresh();
    await core.answer([2, 1, 0]);
    expect([...(feed.latest?.cells ?? [])], "and shown as it came").toEqual([2, 1, 0]);
  });

  it("is asked for no more often than the spacing allows", async () => {
    const core = new Answers();
    const feed = following(core.ask);
    for (let ms = 0; ms < 1000; ms += 50) {
      feed.refresh();
      await core.answer([2, 2, 0]);
      await vi.advanceTimersByTimeAsync(50);
    }
    expect(core.asked, "twenty changes, four or five requests").toBeLessThanOrEqual(5);
    expect(core.asked, "and not fewer than the spacing allows").toBeGreaterThanOrEqual(4);
  });

  it("never has two requests on their way", async () => {
    const core = new Answers();
    const feed = following(core.ask);
    feed.refresh();
    feed.refresh();
    await vi.advanceTimersByTimeAsync(5_000);
    expect(core.asked, "a slow core is not flooded").toBe(1);
    await core.answer([0, 0, 0]);
    expect(core.asked, "the change meanwhile is followed up").toBe(2);
  });

  it("shows the last change, however quickly it followed", async () => {
    const core = new Answers();
    const feed = following(core.ask);
    feed.refresh();
    await core.answer([0, 0, 0]);
    feed.refresh();
    await vi.advanceTimersByTimeAsync(250);
    await core.answer([2, 2, 2]);
    expect([...(feed.latest?.cells ?? [])], "no change is lost to the spacing").toEqual([2, 2, 2]);
  });

  it("asks no more when nothing changes", async () => {
    const core = new Answers();
    const feed = following(core.ask);
    feed.refresh();
    await core.answer([2, 2, 2]);
    await vi.advanceTimersByTimeAsync(60_000);
    expect(core.asked, "an idle window is idle").toBe(1);
  });

  it("keeps the last map when a request fails, and says so", async () => {
    const core = new Answers();
    const feed = following(core.ask);
    feed.refresh();
    await core.answer([2, 0, 0]);
    await vi.advanceTimersByTimeAsync(250);
    feed.refresh();
    await core.refuse();
    expect([feed.lost, feed.latest?.cells.length], "an old map is better than none").toEqual([true, 3]);
  });

  it("recovers after a failure", async () => {
    const core = new Answers();
    const feed = following(core.ask);
    feed.refresh();
    await core.refuse();
    await vi.advanceTimersByTimeAsync(250);
    feed.refresh();
    await core.answer([2, 2, 2]);
    expect(feed.lost, "one bad answer is not for ever").toBe(false);
  });

  it("asks no more once the row is closed", async () => {
    const core = new Answers();
    const feed = following(core.ask);
    feed.refresh();
    feed.refresh();
    feed.close();
    await core.answer([2, 2, 2]);
    await vi.advanceTimersByTimeAsync(1_000);
    feed.refresh();
    expect([core.asked, feed.latest], "closed is closed").toEqual([1, null]);
  });
});
