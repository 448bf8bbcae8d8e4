// @vitest-environment jsdom
import { mockIPC, mockWindows, clearMocks } from "@tauri-apps/api/mocks";
import { afterEach, describe, expect, it, test, vi } from "vitest";
import type { Backend } from "./client";
import { form } from "../test/destinations";
import { tauri } from "./tauri";

/** What crossed, and what the program answers. */
function program(answer: unknown = undefined) {
  const calls: [string, unknown][] = [];
  mockWindows("main");
  mockIPC((command, args) => {
    calls.push([command, args]);
    return answer;
  });
  return calls;
}

afterEach(clearMocks);

describe("the program is called by the names of the contract", () => {
  test.each<[string, (backend: Backend) => Promise<unknown>, unknown]>([
    ["choose_files", (backend) => backend.chooseFiles(null), { destination: null }],
    ["choose_folder", (backend) => backend.chooseFolder("d1"), { destination: "d1" }],
    ["paste_files", (backend) => backend.pasteFiles("d1"), { destination: "d1" }],
    ["upload_opened", (backend) => backend.uploadOpened("o1", "d1"), { id: "o1", destination: "d1" }],
    ["take_drop", (backend) => backend.takeDrop(3, "d1"), { drop: 3, destination: "d1" }],
    ["recognise", (backend) => backend.recognise("https://a"), { text: "https://a" }],
    ["save_destination", (backend) => backend.saveDestination(null, form(), { is: "none" }), { id: null, form: form(), secret: { is: "none" } }],
    ["test_destination", (backend) => backend.testDestination("d1", form(), { is: "keep" }), { id: "d1", form: form(), secret: { is: "keep" } }],
    ["remove_destination", (backend) => backend.removeDestination("d1"), { id: "d1" }],
    ["choose_default", (backend) => backend.chooseDefault("d1"), { id: "d1" }],
    ["orphans", (backend) => backend.orphans("d1"), { id: "d1" }],
    ["abort_orphan", (backend) => backend.abortOrphan("d1", "u1"), { id: "d1", orphan: "u1" }],
    ["adopt_orphan", (backend) => backend.adoptOrphan("d1", "u1"), { id: "d1", orphan: "u1" }],
    [
      "copy_link",
      (backend) => backend.copyLink({ is: "transfer", id: "t1" }, 7),
      { request: { is: "transfer", id: "t1" }, days: 7 },
    ],
    ["command", (backend) => backend.command("t1", "start_over"), { id: "t1", command: "start_over" }],
    ["point_at_file", (backend) => backend.pointAtFile("t1"), { id: "t1" }],
    ["send_pointed_at", (backend) => backend.sendPointedAt("t1"), { id: "t1" }],
    ["set_limit", (backend) => backend.setLimit(5e6), { limit: 5e6 }],
    ["set_limit", (backend) => backend.setLimit(null), { limit: null }],
    ["chunk_map", (backend) => backend.chunkMap("t1"), { id: "t1" }],
    ["open_media", (backend) => backend.openMedia({ is: "video", id: "v1" }), { request: { is: "video", id: "v1" } }],
    ["close_media", (backend) => backend.closeMedia("http://127.0.0.1:1/x"), { url: "http://127.0.0.1:1/x" }],
    [
      "show_in_folder",
      (backend) => backend.showInFolder({ is: "transfer", id: "t1" }),
      { request: { is: "transfer", id: "t1" } },
    ],
    ["ask_to_quit", (backend) => backend.askToQuit(), {}],
    ["rename_video", (backend) => backend.renameVideo("v1", "b"), { id: "v1", name: "b" }],
    ["delete_video", (backend) => backend.deleteVideo("v1", false), { id: "v1", forGood: false }],
    ["dismiss", (backend) => backend.dismiss(7), { id: 7 }],
  ])("%s", async (name, call, args) => {
    const calls = program();
    await call(tauri);
    expect(calls, "the shell reads exactly these").toEqual([[name, args]]);
  });
});

it("hands on what the program answers", async () => {
  program([{ is: "added", id: "t1" }]);
  expect(await tauri.chooseFiles(null), "untouched").toEqual([{ is: "added", id: "t1" }]);
});

it("subscribes with a channel and hears what comes through it", async () => {
  const calls = program();
  const heard = vi.fn();
  await tauri.subscribe(heard);
  const [name, args] = calls[0]!;
  const channel = (args as { channel: { id: number } }).channel;
  expect([name, typeof channel.id], "a channel, not an event").toEqual(["subscribe", "number"]);
  const callback = (window as unknown as { __TAURI_INTERNALS__: { runCallback: (id: number, message: unknown) => void } });
  callback.__TAURI_INTERNALS__.runCallback(channel.id, { index: 0, message: { is: "delta" } });
  expect(heard, "message by message").toHaveBeenCalledWith({ is: "delta" });
});
