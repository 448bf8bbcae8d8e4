import { describe, expect, it, test, vi } from "vitest";
import type { ErrorView } from "../ipc/bindings";
import { FakeBackend } from "../ipc/fake/fake";
import type { Scene } from "../ipc/fake/world";
import { instant, video } from "../test/views";
import { Desk } from "./desk.svelte";

const film = (id: string, over = {}) => ({ id, name: `${id}.mov`, size: 40e6, createdAt: instant, ...over });

async function started(over: Partial<Scene> = {}) {
  const scene = { transfers: [film("a"), film("b")], videos: [], notices: [], dialog: [], ...over };
  const backend = new FakeBackend(scene, instant);
  const desk = new Desk(backend);
  await desk.begin();
  return { backend, desk };
}

const rejecting = (error: unknown) => () => Promise.reject(error);
const failure = (code: ErrorView["code"], message = "It broke.", detail: string | null = null): ErrorView => ({
  code,
  message,
  detail,
});

describe("at the start", () => {
  it("everything comes by the first feed", async () => {
    const { desk } = await started({ videos: [video()], notices: [{ id: 1, level: "info", sentence: "Hello." }] });
    expect(desk.transfers.rows.map((row) => row.id), "the list").toEqual(["a", "b"]);
    expect(desk.library.videos.length, "the library").toBe(1);
    expect(desk.notices.list.length, "the notices").toBe(1);
    expect(desk.status?.vault, "the status").toBe("/home/kim/Pawl");
  });

  it("a core that does not answer is said in words", async () => {
    const { backend } = await started();
    backend.subscribe = rejecting(failure("other", "The journal is locked by another Pawl."));
    const desk = new Desk(backend);
    await desk.begin();
    expect(desk.broken, "no empty list that looks like a loss").toBe("The journal is locked by another Pawl.");
  });
});

describe("a film whose file is elsewhere now", () => {
  const away = { state: { is: "waiting" as const, reason: "source" as const, sentence: "Away.", until: null }, safe: 0.5 };

  it("goes on with the file that was pointed at", async () => {
    const { backend, desk } = await started({ transfers: [film("a", away)] });
    await desk.act(desk.transfers.row("a")!, "point_at");
    expect(backend.asked, "the system's dialog").toContain("point at a");
    expect([desk.transfers.row("a")!.view.state.is, desk.transfers.strange], "it is in line again").toEqual(["queued", null]);
  });

  it("is asked about when that is another film, and sends it only when told so", async () => {
    const strange = "This is another film: 5 bytes instead of 7.";
    const { backend, desk } = await started({ transfers: [film("a", { ...away, held: true })], strange });
    const row = desk.transfers.row("a")!;
    await desk.act(row, "point_at");
    expect(desk.transfers.strange, "it says what differs, in its row").toEqual({ id: "a", sentence: strange });
    await desk.pointing.answer(row.id, false);
    expect([desk.transfers.strange, backend.asked.includes("send pointed at a")], "nothing happened").toEqual([null, false]);
    await desk.act(row, "point_at");
    await desk.pointing.answer(row.id, true);
    expect(backend.asked, "as it was answered").toContain("send pointed at a");
  });
});

describe("while it runs", () => {
  it("a film goes all the way to done and into the library", async () => {
    const { backend, desk } = await started();
    for (let beat = 0; beat < 200; beat += 1) backend.pass(100);
    expect(desk.transfers.rows.map((row) => row.view.state.is), "both arrived").toEqual(["done", "done"]);
    expect(desk.library.videos.map(({ name }) => name).toSorted(), "and can be played").toEqual(["a.mov", "b.mov"]);
  });

  it("progress never goes back and is never whole before done", async () => {
    const { backend, desk } = await started();
    let before = 0;
    for (let beat = 0; beat < 200; beat += 1) {
      backend.pass(100);
      const view = desk.transfers.row("a")!.view;
      expect(view.bytes_acked, "acknowledged bytes only grow").toBeGreaterThanOrEqual(before);
      before = view.bytes_acked;
    }
  });

  it("a command is only asked for; what it did comes by the feed", async () => {
    const { backend, desk } = await started();
    backend.command = async () => undefined;
    await desk.act(desk.transfers.row("a")!, "pause");
    expect(desk.transfers.row("a")!.view.state.is, "no optimistic guess").toBe("queued");
  });

  test.each(["pause", "cancel"] as const)("%s reaches the core", async (command) => {
    const { backend, desk } = await started();
    await desk.act(desk.transfers.row("a")!, command);
    expect(backend.asked, "with the row's id").toContain(`${command} a`);
  });

  it("the speed limit comes back by the feed", async () => {
    const { backend, desk } = await started();
    await desk.setLimit(5e6);
    expect([backend.asked.at(-1), desk.status?.limit], "asked, then reported").toEqual(["limit 5000000", 5e6]);
  });

  it("a limit shows as the state of what it holds", async () => {
    const { backend, desk } = await started();
    await desk.setLimit(1e6);
    for (let beat = 0; beat < 20; beat += 1) backend.pass(100);
    expect(desk.transfers.row("a")!.view.state.is, "the person sees why it is slow").toBe("limited");
  });

  it("a removed row is gone", async () => {
    const { backend, desk } = await started();
    await desk.act(desk.transfers.row("a")!, "cancel");
    await desk.act(desk.transfers.row("a")!, "remove");
    expect([backend.asked.at(-1), desk.transfers.row("a")], "the delta said so").toEqual(["remove a", undefined]);
  });
});

describe("what was dropped", () => {
  it("appears in the list, which is shown", async () => {
    const { backend, desk } = await started();
    desk.place = "library";
    backend.drop([{ name: "new.mov", size: 5e6 }]);
    expect([desk.place, desk.transfers.rows.length], "one sees what one did").toEqual(["transfers", 3]);
  });

  it("twice leads to its row", async () => {
    const { backend, desk } = await started();
    backend.drop([{ name: "b.mov", size: 40e6 }]);
    expect([desk.transfers.sought?.id, desk.transfers.rows.length], "not added again").toEqual(["b", 2]);
  });

  it("and refused is explained, and stays where one was", async () => {
    const { backend, desk } = await started();
    desk.place = "library";
    backend.drop([{ name: "Folder", size: 0, folder: true }]);
    expect(desk.notices.list.map(({ sentence }) => sentence), "by the core, once").toEqual([
      "Folder was not added: it is a folder. Drop the films in it instead.",
    ]);
    expect(desk.place, "nothing new to look at").toBe("library");
  });

  it("refuses one of a drop without the others", async () => {
    const { backend, desk } = await started();
    backend.drop([
      { name: "Folder", size: 0, folder: true },
      { name: "new.mov", size: 5e6 },
    ]);
    expect([desk.transfers.rows.length, desk.notices.list.length], "one in, one explained").toEqual([3, 1]);
  });

  it("highlights the window while it hovers", async () => {
    const { backend, desk } = await started();
    backend.drag("over");
    expect(desk.dropping.over, "one clear target").toBe(true);
    backend.drag("left");
    expect(desk.dropping.over, "until it leaves").toBe(false);
  });

  it("can be chosen in the dialog instead", async () => {
    const { desk } = await started({ dialog: [{ name: "b.mov", size: 1 }] });
    await desk.choose();
    expect(desk.transfers.sought?.id, "the same rules hold").toBe("b");
  });
});

describe("an error", () => {
  it("about an unknown transfer drops its row", async () => {
    const { backend, desk } = await started();
    backend.command = rejecting(failure("unknown_transfer"));
    await desk.act(desk.transfers.row("a")!, "pause");
    expect([desk.transfers.row("a"), desk.notices.list.length], "gone, without ado").toEqual([undefined, 0]);
  });

  it("of being too late is silent: the row says why", async () => {
    const { desk } = await started();
    await desk.act(desk.transfers.row("a")!, "resume");
    expect(desk.notices.list, "it was not paused").toEqual([]);
  });

  it("about a lost film says what to do", async () => {
    const { backend, desk } = await started();
    backend.showInFolder = rejecting(failure("media_gone", "ENOENT"));
    await desk.act(desk.transfers.row("a")!, "show");
    expect(desk.notices.list[0]?.sentence, "no raw code").toContain("Put its disk or its file back");
  });

  test.each([
    ["an error of the contract", failure("other", "The disk is full.", "os error 28"), "The disk is full.", "os error 28"],
    ["a bare Error", new Error("Channel closed"), "Channel closed", null],
    ["a bare string", "no such command", "no such command", null],
    ["nothing at all", undefined, "Something went wrong. What has arrived is safe.", null],
  ])("that is %s becomes a notice", async (_, thrown, sentence, detail) => {
    const { backend, desk } = await started();
    backend.setLimit = rejecting(thrown);
    await desk.setLimit(1);
    expect(desk.notices.list[0], "told, with details on demand").toMatchObject({ level: "warning", sentence, detail });
  });
});

describe("what the player waits for", () => {
  const media = "http://127.0.0.1:9/film";

  test.each([
    ["queued", /have not arrived yet/],
    ["paused", /on hold/],
  ] as const)("is told by the state %s of the transfer", async (state, words) => {
    const { desk } = await started({ transfers: [film("a", { state: { is: state } })], media });
    await desk.act(desk.transfers.row("a")!, "play");
    expect(desk.waitingFor, "why the picture stands still").toMatch(words);
  });

  it("is only the disk for a finished film", async () => {
    const { desk } = await started({ videos: [video()], media });
    await desk.playVideo(desk.library.videos[0]!);
    expect(desk.waitingFor, "all of it is here").toBe("Reading…");
  });
});

describe("a file that *Open with Pawl* brought", () => {
  it("plays at once, and nothing of it is sent", async () => {
    const { backend, desk } = await started({ media: "http://127.0.0.1:9/film" });
    backend.open({ name: "Holiday.mov", size: 1 });
    await vi.waitFor(() => expect(desk.player.showing, "in the player").toMatchObject({ is: "open", name: "Holiday.mov" }));
    expect(desk.transfers.rows.length, "opening is not sending").toBe(2);
    expect(desk.upload, "no bar for what is no transfer").toBe("none");
  });
});

it("tells the player whether more of its film arrives", async () => {
  const { backend, desk } = await started({ media: "http://127.0.0.1:9/film" });
  await desk.act(desk.transfers.row("a")!, "play");
  expect(desk.upload, "it waits in line").toBe("held");
  for (let beat = 0; beat < 10; beat += 1) backend.pass(100);
  expect(desk.upload, "it is on its way").toBe("moving");
});

it("ends its listening with the window", async () => {
  const { backend, desk } = await started();
  desk.end();
  backend.drag("over");
  expect(desk.dropping.over, "nobody listens any more").toBe(false);
});

describe("a receipt", () => {
  it("is saved where the program asked, and the person is told where", async () => {
    const { backend, desk } = await started({ transfers: [film("a", { state: { is: "done", proof: "root", object: "o" }, safe: 1 })] });
    await desk.act(desk.transfers.row("a")!, "save_receipt");
    expect(backend.asked, "the wish").toContain("receipt a");
    expect(desk.toasts.list.map(({ sentence }) => sentence), "where it is").toEqual([
      "The receipt is /home/kim/Documents/a.mov.receipt.json",
    ]);
  });

  it("that the person did not want after all is no news", async () => {
    const { backend, desk } = await started();
    backend.saveReceipt = async () => null;
    await desk.act(desk.transfers.row("a")!, "save_receipt");
    expect([desk.toasts.list, desk.notices.list], "nothing happened").toEqual([[], []]);
  });

  it("that cannot be written is said", async () => {
    const { backend, desk } = await started();
    backend.saveReceipt = rejecting(failure("other", "The disk is full."));
    await desk.act(desk.transfers.row("a")!, "save_receipt");
    expect(desk.notices.list.map(({ sentence }) => sentence), "why").toEqual(["The disk is full."]);
  });
});
