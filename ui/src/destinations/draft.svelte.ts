/**
 * A destination that is being written: a new one, or a change.
 *
 * Owner of: what is typed, what is wrong with it, what the test said of it. Invariant: nothing is wrong with a field
 * that was not left yet, unless one wants to save; a secret lives here until it was sent, and no longer.
 */
import { SvelteSet } from "svelte/reactivity";
import type { DestinationView, KindView, RecognisedView, SecretForm, SecretPlaceView } from "../ipc/bindings";
import { asError, type Backend } from "../ipc/client";
import { words } from "../shared/words";
import { Examination } from "./examination.svelte";
import { fieldsOf, formOf, secretOf, wrongOf, type FieldName, type Fields, type Wrong } from "./fields";

type Ways = Pick<Backend, "recognise" | "saveDestination" | "testDestination">;

export class Draft {
  /** None for a new one. */
  readonly id: string | null;
  /** As it is called before anything is changed. */
  readonly called: string;
  /** Where the secret is that was saved before. */
  readonly saved: SecretPlaceView | null;
  readonly examination = new Examination();
  kind: KindView = $state("server");
  fields: Fields = $state(fieldsOf(null));
  pasted = $state("");
  /** What is said of the text that was pasted. */
  recognised: RecognisedView | null = $state.raw(null);
  /** The saved secret is to go. */
  forgets = $state(false);
  saving = $state(false);
  /** Why the program refused it. */
  refused: string | null = $state(null);
  readonly wrong: Wrong = $derived(wrongOf(this.kind, this.fields));
  /** The name that an address was given, to be told from one that was typed. */
  #proposed = "";
  #left = new SvelteSet<FieldName>();
  #wanted = $state(false);
  #before: string;
  #backend: Ways;
  #pastes = 0;

  constructor(backend: Ways, of: DestinationView | null = null) {
    this.#backend = backend;
    this.id = of?.id ?? null;
    this.called = of?.form.name ?? "";
    this.saved = of?.secret ?? null;
    if (of !== null) [this.kind, this.fields] = [of.kind, fieldsOf(of.form)];
    this.#before = this.typed;
  }

  /** All that was filled in. */
  get typed(): string {
    return JSON.stringify([this.fields, this.forgets]);
  }

  /** Whether something was typed that would be lost. */
  get dirty(): boolean {
    return this.pasted.trim() !== "" || this.typed !== this.#before;
  }

  /** The sentence beside a field, once it is due. */
  wrongAt(field: FieldName): string | undefined {
    return this.#wanted || this.#left.has(field) ? this.wrong[field] : undefined;
  }

  /** Nothing is said to who only passed through an empty field. */
  leave(field: FieldName): void {
    if (this.fields[field] !== "" || this.id !== null) this.#left.add(field);
  }

  /** It is not what was tested or refused any more. */
  changed(): void {
    this.examination.forget();
    this.refused = null;
  }

  /** Fills in what the pasted text tells; the last text that was pasted counts. */
  async recognise(): Promise<void> {
    const mine = (this.#pastes += 1);
    const text = this.pasted.trim();
    this.recognised = null;
    if (text === "") return;
    const answer = await this.#backend.recognise(text).catch(failedToRecognise);
    if (mine !== this.#pastes) return;
    this.recognised = answer;
    if (answer.form === null) return;
    // A password that was part of it is not shown any longer.
    this.pasted = text.replace(/\/\/[^/@]*@/, "//");
    this.#fill(answer.form);
  }

  /** Answers the first field that is wrong instead of asking. */
  async examine(): Promise<FieldName | null> {
    const first = this.#firstWrong();
    if (first !== null) return first;
    this.refused = null;
    const [form, secret] = [formOf(this.kind, $state.snapshot(this.fields)), this.#secret()];
    await this.examination.ask(() => this.#backend.testDestination(this.id, form, secret));
    return null;
  }

  /** Answers the id, or nothing when it cannot be saved as it is. */
  async save(): Promise<string | null> {
    if (this.saving || this.#firstWrong() !== null) return null;
    [this.saving, this.refused] = [true, null];
    try {
      return await this.#backend.saveDestination(this.id, formOf(this.kind, $state.snapshot(this.fields)), this.#secret());
    } catch (thrown) {
      this.refused = asError(thrown).message || words.destinations.form.failed;
      return null;
    } finally {
      this.saving = false;
    }
  }

  #firstWrong(): FieldName | null {
    this.#wanted = true;
    return ((Object.keys(this.fields) as FieldName[]).find((field) => this.wrong[field] !== undefined)) ?? null;
  }

  #fill(form: NonNullable<RecognisedView["form"]>): void {
    const { name, token, access_key, secret_key, session_token } = this.fields;
    const own = name.trim() !== "" && name !== this.#proposed;
    this.#proposed = form.name;
    this.kind = form.place.is;
    this.fields = { ...fieldsOf(form), name: own ? name : form.name, token, access_key, secret_key, session_token };
  }

  #secret(): SecretForm {
    return secretOf(this.kind, this.fields, this.saved !== null && !this.forgets);
  }
}

function failedToRecognise(thrown: unknown): RecognisedView {
  return { form: null, sentence: asError(thrown).message || words.errors.other };
}
