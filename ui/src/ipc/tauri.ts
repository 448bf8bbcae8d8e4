/** The program behind the window: the only importer of @tauri-apps/*. It translates names and nothing else. */
import { Channel, invoke } from "@tauri-apps/api/core";
import { listen } from "@tauri-apps/api/event";
import { getCurrentWebview, type DragDropEvent } from "@tauri-apps/api/webview";
import type {
  AddedView,
  CaptionsView,
  DetailsView,
  DroppedView,
  FactsView,
  FeedView,
  LinkView,
  MediaView,
  OpenedView,
  OrphansView,
  QuitView,
  RecognisedView,
  ReportView,
  ScrubStepView,
  ScrubView,
} from "./bindings";
import type { Backend, Drag } from "./client";

export const tauri: Backend = {
  subscribe(listener) {
    const channel = new Channel<FeedView>(listener);
    return invoke("subscribe", { channel });
  },
  onAdded: (listener) => listen<AddedView[]>("added", (event) => listener(event.payload)),
  onDrag: (listener) =>
    getCurrentWebview().onDragDropEvent((event) => listener(dragOf(event.payload))),
  onDropped: (listener) => listen<DroppedView>("dropped", (event) => listener(event.payload)),
  takeDrop: (drop, destination) => invoke("take_drop", { drop, destination }),
  chooseFiles: (destination) => invoke<AddedView[]>("choose_files", { destination }),
  chooseFolder: (destination) => invoke<AddedView[]>("choose_folder", { destination }),
  pasteFiles: (destination) => invoke<AddedView[]>("paste_files", { destination }),
  onOpened: (listener) => listen<OpenedView>("opened", (event) => listener(event.payload)),
  uploadOpened: (id, destination) => invoke<AddedView[]>("upload_opened", { id, destination }),
  onQuitAsked: (listener) => listen<QuitView>("quit_asked", (event) => listener(event.payload)),
  askToQuit: () => invoke("ask_to_quit"),
  quit: () => invoke("quit"),

  command: (id, command) => invoke("command", { id, command }),
  pointAtFile: (id) => invoke<boolean>("point_at_file", { id }),
  sendPointedAt: (id) => invoke("send_pointed_at", { id }),
  reorder: (ids, before) => invoke("reorder", { ids, before }),
  setPriority: (ids, priority) => invoke("set_priority", { ids, priority }),
  retryAll: () => invoke<number>("retry_all"),
  clearEnded: () => invoke<number>("clear_ended"),
  chunkMap: (id) => invoke<ArrayBuffer>("chunk_map", { id }),
  hasten: (id, chunk) => invoke("hasten", { id, chunk }),
  details: (id) => invoke<DetailsView>("details", { id }),
  saveReceipt: (id) => invoke<string | null>("save_receipt", { id }),

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

  recognise: (text) => invoke<RecognisedView>("recognise", { text }),
  saveDestination: (id, form, secret) => invoke<string>("save_destination", { id, form, secret }),
  testDestination: (id, form, secret) => invoke<ReportView>("test_destination", { id, form, secret }),
  removeDestination: (id) => invoke("remove_destination", { id }),
  chooseDefault: (id) => invoke("choose_default", { id }),
  orphans: (id) => invoke<OrphansView>("orphans", { id }),
  abortOrphan: (id, orphan) => invoke("abort_orphan", { id, orphan }),
  adoptOrphan: (id, orphan) => invoke("adopt_orphan", { id, orphan }),
  copyLink: (request, days) => invoke<LinkView>("copy_link", { request, days }),

  setLimit: (limit) => invoke("set_limit", { limit }),
  changeSetting: (change) => invoke("change_setting", { change }),
  chooseVault: () => invoke<boolean>("choose_vault"),
  diagnostics: () => invoke<string>("diagnostics"),
  clearNear: () => invoke("clear_near"),
  checkVault(listener) {
    const channel = new Channel<ScrubStepView>(listener);
    return invoke<ScrubView>("check_vault", { channel });
  },
  stopCheck: () => invoke("stop_check"),
  dismiss: (id) => invoke("dismiss", { id }),
};

/** On Linux the webview tells pixels of the page and calls them physical: they are taken as they are. */
function dragOf(payload: DragDropEvent): Drag {
  switch (payload.type) {
    case "enter":
    case "over":
      return { is: "over", x: payload.position.x, y: payload.position.y };
    case "drop":
    case "leave":
      return { is: "left" };
  }
}
