/** A check of the fake vault: it ends by itself, or is held in its middle until somebody stops it or lets it go on. */
import type { HarmedView, ScrubStepView, ScrubView, VideoView } from "../bindings";

export class FakeCheck {
  /** Whether it waits in its middle. */
  held = false;
  harmed: HarmedView[] = [];
  strays: string[] = [];
  unfinished = 0;
  #go: ((ended: boolean) => void) | null = null;

  async run(videos: readonly VideoView[], listener: (step: ScrubStepView) => void): Promise<ScrubView> {
    const total = videos.reduce((sum, video) => sum + video.size, 0);
    listener({ done: Math.floor(total / 2), total });
    const ended = this.held ? await new Promise<boolean>((go) => (this.#go = go)) : true;
    const films = ended ? videos.length : 0;
    const { harmed, strays, unfinished } = this;
    return { films, bytes: ended ? total : 0, unfinished, harmed, strays, ended };
  }

  stop(): void {
    this.#go?.(false);
  }

  goOn(): void {
    this.#go?.(true);
  }
}
