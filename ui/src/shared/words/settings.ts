/** What the settings say: a chapter of the catalogue (`words.ts`). */
import type { HarmView, ThemeView } from "../../ipc/bindings";

export const settings = {
  storage: "Where films go",
  vault: "Folder",
  vaultLead:
    "New films go here. When you change it, films that are already in the old folder stay there as plain files, and uploads under way finish there.",
  change: "Change…",
  free: (size: string) => `${size} free`,
  check: {
    title: "Check of the folder",
    lead: "Reads every film there again and compares it with what arrived. Uploads and players go on meanwhile, and nothing is changed.",
    start: "Check the vault",
    stop: "Stop",
    label: "Progress of the check",
    progress: (done: string, total: string) => `${done} of ${total} read`,
    none: "There is no film here yet.",
    right: (count: number, text: string, size: string) =>
      count === 1 ? `The film, ${size}, was read again and is right.` : `All ${text} films, ${size}, were read again and are right.`,
    rightSoFar: (count: number, text: string, size: string) =>
      count === 1 ? `Stopped. 1 film, ${size}, was read again and is right.` : `Stopped. ${text} films, ${size}, were read again and are right.`,
    arriving: (count: number, text: string) =>
      count === 1 ? "So is what has arrived of 1 more." : `So is what has arrived of ${text} more.`,
    onlyArriving: (count: number, text: string) =>
      count === 1
        ? "What has arrived of the one film on its way was read again and is right."
        : `What has arrived of the ${text} films on their way was read again and is right.`,
    notAll: "The check was stopped before it had read all.",
    harmed: (count: number, text: string) =>
      count === 1 ? "1 film is not what arrived:" : `${text} films are not what arrived:`,
    harms: {
      missing: "its file is not in the folder",
      length: "its file is shorter or longer",
      content: "bytes of it have changed",
      unreadable: "the disk does not give its bytes",
    } satisfies Record<HarmView, string>,
    one: (name: string, harm: string, finished: boolean) => (finished ? `${name}: ${harm}.` : `${name}, still arriving: ${harm}.`),
    help: (count: number) =>
      count === 1
        ? "Nothing was changed. Send it again from its original, and have the disk looked at."
        : "Nothing was changed. Send them again from their originals, and have the disk looked at.",
    more: (text: string) => `and ${text} more`,
    strays: (count: number, text: string) =>
      count === 1
        ? "1 file in the folder is no film of the vault. It was left alone."
        : `${text} files in the folder are no films of the vault. They were left alone.`,
    failed: "The folder could not be checked. Everything is as it was.",
  },
  near: "Played from far away",
  nearLead: "Parts of films that were played from a server or a store are kept here, so that they need not travel again.",
  nearKept: (kept: string, most: string) => `${kept} of at most ${most}`,
  nearCounts: (found: string, fetched: string, bytes: string) =>
    `since the start ${found} pieces were found here and ${fetched} travelled (${bytes})`,
  nearClear: "Throw away",
  nearCleared: "Nothing is kept here now.",

  transfers: "Transfers",
  limit: "Speed limit",
  limitLead: "How much of the line Pawl may use, all films together: 20M or 500k, for example.",
  parallel: "Pieces at once, at most",
  parallelLead: "Pawl sends as many as bring more, up to this. Fewer leave room for others.",
  awake: "Keep the computer awake while something uploads",
  awakeLead: "The screen may still go dark.",

  window: "Window",
  theme: "Appearance",
  themeLead: "Light or dark; high contrast follows the system.",
  themes: { system: "As the system", light: "Light", dark: "Dark" } satisfies Record<ThemeView, string>,
  autostart: "Start with my session",
  autostartLead: "Unfinished films then go on as soon as you are signed in.",

  keys: "Keyboard",
  keysAll: "Keyboard shortcuts",
  close: "Close",

  about: "About Pawl",
  version: (version: string) => `Pawl ${version}`,
  licence: "Free software under the MIT or the Apache 2.0 licence.",
  credit:
    "Made with Tauri, Svelte, Bits UI, Media Chrome, BLAKE3, SQLite and GStreamer. Thank you to all who wrote them.",
  diagnostics: "Copy diagnostics",
  diagnosticsLead: "What helps to find a fault, as text. No passwords are in it.",
  copied: "Copied to the clipboard.",
  notCopied: "The clipboard cannot be written here.",
  failed: "This could not be changed. Everything is as it was.",
};

/** Every shortcut of the window, by what one is doing. `+` joins keys pressed together, a space stands between two. */
export const shortcuts: { title: string; keys: [keys: string, does: string][] }[] = [
  {
    title: "Anywhere",
    keys: [
      ["Ctrl+1", "Transfers"],
      ["Ctrl+2", "Library"],
      ["Ctrl+3", "Destinations"],
      ["Ctrl+,", "Settings"],
      ["Ctrl+O", "Add films"],
      ["Ctrl+Shift+O", "Add a folder"],
      ["Ctrl+V", "Add what is on the clipboard"],
      ["Ctrl+Z", "Undo what was just said"],
      ["?", "These shortcuts"],
      ["Ctrl+Q", "Quit"],
    ],
  },
  {
    title: "In the transfers",
    keys: [
      ["/", "Search"],
      ["Enter", "Open and close"],
      ["R", "Retry, or retry now"],
      ["Alt+↑ Alt+↓", "Up or down in line"],
      ["Alt+Home Alt+End", "To its front or its end"],
      ["+ -", "Higher or lower priority"],
      ["Shift+↑ Shift+↓", "Select several"],
      ["Ctrl+Space", "Select one more"],
    ],
  },
  {
    title: "In the library",
    keys: [
      ["Ctrl+F", "Search"],
      ["Enter", "Play"],
      ["F2", "Rename"],
      ["Delete", "Move to trash"],
      ["Shift+F10", "More"],
    ],
  },
  {
    title: "In the player",
    keys: [
      ["Space", "Play and pause"],
      ["J L", "Back and forward 10 seconds"],
      ["← →", "Back and forward 5 seconds"],
      ["0–9", "Jump in tenths"],
      [", .", "Step by a frame"],
      ["M", "Mute"],
      ["F", "Fill the screen"],
      ["Escape", "Close"],
    ],
  },
];
