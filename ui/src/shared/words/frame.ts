/** What the frame of the window says: a chapter of the catalogue (`words.ts`). */
export const frame = {
  add: { more: "More ways to add", films: "Films…", folder: "Folder…", paste: "From the clipboard" },
  nothingPasted: "There are no files on the clipboard. Copy some in your file manager first.",
  toasts: "Messages",
  dismiss: "Dismiss",

  quit: {
    title: "Quit Pawl?",
    unfinished: (count: number, formatted: string) =>
      count === 1
        ? "1 film is not finished. It goes on by itself the next time Pawl starts; what has arrived is safe."
        : `${formatted} films are not finished. They go on by themselves the next time Pawl starts; what has arrived is safe.`,
    now: "Quit",
    stay: "Stay",
  },

  link: {
    label: "Connection",
    idle: "Ready",
    moving: "Sending",
    limited: "Held by your limit",
    throttled: "The destination asked for a break",
    waiting: "Waiting for the destination",
    offline: "No network",
  },
  totals: (share: string) => `${share} safe`,

  short: (need: string, free: string, vault: string) =>
    `Not enough room: ${need} are still to arrive, and ${free} are free in ${vault}. Make room there, or choose another folder in the settings. What does not fit waits, and nothing is lost.`,
};
