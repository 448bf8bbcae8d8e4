/**
 * The fake program in a browser: `?scene=empty|usual|places|states|films|library|shelves|many|large`,
 * `&media=http://127.0.0.1:…/film.mp4`, `&open=Name.mov` as *Open with Pawl* does. It moves ten times a second, and takes
 * real drops.
 */
import { FakeBackend } from "./fake";
import { scenes, type SceneName } from "./scenes";
import type { Dropped } from "./world";

const beat = 100;

export function fakeOfPage(): FakeBackend {
  const query = new URLSearchParams(location.search);
  const scene = scenes[sceneName(query.get("scene"))](Date.now());
  const media = query.get("media");
  const backend = new FakeBackend(media === null ? scene : { ...scene, media }, Date.now());
  setInterval(() => backend.pass(beat), beat);
  takeDrops(backend);
  const open = query.get("open");
  if (open !== null) setTimeout(() => backend.open({ name: open, size: 6e7 }), 5 * beat);
  return backend;
}

function sceneName(wanted: string | null): SceneName {
  return wanted !== null && wanted in scenes ? (wanted as SceneName) : "usual";
}

/** The program hears of drags from the system; a page hears of them from the document. */
function takeDrops(backend: FakeBackend): void {
  addEventListener("dragover", (event) => {
    event.preventDefault();
    backend.drag("over", event.clientX, event.clientY);
  });
  addEventListener("dragleave", (event) => {
    if (event.relatedTarget === null) backend.drag("left");
  });
  addEventListener("drop", (event) => {
    event.preventDefault();
    backend.drag("left");
    backend.drop([...(event.dataTransfer?.files ?? [])].map(dropped), event.clientX, event.clientY);
  });
}

function dropped(file: File): Dropped {
  return { name: file.name, size: file.size };
}
