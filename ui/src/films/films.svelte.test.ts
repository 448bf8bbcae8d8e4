import { describe, expect, it, vi } from "vitest";
import type { FactsView, MediaRequest } from "../ipc/bindings";
import { Films } from "./films.svelte";

const request = (id: string): MediaRequest => ({ is: "video", id });
const facts = (over: Partial<FactsView> = {}): FactsView => ({
  poster: "data:,",
  duration: 42,
  container: null,
  tracks: [],
  index_at_end: false,
  trouble: null,
  ...over,
});
const settled = () => new Promise((resolve) => setTimeout(resolve));

describe("what is known of a film", () => {
  it("is asked for once and then kept", async () => {
    const ask = vi.fn(async () => facts());
    const films = new Films({ facts: ask });
    expect(films.factsOf(request("a")), "not known yet").toBeNull();
    await settled();
    expect([films.factsOf(request("a"))?.duration, ask.mock.calls.length], "reading again asks nobody").toEqual([42, 1]);
    expect(films.lengthOf(request("a")), "lists sort by it").toBe(42);
  });

  it("is asked for a few at a time, those seen last first", async () => {
    const asked: string[] = [];
    const films = new Films({ facts: async ({ id }) => (asked.push(id), facts()) });
    for (const id of ["a", "b", "c", "d", "e", "f"]) films.factsOf(request(id));
    expect(asked, "four at once").toEqual(["a", "b", "c", "d"]);
    await settled();
    expect(asked, "what came into view last is looked at first").toEqual(["a", "b", "c", "d", "f", "e"]);
  });

  it("is asked for again a while after it failed", async () => {
    let now = 0;
    const ask = vi.fn().mockRejectedValueOnce(new Error("away")).mockResolvedValue(facts());
    const films = new Films({ facts: ask }, () => now);
    films.factsOf(request("a"));
    await settled();
    films.factsOf(request("a"));
    expect(ask.mock.calls.length, "no storm of questions").toBe(1);
    now = 60_000;
    films.factsOf(request("a"));
    await settled();
    expect(films.factsOf(request("a"))?.duration, "its disk is back").toBe(42);
  });
});
