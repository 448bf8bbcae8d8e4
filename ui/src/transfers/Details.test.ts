// @vitest-environment jsdom
import { render, screen, within } from "@testing-library/svelte";
import { userEvent } from "@testing-library/user-event";
import { tick } from "svelte";
import { describe, expect, it, test, vi } from "vitest";
import type { DetailsView, TransferView } from "../ipc/bindings";
import { limitInForce } from "./speed/limit";
import { words } from "../shared/words";
import { frameOf, instant, transfer } from "../test/views";
import Details from "./Details.svelte";
import type { Inside } from "./inside";
import { Row } from "./transfers.svelte";

const note = { chunk: 3, start: 12, end: 16, sent: 0, attempts: 1, sentence: "It was reset.", next_try: null };
const frame = frameOf({ id: "one", size: 16, chunk_len: 4, notes: [note] }, [2, 1, 0, 3]);
const log: DetailsView["log"] = [
  { at: instant - 60_000, what: { is: "added" } },
  { at: instant, what: { is: "chunk_failed", chunk: 3, sentence: "It was <b>reset</b>.", attempts: 1, next_try: null } },
];

async function opened(over: Partial<TransferView> = {}, answers: Partial<DetailsView> = {}, limit: number | null = null, onreceipt?: () => void) {
  const inside = {
    map: vi.fn<Inside["map"]>(async () => frame),
    details: vi.fn<Inside["details"]>(async () => ({ log, throughput: [5e6, 38.4e6], ...answers })),
    hasten: vi.fn<Inside["hasten"]>(async () => true),
  };
  const row = new Row(transfer(over));
  const rendered = render(Details, { row, inside, limit: limitInForce(limit, null), ...(onreceipt && { onreceipt }) });
  await screen.findByText("1 safe");
  const map = screen.getByRole("slider", { name: words.map.label });
  return { inside, row, map, rendered };
}

describe("the chunk map by keyboard", () => {
  test.each([
    ["{Enter}", "Enter"],
    [" ", "space"],
  ])("sends the chunk first on %o", async (key) => {
    const { inside, map } = await opened();
    map.focus();
    await userEvent.keyboard(`{ArrowRight}{ArrowRight}${key}`);
    expect(inside.hasten.mock.calls, "the third chunk, by its number from 0").toEqual([["one", 2]]);
    expect(await screen.findByText("Chunk 3 goes before all others"), "what the core took is told").toBeTruthy();
  });

  it("says beforehand what Enter does, and nothing where it does nothing", async () => {
    const { map } = await opened();
    map.focus();
    expect(map.getAttribute("aria-valuetext"), "it is safe").not.toContain("Enter");
    await userEvent.keyboard("{End}");
    expect(map.getAttribute("aria-valuetext"), "it rests").toContain("try chunk 4 again now");
  });

  test.each([
    ["safe", "{Home}"],
    ["on its way", "{Home}{ArrowRight}"],
  ])("asks for nothing at a chunk that is %s", async (_, keys) => {
    const { inside, map } = await opened();
    map.focus();
    await userEvent.keyboard(`${keys}{Enter}`);
    expect(inside.hasten, "there is nothing to do").not.toHaveBeenCalled();
  });

  it("asks for nothing while the transfer stands", async () => {
    const { inside, map } = await opened({ state: { is: "paused" } });
    map.focus();
    await userEvent.keyboard("{End}{Enter}");
    expect(inside.hasten, "a paused transfer sends nothing first").not.toHaveBeenCalled();
  });

  it("claims nothing that the core refused", async () => {
    const { inside, map } = await opened();
    inside.hasten.mockResolvedValue(false);
    map.focus();
    await userEvent.keyboard("{End}{Enter}");
    expect(screen.queryByText(/goes before all others/), "no optimistic word").toBeNull();
  });
});

describe("the speed", () => {
  it("is told as text: now, average, peak", async () => {
    await opened();
    const told = (await screen.findByTestId("speed")).textContent?.replace(/[\u00A0\u202F]/g, " ");
    expect(told, "for those who do not see the curve").toMatch(/21\.7 MB\/s now.*21\.7 MB\/s on average, 38\.4 MB\/s at most/s);
  });

  it("lets the keyboard walk from second to second", async () => {
    await opened();
    const graph = await screen.findByRole("slider", { name: words.speed.label });
    graph.focus();
    expect(graph.getAttribute("aria-valuetext"), "the last one").toMatch(/^38\.4.MB\/s at /);
    await userEvent.keyboard("{ArrowLeft}");
    expect(graph.getAttribute("aria-valuetext"), "the one before").toMatch(/^5\.0.MB\/s at /);
  });

  it("tells the person's own limit, drawn or not", async () => {
    await opened({}, {}, 1e9);
    expect((await screen.findByTestId("speed")).textContent, "far above, but there").toMatch(/Your limit, 1.GB\/s/);
  });

  it("tells what it waited, and leaves gaps for it", async () => {
    await opened({}, { throughput: [5e6, null, null, 38.4e6] });
    const speed = await screen.findByTestId("speed");
    expect(speed.textContent?.replace(/[\u00A0\u202F]/g, " "), "in words, for everybody").toContain(words.order.waits("2 sec"));
    const graph = screen.getByRole("slider", { name: words.speed.label });
    graph.focus();
    await userEvent.keyboard("{ArrowLeft}");
    expect(graph.getAttribute("aria-valuetext"), "no speed of a second in which it waited").toMatch(/^Waited at /);
    expect(speed.querySelector(".curve")?.getAttribute("d")?.match(/M/g)?.length, "two pieces").toBe(2);
  });

  it("says when nothing was sent", async () => {
    await opened({}, { throughput: [] });
    expect(await screen.findByText(words.speed.none), "no empty frame").toBeTruthy();
  });
});

describe("the log", () => {
  it("tells in sentences, as text, newest first", async () => {
    await opened();
    const lines = within(await screen.findByTestId("log")).getAllByRole("listitem");
    expect(lines.map((line) => line.querySelector("p")?.textContent?.trim()), "no markup comes of it").toEqual([
      "Chunk 4 failed: It was <b>reset</b>.",
      "Added to the list.",
    ]);
  });

  it("can be reached and scrolled by the keyboard", async () => {
    await opened();
    const region = within(await screen.findByTestId("log")).getByRole("group", { name: words.log.label });
    expect(region.tabIndex, "a stop of Tab").toBe(0);
  });

  it("is copied whole", async () => {
    await opened();
    const user = userEvent.setup();
    await user.click(await screen.findByTestId("copy-log"));
    expect(await screen.findByText(words.log.copied), "and said so").toBeTruthy();
    expect(await navigator.clipboard.readText(), "with all lines").toMatch(/Added to the list\.\n.*Chunk 4 failed/);
  });
});

describe("the receipt", () => {
  it("is had from the details of a film that is done", async () => {
    const onreceipt = vi.fn<() => void>();
    await opened({ state: { is: "done", proof: "root", object: "o-1" } }, {}, null, onreceipt);
    await userEvent.click(screen.getByTestId("receipt-of"));
    expect(onreceipt, "asked once").toHaveBeenCalledOnce();
  });

  it("is not offered before", async () => {
    await opened({ state: { is: "paused" } }, {}, null, () => undefined);
    expect(screen.queryByTestId("receipt-of"), "there is none").toBeNull();
  });
});

describe("what is asked of the core", () => {
  it("is the details once when it opens, and again when the row changes", async () => {
    vi.useFakeTimers({ shouldAdvanceTime: true });
    const { inside, row } = await opened();
    expect(inside.details, "at once").toHaveBeenCalledOnce();
    for (let beat = 0; beat < 30; beat += 1) {
      row.view = transfer({ bytes_acked: beat });
      await tick();
      await vi.advanceTimersByTimeAsync(100);
    }
    expect(inside.details.mock.calls.length, "three seconds, once in each").toBeLessThanOrEqual(5);
    expect(inside.map.mock.calls.length, "the map more often").toBeGreaterThan(8);
    vi.useRealTimers();
  });

  it("is nothing while it is out of view", async () => {
    const tellers: ((entries: { isIntersecting: boolean }[]) => void)[] = [];
    vi.stubGlobal("IntersectionObserver", class {
      constructor(tell: (entries: { isIntersecting: boolean }[]) => void) {
        tellers.push(tell);
      }
      observe() {}
      disconnect() {}
    });
    const details = vi.fn(async () => ({ log: [], throughput: [] }));
    const row = new Row(transfer());
    render(Details, { row, inside: { map: async () => frame, details, hasten: async () => true }, limit: null });
    await tick();
    expect(details, "nobody sees it").not.toHaveBeenCalled();
    tellers.forEach((tell) => tell([{ isIntersecting: true }]));
    await tick();
    expect(details, "now somebody does").toHaveBeenCalledOnce();
    vi.unstubAllGlobals();
  });
});
