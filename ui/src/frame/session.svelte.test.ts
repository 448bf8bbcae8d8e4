import { describe, expect, it, test } from "vitest";
import type { ErrorView } from "../ipc/bindings";
import { FakeBackend, type Scene } from "../ipc/fake/fake";
import { instant, video } from "../test/views";
import { Session } from "./session.svelte";

const film = (id: string, over = {}) => ({ id, name: `${id}.mov`, size: 40e6, createdAt: instant, ...over });

async function started(over: Partial<Scene> = {}) {
  const scene = { transfers: [film("a"), film("b")], videos: [], notices: [], dialog: [], ...over };
  const backend = new FakeBackend(scene, instant);
  const session = new Session(backend);
  await session.begin();
  return { backend, session };
}

const rejecting = (error: unknown) => () => Promise.reject(error);
const failure = (code: ErrorView["code"], message = "It broke.", detail: string | null = null): ErrorView => ({
  code,
  message,
  detail,
});

describe("at the start", () => {
  it("everything comes by the first feed", async () => {
    const { session } = await started({ videos: [video()], notices: [{ id: 1, level: "info", sentence: "Hello." }] });
    expect(session.transfers.rows.map((row) => row.id), "the list").toEqual(["a", "b"]);
    expect(session.library.videos.length, "the library").toBe(1);
    expect(session.notices.list.length, "the notices").toBe(1);
    expect(session.status?.vault, "the status").toBe("/home/kim/Pawl");
  });

  it("a core that does not answer is said in words", async () => {
    const { backend } = await started();
    backend.subscribe = rejecting(failure("other", "The journal is locked by another Pawl."));
    const session = new Session(backend);
    await session.begin();
    expect(session.broken, "no empty list that looks like a loss").toBe("The journal is locked by another Pawl.");
  });
});

describe("while it runs", () => {
  it("a film goes all the way to done and into the library", async () => {
    const { backend, session } = await started();
    for (let beat = 0; beat < 200; beat += 1) backend.pass(100);
    expect(session.transfers.rows.map((row) => row.view.state.is), "both arrived").toEqual(["done", "done"]);
    expect(session.library.videos.map(({ name }) => name).toSorted(), "and can be played").toEqual(["a.mov", "b.mov"]);
  });

  it("progress never goes back and is never whole before done", async () => {
    const { backend, session } = await started();
    let before = 0;
    for (let beat = 0; beat < 200; beat += 1) {
      backend.pass(100);
      const view = session.transfers.row("a")!.view;
      expect(view.bytes_acked, "acknowledged bytes only grow").toBeGreaterThanOrEqual(before);
      before = view.bytes_acked;
    }
  });

  it("a command is only asked for; what it did comes by the feed", async () => {
    const { backend, session } = await started();
    backend.command = async () => undefined;
    await session.act(session.transfers.row("a")!, "pause");
    expect(session.transfers.row("a")!.view.state.is, "no optimistic guess").toBe("queued");
  });

  test.each(["pause", "cancel"] as const)("%s reaches the core", async (command) => {
    const { backend, session } = await started();
    await session.act(session.transfers.row("a")!, command);
    expect(backend.asked, "with the row's id").toContain(`${command} a`);
  });

  it("the speed limit comes back by the feed", async () => {
    const { backend, session } = await started();
    await session.setLimit(5e6);
    expect([backend.asked.at(-1), session.status?.limit], "asked, then reported").toEqual(["limit 5000000", 5e6]);
  });

  it("a limit shows as the state of what it holds", async () => {
    const { backend, session } = await started();
    await session.setLimit(1e6);
    for (let beat = 0; beat < 20; beat += 1) backend.pass(100);
    expect(session.transfers.row("a")!.view.state.is, "the person sees why it is slow").toBe("limited");
  });

  it("a removed row is gone", async () => {
    const { backend, session } = await started();
    await session.act(session.transfers.row("a")!, "cancel");
    await session.act(session.transfers.row("a")!, "remove");
    expect([backend.asked.at(-1), session.transfers.row("a")], "the delta said so").toEqual(["remove a", undefined]);
  });
});

describe("what was dropped", () => {
  it("appears in the list, which is shown", async () => {
    const { backend, session } = await started();
    session.place = "library";
    backend.drop([{ name: "new.mov", size: 5e6 }]);
    expect([session.place, session.transfers.rows.length], "one sees what one did").toEqual(["transfers", 3]);
  });

  it("twice leads to its row", async () => {
    const { backend, session } = await started();
    backend.drop([{ name: "b.mov", size: 40e6 }]);
    expect([session.transfers.sought?.id, session.transfers.rows.length], "not added again").toEqual(["b", 2]);
  });

  it("and refused is explained, and stays where one was", async () => {
    const { backend, session } = await started();
    session.place = "library";
    backend.drop([{ name: "Folder", size: 0, folder: true }]);
    expect(session.notices.list.map(({ sentence }) => sentence), "the file and why").toEqual([
      "Folder: It is a folder. Drop the films in it instead.",
    ]);
    expect(session.place, "nothing new to look at").toBe("library");
  });

  it("refuses one of a drop without the others", async () => {
    const { backend, session } = await started();
    backend.drop([
      { name: "Folder", size: 0, folder: true },
      { name: "new.mov", size: 5e6 },
    ]);
    expect([session.transfers.rows.length, session.notices.list.length], "one in, one explained").toEqual([3, 1]);
  });

  it("highlights the window while it hovers", async () => {
    const { backend, session } = await started();
    backend.drag("over");
    expect(session.dragging, "one clear target").toBe(true);
    backend.drag("left");
    expect(session.dragging, "until it leaves").toBe(false);
  });

  it("can be chosen in the dialog instead", async () => {
    const { session } = await started({ dialog: [{ name: "b.mov", size: 1 }] });
    await session.choose();
    expect(session.transfers.sought?.id, "the same rules hold").toBe("b");
  });
});

describe("an error", () => {
  it("about an unknown transfer drops its row", async () => {
    const { backend, session } = await started();
    backend.command = rejecting(failure("unknown_transfer"));
    await session.act(session.transfers.row("a")!, "pause");
    expect([session.transfers.row("a"), session.notices.list.length], "gone, without ado").toEqual([undefined, 0]);
  });

  it("of being too late is silent: the row says why", async () => {
    const { session } = await started();
    await session.act(session.transfers.row("a")!, "resume");
    expect(session.notices.list, "it was not paused").toEqual([]);
  });

  it("about a lost film says what to do", async () => {
    const { backend, session } = await started();
    backend.showInFolder = rejecting(failure("media_gone", "ENOENT"));
    await session.act(session.transfers.row("a")!, "show");
    expect(session.notices.list[0]?.sentence, "no raw code").toContain("Put its disk or its file back");
  });

  test.each([
    ["an error of the contract", failure("other", "The disk is full.", "os error 28"), "The disk is full.", "os error 28"],
    ["a bare Error", new Error("Channel closed"), "Channel closed", null],
    ["a bare string", "no such command", "no such command", null],
    ["nothing at all", undefined, "Something went wrong. What has arrived is safe.", null],
  ])("that is %s becomes a notice", async (_, thrown, sentence, detail) => {
    const { backend, session } = await started();
    backend.setLimit = rejecting(thrown);
    await session.setLimit(1);
    expect(session.notices.list[0], "told, with details on demand").toMatchObject({ level: "warning", sentence, detail });
  });
});

describe("what the player waits for", () => {
  const media = "http://127.0.0.1:9/film";

  test.each([
    ["queued", /have not arrived yet/],
    ["paused", /on hold/],
  ] as const)("is told by the state %s of the transfer", async (state, words) => {
    const { session } = await started({ transfers: [film("a", { state: { is: state } })], media });
    await session.act(session.transfers.row("a")!, "play");
    expect(session.waitingFor, "why the picture stands still").toMatch(words);
  });

  it("is only the disk for a finished film", async () => {
    const { session } = await started({ videos: [video()], media });
    await session.playVideo(session.library.videos[0]!);
    expect(session.waitingFor, "all of it is here").toBe("Reading…");
  });
});

it("ends its listening with the window", async () => {
  const { backend, session } = await started();
  session.end();
  backend.drag("over");
  expect(session.dragging, "nobody listens any more").toBe(false);
});
