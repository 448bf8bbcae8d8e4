// @vitest-environment jsdom
import { render, screen, waitFor } from "@testing-library/svelte";
import { userEvent } from "@testing-library/user-event";
import { describe, expect, it, test } from "vitest";
import type { StateView } from "../ipc/bindings";
import { FakeBackend } from "../ipc/fake/fake";
import type { Seed } from "../ipc/fake/seed";
import { scenes } from "../ipc/fake/scenes";
import { words } from "../shared/words";
import { instant } from "../test/views";
import App from "./App.svelte";

const film = (id: string, over: Partial<Seed> = {}): Seed => ({ id, name: `${id}.mov`, size: 40e6, createdAt: instant, ...over });
const done: StateView = { is: "done", proof: "root", object: "o" };
const failed: StateView = { is: "failed", kind: "remote", sentence: "It was refused." };

async function opened(transfers: Seed[] = [film("Harbour"), film("Lecture"), film("Old harbour", { state: done, endedAt: instant })]) {
  const backend = new FakeBackend({ transfers, videos: [], notices: [], dialog: [] }, instant);
  render(App, { backend });
  await screen.findByTestId("limit");
  return backend;
}

const names = () => screen.queryAllByRole("article").map((row) => row.dataset["testid"]?.replace("row-", ""));

describe("the search", () => {
  it("finds as one types, under way and finished alike", async () => {
    await opened();
    await userEvent.type(screen.getByTestId("search"), "HARB");
    expect(names(), "by name, whatever its case").toEqual(["Harbour.mov", "Old harbour.mov"]);
    expect(screen.getByText(words.tools.found("2", "3")), "and says how many").toBeTruthy();
  });

  it("is reached by a slash and cleared by Escape, which then leads out", async () => {
    await opened();
    await userEvent.keyboard("/");
    expect(document.activeElement, "ready to type").toBe(screen.getByTestId("search"));
    await userEvent.keyboard("lect");
    expect(names(), "one is left").toEqual(["Lecture.mov"]);
    await userEvent.keyboard("{Escape}");
    expect([names().length, document.activeElement], "all are back, one may type anew").toEqual([3, screen.getByTestId("search")]);
    await userEvent.keyboard("{Escape}");
    expect(document.activeElement, "nothing left to clear").toBe(document.body);
  });

  it("takes a slash as a letter where one types", async () => {
    await opened();
    await userEvent.type(screen.getByTestId("search"), "a/b");
    expect(screen.getByTestId<HTMLInputElement>("search").value, "a slash is a slash there").toBe("a/b");
  });

  it("that finds nothing says so, with what was typed as text", async () => {
    await opened();
    await userEvent.type(screen.getByTestId("search"), "<b>x");
    expect(screen.getByText(words.tools.nothing), "not just blank").toBeTruthy();
    expect(screen.getByText(words.tools.nothingLead("<b>x")), "letter by letter").toBeTruthy();
    await userEvent.click(screen.getByTestId("clear-search"));
    expect(names().length, "all are back").toBe(3);
  });

  it("does not hide what is dropped meanwhile", async () => {
    const backend = await opened();
    await userEvent.type(screen.getByTestId("search"), "lecture");
    backend.drop([{ name: "New.mov", size: 5e6 }]);
    await waitFor(() => expect(names(), "one sees what one did").toContain("New.mov"));
  });

  it("does not hide what is dropped a second time", async () => {
    const backend = await opened();
    await userEvent.type(screen.getByTestId("search"), "lecture");
    backend.drop([{ name: "Harbour.mov", size: 5e6 }]);
    await waitFor(() => expect(document.activeElement, "its row").toBe(screen.getByRole("button", { name: "Harbour.mov" })));
  });

  it("goes through ten thousand without drawing them", async () => {
    await opened(scenes.many(instant).transfers);
    await userEvent.type(screen.getByTestId("search"), "archive_0999");
    expect(screen.getByRole("heading", { name: /Finished 10$/ }), "ten of them").toBeTruthy();
  });
});

describe("the list as a whole", () => {
  it("retries all that failed, and says how many before", async () => {
    const backend = await opened([film("a", { state: failed }), film("b", { state: failed }), film("c")]);
    const button = screen.getByTestId("retry-all");
    expect(button.textContent?.trim(), "the count in the words").toBe("Retry 2 that failed");
    await userEvent.click(button);
    expect(backend.asked.at(-1), "one wish to the core").toBe("retry all");
    await waitFor(() => expect(screen.queryByTestId("retry-all"), "nothing is left to retry").toBeNull());
  });

  it("clears what has ended", async () => {
    const backend = await opened();
    const button = screen.getByTestId("clear-ended");
    expect(button.textContent?.trim(), "the count in the words").toBe("Clear 1 finished");
    await userEvent.click(button);
    expect([backend.asked.at(-1), names()], "gone as the core reported").toEqual(["clear ended", ["Harbour.mov", "Lecture.mov"]]);
    expect(screen.queryByTestId("clear-ended"), "nothing is left to clear").toBeNull();
  });

  it("offers nothing that would do nothing", async () => {
    await opened([film("a")]);
    expect([screen.queryByTestId("retry-all"), screen.queryByTestId("clear-ended")], "no such buttons").toEqual([null, null]);
  });

  it("does not offer to clear while a search shows a part", async () => {
    await opened();
    await userEvent.type(screen.getByTestId("search"), "old");
    expect(screen.queryByTestId("clear-ended"), "more would go than one sees").toBeNull();
  });
});

describe("by keys from name to name", () => {
  test.each([
    ["{ArrowDown}", "Lecture.mov"],
    ["{End}", "Old harbour.mov"],
    ["{End}{ArrowUp}", "Lecture.mov"],
    ["{End}{Home}", "Harbour.mov"],
    ["{ArrowUp}", "Harbour.mov"],
  ])("%s leads to %s", async (keys, name) => {
    await opened();
    screen.getByRole("button", { name: "Harbour.mov" }).focus();
    await userEvent.keyboard(keys);
    await waitFor(() => expect(document.activeElement, "past the heading too").toBe(screen.getByRole("button", { name })));
  });
});

describe("a queued film", () => {
  it("says how much it is and how much room there is before it starts", async () => {
    await opened([film("a")]);
    const text = screen.getByTestId("row-a.mov").textContent?.replace(/[\u00A0\u202F]/g, " ");
    expect(text, "what is known").toMatch(/Starts next.*40\.0 MB to send.*213 GB free there/);
    expect(text, "nothing moves, nothing is promised").not.toContain("There in about");
  });

  it("warns when there is not room enough", async () => {
    await opened([film("a", { size: 300e9 })]);
    expect(screen.getByTestId("row-a.mov").textContent, "before hours are lost").toMatch(/Only 213.GB free there/);
  });
});
