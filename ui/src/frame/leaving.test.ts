// @vitest-environment jsdom
/** What goes: films into the trash, and the program itself. */
import { render, screen, waitFor } from "@testing-library/svelte";
import { userEvent } from "@testing-library/user-event";
import { describe, expect, it } from "vitest";
import { FakeBackend } from "../ipc/fake/fake";
import type { Scene } from "../ipc/fake/world";
import { words } from "../shared/words";
import { instant, video } from "../test/views";
import App from "./App.svelte";

async function opened(over: Partial<Scene>) {
  const backend = new FakeBackend({ transfers: [], videos: [], notices: [], dialog: [], ...over }, instant);
  render(App, { backend });
  await screen.findByTestId("limit");
  return backend;
}

async function inLibrary(name: string) {
  const backend = await opened({ videos: [video({ id: "film", name })] });
  await userEvent.click(screen.getByTestId("place-library"));
  screen.getByTestId("library-item").focus();
  await userEvent.keyboard("{Delete}");
  return backend;
}

const films = () => screen.queryAllByTestId("library-item").length;

describe("a film that is thrown away", () => {
  it("is gone without a question, and comes back by undo", async () => {
    const backend = await inLibrary("Harbour.mov");
    const toast = await screen.findByTestId("toast");
    expect([films(), toast.textContent], "said").toEqual([0, expect.stringContaining(words.library.trashed("Harbour.mov"))]);
    await userEvent.click(screen.getByTestId("undo"));
    await waitFor(() => expect(films(), "back").toBe(1));
    expect(backend.asked.filter((asked) => /delete|restore/.test(asked)), "no more").toEqual(["delete film", "restore film"]);
  });

  it("comes back by Ctrl+Z too", async () => {
    await inLibrary("Harbour.mov");
    await screen.findByTestId("toast");
    await userEvent.keyboard("{Control>}z{/Control}");
    await waitFor(() => expect(films(), "back").toBe(1));
  });

  it("for good is asked about first, and the safe answer has the focus", async () => {
    const backend = await inLibrary("no trash.mov");
    const keep = await screen.findByTestId("keep-film");
    await waitFor(() => expect(document.activeElement, "Enter loses nothing").toBe(keep));
    await userEvent.keyboard("{Escape}");
    await waitFor(() => expect(screen.queryByTestId("keep-film"), "answered").toBeNull());
    expect([films(), backend.asked.at(-1)], "kept").toEqual([1, "delete film"]);
    screen.getByTestId("library-item").focus();
    await userEvent.keyboard("{Delete}");
    await userEvent.click(await screen.findByTestId("delete-for-good"));
    await waitFor(() => expect(films(), "gone").toBe(0));
    expect([backend.asked.at(-1), screen.queryByTestId("undo")], "nothing to undo").toEqual(["delete film for good", null]);
  });
});

describe("quitting", () => {
  const film = (id: string) => ({ id, name: `${id}.mov`, size: 40e6, createdAt: instant });

  it("says what goes on the next time, and one may stay", async () => {
    const backend = await opened({ transfers: [film("a"), film("b")] });
    backend.wantToQuit();
    const stay = await screen.findByTestId("quit-stay");
    const question = screen.getByRole("alertdialog").textContent;
    expect(question, "what waits, and that it is safe").toContain(words.frame.quit.unfinished(2, "2"));
    await waitFor(() => expect(document.activeElement, "the safe answer").toBe(stay));
    await userEvent.keyboard("{Enter}");
    await waitFor(() => expect(screen.queryByTestId("quit-stay"), "answered").toBeNull());
    expect(backend.asked, "nothing ended").not.toContain("quit");
  });

  it("ends when that is the answer", async () => {
    const backend = await opened({ transfers: [film("a")] });
    backend.wantToQuit();
    await userEvent.click(await screen.findByTestId("quit-now"));
    await waitFor(() => expect(backend.asked, "as answered").toContain("quit"));
  });

  it("asks nothing when nothing is lost", async () => {
    const backend = await opened({});
    backend.wantToQuit();
    await waitFor(() => expect(backend.asked, "at once").toContain("quit"));
    expect(screen.queryByTestId("quit-now"), "without a question").toBeNull();
  });

  it("is asked before anything else, and keys do nothing beneath", async () => {
    const backend = await opened({ transfers: [film("a")] });
    backend.wantToQuit();
    await screen.findByTestId("quit-stay");
    await userEvent.keyboard("{Control>}2{/Control}?");
    expect(screen.queryByTestId("shortcuts"), "one question at a time").toBeNull();
    expect(screen.getByTestId("place-transfers").getAttribute("aria-current"), "one stays where one is").toBe("page");
  });
});
