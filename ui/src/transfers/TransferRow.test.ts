// @vitest-environment jsdom
import { render, screen, waitFor, within } from "@testing-library/svelte";
import { userEvent } from "@testing-library/user-event";
import { tick } from "svelte";
import { describe, expect, it, test, vi } from "vitest";
import type { StateView, TransferView } from "../ipc/bindings";
import { words } from "../shared/words";
import { everyState, frameOf, nameOf, status, transfer } from "../test/views";
import { offerFor } from "./actions";
import type { Inside } from "./inside";
import TransferRow from "./TransferRow.svelte";
import { Row } from "./transfers.svelte";

const inside = (over: Partial<Inside> = {}): Inside => ({
  map: vi.fn(async () => frame),
  details: vi.fn(async () => ({ log: [], throughput: [] })),
  hasten: vi.fn(async () => true),
  ...over,
});

const frame = frameOf({ id: "one", size: 12, chunk_len: 4, notes: [] }, [2, 1, 0]);

function shown(over: Partial<TransferView> = {}, { open = false } = {}) {
  const row = new Row(transfer(over));
  const onact = vi.fn();
  const ontoggle = vi.fn();
  const core = inside({ map: vi.fn(async () => frame) });
  const rendered = render(TransferRow, { row, open, sought: null, ontoggle, onact, inside: core, status: status() });
  return { row, onact, ontoggle, core, rendered, element: screen.getByRole("article") };
}

const label = (view: TransferView, text: string) => `${text}: ${view.name}`;

describe.each(everyState.map((state) => [nameOf(state), state] as const))("a row that is %s", (_, state) => {
  it("shows its buttons, each with a label that names the film", () => {
    const { element, row } = shown({ state });
    const buttons = within(element).queryAllByRole("button", { name: /: Harbour\.mov$/ });
    const expected = offerFor(state).main.map(({ name, label: text }) =>
      label(row.view, name === "show" ? words.actions.showLong : text),
    );
    expect(buttons.map((button) => button.getAttribute("aria-label")), "those that make sense now").toEqual(expected);
  });

  it("shows its state in a word beside its colour", () => {
    shown({ state });
    const pill = screen.getByTestId("state-Harbour.mov");
    expect(pill.textContent?.trim(), "never colour alone").not.toBe("");
    expect(pill.dataset["state"], "the colour is chosen by it").toBe(state.is);
    expect(pill.querySelector("svg"), "and a shape").not.toBeNull();
  });

  it("reports its progress to assistive technology", () => {
    shown({ state, bytes_acked: 4e9 });
    const value = screen.getByRole("progressbar", { name: "Harbour.mov" }).getAttribute("aria-valuenow");
    expect(value, "whole only when it is done").toBe(state.is === "done" ? "100" : "99");
  });
});

describe("a row", () => {
  it("says that the destination lost ground", () => {
    const { element } = shown({ lost_ground: true });
    expect(element.textContent, "progress that goes back is explained").toContain(words.sentences.lostGround);
  });

  it("says size and destination", () => {
    const { element } = shown();
    expect(element.textContent?.replace(/[\u00A0\u202F]/g, " "), "what and where to").toMatch(/4\.0 GB → this computer/);
  });

  it("opens by its name", async () => {
    const { ontoggle } = shown();
    const name = screen.getByRole("button", { name: "Harbour.mov" });
    expect(name.getAttribute("aria-expanded"), "a screen reader knows that there is more").toBe("false");
    await userEvent.click(name);
    expect(ontoggle, "once").toHaveBeenCalledOnce();
  });

  it("opens by the keyboard", async () => {
    const { ontoggle } = shown();
    await userEvent.tab();
    await userEvent.keyboard("{Enter}");
    expect(ontoggle, "the first stop is its name").toHaveBeenCalledOnce();
  });

  it("does not open when a button in it is pressed", async () => {
    const { ontoggle, onact } = shown();
    await userEvent.click(screen.getByTestId("pause"));
    expect([onact.mock.calls, ontoggle.mock.calls.length], "Pause is Pause").toEqual([[["pause"]], 0]);
  });

  it("changes as the core reports", async () => {
    const { row } = shown();
    row.view = transfer({ state: { is: "paused" } });
    await tick();
    expect(screen.getByTestId("resume"), "and not before").toBeTruthy();
  });

  it("is found when it is sought", async () => {
    const { rendered } = shown();
    await rendered.rerender({ sought: { id: "one" } });
    expect(document.activeElement, "the focus leads the eye").toBe(screen.getByRole("button", { name: "Harbour.mov" }));
  });

  it("leaves the focus alone when another is sought", async () => {
    const { rendered } = shown();
    await rendered.rerender({ sought: { id: "another" } });
    expect(document.activeElement, "not meant").toBe(document.body);
  });
});

describe("a hostile name", () => {
  test.each([
    ["HTML", '<img src=x onerror="alert(1)"><b>bold</b>.mov'],
    ["marks that turn the direction", "invoice\u202Egpj.exe.mov"],
    ["a line break and quotes", 'two\nlines "and" \'quotes\'.mov'],
    ["255 letters", `${"w".repeat(251)}.mov`],
    ["nothing but blanks", "   "],
    ["template braces", "{{name}}${name}.mov"],
  ])("with %s is text, and only text", (_, name) => {
    const { element } = shown({ name, path: `/films/${name}` }, { open: true });
    const title = element.querySelector("bdi.name");
    expect(title?.textContent, "letter by letter").toBe(name);
    expect(title?.children.length, "no element came of it").toBe(0);
    expect(element.querySelector("img, b"), "nowhere in the row").toBeNull();
  });

  it("cannot turn the text beside it", () => {
    const { element } = shown({ name: "invoice\u202Egpj.exe.mov" });
    expect(element.querySelector(".name")?.localName, "an isolated direction").toBe("bdi");
  });
});

describe("a film that changed while it was sent", () => {
  const state: StateView = { is: "failed", kind: "source_changed", sentence: "The file was changed." };

  it("is sent as far as it changed by the keyboard alone, and says how that works", async () => {
    const { onact, element } = shown({ state, can_send_changed: true });
    expect(element.textContent, "a button whose work is not plain explains itself").toContain("only the pieces that differ");
    screen.getByTestId("send-changed").focus();
    await userEvent.keyboard("{Enter}");
    expect(onact.mock.calls, "and nothing is asked: nothing is lost").toEqual([["send_changed"]]);
    await userEvent.tab();
    expect(document.activeElement, "the other way is next to it").toBe(screen.getByTestId("start-over"));
  });

  it("is asked about when another film was pointed at", async () => {
    const onstrange = vi.fn();
    const row = new Row(transfer({ state }));
    const common = { row, open: false, sought: null, ontoggle: vi.fn(), onact: vi.fn(), inside: inside(), status: status() };
    render(TransferRow, { ...common, strange: "This is another film: 5 bytes instead of 7.", onstrange });
    expect(screen.getByRole("alertdialog").textContent, "what differs, and what can be done").toMatch(
      /5 bytes instead of 7\. Send it instead, from its first byte\?/,
    );
    expect(document.activeElement, "Enter by mistake sends nothing").toBe(screen.getByTestId("keep"));
    await userEvent.keyboard("{Escape}");
    expect(onstrange.mock.calls, "it stays as it is").toEqual([[false]]);
  });
});

describe("a question before something is lost", () => {
  async function asked(over: Partial<TransferView> = {}) {
    const everything = shown(over);
    await userEvent.click(screen.getByTestId("more"));
    await userEvent.click(screen.getByTestId("cancel"));
    return everything;
  }

  it("stands in the row and holds the command back", async () => {
    const { onact } = await asked();
    expect(screen.getByRole("alertdialog").textContent, "what is lost").toMatch(/Give up 3\.2.GB that are safe\?/);
    expect(onact, "nothing happened yet").not.toHaveBeenCalled();
  });

  it("has the focus on the safe answer", async () => {
    await asked();
    expect(document.activeElement, "Enter by mistake loses nothing").toBe(screen.getByTestId("keep"));
  });

  it("cancels when it is answered so", async () => {
    const { onact } = await asked();
    await userEvent.click(screen.getByTestId("give-up"));
    expect(onact.mock.calls, "now").toEqual([["cancel"]]);
    expect(screen.queryByRole("alertdialog"), "asked once").toBeNull();
  });

  test.each([
    ["Keep", () => userEvent.click(screen.getByTestId("keep"))],
    ["Escape", () => userEvent.keyboard("{Escape}")],
  ])("keeps everything on %s", async (_, answer) => {
    const { onact } = await asked();
    await answer();
    expect([onact.mock.calls.length, screen.queryByRole("alertdialog")], "as if nothing was asked").toEqual([0, null]);
  });

  it("is not asked when nothing is safe yet", async () => {
    const { onact } = await asked({ bytes_acked: 0 });
    expect(onact.mock.calls, "there is nothing to lose").toEqual([["cancel"]]);
  });

  it("goes when the film arrives meanwhile", async () => {
    const { row } = await asked();
    row.view = transfer({ state: { is: "done", proof: "root", object: "o" }, bytes_acked: 0 });
    await tick();
    expect(screen.queryByRole("alertdialog"), "there is nothing left to give up").toBeNull();
  });
});

describe("the menu", () => {
  const paused: StateView = { is: "paused" };

  it("opens, moves and closes by the keyboard", async () => {
    shown({ state: paused });
    screen.getByTestId("more").focus();
    await userEvent.keyboard("{Enter}");
    const items = await screen.findAllByRole("menuitem", { hidden: true });
    await waitFor(() => expect(document.activeElement, "the first item").toBe(items[0]));
    await userEvent.keyboard("{ArrowDown}");
    expect(document.activeElement, "the next").toBe(items[1]);
    await userEvent.keyboard("{ArrowDown}");
    expect(document.activeElement, "round to the first").toBe(items[0]);
    await userEvent.keyboard("{Escape}");
    await waitFor(() => expect(document.activeElement, "back where one was").toBe(screen.getByTestId("more")));
    expect(screen.queryByRole("menu"), "closed").toBeNull();
  });

  it("hands on what was chosen", async () => {
    const { onact } = shown({ state: paused, bytes_acked: 0 });
    await userEvent.click(screen.getByTestId("more"));
    await userEvent.click(screen.getByTestId("start-over"));
    expect([onact.mock.calls, screen.queryByRole("menu")], "and closes").toEqual([[["start_over"]], null]);
  });

  it("closes when one looks elsewhere", async () => {
    shown({ state: paused });
    await userEvent.click(screen.getByTestId("more"));
    await userEvent.click(screen.getByTestId("resume"));
    expect(screen.queryByRole("menu"), "it does not linger").toBeNull();
  });
});

describe("an opened row", () => {
  it("asks for the map and tells it in words", async () => {
    const { core } = shown({}, { open: true });
    expect(await screen.findByText("1 safe"), "the counts, for everybody").toBeTruthy();
    expect(screen.getByText("1 on their way"), "each state that occurs").toBeTruthy();
    expect(core.map, "once").toHaveBeenCalledOnce();
  });

  it("carries its counts for those who watch it", async () => {
    shown({}, { open: true });
    await screen.findByText("1 safe");
    const { chunks, acked } = screen.getByTestId("chunk-map").dataset;
    expect([chunks, acked], "of three, one is safe").toEqual(["3", "1"]);
  });

  it("lets the keyboard walk from chunk to chunk", async () => {
    shown({}, { open: true });
    const map = await screen.findByRole("slider", { name: words.map.label });
    expect(map.getAttribute("aria-valuetext"), "the first").toMatch(/^Chunk 1: safe/);
    map.focus();
    await userEvent.keyboard("{ArrowRight}");
    expect(map.getAttribute("aria-valuetext"), "the second").toMatch(/^Chunk 2: on its way/);
    await userEvent.keyboard("{End}");
    expect(map.getAttribute("aria-valuetext"), "the last").toMatch(/^Chunk 3: to come/);
  });

  it("lists the chunks that need a look", async () => {
    const note = { chunk: 1, start: 4, end: 8, sent: 0, attempts: 2, sentence: "<b>Reset</b>.", next_try: null };
    const row = new Row(transfer());
    const map = async () => frameOf({ id: "one", size: 12, chunk_len: 4, notes: [note] }, [2, 3, 0]);
    render(TransferRow, { row, open: true, sought: null, ontoggle: vi.fn(), onact: vi.fn(), inside: inside({ map }), status: status() });
    const list = await screen.findByRole("group", { name: words.map.attention });
    expect(list.textContent, "what happened, as text").toContain("Chunk 2 is tried again soon. Failed twice. <b>Reset</b>");
  });

  it("says when there is no map to show", async () => {
    const row = new Row(transfer());
    const map = () => Promise.reject({ code: "unknown_transfer", message: "gone", detail: null });
    render(TransferRow, { row, open: true, sought: null, ontoggle: vi.fn(), onact: vi.fn(), inside: inside({ map }), status: status() });
    expect(await screen.findByText(words.map.lost), "no blank space").toBeTruthy();
  });

  it("says that nothing is planned yet", async () => {
    const row = new Row(transfer({ chunk_len: 0, chunks_total: 0 }));
    const map = async () => frameOf({ id: "one", size: 12, chunk_len: 0, notes: [] }, []);
    render(TransferRow, { row, open: true, sought: null, ontoggle: vi.fn(), onact: vi.fn(), inside: inside({ map }), status: status() });
    expect(await screen.findByText(words.map.empty), "it will come").toBeTruthy();
  });
});

it("says how much room there is only of this computer", () => {
  const props = { row: new Row(transfer({ state: { is: "queued" } })), open: false, sought: null, ontoggle: vi.fn(), onact: vi.fn(), inside: inside(), status: status() };
  const { unmount } = render(TransferRow, props);
  expect(screen.getByRole("article").textContent, "the vault's").toContain("free there");
  unmount();
  render(TransferRow, { ...props, kind: "s3", here: false });
  expect(screen.getByRole("article").textContent, "nobody knows it of a store").not.toContain("free there");
});
