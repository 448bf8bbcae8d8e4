/**
 * Where films can go in the fake program.
 *
 * Invariant: the vault is always there, exactly one is the default, and a secret that came in is forgotten at once.
 */
import type { DestinationForm, DestinationView, KindView, PlaceView, SecretForm, SecretPlaceView } from "../bindings";
import { refusal } from "./refusal";

/** Enough of a destination; the rest is usual. */
export interface PlaceSeed {
  id: string;
  name: string;
  place: PlaceView;
  secret?: SecretPlaceView;
  trouble?: string;
  isDefault?: boolean;
  /** Bytes a second. */
  limit?: number;
}

interface Kept {
  id: string;
  form: DestinationForm;
  secret: SecretPlaceView | null;
  trouble: string | null;
}

const vault: PlaceSeed = { id: "vault", name: "this computer", place: { is: "vault", folder: "/home/kim/Pawl" } };

export class FakePlaces {
  defaultId: string;
  #kept: Kept[];
  #count = 0;

  constructor(seeds: PlaceSeed[]) {
    this.#kept = [vault, ...seeds].map(kept);
    this.defaultId = seeds.find(({ isDefault }) => isDefault)?.id ?? vault.id;
  }

  views(unfinished: (id: string) => number): DestinationView[] {
    const views = this.#kept.map((one) => this.#view(one, unfinished(one.id)));
    return views.sort((a, b) => Number(b.is_default) - Number(a.is_default) || a.form.name.localeCompare(b.form.name));
  }

  one(id: string): Kept {
    const one = this.#kept.find((candidate) => candidate.id === id);
    if (!one) throw refusal("other", "This destination is not there any more.");
    return one;
  }

  nameOf(id: string): string {
    return this.#kept.find((one) => one.id === id)?.form.name ?? "removed destination";
  }

  kindOf(id: string): KindView | undefined {
    return this.#kept.find((one) => one.id === id)?.form.place.is;
  }

  save(id: string | null, form: DestinationForm, secret: SecretForm): string {
    const taken = this.#kept.some((one) => one.id !== id && one.form.name === form.name);
    if (taken) throw refusal("other", `Another destination is called ${form.name}. Give this one another name.`);
    if (id === null) return this.#add(form, secret);
    const one = this.one(id);
    if (one.form.place.is === "vault" && JSON.stringify(one.form.place) !== JSON.stringify(form.place)) {
      throw refusal("other", "A vault stays in its folder. Add the other folder as a destination of its own.");
    }
    one.form = form;
    if (secret.is !== "keep") one.secret = secret.is === "none" ? null : "keyring";
    one.trouble = null;
    return id;
  }

  remove(id: string): void {
    if (id === vault.id) throw refusal("other", "The folder of this computer cannot be removed, only moved in the settings.");
    this.#kept = this.#kept.filter((one) => one !== this.one(id));
    if (this.defaultId === id) this.defaultId = vault.id;
  }

  #add(form: DestinationForm, secret: SecretForm): string {
    const id = `new-${(this.#count += 1)}`;
    this.#kept.push({ id, form, secret: secret.is === "none" || secret.is === "keep" ? null : "keyring", trouble: null });
    return id;
  }

  #view({ id, form, secret, trouble }: Kept, unfinished: number): DestinationView {
    const [is_default, removable] = [id === this.defaultId, id !== vault.id];
    return { id, kind: form.place.is, form, address: addressOf(form.place), is_default, removable, secret, unfinished, trouble };
  }
}

function kept({ id, name, place, secret, trouble, limit }: PlaceSeed): Kept {
  return {
    id,
    form: { name, place, taken: "keep_both", limit: limit ?? null, template: "{name}", proxy: null, authorities: null },
    secret: secret ?? null,
    trouble: trouble ?? null,
  };
}

function addressOf(place: PlaceView): string {
  switch (place.is) {
    case "vault":
      return place.folder;
    case "server":
    case "tus":
      return place.url;
    case "s3":
      return `bucket ${place.bucket} at ${new URL(place.endpoint).host}`;
  }
}
