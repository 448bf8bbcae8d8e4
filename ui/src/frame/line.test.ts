// @vitest-environment jsdom
import { fireEvent, render, screen, waitFor } from "@testing-library/svelte";
import { userEvent } from "@testing-library/user-event";
import { describe, expect, it } from "vitest";
import type { StateView } from "../ipc/bindings";
import { FakeBackend } from "../ipc/fake/fake";
import type { Seed } from "../ipc/fake/seed";
import { scenes } from "../ipc/fake/scenes";
import { somewhere } from "../ipc/fake/somewhere";
import { words } from "../shared/words";
import { findings } from "../test/axe";
import { instant, transfer } from "../test/views";
import App from "./App.svelte";
import { refusalsOf } from "./refusals";

const film = (id: string, over: Partial<Seed> = {}): Seed => ({ id, name: `${id}.mov`, size: 40e6, createdAt: instant, ...over });
const wait = (reason: "network" | "credentials" | "remote"): StateView => ({ is: "waiting", reason, sentence: "It waits.", until: reason === "credentials" ? null : Date.now() + 12_000 });

async function opened(transfers = ["a", "b", "c", "d"].map((id) => film(id))) {
  const backend = new FakeBackend({ transfers, videos: [], notices: [], dialog: [], destinations: somewhere }, instant);
  render(App, { backend });
  await screen.findByTestId("limit");
  return backend;
}

const names = () => screen.getAllByTestId(/^row-/).map((row) => row.dataset["testid"]?.slice(4, 5)).join("");
const title = (name: string) => screen.getByRole("button", { name: new RegExp(`^${name}\\.m\\w+$`) });
const said = () => screen.getByTestId("arranged").textContent;

describe("by keys", () => {
  it("a row moves one place, keeps the focus, and is told where it stands", async () => {
    const backend = await opened();
    title("c").focus();
    await userEvent.keyboard("{Alt>}{ArrowUp}{/Alt}");
    await waitFor(() => expect(names(), "as the core reported").toBe("acbd"));
    expect(backend.asked.at(-1), "one wish").toBe("reorder c before b");
    await waitFor(() => expect([said(), document.activeElement], "heard and kept").toEqual([words.order.moved("c.mov", "2", "4"), title("c")]));
  });

  it("strikes that come before the report are not lost", async () => {
    await opened();
    title("d").focus();
    await userEvent.keyboard("{Alt>}{ArrowUp}{ArrowUp}{ArrowUp}{/Alt}");
    await waitFor(() => expect(names(), "three places").toBe("dabc"));
  });

  it("a row moves to an end of the line, and no further", async () => {
    const backend = await opened();
    title("b").focus();
    await userEvent.keyboard("{Alt>}{End}{/Alt}");
    await waitFor(() => expect(names(), "to the end").toBe("acdb"));
    const asked = backend.asked.length;
    await userEvent.keyboard("{Alt>}{ArrowDown}{/Alt}");
    await waitFor(() => expect(said(), "it is told").toBe(words.order.stays("b.mov")));
    expect(backend.asked.length, "the core is not asked").toBe(asked);
  });

  it("what is selected moves together, and Escape forgets it", async () => {
    const backend = await opened();
    title("b").focus();
    await userEvent.keyboard("{Shift>}{ArrowDown}{/Shift}");
    await waitFor(() => expect(document.activeElement, "the focus goes along").toBe(title("c")));
    expect(said(), "how many").toBe(words.order.nowSelected(2, "2 films"));
    await userEvent.keyboard("{Alt>}{Home}{/Alt}");
    await waitFor(() => expect(names(), "both").toBe("bcad"));
    expect(backend.asked.at(-1), "in one wish").toBe("reorder b c before a");
    await userEvent.keyboard("{Escape}{Alt>}{End}{/Alt}");
    await waitFor(() => expect(names(), "one alone").toBe("badc"));
  });

  it("plus and minus change the priority, which the row shows and the list follows", async () => {
    const backend = await opened();
    title("c").focus();
    await userEvent.keyboard("+");
    await waitFor(() => expect(names(), "before all others").toBe("cabd"));
    expect(screen.getByTestId("priority-c.mov").textContent, "in words too").toContain(words.order.priorities.high);
    await waitFor(() => expect(document.activeElement, "it keeps the focus").toBe(title("c")));
    await userEvent.keyboard("-");
    await waitFor(() => expect(screen.queryByTestId("priority-c.mov"), "nothing to mark").toBeNull());
    expect(backend.asked.slice(-2), "one wish each").toEqual(["priority c high", "priority c normal"]);
  });
});

describe("by menus", () => {
  it("a row goes to the front, and first of all", async () => {
    await opened();
    await userEvent.click(screen.getAllByTestId("more")[2]!);
    await userEvent.click(await screen.findByTestId("first"));
    await waitFor(() => expect(names(), "to the front").toBe("cabd"));
    await userEvent.click(screen.getAllByTestId("more")[3]!);
    await userEvent.click(await screen.findByTestId("high"));
    await waitFor(() => expect(names(), "before its turn").toBe("dcab"));
  });

  it("the menu of the pointer offers what the row does", async () => {
    const backend = await opened();
    await fireEvent.contextMenu(title("b"));
    await userEvent.click(await screen.findByTestId("low"));
    await waitFor(() => expect(names(), "last of all").toBe("acdb"));
    await fireEvent.contextMenu(title("a"));
    await userEvent.click((await screen.findAllByTestId("pause")).at(-1)!);
    await waitFor(() => expect(backend.asked, "as its button would").toContain("pause a"));
  });
});

describe("by the pointer", () => {
  /** jsdom lays nothing out: each row is 100 pixels high. */
  function laidOut() {
    Element.prototype.getBoundingClientRect = function (this: Element) {
      const at = [...document.querySelectorAll("[data-row]")].indexOf(this);
      return { top: at * 100, height: 100, bottom: at * 100 + 100, left: 0, right: 900, width: 900, x: 0, y: at * 100 } as DOMRect;
    };
  }

  const press = (name: string, y: number) => fireEvent.pointerDown(title(name), { button: 0, clientX: 50, clientY: y, pointerType: "mouse" });
  const move = (y: number) => fireEvent.pointerMove(window, { clientX: 50, clientY: y });

  it("a row is dropped where the line shows", async () => {
    const backend = await opened();
    laidOut();
    await press("d", 350);
    await move(340);
    await move(110);
    expect(screen.getByTestId("drop-line").textContent, "before b").toContain("b.mov");
    await fireEvent.pointerUp(window);
    await waitFor(() => expect(names(), "there").toBe("adbc"));
    expect(backend.asked.at(-1), "one wish").toBe("reorder d before b");
  });

  it("Escape gives up, and nothing is asked", async () => {
    const backend = await opened();
    laidOut();
    const asked = backend.asked.length;
    await press("d", 350);
    await move(110);
    await userEvent.keyboard("{Escape}");
    await fireEvent.pointerUp(window);
    expect([names(), backend.asked.length, said()], "as it was").toEqual(["abcd", asked, words.order.givenUp]);
    expect(screen.queryByTestId("drop-line"), "no line stays").toBeNull();
  });

  it("a hand that trembles clicks", async () => {
    const backend = await opened();
    laidOut();
    const asked = backend.asked.length;
    await press("d", 350);
    await move(352);
    await fireEvent.pointerUp(window);
    expect([names(), backend.asked.length], "nothing moved").toEqual(["abcd", asked]);
  });

  it("several that are selected go together", async () => {
    const backend = await opened();
    laidOut();
    await fireEvent.click(title("a"), { ctrlKey: true });
    await fireEvent.click(title("c"), { ctrlKey: true });
    expect(screen.queryByTestId("chunk-map"), "selecting opens nothing").toBeNull();
    await press("c", 250);
    await move(390);
    await fireEvent.pointerUp(window);
    await waitFor(() => expect(names(), "both, in their order").toBe("bdac"));
    expect(backend.asked.at(-1), "in one wish").toBe("reorder a c before null");
  });
});

describe("what waits", () => {
  const held: Seed = film("q", { hold: wait("remote"), held: true, state: { is: "queued" } });

  it("says why and counts down in every state", async () => {
    const states: StateView[] = [{ is: "queued" }, { is: "preparing" }, { is: "verifying" }];
    await opened(states.map((state) => film(state.is, { state, hold: wait("remote"), held: true })));
    for (const { is } of states) {
      const text = screen.getByTestId(`row-${is}.mov`).textContent?.replace(/[\u00A0\u202F]/g, " ");
      expect(text, is).toContain(words.order.held.remote);
      expect(text, is).toMatch(/Tries again in 1\d sec/);
    }
  });

  it("is retried by its button and by a key", async () => {
    const backend = await opened([held, film("w", { state: wait("network") })]);
    title("w").focus();
    await userEvent.keyboard("r");
    expect(backend.asked.at(-1), "R on its name").toBe("retry w");
    await userEvent.click(screen.getAllByTestId("retry")[0]!);
    expect(backend.asked.at(-1), "its button").toBe("retry q");
  });

  it("is woken with what failed", async () => {
    const backend = await opened([held, film("f", { state: { is: "failed", kind: "remote", sentence: "No." } })]);
    const button = screen.getByTestId("retry-all");
    expect(button.textContent?.trim(), "both are counted").toBe("Retry 2 that failed or wait");
    await userEvent.click(button);
    expect(backend.asked.at(-1), "in one wish").toBe("retry all");
  });

  it("for a password is told once for each destination, and its form is a press away", async () => {
    const refused = (id: string, destination: string) => film(id, { state: wait("credentials"), destination });
    await opened([refused("a", "studio"), refused("b", "studio"), refused("c", "archive")]);
    expect(screen.getAllByTestId(/^refusal-/).length, "one for each destination").toBe(2);
    const notice = screen.getByTestId("refusal-studio-nas");
    expect(notice.textContent, "how many wait").toContain("2 films");
    await userEvent.click(screen.getByRole("button", { name: words.order.mendOf("studio-nas") }));
    expect((await screen.findByTestId<HTMLInputElement>("form-name")).value, "the form of that one").toBe("studio-nas");
  });

  it("behind a refused destination counts as well", () => {
    const refused = wait("credentials");
    const views = [transfer({ hold: refused, state: { is: "queued" } }), transfer({ state: refused }), transfer()];
    expect(refusalsOf(views), "whatever its own state").toEqual([{ id: "vault", name: "this computer", films: 2 }]);
  });

  it("is nothing that axe finds fault with, selected and marked rows included", async () => {
    await opened(scenes.states(instant).transfers);
    await fireEvent.click(title("Paused"), { ctrlKey: true });
    expect(await findings(), "every state").toEqual([]);
  });
});
