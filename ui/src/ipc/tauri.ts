/** The program behind the window: the only importer of @tauri-apps/*. It translates names and nothing else. */
import { Channel, invoke } from "@tauri-apps/api/core";
import { listen } from "@tauri-apps/api/event";
import { getCurrentWebview } from "@tauri-apps/api/webview";
import type { AddedView, FeedView, MediaView } from "./bindings";
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
  command: (id, command) => invoke("command", { id, command }),
  setLimit: (limit) => invoke("set_limit", { limit }),
  chunkMap: (id) => invoke<ArrayBuffer>("chunk_map", { id }),
  openMedia: (request) => invoke<MediaView>("open_media", { request }),
  closeMedia: (url) => invoke("close_media", { url }),
  showInFolder: (request) => invoke("show_in_folder", { request }),
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
