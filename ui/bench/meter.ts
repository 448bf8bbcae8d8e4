/**
 * Main-thread time of frames. Script: our own work in a frame. Frame: that, and the style, layout and painting that
 * follow it, up to the next task. Frames in which nothing happens say what the webview and the machine take by
 * themselves.
 *
 * Invariant: the work of whoever feeds the page is not counted.
 */
export interface Figures {
  median: number;
  p95: number;
  max: number;
}

export interface Measured {
  frames: number;
  /** Milliseconds. */
  script: Figures;
  frame: Figures;
}

/**
 * Runs `work` in so many frames in a row; it answers how long the part of it took that counts. The part's name stands
 * on the page meanwhile, with a rest before and after, so that one can tell from outside what the part takes.
 */
export async function measured(part: string, frames: number, work: (frame: number) => number): Promise<Measured> {
  for (let frame = -warmUp; frame < 0; frame += 1) await oneFrame(() => work(frame));
  const { dataset } = document.documentElement;
  dataset["part"] = part;
  await rest();
  const scripts: number[] = [];
  const whole: number[] = [];
  for (let frame = 0; frame < frames; frame += 1) {
    const [script, render] = await oneFrame(() => work(frame));
    scripts.push(script);
    whole.push(script + render);
  }
  await rest();
  delete dataset["part"];
  return { frames, script: figuresOf(scripts), frame: figuresOf(whole) };
}

function rest(): Promise<unknown> {
  return new Promise((resolve) => setTimeout(resolve, 600));
}

/** The first frames compile code and are not those that a person meets again and again. */
const warmUp = 20;

function oneFrame(work: () => number): Promise<[script: number, render: number]> {
  return new Promise((resolve) => {
    requestAnimationFrame(() => {
      const script = work();
      const worked = performance.now();
      // A message is handled after the frame was painted.
      const { port1, port2 } = new MessageChannel();
      port1.onmessage = () => resolve([script, performance.now() - worked]);
      port2.postMessage(null);
    });
  });
}

/** Milliseconds that something takes. */
export function timed(work: () => void): number {
  const began = performance.now();
  work();
  return performance.now() - began;
}

function figuresOf(times: number[]): Figures {
  const sorted = times.toSorted((a, b) => a - b);
  const at = (share: number) => rounded(sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0);
  return { median: at(0.5), p95: at(0.95), max: at(1) };
}

export function rounded(ms: number): number {
  return Math.round(ms * 100) / 100;
}
