/**
 * The log of a transfer in sentences, newest first. Pure.
 *
 * Invariant: what happened again and again is one line that says how often; nothing is left out but the times of
 * those in between.
 */
import { opened } from "../../shared/opened";
import type { LogLineView, LogView, StateView } from "../../ipc/bindings";
import { format, type Formats } from "../../shared/format";
import { words } from "../../shared/words";

export type Gravity = "plain" | "good" | "trouble";

export interface Line {
  key: string;
  /** The last time, in milliseconds since the epoch. */
  at: number;
  text: string;
  /** How often in a row and since when, where it was more than once. */
  often: string | null;
  gravity: Gravity;
}

/** A run of lines that tell the same. */
interface Run {
  kind: string;
  lines: LogLineView[];
}

export function linesOf(log: readonly LogLineView[], formats: Formats = format): Line[] {
  return runsOf(log).map((run, index) => lineOf(run, index, formats)).reverse();
}

/** The whole log as text, oldest first, as one pastes it into a letter. */
export function textOf(log: readonly LogLineView[], formats: Formats = format): string {
  return log.map(({ at, what }) => `${formats.day(at)} ${formats.time(at)}  ${tell({ at, what }, formats)}`).join("\n");
}

function runsOf(log: readonly LogLineView[]): Run[] {
  const runs: Run[] = [];
  for (const line of log) {
    const kind = kindOf(line.what);
    const before = runs.at(-1);
    if (before?.kind === kind) before.lines.push(line);
    else runs.push({ kind, lines: [line] });
  }
  return runs;
}

/** Two lines of one kind say the same; failures do whichever chunk they met. */
function kindOf(what: LogView): string {
  switch (what.is) {
    case "chunk_failed":
      return `chunk_failed ${what.sentence}`;
    case "state":
      return `state ${what.state.is} ${"sentence" in what.state ? what.state.sentence : ""}`;
    case "told":
      return `told ${what.sentence}`;
    case "proven":
      return `proven ${what.by} ${what.chunks}`;
    case "held":
      return `held ${what.state.is} ${"reason" in what.state ? what.state.reason : ""}`;
    case "added":
    case "compared":
    case "lost_ground":
      return what.is;
  }
}

function lineOf({ lines }: Run, index: number, formats: Formats): Line {
  const [first, last] = [lines[0]!, lines.at(-1)!];
  return {
    key: `${index} ${first.at}`,
    at: last.at,
    text: lines.length > 1 && last.what.is === "chunk_failed" ? failures(lines, formats) : tell(last, formats),
    often: lines.length > 1 ? oftenOf(last.what, lines.length, formats.time(first.at), formats) : null,
    gravity: gravityOf(last.what),
  };
}

function tell({ at, what }: LogLineView, formats: Formats): string {
  const say = words.log;
  switch (what.is) {
    case "added":
      return say.added;
    case "state":
      return stateLine(what.state, formats);
    case "chunk_failed":
      return chunkLine(what, at, formats);
    case "proven":
      return say.proven[what.by](what.chunks, formats.count(what.chunks));
    case "compared":
      return say.compared(formats.count(what.same), formats.count(what.same + what.changed));
    case "lost_ground":
      return say.lostGround(what.chunks, formats.count(what.chunks));
    case "held":
      return heldLine(what.state, formats);
    case "told":
      return `${opened(bare(what.sentence))}.`;
  }
}

/** Failures count themselves in their sentence. */
function oftenOf(what: LogView, times: number, since: string, formats: Formats): string {
  return what.is === "chunk_failed" ? words.log.since(since) : words.log.times(formats.count(times), since);
}

type Failure = Extract<LogView, { is: "chunk_failed" }>;

function chunkLine(what: Failure, at: number, formats: Formats): string {
  const failed = words.log.chunkFailed(formats.count(what.chunk + 1), what.attempts, bare(what.sentence));
  return what.next_try === null ? `${failed}.` : `${failed}. ${words.log.nextTry(gap(what.next_try - at, formats))}.`;
}

/** Several failures in a row with one cause. */
function failures(lines: readonly LogLineView[], formats: Formats): string {
  const failed = lines.flatMap(({ what }) => (what.is === "chunk_failed" ? [what] : []));
  const chunks = new Set(failed.map(({ chunk }) => chunk));
  const [only] = chunks;
  const cause = bare(failed.at(-1)?.sentence ?? "");
  return chunks.size === 1
    ? `${words.log.chunkFailedOften(formats.count((only ?? 0) + 1), failed.length, cause)}.`
    : `${words.log.chunksFailed(formats.count(chunks.size), cause)}.`;
}

function heldLine(state: StateView, formats: Formats): string {
  if (state.is !== "waiting") return stateLine(state, formats);
  return state.until === null ? state.sentence : words.order.heldUntil(state.sentence, formats.time(state.until));
}

function stateLine(state: StateView, formats: Formats): string {
  switch (state.is) {
    case "throttled":
      return words.log.throttled(formats.time(state.until));
    case "waiting":
    case "skipped":
      return state.sentence;
    case "failed":
      return words.log.failed(state.sentence);
    case "done":
      return words.log.done[state.proof];
    default:
      return words.log.states[state.is];
  }
}

function gravityOf(what: LogView): Gravity {
  if (what.is === "chunk_failed" || what.is === "lost_ground" || what.is === "held") return "trouble";
  if (what.is === "proven") return "good";
  if (what.is !== "state") return "plain";
  if (what.state.is === "done") return "good";
  return what.state.is === "failed" || what.state.is === "waiting" ? "trouble" : "plain";
}

function gap(ms: number, formats: Formats): string {
  return formats.duration(Math.max(0, ms / 1000));
}

function bare(sentence: string): string {
  return sentence.replace(/\.$/, "");
}
