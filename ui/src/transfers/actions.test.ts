import { describe, expect, it, test } from "vitest";
import type { CommandView, StateView } from "../ipc/bindings";
import { everyState, nameOf, transfer } from "../test/views";
import { offerFor, placeOf, questionBefore, type ActionName } from "./actions";

const names = (state: StateView, canSendChanged = false): ActionName[] => {
  const { main, menu } = offerFor(state, "vault", { canSendChanged });
  return [...main, ...menu].map(({ name }) => name);
};

/** Where the engine takes a command: the table of `transfer::step`. */
const taken: Record<CommandView, StateView["is"][]> = {
  pause: ["queued", "preparing", "uploading", "limited", "throttled", "verifying", "waiting"],
  resume: ["paused"],
  cancel: ["queued", "preparing", "uploading", "limited", "throttled", "verifying", "waiting", "paused", "failed"],
  retry: ["failed", "waiting", "throttled", "cancelling", "skipped"],
  start_over: ["failed", "paused", "waiting"],
  // Only where what changed can be sent alone: below.
  send_changed: [],
  remove: ["done", "cancelled", "skipped"],
};

describe.each(everyState.map((state) => [nameOf(state), state] as const))("%s", (_, state) => {
  it("offers at most two buttons, none of them twice", () => {
    expect(offerFor(state).main.length, "a row is no toolbar").toBeLessThanOrEqual(2);
    expect(new Set(names(state)).size, "an action has one place").toBe(names(state).length);
  });

  it("offers every command that the engine takes, and no other", () => {
    const commands = names(state).filter((name): name is CommandView => name in taken);
    const expected = (Object.keys(taken) as CommandView[]).filter((command) => taken[command].includes(state.is));
    expect(commands.toSorted(), "a button that does nothing is a lie, a missing one a trap").toEqual(expected.toSorted());
  });
});

describe("the button that helps", () => {
  test.each([
    ["source_changed", "start_over"],
    ["corrupt", "retry"],
    ["no_space", "retry"],
    ["remote", "retry"],
  ] as const)("after %s is %s, alone and leading", (kind, name) => {
    const { main } = offerFor({ is: "failed", kind, sentence: "" });
    expect(main.map((action) => [action.name, action.leading]), "one way out").toEqual([[name, true]]);
  });

  it("of a file that cannot be read is Retry, and another way is to point at it", () => {
    const { main } = offerFor({ is: "failed", kind: "source_unreadable", sentence: "" });
    expect(main.map((action) => [action.name, action.leading]), "mend it, or find it").toEqual([
      ["retry", true],
      ["point_at", false],
    ]);
  });

  it("of a file that changed is Send what changed, where that can be", () => {
    const changed: StateView = { is: "failed", kind: "source_changed", sentence: "" };
    const { main } = offerFor(changed, "vault", { canSendChanged: true });
    expect(main.map((action) => [action.name, action.leading]), "the rest stays, or all of it again").toEqual([
      ["send_changed", true],
      ["start_over", false],
    ]);
    expect(names(changed, false), "a button that is refused is a lie").not.toContain("send_changed");
  });

  it("of a file that is away is to point at it", () => {
    const away: StateView = { is: "waiting", reason: "source", sentence: "", until: null };
    expect(offerFor(away).main.map(({ name }) => name), "it may be elsewhere").toEqual(["point_at", "pause"]);
    for (const state of everyState) {
      const misses = ["waiting source", "failed source_changed", "failed source_unreadable"].includes(nameOf(state));
      expect(names(state).includes("point_at"), `${nameOf(state)}: where the engine takes it`).toBe(misses);
    }
  });

  it("of a pause is Resume", () => {
    const leading = offerFor({ is: "paused" }).main.filter((action) => action.leading);
    expect(leading.map(({ name }) => name), "the eye finds it first").toEqual(["resume"]);
  });

  it("of a wait is called Retry now, whatever waits", () => {
    const wait: StateView = { is: "waiting", reason: "network", sentence: "", until: null };
    const offers = [offerFor(wait), offerFor({ is: "throttled", until: 1 }), offerFor({ is: "queued" }, "server", { held: true })];
    expect(offers.map(({ main }) => main[0]?.label), "it comes first").toEqual(["Retry now", "Retry now", "Retry now"]);
  });
});

describe("a film that is done", () => {
  const done: StateView = { is: "done", proof: "root", object: "o-1" };

  test.each([
    ["server", true],
    ["s3", true],
    ["tus", false],
    ["vault", false],
    [null, false],
  ] as const)("at a destination of the kind %s can be linked to: %s", (kind, linked) => {
    const { main, menu } = offerFor(done, kind);
    expect(main.some(({ name }) => name === "copy_link"), "where links are made").toBe(linked);
    expect([...main, ...menu].map(({ name }) => name), "and it can still be shown").toContain("show");
  });

  it("is shown where it lies: in its vault, else as the file that was sent", () => {
    const view = transfer({ id: "t-1", state: done });
    expect([placeOf(view, "vault"), placeOf(view, "s3")], "a bucket has no folder here").toEqual([
      { is: "video", id: "o-1" },
      { is: "transfer", id: "t-1" },
    ]);
  });

  it("gives its receipt, wherever it went, and none before", () => {
    const offered = (state: StateView, kind: "vault" | "s3" | null) => {
      const { main, menu } = offerFor(state, kind);
      return [...main, ...menu].some(({ name }) => name === "save_receipt");
    };
    expect([offered(done, "vault"), offered(done, "s3"), offered(done, null)], "of whatever is there").toEqual([true, true, true]);
    const others = everyState.filter(({ is }) => is !== "done");
    expect(others.some((state) => offered(state, "vault")), "there is nothing to give one for").toBe(false);
  });

  it("has no link before it is there", () => {
    for (const state of everyState.filter(({ is }) => is !== "done")) {
      const { main, menu } = offerFor(state, "s3");
      expect([...main, ...menu].map(({ name }) => name), nameOf(state)).not.toContain("copy_link");
    }
  });
});

describe("a question", () => {
  it("is asked before safe bytes are given up", () => {
    const question = questionBefore("cancel", transfer());
    expect(question?.sentence, "it says what is lost").toMatch(/^Give up 3\.2.GB that are safe\?$/);
  });

  it("is not asked when nothing is safe yet", () => {
    expect(questionBefore("cancel", transfer({ bytes_acked: 0 })), "nothing is lost").toBeNull();
  });

  it("is asked before everything is sent again", () => {
    expect(questionBefore("start_over", transfer({ state: { is: "paused" } })), "hours may be lost").not.toBeNull();
  });

  it("is not asked when what arrived is of no use", () => {
    const changed = transfer({ state: { is: "failed", kind: "source_changed", sentence: "" } });
    expect(questionBefore("start_over", changed), "the old parts do not fit").toBeNull();
    const kept = { ...changed, can_send_changed: true };
    expect(questionBefore("start_over", kept), "where they could be kept, they are lost").not.toBeNull();
    expect(questionBefore("send_changed", kept), "this loses nothing").toBeNull();
  });

  test.each(["play", "pause", "resume", "retry", "remove", "show"] as const)("is not asked before %s", (name) => {
    expect(questionBefore(name, transfer()), "it loses nothing").toBeNull();
  });
});

it("shows the kept film of a finished transfer, else the source", () => {
  const done = transfer({ state: { is: "done", proof: "root", object: "o-1" } });
  expect(placeOf(done), "the film in the vault").toEqual({ is: "video", id: "o-1" });
  expect(placeOf(transfer({ id: "t-1" })), "the file that is sent").toEqual({ is: "transfer", id: "t-1" });
});
