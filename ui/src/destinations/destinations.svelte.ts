/**
 * Where films can go, as the program reported it, and what one does there.
 *
 * Owner of: the list, what is open beside it (a form, a test, what is unfinished), the destination about whose removal
 * the person is asked. Invariant: nothing is changed here because it was asked for; a removal that loses a secret is
 * asked about, any other can be taken back.
 */
import type { DestinationView, FeedView, KindView } from "../ipc/bindings";
import type { Backend } from "../ipc/client";
import { words } from "../shared/words";
import { Draft } from "./draft.svelte";
import { Examination } from "./examination.svelte";
import { Unfinished } from "./unfinished.svelte";

/** How it speaks to the person. */
export interface Voice {
  tell(sentence: string, undo?: () => void): void;
  fail(thrown: unknown): void;
}

export class Destinations {
  /** The default first, then by name. */
  list: readonly DestinationView[] = $state.raw([]);
  /** The form, while one is open. */
  draft: Draft | null = $state.raw(null);
  /** What is shown under a destination. */
  examined: { id: string; examination: Examination } | null = $state.raw(null);
  unfinished: Unfinished | null = $state.raw(null);
  /** The one that is to be removed, if the person says so. */
  asked: DestinationView | null = $state.raw(null);
  /** There is something to choose. */
  readonly several: boolean = $derived(this.list.length > 1);
  readonly theDefault: DestinationView | undefined = $derived(this.list.find((one) => one.is_default));
  #kinds: ReadonlyMap<string, KindView> = $derived(new Map(this.list.map(({ id, kind }) => [id, kind])));
  #backend: Backend;
  #voice: Voice;

  constructor(backend: Backend, voice: Voice) {
    this.#backend = backend;
    this.#voice = voice;
  }

  take(feed: FeedView): void {
    if (feed.destinations !== null) this.list = feed.destinations;
  }

  /** None when it was removed. */
  kindOf = (id: string): KindView | null => this.#kinds.get(id) ?? null;

  /** Its speed limit in bytes a second; none where it has none. */
  limitOf = (id: string): number | null => this.list.find((one) => one.id === id)?.form.limit ?? null;

  /** Whether it is the vault of this computer, of whose room the status speaks. */
  isHere = (id: string): boolean => this.list.some((one) => one.id === id && one.kind === "vault" && !one.removable);

  /** Something waits for an answer or is being typed. */
  get busy(): boolean {
    return this.draft !== null || this.asked !== null || (this.unfinished?.asked ?? null) !== null;
  }

  add(): void {
    this.draft = new Draft(this.#backend);
  }

  edit(destination: DestinationView): void {
    this.draft = new Draft(this.#backend, destination);
  }

  /** Opens the form of one that refused us. */
  mend(id: string): void {
    const destination = this.list.find((one) => one.id === id);
    if (destination !== undefined) this.edit(destination);
  }

  /** Closes the form when it could be saved. */
  async save(): Promise<void> {
    const draft = this.draft;
    if (draft === null || (await draft.save()) === null) return;
    this.draft = null;
    const say = words.destinations.form;
    this.#voice.tell(draft.id === null ? say.added(draft.fields.name.trim()) : say.saved(draft.fields.name.trim()));
  }

  test({ id, form }: DestinationView): Promise<void> {
    const examination = this.examined?.id === id ? this.examined.examination : new Examination();
    this.examined = { id, examination };
    return examination.ask(() => this.#backend.testDestination(id, form, { is: "keep" }));
  }

  lookFor({ id }: DestinationView): Promise<void> {
    this.unfinished = new Unfinished(this.#backend, id, (sentence) => this.#voice.tell(sentence));
    return this.unfinished.refresh();
  }

  async makeDefault({ id, form }: DestinationView): Promise<void> {
    const done = await this.#try(() => this.#backend.chooseDefault(id));
    if (done) this.#voice.tell(words.destinations.isDefault(form.name));
  }

  async remove(destination: DestinationView): Promise<void> {
    if (destination.secret !== null) this.asked = destination;
    else if (await this.#removed(destination)) {
      this.#voice.tell(words.destinations.removed(destination.form.name), () => void this.#putBack(destination));
    }
  }

  async answerRemoval(yes: boolean): Promise<void> {
    const destination = this.asked;
    this.asked = null;
    if (!yes || destination === null || !(await this.#removed(destination))) return;
    this.#voice.tell(words.destinations.removed(destination.form.name));
  }

  #removed({ id }: DestinationView): Promise<boolean> {
    return this.#try(() => this.#backend.removeDestination(id));
  }

  /** All of it was known here: there was no secret. */
  async #putBack({ form, is_default }: DestinationView): Promise<void> {
    const done = await this.#try(async () => {
      const id = await this.#backend.saveDestination(null, form, { is: "none" });
      if (is_default) await this.#backend.chooseDefault(id);
    });
    if (done) this.#voice.tell(words.destinations.back(form.name));
  }

  async #try(wish: () => Promise<void>): Promise<boolean> {
    try {
      await wish();
      return true;
    } catch (thrown) {
      this.#voice.fail(thrown);
      return false;
    }
  }
}
