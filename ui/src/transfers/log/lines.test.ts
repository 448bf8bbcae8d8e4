import { describe, expect, it } from "vitest";
import type { LogLineView, LogView } from "../../ipc/bindings";
import { formatsFor } from "../../shared/format";
import { everyState, instant, nameOf } from "../../test/views";
import { linesOf, textOf } from "./lines";

const en = formatsFor("en");
const at = (seconds: number, what: LogView): LogLineView => ({ at: instant + seconds * 1000, what });
const failed = (chunk: number, sentence = "The connection was reset.", attempts = 1): LogView => ({
  is: "chunk_failed",
  chunk,
  sentence,
  attempts,
  next_try: instant + 12_000,
});
const texts = (log: LogLineView[]) => linesOf(log, en).map(({ text }) => text);

describe("the log", () => {
  it("stands newest first", () => {
    const log = [at(0, { is: "added" }), at(1, { is: "state", state: { is: "preparing" } })];
    expect(texts(log), "what just happened is on top").toEqual(["Checking what has already arrived.", "Added to the list."]);
  });

  it.each(everyState.map((state) => [nameOf(state), state] as const))("tells %s in a sentence", (_, state) => {
    const [text] = texts([at(0, { is: "state", state })]);
    expect(text, "a whole sentence, for a person").toMatch(/^[A-Z].*\.$/);
  });

  it("tells a failure with its chunk, its cause and the next try", () => {
    expect(texts([at(0, failed(210))]), "people count from one").toEqual([
      "Chunk 211 failed: The connection was reset. Next try in 12 sec.",
    ]);
    expect(texts([at(0, failed(210, "Busy.", 3))])[0], "how often by now").toContain("attempt 3 in a row");
    expect(texts([at(0, { ...failed(0), next_try: null } as LogView)]), "no promise that nobody made").toEqual([
      "Chunk 1 failed: The connection was reset.",
    ]);
  });

  it("tells what the destination lost, and what the core says", () => {
    expect(texts([at(0, { is: "lost_ground", chunks: 1 })])[0], "one").toMatch(/^The destination lost a chunk/);
    expect(texts([at(0, { is: "lost_ground", chunks: 1_200 })])[0], "many").toContain("lost 1,200 chunks");
    expect(texts([at(0, { is: "told", sentence: "<b>Hello</b>." })]), "its words").toEqual(["<b>Hello</b>."]);
    expect(texts([at(0, { is: "told", sentence: "the disk is full" })]), "as a sentence").toEqual(["The disk is full."]);
  });
});

describe("what was found in its place", () => {
  it("is counted, and on whose word", () => {
    const proven = (chunks: number, by: "remote" | "journal") => texts([at(0, { is: "proven", chunks, by })])[0];
    expect(proven(2113, "remote"), "the destination's").toBe("2,113 chunks proven in place, by the destination’s own digests.");
    expect(proven(1, "journal"), "one, and our own").toMatch(/^1 chunk proven in place, by what was written down/);
    expect(linesOf([at(0, { is: "proven", chunks: 2, by: "remote" })], en)[0]?.gravity, "that is good").toBe("good");
  });

  it("is told of a film that became another", () => {
    expect(texts([at(0, { is: "compared", same: 2110, changed: 3 })]), "how much stays").toEqual([
      "Compared with the film as it is now: 2,110 of 2,113 chunks are as they were.",
    ]);
  });
});

describe("a destination that is left alone", () => {
  const until = instant + 60_000;

  it("is told with the time at which it is tried again", () => {
    const failing: LogView = { is: "held", state: { is: "waiting", reason: "remote", sentence: "It failed five times.", until } };
    expect(texts([at(0, failing)]), "a sentence and a time").toEqual([`It failed five times. It is tried again at ${en.time(until)}.`]);
    const refused: LogView = { is: "held", state: { is: "waiting", reason: "credentials", sentence: "It refused its key.", until: null } };
    expect(texts([at(0, refused)]), "nothing is tried by itself").toEqual(["It refused its key."]);
  });

  it("says that it asked for a break, and one that is made longer is one line", () => {
    const asked = (seconds: number): LogView => ({ is: "held", state: { is: "throttled", until: until + seconds * 1000 } });
    expect(texts([at(0, asked(0)), at(3, asked(3))]), "the last word counts").toEqual([
      `The destination asked for a break until ${en.time(until + 3_000)}.`,
    ]);
  });
});

describe("what happens again and again", () => {
  it("is one line that says how many chunks and since when", () => {
    const [line, ...others] = linesOf([at(0, failed(1)), at(1, failed(2)), at(5, failed(3))], en);
    expect(others, "three failures, one line").toEqual([]);
    expect(line?.text, "how many").toBe("3 chunks failed and are tried again: The connection was reset.");
    expect([line?.at, line?.often], "the last time, and the first").toEqual([
      instant + 5_000,
      `since ${en.time(instant)}`,
    ]);
  });

  it("to one chunk names it", () => {
    expect(texts([at(0, failed(1)), at(9, failed(1))]), "the same chunk twice").toEqual([
      "Chunk 2 failed 2 times: The connection was reset.",
    ]);
  });

  it("with another cause is another line", () => {
    expect(texts([at(0, failed(1)), at(1, failed(2, "Busy."))]).length, "causes are not mixed").toBe(2);
  });

  it("says how often it was, where the sentence does not", () => {
    const state: LogView = { is: "state", state: { is: "paused" } };
    expect(linesOf([at(0, state), at(7, state)], en)[0]?.often, "twice").toBe(`2 times since ${en.time(instant)}`);
  });

  it("but not in a row is told each time", () => {
    const [paused, queued]: LogView[] = [{ is: "state", state: { is: "paused" } }, { is: "state", state: { is: "queued" } }];
    const keys = linesOf([at(0, paused!), at(1, queued!), at(2, paused!)], en).map(({ key }) => key);
    expect(new Set(keys).size, "three lines, each of its own").toBe(3);
  });
});

it("is copied line by line, oldest first, with the day", () => {
  const text = textOf([at(0, failed(0)), at(1, failed(1))], en);
  expect(text.split("\n").length, "nothing is collapsed in a letter").toBe(2);
  expect(text, "a day, for letters are read later").toContain(en.day(instant));
});
