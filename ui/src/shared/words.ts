/**
 * The one catalogue of text, with its chapters in `words/`. English, and complete: no other file holds a sentence that
 * a person reads, but for those that the core sends. A translation is another object of this type.
 *
 * Tone: what happened, what is safe, what to do. No raw codes, no exclamation marks.
 */
import type { ErrorCode, FailureView, ProofView, StateView, VoucherView, WaitView } from "../ipc/bindings";
import { destinations } from "./words/destinations";
import { frame } from "./words/frame";
import { library } from "./words/library";
import { order } from "./words/order";
import { player } from "./words/player";
import { settings, shortcuts } from "./words/settings";

export type Words = typeof words;

export const words = {
  product: "Pawl",
  places: { transfers: "Transfers", library: "Library", destinations: "Destinations", settings: "Settings", navigation: "Places" },

  drop: {
    title: "Drop films here",
    lead: "Or anywhere in this window. Every piece is checked when it lands, and what has landed stays.",
    resume: "Close the lid, lose the network, pull the plug: it goes on where it was.",
    choose: "Choose films…",
    add: "Add films…",
    hint: "Drop films anywhere in this window",
    over: "Drop anywhere",
    overLead: "Films start at once",
    overTo: (vault: string) => `and go to ${vault}`,
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
    skipped: "Skipped",
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
    comparing: (percent: string) => `Comparing with what was sent, ${percent}`,
    sendChanged:
      "Send what changed compares the film with what has arrived, piece by piece, and sends only the pieces that differ.",
    limited: "Your speed limit holds it",
    throttled: (time: string) => `The destination asked for a break until ${time}`,
    throttleOver: "The break that the destination asked for is over",
    paused: "By you",
    verifying: "All of it arrived. Comparing the whole film with the original",
    cancelling: "Telling the destination to forget it",
    cancelled: "Given up by you. Your file is untouched",
    safe: (share: string) => `${share} safe`,
    toSend: (size: string) => `${size} to send`,
    room: (free: string) => `${free} free there`,
    tooLittleRoom: (free: string) => `Only ${free} free there, so it may stop`,
    thereIn: (duration: string) => `There in about ${duration}`,
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
    retryWaiting: "Retry now",
    start_over: "Start over",
    send_changed: "Send what changed",
    point_at: "Point at the file…",
    show: "Show",
    showLong: "Show in folder",
    cancel: "Cancel",
    copy_link: "Copy link",
    save_receipt: "Save receipt…",
    receiptSaved: (path: string) => `The receipt is ${path}`,
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
    another: (sentence: string) => `${sentence} Send it instead, from its first byte?`,
    anotherYes: "Send this one",
    anotherNo: "Keep waiting",
  },

  facts: {
    label: "Facts",
    path: "File",
    destination: "Goes to",
    sent: "Sent",
    added: "Added",
    ended: "Ended",
    receipt: "Receipt",
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
    range: (first: string, last: string, length: string) => `Bytes ${first} to ${last}, ${length}`,
    sent: (sent: string) => `${sent} of it sent`,
    attempts: (count: number) => (count === 1 ? "Failed once" : count === 2 ? "Failed twice" : `Failed ${count} times in a row`),
    answered: (sentence: string, age: string) => `${sentence}, ${age} ago`,
    nextTry: (left: string) => `Next try in ${left}`,
    tryingNow: "Next try now",
    attention: "Chunks in trouble",
    attentionMore: (count: string) => `and ${count} more`,
    calm: "No chunk is in trouble.",
    keys: "Arrow keys move from cell to cell. Enter sends a chunk first, or tries it again at once",
    first: (chunk: string) => `Click or Enter: send ${chunk} first`,
    again: (chunk: string) => `Click or Enter: try ${chunk} again now`,
    named: (number: string) => `chunk ${number}`,
    hastened: (chunk: string) => `${chunk} goes before all others`,
    summary: (acked: string, total: string, length: string) => `${acked} of ${total} safe, ${length} each`,
  },

  speed: {
    label: "Speed",
    now: (rate: string) => `${rate} now`,
    figures: (average: string, peak: string) => `${average} on average, ${peak} at most`,
    none: "Not on its way for a whole second in this run.",
    told: (now: string, figures: string, from: string, to: string) => `${now}, ${figures}, from ${from} to ${to}`,
    second: (rate: string, time: string) => `${rate} at ${time}`,
  },

  log: {
    label: "What happened",
    empty: "Nothing in this run.",
    loading: "Reading the log…",
    lost: "The log cannot be read now.",
    copy: "Copy",
    copied: "Copied",
    selected: "All of it is selected. Copy it with Ctrl+C",
    times: (count: string, since: string) => `${count} times since ${since}`,
    since: (since: string) => `since ${since}`,
    added: "Added to the list.",
    states: {
      queued: "In line.",
      preparing: "Checking what has already arrived.",
      uploading: "Uploading.",
      limited: "Uploading, held by your speed limit.",
      paused: "Paused by you.",
      verifying: "All of it arrived. Comparing the whole film with the original.",
      cancelling: "Telling the destination to forget it.",
      cancelled: "Given up by you.",
    } satisfies Record<Exclude<StateView["is"], "throttled" | "waiting" | "failed" | "skipped" | "done">, string>,
    throttled: (time: string) => `The destination asked for a break until ${time}.`,
    failed: (sentence: string) => `Stopped. ${sentence}`,
    done: {
      root: "Done: every byte verified.",
      parts: "Done: verified part by part.",
      read_back: "Done: read back and verified.",
      size_only: "Delivered, not verified.",
    } satisfies Record<ProofView, string>,
    chunkFailed: (chunk: string, attempts: number, cause: string) =>
      attempts > 1 ? `Chunk ${chunk} failed, attempt ${attempts} in a row: ${cause}` : `Chunk ${chunk} failed: ${cause}`,
    chunkFailedOften: (chunk: string, times: number, cause: string) => `Chunk ${chunk} failed ${times} times: ${cause}`,
    chunksFailed: (count: string, cause: string) => `${count} chunks failed and are tried again: ${cause}`,
    nextTry: (left: string) => `Next try in ${left}`,
    proven: {
      remote: (chunks: number, count: string) =>
        chunks === 1
          ? "1 chunk proven in place, by the destination’s own digest."
          : `${count} chunks proven in place, by the destination’s own digests.`,
      journal: (chunks: number, count: string) =>
        chunks === 1
          ? "1 chunk proven in place, by what was written down when it was confirmed."
          : `${count} chunks proven in place, by what was written down when they were confirmed.`,
    } satisfies Record<VoucherView, (chunks: number, count: string) => string>,
    compared: (same: string, all: string) => `Compared with the film as it is now: ${same} of ${all} chunks are as they were.`,
    lostGround: (chunks: number, count: string) =>
      chunks === 1
        ? "The destination lost a chunk that it had confirmed. It is sent again."
        : `The destination lost ${count} chunks that it had confirmed. They are sent again.`,
  },

  tools: {
    search: "Search by name or destination",
    hint: "Search ( / )",
    clearSearch: "Clear the search",
    found: (count: string, all: string) => `${count} of ${all} found`,
    nothing: "Nothing is called that",
    nothingLead: (query: string) => `No film in this list has “${query}” in its name or its destination.`,
    retry: (count: number, text: string) => (count === 1 ? "Retry 1 that failed" : `Retry ${text} that failed`),
    retryWaiting: (count: number, text: string) => (count === 1 ? "Retry 1 that waits" : `Retry ${text} that wait`),
    retryAll: (text: string) => `Retry ${text} that failed or wait`,
    clear: (count: number, text: string) => (count === 1 ? "Clear 1 finished" : `Clear ${text} finished`),
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

  library,
  destinations,
  settings,
  shortcuts,
  frame,
  order,

  player,

  errors: {
    media_gone: "The film is not where it was. Put its disk or its file back and try again.",
    other: "Something went wrong. What has arrived is safe.",
  } satisfies Partial<Record<ErrorCode, string>>,
};
