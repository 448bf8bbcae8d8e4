/** What jsdom lacks of a webview: as little as the interface needs, and silent. Tests of pure modules need none of it. */
import { configure } from "@testing-library/svelte";
import { vi } from "vitest";

class NoResize implements ResizeObserver {
  observe(): void {}
  unobserve(): void {}
  disconnect(): void {}
}

/** No layout here: whatever is watched is in view. */
class AllInView {
  #tell: (entries: { isIntersecting: boolean }[]) => void;
  constructor(tell: (entries: { isIntersecting: boolean }[]) => void) {
    this.#tell = tell;
  }
  observe(): void {
    this.#tell([{ isIntersecting: true }]);
  }
  disconnect(): void {}
}

function completeWindow(): void {
  vi.stubGlobal("ResizeObserver", NoResize);
  vi.stubGlobal("IntersectionObserver", AllInView);
  window.matchMedia = (query: string) =>
    Object.assign(new EventTarget(), {
      matches: false,
      media: query,
      onchange: null,
      addListener: () => undefined,
      removeListener: () => undefined,
    }) as MediaQueryList;
  // No pixels here: what is drawn is tested on a brush that writes its strokes down.
  HTMLCanvasElement.prototype.getContext = (() => null) as typeof HTMLCanvasElement.prototype.getContext;
  HTMLMediaElement.prototype.load = () => undefined;
  HTMLMediaElement.prototype.play = () => Promise.resolve();
  HTMLMediaElement.prototype.pause = () => undefined;
}

// A loaded machine is slow, not wrong: what is read when it is first needed may take its time.
configure({ asyncUtilTimeout: 20_000 });

if (typeof window !== "undefined") completeWindow();
