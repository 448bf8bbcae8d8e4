// @vitest-environment jsdom
/** Where films go, chosen from the window; and links to those that are there. */
import { render, screen, waitFor, within } from "@testing-library/svelte";
import { userEvent } from "@testing-library/user-event";
import { describe, expect, it, vi } from "vitest";
import { FakeBackend } from "../ipc/fake/fake";
import { scenes, type SceneName } from "../ipc/fake/scenes";
import { format } from "../shared/format";
import { words } from "../shared/words";
import { findings } from "../test/axe";
import { instant, video } from "../test/views";
import App from "./App.svelte";

vi.mock("../player/controls", () => ({}));

async function opened(scene: SceneName = "usual", over = {}) {
  const backend = new FakeBackend({ ...scenes[scene](instant), ...over }, instant);
  render(App, { backend });
  await screen.findByTestId("limit");
  return backend;
}

/** The last thing that was asked, but for what posters ask. */
const last = (backend: FakeBackend) => backend.asked.findLast((asked) => !asked.startsWith("facts"));

describe("adding", () => {
  it("goes to the default at once, and to another by the menu", async () => {
    const backend = await opened();
    await userEvent.click(screen.getByTestId("choose"));
    expect(last(backend), "the most likely one costs a click").toBe("choose");
    screen.getByTestId("add-more").focus();
    await userEvent.keyboard("{Enter}");
    const other = await screen.findByTestId("add-to-studio-nas");
    expect(await findings(), "the menu").toEqual([]);
    other.focus();
    await userEvent.keyboard("{ArrowRight}");
    (await screen.findByTestId("add-folder-studio")).focus();
    await userEvent.keyboard("{Enter}");
    await waitFor(() => expect(last(backend), "there").toBe("choose folder to studio"));
  });

  it("with one destination offers no choice", async () => {
    await opened("states");
    await userEvent.click(screen.getByTestId("add-more"));
    await screen.findByTestId("add-films");
    expect(screen.queryByRole("menuitem", { name: /^To / }), "there is none").toBeNull();
  });
});

describe("pasting", () => {
  it("asks where to, and Enter is the default", async () => {
    const backend = await opened();
    await userEvent.keyboard("{Control>}v{/Control}");
    const first = await screen.findByTestId("to-this computer");
    await waitFor(() => expect(document.activeElement, "the default first").toBe(first));
    expect(await findings(), "the question").toEqual([]);
    await userEvent.keyboard("{Enter}");
    await waitFor(() => expect(last(backend), "as chosen").toBe("paste to vault"));
    await waitFor(() => expect(screen.queryByTestId("where-to"), "answered").toBeNull());
  });

  it("goes where the arrows lead, or nowhere", async () => {
    const backend = await opened();
    await userEvent.keyboard("{Control>}v{/Control}");
    await waitFor(() => expect(document.activeElement, "open").toBe(screen.getByTestId("to-this computer")));
    await userEvent.keyboard("{Escape}");
    await waitFor(() => expect(screen.queryByTestId("where-to"), "closed").toBeNull());
    expect(backend.asked.some((asked) => asked.startsWith("paste")), "nothing was pasted").toBe(false);
    await userEvent.keyboard("{Control>}v{/Control}");
    await waitFor(() => expect(document.activeElement, "again").toBe(screen.getByTestId("to-this computer")));
    await userEvent.keyboard("{ArrowUp}{Enter}");
    await waitFor(() => expect(last(backend), "the last").toBe("paste to studio"));
  });

  it("asks nothing where there is one destination", async () => {
    const backend = await opened("states");
    await userEvent.keyboard("{Control>}v{/Control}");
    await waitFor(() => expect(last(backend), "at once").toBe("paste"));
  });
});

it("a film that was opened is sent where one says", async () => {
  const backend = await opened("usual", { media: "http://127.0.0.1:9/film" });
  backend.open({ name: "Holiday.mov", size: 5e6 });
  await userEvent.click(await screen.findByTestId("player-upload"));
  await userEvent.click(await screen.findByTestId("to-S3 archive"));
  await waitFor(() => expect(backend.asked, "there").toContain("upload opened opened-1 to archive"));
});

it("the first screen says where films go, also when that is elsewhere", async () => {
  const [studio] = scenes.usual(instant).destinations ?? [];
  await opened("empty", { destinations: [{ ...studio, isDefault: true }] });
  const welcome = screen.getByTestId("welcome").textContent;
  expect(welcome, "by name and address").toContain("studio-nas");
  expect(screen.getByTestId("add-more"), "and offers the others").toBeTruthy();
  expect(welcome, "the room of this computer means nothing there").not.toContain("free");
});

describe("what hovers", () => {
  it("meets a target for each destination, the default first", async () => {
    const backend = await opened();
    backend.drag("over", 10, 10);
    const targets = within(await screen.findByTestId("drop-overlay")).getAllByRole("listitem").map(({ dataset }) => dataset["testid"]);
    expect(targets, "as the list has them").toEqual(["drop-on-this computer", "drop-on-S3 archive", "drop-on-studio-nas"]);
  });

  it("meets six of them, and one for all others", async () => {
    const backend = await opened("places");
    backend.drag("over", 10, 10);
    const overlay = within(await screen.findByTestId("drop-overlay"));
    expect(overlay.getAllByRole("listitem").length, "more could not be hit").toBe(7);
    expect(overlay.getByTestId("drop-on-others").textContent, "and where those go").toContain("this computer");
  });
});

describe("a link", () => {
  const until = format.day(instant + 7 * 86_400_000);

  const film = (id: string, destination: string) => ({
    id,
    name: `${id}.mov`,
    size: 1e6,
    createdAt: instant,
    destination,
    state: { is: "done", proof: "root", object: `object-${id}` },
  });
  const films = [film("here", "vault"), film("there", "studio")];

  it("to a film that is done is made where the destination makes them, and says until when it works", async () => {
    const backend = await opened("usual", { transfers: films });
    await userEvent.click(within(screen.getByTestId("row-there.mov")).getByTestId("copy-link"));
    expect(last(backend), "for a week").toBe("link transfer there 7");
    expect((await screen.findByTestId("toast")).textContent, "said").toContain(words.destinations.linkCopied("there.mov", until));
    expect(within(screen.getByTestId("row-here.mov")).queryByTestId("copy-link"), "not from this computer").toBeNull();
  });

  it("to a film of the library is offered for those that lie where links are made", async () => {
    const backend = await opened("usual", {
      transfers: films,
      videos: ["here", "there"].map((id) => video({ id: `object-${id}`, name: `${id}.mov` })),
    });
    await userEvent.click(screen.getByTestId("place-library"));
    const item = (name: string) => screen.getAllByTestId("library-item").find((one) => one.textContent?.includes(name))!;
    await userEvent.click(within(item("here.mov")).getByTestId("more"));
    await screen.findByTestId("copy-digest");
    expect(screen.queryByTestId("copy-link"), "this computer makes none").toBeNull();
    await userEvent.keyboard("{Escape}");
    await userEvent.click(within(item("there.mov")).getByTestId("more"));
    await userEvent.click(await screen.findByTestId("copy-link"));
    await waitFor(() => expect(backend.asked, "of the transfer that brought it").toContain("link transfer there 7"));
  });
});

it("a search finds films by their destination, also after that was renamed", async () => {
  const backend = await opened();
  const rows = () => screen.queryAllByTestId(/^row-/).map(({ dataset }) => dataset["testid"]);
  await userEvent.type(screen.getByTestId("search"), "studio");
  expect(rows(), "what goes there").toEqual(["row-Rushes_Day_07_reel_3.mxf"]);
  const studio = scenes.usual(instant).destinations?.[0];
  const place = studio?.place ?? { is: "server", url: "" };
  await backend.saveDestination("studio", { name: "Berlin", place, taken: "keep_both", limit: null, template: "{name}", proxy: null, authorities: null }, { is: "keep" });
  await waitFor(() => expect(rows(), "it is called otherwise now").toEqual([]));
  await userEvent.clear(screen.getByTestId("search"));
  await userEvent.type(screen.getByTestId("search"), "rushes berlin");
  await waitFor(() => expect(rows(), "by both").toEqual(["row-Rushes_Day_07_reel_3.mxf"]));
  expect(screen.getByTestId("where-Rushes_Day_07_reel_3.mxf").textContent, "and the row says so").toContain("Berlin");
});
