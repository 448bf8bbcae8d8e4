/** The program behind the window: the only importer of @tauri-apps/*. It translates names and nothing else. */
import { Channel, invoke } from "@tauri-apps/api/core";
import { listen } from "@tauri-apps/api/event";
import { getCurrentWebview } from "@tauri-apps/api/webview";
import type { AddedView, CaptionsView, DetailsView, FactsView, FeedView, MediaView, OpenedView, QuitView } from "./bindings";
import type { Backend, Drag } from "./client";

export const tauri: Backend = {
  subscribe(listener) {
    const channel = new Channel<FeedView>(listener);
    return invoke("subscribe", { channel });
  },
  onAdded: (listener) => listen<AddedView[]>("added", (event) => listener(event.payload)),
  onDrag: (listener) =>
    getCurrentWebview().onDragDropEvent((event) => listener(dragOf(event.payload.type))),
  chooseFiles: () => invoke<AddedView[]>("choose_files"),
  chooseFolder: () => invoke<AddedView[]>("choose_folder"),
  pasteFiles: () => invoke<AddedView[]>("paste_files"),
  onOpened: (listener) => listen<OpenedView>("opened", (event) => listener(event.payload)),
  uploadOpened: (id) => invoke<AddedView[]>("upload_opened", { id }),
  onQuitAsked: (listener) => listen<QuitView>("quit_asked", (event) => listener(event.payload)),
  askToQuit: () => invoke("ask_to_quit"),
  quit: () => invoke("quit"),

  command: (id, command) => invoke("command", { id, command }),
  retryAll: () => invoke<number>("retry_all"),
  clearEnded: () => invoke<number>("clear_ended"),
  chunkMap: (id) => invoke<ArrayBuffer>("chunk_map", { id }),
  hasten: (id, chunk) => invoke("hasten", { id, chunk }),
  details: (id) => invoke<DetailsView>("details", { id }),

  openMedia: (request) => invoke<MediaView>("open_media", { request }),
  closeMedia: (url) => invoke("close_media", { url }),
  showInFolder: (request) => invoke("show_in_folder", { request }),
  facts: (request) => invoke<FactsView>("facts", { request }),
  captions: (request) => invoke<CaptionsView[]>("captions", { request }),
  // A body of raw bytes travels without JSON; what it belongs to goes in a header.
  saveFrame: (request, seconds, png) =>
    invoke<string>("save_frame", png, { headers: { frame: encodeURIComponent(JSON.stringify({ request, seconds })) } }),
  rememberPosition: (request, seconds) => invoke("remember_position", { request, seconds }),
  renameVideo: (id, name) => invoke("rename_video", { id, name }),
  deleteVideo: (id, forGood) => invoke("delete_video", { id, forGood }),
  restoreVideo: (id) => invoke("restore_video", { id }),

  setLimit: (limit) => invoke("set_limit", { limit }),
  changeSetting: (change) => invoke("change_setting", { change }),
  chooseVault: () => invoke<boolean>("choose_vault"),
  diagnostics: () => invoke<string>("diagnostics"),
  dismiss: (id) => invoke("dismiss", { id }),
};

function dragOf(type: "enter" | "over" | "drop" | "leave"): Drag {
  switch (type) {
    case "enter":
    case "over":
      return "over";
    case "drop":
    case "leave":
      return "left";
  }
}
