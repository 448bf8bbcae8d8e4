import { describe, expect, it } from "vitest";
import type { MediaRequest, MediaView } from "../ipc/bindings";
import { Player } from "./player.svelte";

const request = (id: string): MediaRequest => ({ is: "transfer", id });
const media = (id: string): MediaView => ({ url: `http://127.0.0.1:1/${id}`, name: `${id}.mov`, size: 1, position: null });

/** A core that opens when it is told to, and writes down what was closed. */
function core() {
  const opening = new Map<string, (media: MediaView) => void>();
  const closed: string[] = [];
  const backend = {
    openMedia: ({ id }: MediaRequest) => new Promise<MediaView>((resolve) => opening.set(id, resolve)),
    closeMedia: async (url: string) => void closed.push(url),
  };
  const answer = async (id: string) => {
    opening.get(id)?.(media(id));
    await Promise.resolve();
    await Promise.resolve();
  };
  return { player: new Player(backend), closed, answer };
}

describe("the player", () => {
  it("says that it opens, then shows", async () => {
    const { player, answer } = core();
    const opened = player.open(request("a"), "a.mov");
    expect(player.showing?.is, "at once").toBe("opening");
    await answer("a");
    await opened;
    expect(player.showing, "with its address").toMatchObject({ is: "open", media: media("a") });
  });

  it("closes its address", async () => {
    const { player, closed, answer } = core();
    const opened = player.open(request("a"), "a.mov");
    await answer("a");
    await opened;
    player.close();
    expect([player.showing, closed], "nothing stays open at the core").toEqual([null, [media("a").url]]);
  });

  it("closes what opened too late", async () => {
    const { player, closed, answer } = core();
    const opened = player.open(request("a"), "a.mov");
    player.close();
    await answer("a");
    await opened;
    expect([player.showing, closed], "the person was quicker").toEqual([null, [media("a").url]]);
  });

  it("shows the film that was asked for last", async () => {
    const { player, closed, answer } = core();
    const first = player.open(request("a"), "a.mov");
    const second = player.open(request("b"), "b.mov");
    await answer("b");
    await answer("a");
    await Promise.all([first, second]);
    expect(player.showing?.name, "not the one that answered last").toBe("b.mov");
    expect(closed, "the other is closed").toEqual([media("a").url]);
  });

  it("keeps an error to show", async () => {
    const gone = { code: "media_gone", message: "not there", detail: null };
    const player = new Player({ openMedia: () => Promise.reject(gone), closeMedia: async () => undefined });
    await player.open(request("a"), "a.mov");
    expect(player.showing, "with the name, to try again").toMatchObject({ is: "failed", name: "a.mov", error: gone });
  });

  it("does not mind an address that cannot be closed", async () => {
    const backend = { openMedia: async () => media("a"), closeMedia: () => Promise.reject(new Error("late")) };
    const player = new Player(backend);
    await player.open(request("a"), "a.mov");
    expect(() => player.close(), "it ends with the window").not.toThrow();
  });
});
