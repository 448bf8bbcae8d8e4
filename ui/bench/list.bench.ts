/**
 * The whole window with a history of ten thousand and a film of 100 GB on its way whose row is open: what a report of
 * the core costs, what scrolling costs, what a letter in the search costs.
 */
import { flushSync, mount, tick } from "svelte";
import App from "../src/frame/App.svelte";
import type { FeedView } from "../src/ipc/bindings";
import { FakeBackend } from "../src/ipc/fake/fake";
import { scenes } from "../src/ipc/fake/scenes";
import { measured, rounded, timed, type Measured } from "./meter";

/** Between two reports of the core. */
const beat = 100;

export async function listBench(target: Element): Promise<Record<string, Measured | number>> {
  const backend = new MeteredBackend();
  mount(App, { target, props: { backend } });
  const first = await backend.first;
  await opened(target);
  const nothing = await measured("nothing", 50, () => 0);
  const reports = await measured("reports", 100, () => backend.beat());
  const scrolled = await measured("scrolled", 100, (frame) => timed(() => scroll(target, frame)));
  const typed = await measured("typed", 50, (frame) => timed(() => type(target, frame)));
  return { first: rounded(first), nothing, reports, scrolled, typed };
}

/** Counts what the page does with a report, not what it takes to make one up. */
class MeteredBackend extends FakeBackend {
  #spent = 0;
  /** Milliseconds that the whole list took, once it came. */
  readonly first: Promise<number>;
  #heard: (spent: number) => void = () => undefined;

  constructor() {
    const now = Date.now();
    const [large, many] = [scenes.large(now), scenes.many(now)];
    super({ ...many, transfers: [...large.transfers, ...many.transfers] }, now);
    this.first = new Promise((resolve) => (this.#heard = resolve));
  }

  override subscribe(listener: (feed: FeedView) => void): Promise<void> {
    return super.subscribe((feed) => {
      this.#spent = timed(() => {
        listener(feed);
        flushSync();
      });
      if (feed.is === "whole") this.#heard(this.#spent);
    });
  }

  beat(): number {
    this.#spent = 0;
    this.pass(beat);
    return this.#spent;
  }
}

async function opened(target: Element): Promise<void> {
  target.querySelector<HTMLElement>("button.title")?.click();
  await tick();
  await new Promise((resolve) => setTimeout(resolve, 500));
}

function scroll(target: Element, frame: number): void {
  const view = target.querySelector(".view");
  if (view) view.scrollTop = Math.max(0, frame) * 120;
  view?.dispatchEvent(new Event("scroll"));
  flushSync();
}

function type(target: Element, frame: number): void {
  const field = target.querySelector<HTMLInputElement>("[data-testid=search]");
  if (!field) return;
  field.value = "archive_0".slice(0, ((frame + 60) % 9) + 1);
  field.dispatchEvent(new Event("input", { bubbles: true }));
  flushSync();
}
