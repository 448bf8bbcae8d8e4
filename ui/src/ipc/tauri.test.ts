// @vitest-environment jsdom
import { mockIPC, mockWindows, clearMocks } from "@tauri-apps/api/mocks";
import { afterEach, describe, expect, it, test, vi } from "vitest";
import type { Backend } from "./client";
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
    ["choose_files", (backend) => backend.chooseFiles(), {}],
    ["command", (backend) => backend.command("t1", "start_over"), { id: "t1", command: "start_over" }],
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
  expect(await tauri.chooseFiles(), "untouched").toEqual([{ is: "added", id: "t1" }]);
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
