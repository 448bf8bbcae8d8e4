/**
 * The one catalogue of text. English, and complete: no other file holds a sentence that a person reads, but for
 * those that the core sends. A translation is another object of this type.
 *
 * Tone: what happened, what is safe, what to do. No raw codes, no exclamation marks.
 */
import type { ErrorCode, FailureView, ProofView, StateView, WaitView } from "../ipc/bindings";

export type Words = typeof words;

export const words = {
  product: "Pawl",
  places: { transfers: "Transfers", library: "Library", navigation: "Places" },

  drop: {
    title: "Drop films here",
    lead: "Or anywhere in this window. Every piece is checked when it lands, and what has landed stays.",
    resume: "Close the lid, lose the network, pull the plug: it goes on where it was.",
    choose: "Choose films…",
    add: "Add films…",
    hint: "Drop films anywhere in this window",
    over: "Drop anywhere",
    overLead: "Films start at once",
    goesTo: (vault: string) => `They go to ${vault}`,
  },

  list: {
    label: "Transfers",
    finished: "Finished",
    connecting: "Opening…",
    lost: "The list cannot be loaded.",
  },

  states: {
    queued: "Queued",
    preparing: "Preparing",
    uploading: "Uploading",
    limited: "Limited",
    throttled: "Throttled",
    waiting: "Waiting",
    paused: "Paused",
    failed: "Failed",
    verifying: "Verifying",
    cancelling: "Cancelling",
    cancelled: "Cancelled",
    done: "Done",
  } satisfies Record<StateView["is"], string>,

  waits: {
    network: "No network",
    credentials: "Sign-in needed",
    remote: "Waiting for the destination",
    source: "File is away",
  } satisfies Record<WaitView, string>,

  failures: {
    source_changed: "File changed",
    source_unreadable: "File unreadable",
    corrupt: "Damaged on the way",
    no_space: "No room left",
    remote: "Refused",
  } satisfies Record<FailureView, string>,

  sentences: {
    next: "Starts next",
    inLine: (place: string) => `Number ${place} in line`,
    preparing: "Checking what has already arrived",
    limited: "Your speed limit holds it",
    throttled: (time: string, left: string) => `The destination asked for a break until ${time} (${left})`,
    throttleOver: "The break is over. It goes on in a moment",
    looksAgain: (left: string) => `Looks again in ${left}`,
    looksNow: "Looking again",
    paused: "By you",
    verifying: "All of it arrived. Comparing the whole film with the original",
    cancelling: "Telling the destination to forget it",
    cancelled: "Given up by you. Your file is untouched",
    safe: (share: string) => `${share} safe`,
    of: "of",
    left: (duration: string) => `${duration} left`,
    lostGround: "The destination lost a part that it had already confirmed. That part is sent again.",
  },

  proofs: {
    root: (size: string) => `${size}, verified`,
    parts: (size: string) => `${size}, verified part by part`,
    read_back: (size: string) => `${size}, read back and verified`,
    size_only: (size: string) => `${size}, delivered, not verified`,
  } satisfies Record<ProofView, (size: string) => string>,

  actions: {
    play: "Play",
    pause: "Pause",
    resume: "Resume",
    retry: "Retry",
    retryWaiting: "Try now",
    start_over: "Start over",
    show: "Show",
    showLong: "Show in folder",
    cancel: "Cancel",
    remove: "Remove from list",
    more: (name: string) => `More for ${name}`,
    of: (action: string, name: string) => `${action}: ${name}`,
  },

  questions: {
    cancel: (safe: string) => `Give up ${safe} that are safe?`,
    cancelYes: "Give up",
    cancelNo: "Keep",
    startOver: (safe: string) => `Send ${safe} again that are safe?`,
    startOverYes: "Start over",
    startOverNo: "Keep",
  },

  facts: {
    label: "Facts",
    path: "File",
    destination: "Goes to",
    chunks: "Chunks",
    chunksOf: (acked: string, total: string, length: string) => `${acked} of ${total} safe, ${length} each`,
    sent: "Sent",
    added: "Added",
    ended: "Ended",
  },

  map: {
    label: "Chunk map",
    empty: "The chunks are known once it has been prepared.",
    loading: "Reading the map…",
    lost: "The map cannot be read now.",
    aggregated: (chunks: string) => `Each cell stands for ${chunks} chunks`,
    cells: ["to come", "on their way", "safe", "tried again soon", "held by the destination", "failed", "wanted by a viewer"],
    cell: ["to come", "on its way", "safe", "is tried again soon", "held by the destination", "failed", "wanted by a viewer"],
    counted: (count: string, state: string) => `${count} ${state}`,
    chunk: (number: string) => `Chunk ${number}`,
    chunks: (first: string, last: string) => `Chunks ${first} to ${last}`,
    range: (length: string, start: string) => `${length} at ${start}`,
    sent: (sent: string) => `${sent} of it left`,
    attempts: (count: number) => (count === 1 ? "Failed once" : count === 2 ? "Failed twice" : `Failed ${count} times in a row`),
    nextTry: (left: string) => `Next try in ${left}`,
    tryingNow: "Next try now",
    attention: "What needs a look",
    attentionMore: (count: string) => `and ${count} more`,
    calm: "Nothing needs a look.",
    keys: "Arrow keys move from cell to cell",
  },

  status: {
    label: "Status",
    idle: "Nothing is moving",
    speed: "Total speed",
    left: (duration: string) => `${duration} left`,
    free: (size: string) => `${size} free`,
    limit: "Speed limit",
    noLimit: "No limit",
    limitIs: (rate: string) => `Limit ${rate}`,
    custom: "Your own",
    customHint: "Like 20M or 500k",
    set: "Set",
    badRate: "Write a speed such as 20M, 1.5G or 500k.",
  },

  notices: {
    label: "Notices",
    info: "Good to know",
    warning: "Needs a look",
    dismiss: "Dismiss",
    details: "Details",
  },

  library: {
    label: "Finished films",
    empty: "Nothing here yet",
    emptyLead: "A film comes here when all of it has arrived and has been verified.",
  },

  player: {
    label: (name: string) => `Player: ${name}`,
    close: "Close player",
    opening: "Opening…",
    waiting: "Waiting for bytes that have not arrived yet",
    held: "The transfer is on hold, so the missing bytes do not come. Resume it to go on",
    reading: "Reading…",
    troubleTitle: "This film cannot be shown",
    noPicture:
      "No picture could be decoded: the codec is missing on this computer, or there is only sound in it. The file is untouched.",
    aborted: "Playing was cut off. Close the player and open the film again.",
    network: "The film stopped arriving at the player. Close it and open it again; the file is untouched.",
    decode: "The film is damaged at this place, or its codec behaves badly here. Try to jump past it.",
    unsupported: "This computer has no codec for this kind of film, or it is no film. The file is untouched.",
    retry: "Try again",
    keys: "Space or K play and pause, J and L jump 10 seconds, arrows 5 seconds, 0 to 9 jump in tenths, M mutes, F fills the screen, comma and full stop step by a frame, Escape closes",
  },

  errors: {
    media_gone: "The film is not where it was. Put its disk or its file back and try again.",
    other: "Something went wrong. What has arrived is safe.",
  } satisfies Partial<Record<ErrorCode, string>>,
};
