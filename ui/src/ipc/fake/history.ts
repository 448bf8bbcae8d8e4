/** What happened to a simulated transfer, and how fast it went. */
import type { DetailsView, LogView } from "../bindings";

const lines = 200;
const seconds = 300;

export class FakeHistory {
  #log: DetailsView["log"] = [];
  #throughput: (number | null)[] = [];
  #second = 0;

  note(at: number, what: LogView): void {
    this.#log = [...this.#log, { at, what }].slice(-lines);
  }

  /** Some minutes of a bad link, the same every time, until then. */
  rough(until: number): void {
    const at = (ago: number) => until - ago * 1000;
    this.note(at(280), { is: "state", state: { is: "preparing" } });
    this.note(at(279), { is: "state", state: { is: "uploading" } });
    for (const [ago, chunk] of [[200, 211], [199, 213], [198, 212], [60, 640], [20, 652]] as const) {
      const sentence = ago > 100 ? "The connection was reset." : "The destination is too busy (503).";
      this.note(at(ago), { is: "chunk_failed", chunk, sentence, attempts: 1, next_try: at(ago - 12) });
    }
    for (let ago = 279; ago > 0; ago -= 1) this.sent(at(ago), ago > 190 && ago < 201 ? 0 : 26e6 + 9e6 * Math.sin(ago / 17) + 3e6 * Math.sin(ago * 2));
  }

  /** So many bytes left at this instant. */
  sent(now: number, bytes: number): void {
    this.#reach(now);
    const last = this.#throughput.length - 1;
    if (bytes > 0) this.#throughput[last] = (this.#throughput[last] ?? 0) + Math.round(bytes);
  }

  /** As it is now: the last second is the one that just ended, also when nothing left in it. */
  view(now: number): DetailsView {
    if (this.#throughput.length > 0) this.#reach(now);
    return { log: this.#log, throughput: this.#throughput.slice(0, -1) };
  }

  #reach(now: number): void {
    const second = Math.floor(now / 1000);
    const passed = this.#throughput.length === 0 ? 1 : Math.min(seconds, second - this.#second);
    this.#throughput = [...this.#throughput, ...new Array<null>(Math.max(0, passed)).fill(null)].slice(-seconds);
    this.#second = second;
  }
}
