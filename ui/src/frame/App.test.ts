// @vitest-environment jsdom
import { render, screen, waitFor, within } from "@testing-library/svelte";
import { userEvent } from "@testing-library/user-event";
import { tick } from "svelte";
import { describe, expect, it, test } from "vitest";
import { FakeBackend } from "../ipc/fake/fake";
import type { Scene } from "../ipc/fake/world";
import { scenes } from "../ipc/fake/scenes";
import { words } from "../shared/words";
import { instant, video } from "../test/views";
import App from "./App.svelte";

const film = (id: string, over = {}) => ({ id, name: `${id}.mov`, size: 40e6, createdAt: instant, ...over });

async function opened(over: Partial<Scene> = {}) {
  const scene = { transfers: [film("a"), film("b")], videos: [], notices: [], dialog: [], ...over };
  const backend = new FakeBackend(scene, instant);
  render(App, { backend });
  await screen.findByTestId("limit");
  return backend;
}

async function beats(backend: FakeBackend, count: number) {
  for (let beat = 0; beat < count; beat += 1) backend.pass(100);
  await tick();
}

describe("the first screen", () => {
  it("is the drop target, and teaches", async () => {
    await opened({ transfers: [] });
    const welcome = screen.getByTestId("welcome").textContent;
    expect(welcome, "what to do").toContain(words.drop.title);
    expect(welcome, "where it goes").toContain("/home/kim/Pawl");
  });

  it("offers the dialog to those who do not drag", async () => {
    await opened({ transfers: [], dialog: [{ name: "new.mov", size: 5e6 }] });
    await userEvent.click(screen.getByTestId("choose"));
    expect(await screen.findByTestId("row-new.mov"), "the film is in the list").toBeTruthy();
  });

  it("says why there is no list, when there is none", async () => {
    const backend = new FakeBackend(scenes.empty(), instant);
    backend.subscribe = () => Promise.reject({ code: "other", message: "The journal is locked.", detail: null });
    render(App, { backend });
    expect(await screen.findByText("The journal is locked."), "not an empty list").toBeTruthy();
  });
});

describe("the journey of a film", () => {
  it("goes from queued to done before one's eyes", async () => {
    const backend = await opened({ transfers: [film("a")] });
    expect(screen.getByTestId("state-a.mov").textContent, "in line").toContain("Queued");
    await beats(backend, 9);
    expect(screen.getByTestId("state-a.mov").textContent, "on its way").toContain("Uploading");
    expect(screen.getByTestId("total-speed").textContent, "and how fast").toMatch(/MB\/s/);
    await beats(backend, 60);
    expect(screen.getByTestId("state-a.mov").textContent, "there").toContain("Done");
    expect(screen.getByRole("heading", { name: /Finished/ }), "among the finished").toBeTruthy();
  });

  it("can be paused and goes on", async () => {
    const backend = await opened({ transfers: [film("a")] });
    await beats(backend, 9);
    await userEvent.click(screen.getByTestId("pause"));
    expect(screen.getByTestId("state-a.mov").textContent, "held").toContain("Paused");
    await beats(backend, 60);
    expect(screen.getByTestId("state-a.mov").textContent, "and stays held").toContain("Paused");
    await userEvent.click(screen.getByTestId("resume"));
    await beats(backend, 60);
    expect(screen.getByTestId("state-a.mov").textContent, "to the end").toContain("Done");
  });

  it("opens its map, which fills", async () => {
    const backend = await opened({ transfers: [film("a")] });
    await userEvent.click(screen.getByRole("button", { name: "a.mov" }));
    await waitFor(() => expect(screen.getByTestId("chunk-map").dataset["chunks"], "ten chunks").toBe("10"));
    await beats(backend, 80);
    await waitFor(() => expect(screen.getByTestId("chunk-map").dataset["acked"], "all of them").toBe("10"));
  });

  it("ends in the library", async () => {
    const backend = await opened({ transfers: [film("a")] });
    await beats(backend, 80);
    await userEvent.click(screen.getByTestId("place-library"));
    expect(screen.getByTestId("library-item").textContent, "to be played").toContain("a.mov");
  });
});

describe("what is dropped", () => {
  it("meets one target as large as the window", async () => {
    const backend = await opened();
    backend.drag("over");
    expect((await screen.findByTestId("drop-overlay")).textContent, "and a promise").toContain("Films start at once");
    backend.drag("left");
    await waitFor(() => expect(screen.queryByTestId("drop-overlay"), "gone with the drag").toBeNull());
  });

  it("a second time gets the focus on its row", async () => {
    const backend = await opened();
    await userEvent.click(screen.getByTestId("place-library"));
    backend.drop([{ name: "b.mov", size: 40e6 }]);
    const name = await screen.findByRole("button", { name: "b.mov" });
    await waitFor(() => expect(document.activeElement, "there it is").toBe(name));
  });

  it("and refused becomes a notice that one can dismiss", async () => {
    const backend = await opened();
    backend.drop([{ name: "<i>Folder</i>", size: 0, folder: true }]);
    const notice = await screen.findByTestId("notice");
    expect(notice.textContent, "the name as text, and why").toContain("<i>Folder</i> was not added: it is a folder");
    await userEvent.click(within(notice).getByTestId("dismiss"));
    expect(screen.queryByTestId("notice"), "read").toBeNull();
  });
});

describe("notices of the core", () => {
  it("are shown and dismissed there", async () => {
    const backend = await opened({ notices: [{ id: 7, level: "warning", sentence: "The list was set aside." }] });
    expect(screen.getByTestId("notice").textContent, "what happened").toContain("The list was set aside.");
    await userEvent.click(screen.getByTestId("dismiss"));
    expect([backend.asked.at(-1), screen.queryByTestId("notice")], "asked, then gone").toEqual(["dismiss 7", null]);
  });
});

describe("the library", () => {
  const videos = [video({ id: "old", name: "Old.mov", created_at: 1 }), video({ id: "new", name: "New.mov", created_at: 2 })];

  it("says what will come there", async () => {
    await opened();
    await userEvent.click(screen.getByTestId("place-library"));
    expect(screen.getByText(words.library.empty), "not just blank").toBeTruthy();
  });

  it("shows the newest first", async () => {
    await opened({ videos });
    await userEvent.click(screen.getByTestId("place-library"));
    const names = screen.getAllByTestId("library-item").map((item) => item.querySelector(".name")?.textContent);
    expect(names, "what one just made is on top").toEqual(["New.mov", "Old.mov"]);
  });

  it("plays a film", async () => {
    const backend = await opened({ videos });
    await userEvent.click(screen.getByTestId("place-library"));
    await userEvent.click(screen.getAllByTestId("play")[0]!);
    expect(backend.asked, "by its object").toContain("open video new");
  });

  it("says how many films there are", async () => {
    await opened({ videos });
    expect(screen.getByTestId("place-library").textContent, "at its place").toMatch(/Library\s*2/);
  });
});

describe("the player", () => {
  it("tells in words that a film is away, and goes back to where one was", async () => {
    await opened();
    const play = screen.getAllByTestId("play")[0]!;
    await userEvent.click(play);
    expect((await screen.findByTestId("player-trouble")).textContent, "what to do").toContain(words.errors.media_gone);
    await userEvent.keyboard("{Escape}");
    await waitFor(() => expect(screen.queryByTestId("player"), "closed").toBeNull());
    expect(document.activeElement, "the button that opened it").toBe(play);
  });

  it("that has no film yet leaves the key of the shortcuts to the window", async () => {
    await opened();
    await userEvent.click(screen.getAllByTestId("play")[0]!);
    await screen.findByTestId("player-trouble");
    await userEvent.keyboard("?");
    expect(await screen.findByTestId("shortcuts"), "not a key that does nothing").toBeTruthy();
  });

  it("puts what is beneath it out of reach", async () => {
    await opened();
    await userEvent.click(screen.getAllByTestId("play")[0]!);
    await screen.findByTestId("player");
    const beneath = screen.getByTestId("row-a.mov").closest<HTMLElement>(".place");
    expect(beneath?.inert, "Tab must not wander behind it").toBe(true);
  });
});

describe("the speed limit", () => {
  it("is chosen from the usual ones and comes back by the feed", async () => {
    const backend = await opened();
    await userEvent.click(screen.getByTestId("limit"));
    await userEvent.click(screen.getByTestId("limit-5000000"));
    expect(backend.asked.at(-1), "asked of the core").toBe("limit 5000000");
    await waitFor(() => expect(screen.getByTestId("limit").textContent, "as reported").toMatch(/Limit 5.MB\/s/));
    expect([screen.queryByRole("dialog"), document.activeElement], "closed, focus back").toEqual([
      null,
      screen.getByTestId("limit"),
    ]);
  });

  it("is typed", async () => {
    const backend = await opened();
    await userEvent.click(screen.getByTestId("limit"));
    await userEvent.type(screen.getByTestId("limit-typed"), "20M{Enter}");
    expect(backend.asked.at(-1), "twenty megabytes").toBe("limit 20000000");
  });

  it("that is no speed is explained, and nothing is set", async () => {
    const backend = await opened();
    await userEvent.click(screen.getByTestId("limit"));
    await userEvent.type(screen.getByTestId("limit-typed"), "fast{Enter}");
    expect(screen.getByRole("alert", { hidden: true }).textContent, "how to write it").toBe(words.status.badRate);
    expect(screen.getByTestId("limit-typed").getAttribute("aria-invalid"), "also to assistive technology").toBe("true");
    expect(backend.asked.some((asked) => asked.startsWith("limit")), "not guessed").toBe(false);
  });

  it("is taken away again", async () => {
    const backend = await opened();
    await backend.setLimit(1e6);
    await userEvent.click(screen.getByTestId("limit"));
    await userEvent.click(screen.getByTestId("limit-none"));
    expect(backend.asked.at(-1), "no limit").toBe("limit null");
  });

  test.each([
    ["Escape", () => userEvent.keyboard("{Escape}")],
    ["a click elsewhere", () => userEvent.click(screen.getByRole("heading", { name: "Transfers" }))],
  ])("stays as it is on %s", async (_, leave) => {
    const backend = await opened();
    await userEvent.click(screen.getByTestId("limit"));
    await leave();
    await waitFor(() => expect(screen.queryByRole("dialog", { hidden: true }), "it closes").toBeNull());
    expect(backend.asked.some((asked) => asked.startsWith("limit")), "nothing was chosen").toBe(false);
  });
});

describe("by keyboard alone", () => {
  it("every control can be reached, in the order one reads", async () => {
    await opened({ transfers: [film("a")] });
    const reached: string[] = [];
    for (let stop = 0; stop < 12; stop += 1) {
      await userEvent.tab();
      const { dataset, textContent } = document.activeElement as HTMLElement;
      reached.push(dataset["testid"] ?? textContent?.trim() ?? "");
    }
    expect(reached, "sidebar, head, row, status").toEqual([
      "place-transfers",
      "place-library",
      "place-destinations",
      "place-settings",
      "search",
      "choose",
      "add-more",
      "a.mov",
      "play",
      "pause",
      "more",
      "limit",
    ]);
  });

  it("every control has a name", async () => {
    await opened({ ...scenes.states(instant) });
    const nameless = screen.getAllByRole("button").filter((button) => {
      const name = button.getAttribute("aria-label") ?? button.textContent ?? "";
      return name.trim() === "";
    });
    expect(nameless, "an icon alone says nothing to a screen reader").toEqual([]);
  });
});

describe("ten thousand rows", () => {
  it("cost what thirty do", async () => {
    await opened(scenes.many(instant));
    expect(document.querySelectorAll("[data-testid^=row-]").length, "only what is in view is drawn").toBeLessThan(40);
    expect(screen.getByRole("heading", { name: /Finished 10,000/ }), "all are counted").toBeTruthy();
  });
});

describe("quitting", () => {
  it("is wanted with Ctrl+Q, and the program decides whether to ask", async () => {
    const backend = await opened();
    await userEvent.keyboard("{Control>}q{/Control}");
    expect(backend.asked, "the page ends nothing by itself").toContain("ask to quit");
  });
});
