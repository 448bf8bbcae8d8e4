/**
 * *Test connection*: one question to the real destination, and its answer.
 *
 * Owner of: what was found last. Invariant: an answer to a question that was overtaken by another is not shown.
 */
import type { ReportView } from "../ipc/bindings";
import { asError } from "../ipc/client";
import { words } from "../shared/words";

export class Examination {
  asking = $state(false);
  report: ReportView | null = $state.raw(null);
  /** Why there is no report. */
  trouble: string | null = $state(null);
  #last = 0;

  async ask(question: () => Promise<ReportView>): Promise<void> {
    const mine = (this.#last += 1);
    [this.asking, this.report, this.trouble] = [true, null, null];
    try {
      const report = await question();
      if (mine === this.#last) this.report = report;
    } catch (thrown) {
      if (mine === this.#last) this.trouble = asError(thrown).message || words.destinations.report.failed;
    }
    if (mine === this.#last) this.asking = false;
  }

  /** What was asked about is not the same any more. */
  forget(): void {
    this.#last += 1;
    [this.asking, this.report, this.trouble] = [false, null, null];
  }

  get shown(): boolean {
    return this.asking || this.report !== null || this.trouble !== null;
  }
}
