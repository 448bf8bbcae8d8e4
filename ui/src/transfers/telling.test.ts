import { describe, expect, it, test } from "vitest";
import type { StateView } from "../ipc/bindings";
import { formatsFor } from "../shared/format";
import { words } from "../shared/words";
import { everyState, instant, nameOf, transfer } from "../test/views";
import { figuresOf, hintOf, lineOf, percentOf, pillOf, safeOf, sentenceOf, tellOf, triesAgain } from "./telling";

const en = formatsFor("en");
const tell = (state: StateView, over = {}) => sentenceOf(transfer({ state, ...over }), null, instant, en);

describe.each(everyState.map((state) => [nameOf(state), state] as const))("%s", (_, state) => {
  it("has a word and a shape", () => {
    const { label, icon } = pillOf(state);
    expect(label, "a pill without a word would be colour alone").toMatch(/^[A-Z][a-z -]+$/);
    expect(icon, "a shape as well").toBeTruthy();
  });

  it("has something to say", () => {
    const said = [tell(state), ...figuresOf(transfer({ state }), en)].join("");
    expect(said, "every state comes with a sentence or figures").not.toBe("");
  });

  it("shows no progress as whole unless it is done", () => {
    const all = transfer({ state, bytes_acked: 4e9, bytes_total: 4e9 });
    expect(percentOf(all), "100 % is for Done alone").toBe(state.is === "done" ? 100 : 99);
  });

  it("speaks of verification only when there is a proof", () => {
    const proven = state.is === "done" && state.proof !== "size_only";
    const claims = /\bverified\b/.test(tell(state)) && !/not verified/.test(tell(state));
    expect(claims, "only a compared film is verified").toBe(proven);
  });
});

it("gives each kind of state its own word and its own shape", () => {
  const pills = everyState.filter(({ is }) => is !== "failed" && is !== "done").map(pillOf);
  expect(new Set(pills.map(({ label }) => label)).size, "no two states share a word").toBe(pills.length);
  expect(new Set(pills.map(({ icon }) => icon)).size, "no two states share a shape").toBe(pills.length);
});

describe("sentences", () => {
  it("give the place in line", () => {
    const queued = transfer({ state: { is: "queued" } });
    expect(sentenceOf(queued, 1, instant, en), "the first is next").toBe("Starts next");
    expect(sentenceOf(queued, 1_204, instant, en), "the others have a number").toBe("Number 1,204 in line");
  });

  it("say how far a comparison is", () => {
    const comparing = { bytes: 386, of: 1000 };
    expect(tell({ is: "preparing" }, { comparing }), "it may take minutes").toBe("Comparing with what was sent, 38%");
    expect(tell({ is: "preparing" }, { comparing: { bytes: 0, of: 0 } }), "of nothing all is compared").toContain("100%");
  });

  it("explain what is sent of a film that changed, where that is offered", () => {
    const changed = transfer({ state: { is: "failed", kind: "source_changed", sentence: "" }, can_send_changed: true });
    expect(hintOf(changed), "how it works").toContain("sends only the pieces that differ");
    expect(hintOf({ ...changed, can_send_changed: false }), "no promise that is not kept").toBeNull();
    expect(hintOf(transfer({ can_send_changed: true })), "while it uploads there is nothing to explain").toBeNull();
  });

  it("count a throttle down to its end", () => {
    const state: StateView = { is: "throttled", until: instant + 24_000 };
    expect(tell(state), "until when").toContain(en.time(instant + 24_000));
    expect(triesAgain(state, instant, en), "and how long that is").toBe("Tries again in 24 sec");
    expect(sentenceOf(transfer({ state }), null, instant + 30_000, en), "no negative seconds").toMatch(/break.*is over/);
  });

  it("hand on what the core says of waits and failures", () => {
    expect(tell({ is: "waiting", reason: "remote", sentence: "The server is busy.", until: null }), "its words").toBe(
      "The server is busy.",
    );
    expect(tell({ is: "failed", kind: "no_space", sentence: "The disk is full." }), "its words").toBe("The disk is full.");
  });

  test.each([
    ["root", "4.0 GB, verified"],
    ["parts", "4.0 GB, verified part by part"],
    ["read_back", "4.0 GB, read back and verified"],
    ["size_only", "4.0 GB, delivered, not verified"],
  ] as const)("name the proof %s", (proof, sentence) => {
    expect(tell({ is: "done", proof, object: "o" }), "Done names what it rests on").toBe(sentence);
  });
});

describe("when it is tried again", () => {
  const waiting = (until: number | null): StateView => ({ is: "waiting", reason: "network", sentence: "No network.", until });

  it("counts down", () => {
    expect(triesAgain(waiting(instant + 5_000), instant, en), "seconds left").toBe("Tries again in 5 sec");
  });

  it("is now, not in minus seconds", () => {
    expect(triesAgain(waiting(instant - 1), instant, en), "past its time").toBe("Trying again");
  });

  it("is not counted for a file that is away: it is looked for every other second", () => {
    const away: StateView = { is: "waiting", reason: "source", sentence: "It is away.", until: instant + 2_000 };
    expect(triesAgain(away, instant, en), "a row that changes every second is noise").toBeNull();
  });

  it("is not said when only a person can help", () => {
    expect(triesAgain(waiting(null), instant, en), "nothing happens by itself").toBeNull();
    expect(triesAgain({ is: "paused" }, instant, en), "a pause waits for nobody").toBeNull();
  });
});

describe("behind a destination that is left alone", () => {
  const hold: StateView = { is: "waiting", reason: "remote", sentence: "It failed often. All is safe.", until: instant + 12_000 };
  const held = (state: StateView, place: number | null = null) => tellOf(transfer({ state, hold }), place, instant, en).filter((part) => part !== null);

  it("one in line says its place, why it waits, and until when", () => {
    expect(held({ is: "queued" }, 3), "in this order").toEqual(["Number 3 in line", words.order.held.remote, "Tries again in 12 sec"]);
  });

  it("one that is being prepared does not claim to be at it", () => {
    expect(held({ is: "preparing" }), "nothing is checked now").toEqual([words.order.held.remote, "Tries again in 12 sec"]);
  });

  it("one of which all arrived says so first", () => {
    expect(held({ is: "verifying" })[0], "what is safe").toBe(words.order.arrived);
  });

  it("that refused us only a person can help", () => {
    const refused: StateView = { is: "waiting", reason: "credentials", sentence: "Refused.", until: null };
    const told = tellOf(transfer({ state: { is: "queued" }, hold: refused }), 2, instant, en);
    expect(told.at(-1), "no countdown").toBeNull();
  });
});

describe("figures", () => {
  it("of what moves: safe, speed, time left", () => {
    expect(figuresOf(transfer(), en), "most important first").toEqual(["3.2 of 4.0 GB safe", "38.4 MB/s", "21 sec left"]);
  });

  it("leave out what cannot be said", () => {
    const slow = transfer({ speed: 0, seconds_left: null });
    expect(figuresOf(slow, en), "no speed, no promise").toEqual(["3.2 of 4.0 GB safe"]);
  });

  it("of what stands still: what is safe, and no speed", () => {
    const failed = transfer({ state: { is: "failed", kind: "remote", sentence: "No." } });
    expect(figuresOf(failed, en), "a failure says what is safe").toEqual(["3.2 of 4.0 GB safe"]);
  });

  it("of what has nothing safe yet are none", () => {
    expect(figuresOf(transfer({ state: { is: "paused" }, bytes_acked: 0 }), en), "nothing to boast of").toEqual([]);
  });
});

describe("progress", () => {
  it("of an empty file is none before it is done", () => {
    const empty = transfer({ bytes_total: 0, bytes_acked: 0, state: { is: "preparing" } });
    expect(percentOf(empty), "0 of 0 is no progress").toBe(0);
  });

  it("counts what is acknowledged, not what was sent", () => {
    const sent = transfer({ bytes_acked: 1e9, bytes_sent: 3.9e9 });
    expect(percentOf(sent), "bytes that left are not safe").toBe(25);
    expect(safeOf(sent, en), "nor said to be").toBe("1.0 of 4.0 GB safe");
  });
});

it("puts no full stop before a dividing dot", () => {
  expect(lineOf(["All is safe.", null, "", "3 GB"]), "one mark is enough").toEqual(["All is safe", "3 GB"]);
  expect(lineOf(["All is safe."]), "at the end it stays").toEqual(["All is safe."]);
});
