/**
 * Measures in the page itself: `?bench=map` or `?bench=list`. The result stands as JSON in
 * `document.documentElement.dataset.bench` once it is there, for whatever drives the browser.
 */
import { listBench } from "./list.bench";
import { mapBench } from "./map.bench";
import "../src/shared/base.css";

const benches = { map: mapBench, list: listBench };

export async function bench(name: string, target: Element): Promise<void> {
  const run = name in benches ? benches[name as keyof typeof benches] : null;
  const result = run === null ? { unknown: name } : await run(target);
  // A page that shares its process with no other gets a clock of microseconds.
  const screen = { width: innerWidth, height: innerHeight, scale: devicePixelRatio, fine: crossOriginIsolated };
  document.documentElement.dataset["bench"] = JSON.stringify({ bench: name, screen, ...result });
}
