/**
 * What is typed into a form, and what it means. Pure.
 *
 * Invariant: a field says what is wrong with it in a sentence; what of it cannot be known here the program refuses.
 */
import type { DestinationForm, KindView, PlaceView, SecretForm, StyleView, TakenView } from "../ipc/bindings";
import { parseRate, writtenRate } from "../shared/format";
import { words } from "../shared/words";

export interface Fields {
  name: string;
  folder: string;
  url: string;
  endpoint: string;
  region: string;
  bucket: string;
  prefix: string;
  style: StyleView;
  taken: TakenView;
  /** As one writes a speed; empty for none. */
  limit: string;
  template: string;
  proxy: string;
  authorities: string;
  token: string;
  access_key: string;
  secret_key: string;
  session_token: string;
}

/** One that is typed, and not chosen. */
export type FieldName = Exclude<keyof Fields, "style" | "taken">;
export type Wrong = Partial<Record<FieldName, string>>;

const empty: Fields = {
  name: "",
  folder: "",
  url: "",
  endpoint: "",
  region: "us-east-1",
  bucket: "",
  prefix: "",
  style: "auto",
  taken: "keep_both",
  limit: "",
  template: "{name}",
  proxy: "",
  authorities: "",
  token: "",
  access_key: "",
  secret_key: "",
  session_token: "",
};

/** Of none: an empty form. Secrets never come back. */
export function fieldsOf(form: DestinationForm | null): Fields {
  if (form === null) return { ...empty };
  const { name, place, taken, limit, template, proxy, authorities } = form;
  const written = limit === null ? "" : writtenRate(limit);
  return { ...empty, ...typedOf(place), name, taken, limit: written, template, proxy: proxy ?? "", authorities: authorities ?? "" };
}

function typedOf(place: PlaceView): Partial<Fields> {
  const { is: _, ...typed } = place;
  return typed;
}

export function formOf(kind: KindView, fields: Fields): DestinationForm {
  const { name, taken, limit, template, proxy, authorities } = fields;
  return {
    name: name.trim(),
    place: placeOf(kind, fields),
    taken,
    limit: parseRate(limit),
    template: template.trim(),
    proxy: proxy.trim() || null,
    authorities: authorities.trim() || null,
  };
}

function placeOf(kind: KindView, { folder, url, endpoint, region, bucket, prefix, style }: Fields): PlaceView {
  switch (kind) {
    case "vault":
      return { is: kind, folder: folder.trim() };
    case "server":
    case "tus":
      return { is: kind, url: url.trim() };
    case "s3":
      return { is: kind, endpoint: endpoint.trim(), region: region.trim(), bucket: bucket.trim(), prefix: prefix.trim(), style };
  }
}

/** `saved`: there is a secret already, which stays when nothing is typed. */
export function secretOf(kind: KindView, fields: Fields, saved: boolean): SecretForm {
  const { token, access_key, secret_key, session_token } = fields;
  const untouched: SecretForm = saved ? { is: "keep" } : { is: "none" };
  switch (kind) {
    case "vault":
      return { is: "none" };
    case "server":
    case "tus":
      return token.trim() === "" ? untouched : { is: "token", token: token.trim() };
    case "s3":
      if (access_key.trim() === "") return untouched;
      return { is: "keys", access_key: access_key.trim(), secret_key, session_token: session_token.trim() || null };
  }
}

/** What is wrong with which field; nothing of those that the kind does not have. */
export function wrongOf(kind: KindView, fields: Fields): Wrong {
  const say = words.destinations.wrong;
  return pruned({
    name: fields.name.trim() === "" ? say.name : null,
    ...wrongOfPlace(kind, fields),
    limit: fields.limit.trim() === "" || parseRate(fields.limit) !== null ? null : words.status.badRate,
    template: wrongOfTemplate(fields.template.trim()),
    proxy: fields.proxy.trim() === "" || isProxy(fields.proxy.trim()) ? null : say.proxy,
    authorities: fields.authorities.trim() === "" || isPem(fields.authorities) ? null : say.authorities,
  });
}

function wrongOfPlace(kind: KindView, fields: Fields): Partial<Record<FieldName, string | null>> {
  const say = words.destinations.wrong;
  switch (kind) {
    case "vault":
      return { folder: /^(\/|[a-z]:[\\/])/i.test(fields.folder.trim()) ? null : say.folder };
    case "server":
    case "tus":
      return { url: wrongOfAddress(fields.url) };
    case "s3":
      return {
        endpoint: wrongOfAddress(fields.endpoint),
        bucket: fields.bucket.trim() === "" ? say.bucket : null,
        region: fields.region.trim() === "" ? say.region : null,
        ...wrongOfKeys(fields),
      };
  }
}

/** Both keys or none; the token of a session is nothing without them. */
function wrongOfKeys({ access_key, secret_key, session_token }: Fields): Partial<Record<FieldName, string | null>> {
  if ([access_key, secret_key, session_token].every((key) => key.trim() === "")) return {};
  const missing = (key: string) => (key.trim() === "" ? words.destinations.wrong.keys : null);
  return { access_key: missing(access_key), secret_key: missing(secret_key) };
}

function wrongOfAddress(typed: string): string | null {
  const url = URL.canParse(typed.trim()) ? new URL(typed.trim()) : null;
  if (url === null || !/^https?:$/.test(url.protocol)) return words.destinations.wrong.url;
  return url.password === "" && url.username === "" ? null : words.destinations.wrong.password;
}

function wrongOfTemplate(template: string): string | null {
  const unknown = (template.match(/\{[^{}]*\}/g) ?? []).find((part) => !parts.includes(part));
  if (unknown !== undefined) return words.destinations.wrong.unknownPart(unknown);
  return template.endsWith("{name}") ? null : words.destinations.wrong.template;
}

const parts = ["{name}", "{folder}", "{date}", "{time}"];

function isProxy(typed: string): boolean {
  return URL.canParse(typed) && /^(https?|socks5h?):$/.test(new URL(typed).protocol);
}

function isPem(text: string): boolean {
  return text.trimStart().startsWith("-----BEGIN CERTIFICATE-----");
}

function pruned(wrong: Partial<Record<FieldName, string | null>>): Wrong {
  return Object.fromEntries(Object.entries(wrong).filter(([, sentence]) => sentence !== null)) as Wrong;
}

/** How a film would be called there, added at this instant. */
export function exampleOf(template: string, at: number): string {
  const { name, folder, time } = words.destinations.form.examples;
  const date = new Date(at).toISOString().slice(0, 10);
  const made: Record<string, string> = { "{name}": name, "{folder}": folder, "{date}": date, "{time}": time };
  return template.trim().replace(/\{[^{}]*\}/g, (part) => made[part] ?? part);
}
