import { describe, expect, it, test } from "vitest";
import { countStates, decodeChunkMap } from "../../chunks/decode";
import { form } from "../../test/destinations";
import { instant } from "../../test/views";
import type { FeedView, TransferView } from "../bindings";
import { FakeBackend } from "./fake";
import { scenes } from "./scenes";

const film = { id: "a", name: "a.mov", size: 64e6, createdAt: instant };

async function running(seeds = [film]) {
  const feeds: FeedView[] = [];
  const backend = new FakeBackend({ transfers: seeds, videos: [], notices: [], dialog: [] }, instant);
  await backend.subscribe((feed) => feeds.push(feed));
  const last = (): TransferView | undefined =>
    feeds.flatMap((feed) => (feed.is === "whole" ? feed.transfers : feed.changed)).findLast(({ id }) => id === "a");
  return { backend, feeds, last };
}

describe("the fake program keeps the contract", () => {
  it("sends a whole first, then deltas", async () => {
    const { backend, feeds } = await running();
    for (let beat = 0; beat < 10; beat += 1) backend.pass(100);
    expect(feeds.map(({ is }) => is).slice(0, 2), "as the core does").toEqual(["whole", "delta"]);
    expect(feeds.slice(1).every(({ is }) => is === "delta"), "one whole only").toBe(true);
  });

  it("goes through the states of a transfer in order", async () => {
    const { backend, feeds } = await running();
    for (let beat = 0; beat < 100; beat += 1) backend.pass(100);
    const states = feeds.flatMap((feed) => (feed.is === "delta" ? feed.changed.map(({ state }) => state.is) : []));
    const order = states.filter((state, index) => state !== states[index - 1]);
    expect(order, "no state is skipped").toEqual(["preparing", "uploading", "verifying", "done"]);
  });

  it("frames a chunk map that adds up with its row", async () => {
    const { backend, last } = await running();
    for (let beat = 0; beat < 15; beat += 1) backend.pass(100);
    const map = decodeChunkMap(await backend.chunkMap("a"));
    expect(countStates(map.cells)[2], "the same chunks are safe").toBe(last()?.chunks_acked);
    expect(map.cells.length, "all of them").toBe(last()?.chunks_total);
  });

  it("cuts what is on its way when it is paused", async () => {
    const { backend } = await running();
    for (let beat = 0; beat < 15; beat += 1) backend.pass(100);
    await backend.command("a", "pause");
    const map = decodeChunkMap(await backend.chunkMap("a"));
    expect(countStates(map.cells)[1], "nothing flies").toBe(0);
  });

  it("refuses what cannot be done now", async () => {
    const { backend } = await running();
    await expect(backend.command("a", "resume"), "it is not paused").rejects.toMatchObject({ code: "not_now" });
    await expect(backend.command("x", "pause"), "nobody is called x").rejects.toMatchObject({ code: "unknown_transfer" });
  });

  it("has no film to play, and says so", async () => {
    const { backend } = await running();
    const opened = backend.openMedia({ is: "transfer", id: "a" });
    await expect(opened, "an error of the contract").rejects.toMatchObject({ code: "media_gone" });
  });

  it("keeps destinations: the default first, each under its id, what is removed is gone", async () => {
    const { backend, feeds } = await running();
    const list = () => feeds.findLast((feed) => feed.destinations !== null)?.destinations?.map(({ form }) => form.name);
    const id = await backend.saveDestination(null, form({ name: "Studio" }), { is: "token", token: "t" });
    expect(list(), "by name behind the default").toEqual(["this computer", "Studio"]);
    await backend.chooseDefault(id);
    expect(await backend.saveDestination(id, form({ name: "Berlin" }), { is: "keep" }), "a change keeps the id").toBe(id);
    expect(list(), "the default first").toEqual(["Berlin", "this computer"]);
    expect(JSON.stringify(feeds), "a secret never comes back").not.toContain("token");
    await backend.removeDestination(id);
    expect(list(), "and the default is this computer").toEqual(["this computer"]);
  });

  it("refuses what cannot be done with a destination", async () => {
    const { backend } = await running();
    const refused = { code: "other" };
    await expect(backend.removeDestination("vault"), "a film is on its way there").rejects.toMatchObject(refused);
    await expect(backend.saveDestination(null, form({ name: "" }), { is: "none" }), "no name").rejects.toMatchObject(refused);
    await expect(backend.chooseFiles("gone"), "nobody is called so").rejects.toMatchObject(refused);
    await expect(backend.copyLink({ is: "transfer", id: "a" }, 7), "this computer makes no links").rejects.toMatchObject(refused);
  });

  test.each([
    ["https://films.example.org", "server", null],
    ["https://tus.example.org/files/", "tus", null],
    ["s3://films/2026", "s3", null],
    ["/media/archive", "vault", null],
    ["https://kim:hunter2@films.example.org", "server", expect.stringContaining("left out")],
    ["hello", undefined, expect.stringContaining("neither")],
  ])("recognises %s", async (text, kind, sentence) => {
    const { backend } = await running();
    const recognised = await backend.recognise(text);
    expect([recognised.form?.place.is, recognised.sentence], "as the program does").toEqual([kind, sentence]);
  });

  it("shows every state in its scene", () => {
    const { transfers } = scenes.states(instant);
    const states = new Set(transfers.map(({ state }) => state?.is));
    expect(states.size, "nine kinds and more to look at").toBeGreaterThanOrEqual(9);
  });
});
