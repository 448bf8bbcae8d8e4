/**
 * One film while it plays: what the keys and the controls do to it, and what is said of it.
 *
 * Owner of: its speed, its loop, its captions, its messages, its trouble. Invariant: what is shown as on is on in the
 * video element; what was asked of the program is told when the program has answered.
 */
import type { FactsView, MediaRequest, MediaView } from "../ipc/bindings";
import { asError, type Backend } from "../ipc/client";
import { format } from "../shared/format";
import { words } from "../shared/words";
import { Captions } from "./captions.svelte";
import { Deck } from "./deck";
import { canFloat } from "./floating";
import { handle } from "./hand";
import type { KeyAction } from "./keys";
import { Looping } from "./looping";
import { noLoop, type Loop } from "./loop";
import { Memory } from "./memory";
import { Osd } from "./osd.svelte";
import { usualSpeed } from "./speeds";
import { sentenceOf, whySilent, type Failure } from "./trouble";
import { Uploaded } from "./uploaded.svelte";

export type FilmBackend = Pick<
  Backend,
  "facts" | "captions" | "saveFrame" | "rememberPosition" | "chunkMap" | "uploadOpened"
>;

/** What the film itself does at a key; the rest is the stage's. */
export type FilmAction = Exclude<KeyAction, { is: "full" } | { is: "close" }>;

/** Milliseconds for which *From the start* is offered. */
const offered = 10_000;

export class Film {
  readonly osd = new Osd();
  readonly captions = new Captions();
  readonly uploaded: Uploaded;
  /** None until the program has looked into it. */
  facts: FactsView | null = $state.raw(null);
  trouble: string | null = $state(null);
  /** It stands still for want of bytes. */
  stuck = $state(false);
  speed: number = $state(usualSpeed);
  loop: Loop = $state.raw(noLoop);
  panel: "inside" | "keys" | null = $state(null);
  /** Where it went on from, as long as that is worth a word. */
  resumedAt: number | null = $state(null);
  /** Whether it can have a window of its own. */
  floats = $state(false);
  /** It was opened to be looked at, and can be sent. */
  sendable: boolean = $state(false);
  #backend: FilmBackend;
  #request: MediaRequest;
  #media: MediaView;
  #memory: Memory;
  #deck: Deck | null = null;
  #looping: Looping | null = null;
  #failure: Failure | null = null;
  #offer: ReturnType<typeof setTimeout> | undefined;

  constructor(backend: FilmBackend, request: MediaRequest, media: MediaView) {
    this.#backend = backend;
    this.#request = request;
    this.#media = media;
    this.sendable = request.is === "opened";
    this.uploaded = new Uploaded(() => backend.chunkMap(request.id));
    this.#memory = new Memory(media.position, (at) => void backend.rememberPosition(request, at).catch(() => undefined));
  }

  /** It plays in this element, until the answer is called. */
  begin(video: HTMLVideoElement): () => void {
    const deck = new Deck(video, () => this.#looping?.look(this.loop));
    this.#deck = deck;
    this.#looping = new Looping(deck);
    this.floats = canFloat(video);
    void this.#lookInto(deck);
    return () => {
      this.#remember();
      deck.end();
      this.#looping?.end();
      this.#deck = null;
      clearTimeout(this.#offer);
      this.osd.end();
      this.captions.end();
    };
  }

  /** Its head is there. A missing decoder raises no error: the picture just has no width. */
  opened(): void {
    const deck = this.#deck;
    if (deck === null) return;
    if (deck.video.videoWidth === 0) return void this.failed("no_picture");
    this.trouble = null;
    deck.video.playbackRate = this.speed;
    this.#resume(deck);
    deck.play();
  }

  /** Some decoders are slow to say how wide it is. */
  resized(): void {
    if (this.#deck && this.#deck.video.videoWidth > 0 && this.#failure === "no_picture") this.trouble = this.#failure = null;
  }

  /** Said at once, and better when the program has looked into the film. */
  async failed(failure: Failure): Promise<void> {
    this.#failure = failure;
    this.trouble = sentenceOf(failure, this.facts);
    const sentence = await this.#backend.facts(this.#request).then(
      (facts) => sentenceOf(failure, facts),
      (thrown) => (asError(thrown).code === "media_gone" ? words.errors.media_gone : null),
    );
    if (this.#failure === failure && this.#deck !== null) this.trouble = sentence ?? this.trouble;
  }

  /** Where it is, to go on from there; what failed at its head is where the program remembers. */
  get at(): number | null {
    return this.#deck?.place ?? this.#media.position;
  }

  /** Time passes. */
  passed(): void {
    const deck = this.#deck;
    if (deck === null || this.trouble !== null) return;
    this.stuck = false;
    deck.noted();
    if (!deck.isPlaying) return;
    this.#memory.pass(deck.video.currentTime, deck.video.duration);
    this.#looping?.look(this.loop);
  }

  paused(): void {
    this.#remember();
  }

  /** The end of the film may be the end of a loop. */
  ended(): void {
    this.#looping?.again(this.loop);
  }

  act(action: FilmAction): void {
    if (action.is === "inside" || action.is === "keys") this.panel = this.panel === action.is ? null : action.is;
    else if (this.#deck !== null && this.trouble === null) handle(this, this.#deck, action);
  }

  setSpeed(speed: number): void {
    if (this.#deck) this.#deck.video.playbackRate = speed;
    this.speed = speed;
    this.osd.tell(words.player.speedIs(format.figure(speed)));
  }

  showCaptions(index: number | null): void {
    this.captions.choose(index);
    const label = index === null ? undefined : this.captions.tracks[index]?.label;
    this.osd.tell(label === undefined ? words.player.captionsOff : words.player.captionsAre(label));
  }

  fromStart(): void {
    this.resumedAt = null;
    this.#deck?.seek(0);
  }

  /** Keeps a picture of this second; answers where it lies. */
  keep(seconds: number, png: ArrayBuffer): Promise<string> {
    return this.#backend.saveFrame(this.#request, seconds, png);
  }

  /** Sends the file that was only opened; null is the default destination. */
  async send(destination: string | null = null): Promise<void> {
    try {
      const [taken] = await this.#backend.uploadOpened(this.#request.id, destination);
      this.sendable = taken === undefined || taken.is === "refused";
      if (taken?.is === "added") this.osd.explain(words.player.uploadTaken);
      if (taken?.is === "already") this.osd.explain(words.player.uploadKnown);
      if (taken?.is === "refused") this.osd.explain(`${taken.name}: ${taken.sentence}`);
    } catch (thrown) {
      this.osd.explain(asError(thrown).message || words.errors.other);
    }
  }

  /** What lies in it and beside it. Neither is needed to play: who finds nothing says nothing. */
  async #lookInto(deck: Deck): Promise<void> {
    const captions = this.#backend.captions(this.#request).catch(() => []);
    const facts = this.#backend.facts(this.#request).catch(() => null);
    const beside = await captions;
    if (this.#deck === deck && beside.length > 0) this.captions.take(beside);
    const inside = await facts;
    if (this.#deck !== deck || inside === null) return;
    this.facts = inside;
    deck.frames.tell(inside.tracks.find(({ kind }) => kind === "video")?.frame_rate ?? null);
    const silent = whySilent(inside);
    if (silent !== null && this.trouble === null) this.osd.explain(silent);
  }

  #resume(deck: Deck): void {
    const { position } = this.#media;
    if (position === null || position >= deck.video.duration) return;
    deck.seek(position);
    this.resumedAt = position;
    this.#offer = setTimeout(() => (this.resumedAt = null), offered);
  }

  #remember(): void {
    const video = this.#deck?.video;
    if (video && this.trouble === null && video.readyState > 0) this.#memory.keep(video.currentTime, video.duration);
  }
}
