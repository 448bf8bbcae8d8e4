import { describe, expect, it } from "vitest";
import type { NoticeView } from "../ipc/bindings";
import { delta, whole } from "../test/views";
import { Notices } from "./notices.svelte";

const notice = (id: number): NoticeView => ({ id, level: "warning", sentence: `Notice ${id}.` });
const sentences = (notices: Notices) => notices.list.map(({ sentence }) => sentence);

function kept(dismissed: number[] = []) {
  return new Notices({ dismiss: async (id) => void dismissed.push(id) });
}

describe("notices", () => {
  it("gather in the order they came", () => {
    const notices = kept();
    notices.take(whole({ notices: [notice(1)] }));
    notices.take(delta({ notices: [notice(2)] }));
    expect(sentences(notices), "none replaces another").toEqual(["Notice 1.", "Notice 2."]);
  });

  it("are not shown twice", () => {
    const notices = kept();
    notices.take(whole({ notices: [notice(1)] }));
    notices.take(delta({ notices: [notice(1)] }));
    expect(sentences(notices), "one number, one notice").toEqual(["Notice 1."]);
  });

  it("of the core are what a whole says they are", () => {
    const notices = kept();
    notices.take(whole({ notices: [notice(1), notice(2)] }));
    notices.tell("info", "Of the window.");
    notices.take(whole({ notices: [notice(2)] }));
    expect(sentences(notices), "the window's own stay").toEqual(["Of the window.", "Notice 2."]);
  });

  it("of the core go when the core took the dismissal", async () => {
    const dismissed: number[] = [];
    const notices = kept(dismissed);
    notices.take(whole({ notices: [notice(7)] }));
    await notices.dismiss(notices.list[0]!);
    expect([dismissed, notices.list.length], "asked, then gone").toEqual([[7], 0]);
  });

  it("stay when the core did not take it", async () => {
    const notices = new Notices({ dismiss: () => Promise.reject(new Error("no")) });
    notices.take(whole({ notices: [notice(7)] }));
    await expect(notices.dismiss(notices.list[0]!), "the failure is handed on").rejects.toThrow("no");
    expect(sentences(notices), "nothing is gone that was not taken").toEqual(["Notice 7."]);
  });

  it("of the window go by themselves' dismissal, without the core", async () => {
    const dismissed: number[] = [];
    const notices = kept(dismissed);
    notices.tell("warning", "Refused.");
    await notices.dismiss(notices.list[0]!);
    expect([dismissed, notices.list.length], "the core never knew it").toEqual([[], 0]);
  });

  it("say the same once", () => {
    const notices = kept();
    notices.tell("warning", "Refused.");
    notices.tell("warning", "Refused.");
    expect(sentences(notices), "dropping it again tells nothing new").toEqual(["Refused."]);
  });
});
