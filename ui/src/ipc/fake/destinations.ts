/** What is asked about destinations of the fake program. It forgets secrets, and answers as the real one would. */
import type { DestinationForm, LinkView, MediaRequest, OrphansView, RecognisedView, ReportView, SecretForm } from "../bindings";
import { assertWhole, orphansAt, reportOf } from "./examining";
import { recognised } from "./recognising";
import { refusal } from "./refusal";
import { FakeWorld } from "./world";

const day = 86_400_000;

export class FakeDestinations extends FakeWorld {
  /** Unfinished uploads that were asked about, by destination. */
  #orphans = new Map<string, OrphansView>();

  async recognise(text: string): Promise<RecognisedView> {
    this.asked.push(`recognise ${text}`);
    return recognised(text);
  }

  async saveDestination(id: string | null, form: DestinationForm, secret: SecretForm): Promise<string> {
    this.asked.push(`save ${id} ${form.name} ${secret.is}`);
    assertWhole(form);
    const saved = this.places.save(id, form, secret);
    this.report(this.films.filter(({ destination }) => destination === saved));
    return saved;
  }

  async testDestination(id: string | null, form: DestinationForm, secret: SecretForm): Promise<ReportView> {
    this.asked.push(`test ${id} ${form.name} ${secret.is}`);
    assertWhole(form);
    return reportOf(form, secret);
  }

  async removeDestination(id: string): Promise<void> {
    this.asked.push(`remove destination ${id}`);
    const unfinished = this.destinations().find((one) => one.id === id)?.unfinished ?? 0;
    if (unfinished > 0) throw refusal("other", "Films are still on their way there. Wait for them or cancel them, then remove it.");
    this.places.remove(id);
    this.report([]);
  }

  async chooseDefault(id: string): Promise<void> {
    this.asked.push(`default ${id}`);
    this.places.defaultId = this.places.one(id).id;
    this.report([]);
  }

  async orphans(id: string): Promise<OrphansView> {
    this.asked.push(`orphans ${id}`);
    const known = this.#orphans.get(id) ?? orphansAt(this.places.one(id).form.place.is, this.now);
    this.#orphans.set(id, known);
    return known;
  }

  async abortOrphan(id: string, orphan: string): Promise<void> {
    this.asked.push(`abort ${id} ${orphan}`);
    this.#without(id, orphan);
  }

  async adoptOrphan(id: string, orphan: string): Promise<void> {
    this.asked.push(`adopt ${id} ${orphan}`);
    const sought = this.#orphans.get(id)?.orphans.find((one) => one.id === orphan);
    const heir = this.films.find((film) => film.size === sought?.size && sought.name.endsWith(film.name) && waits[film.state.is]);
    if (!heir) throw refusal("other", "No film of that name and size waits here. Add the film to this destination, pause it, and take it over then.");
    this.#without(id, orphan);
  }

  async copyLink(request: MediaRequest, days: number): Promise<LinkView> {
    this.asked.push(`link ${request.is} ${request.id} ${days}`);
    const film = this.films.find(({ id, state }) => id === request.id || (state.is === "done" && state.object === request.id));
    const kind = film && this.places.kindOf(film.destination);
    if (kind !== "server" && kind !== "s3") throw refusal("other", "Where this film lies no links are made.");
    return { url: `https://example.org/l/${request.id}`, expires_at: this.now + days * day };
  }

  #without(id: string, orphan: string): void {
    const known = this.#orphans.get(id);
    if (known) this.#orphans.set(id, { ...known, orphans: known.orphans.filter((one) => one.id !== orphan) });
  }
}

const waits: Record<string, boolean> = { queued: true, paused: true };
