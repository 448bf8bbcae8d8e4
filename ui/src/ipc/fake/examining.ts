/**
 * What the fake program finds when it asks a destination. Pure.
 *
 * A host with `down` in its name does not answer, one with `denied` knows nobody.
 */
import type { CheckedView, CheckView, DestinationForm, KindView, OrphansView, ReportView, SecretForm, VerdictView } from "../bindings";
import { refusal } from "./refusal";

type Answer = [what: CheckedView, verdict: VerdictView, sentence: string];

/** Refuses what the form cannot mean. */
export function assertWhole({ name, place, template }: DestinationForm): void {
  if (name.trim() === "") throw refusal("other", "A destination needs a name.");
  if (place.is === "s3" && place.bucket.includes("_")) throw refusal("other", "A bucket's name has no underscore in it.");
  if (!template.endsWith("{name}")) throw refusal("other", "The name there must end with {name}.");
}

export function reportOf(form: DestinationForm, secret: SecretForm): ReportView {
  const host = JSON.stringify(form.place);
  if (host.includes("down")) return { checks: after("reachable", "There is no answer: the connection was refused.") };
  if (host.includes("denied")) {
    const refused = secret.is === "none" ? "It wants a token or keys, and has been given none." : "The secret is not known there.";
    return { checks: [check(["reachable", "yes", "Answers in 42 ms, over TLS 1.3."]), ...after("signed_in", refused)] };
  }
  return { checks: [...order.slice(0, 4).map((what) => check([what, "yes", good[what]])), ...restOf(form.place.is).map(check)] };
}

const order: CheckedView[] = ["reachable", "signed_in", "can_write", "can_read_ranges", "limits", "proof"];

const good: Record<CheckedView, string> = {
  reachable: "Answers in 42 ms, over TLS 1.3.",
  signed_in: "It knows you.",
  can_write: "An empty upload was begun and taken back.",
  can_read_ranges: "Films can be played from there.",
  limits: "Films of any size.",
  proof: "Every byte is verified there.",
};

function restOf(kind: KindView): Answer[] {
  if (kind === "tus") return [["limits", "yes", "Films of up to 100 GB."], ["proof", "no", "It proves nothing: films are delivered, not verified."]];
  if (kind === "s3") return [["limits", "unknown", "A store does not tell how much room it has."], ["proof", "yes", "Every part is verified."]];
  return [["limits", "yes", good.limits], ["proof", "yes", good.proof]];
}

function after(failed: CheckedView, sentence: string): CheckView[] {
  const rest = order.slice(order.indexOf(failed) + 1);
  return [check([failed, "no", sentence]), ...rest.map((what) => check([what, "unknown", "Not tried."]))];
}

function check([what, verdict, sentence]: Answer): CheckView {
  return { what, verdict, sentence };
}

const day = 86_400_000;

/** What lies unfinished there; a tus server does not tell. */
export function orphansAt(kind: KindView, now: number): OrphansView {
  if (kind === "tus") return { orphans: [], sentence: "A tus server does not tell what lies there. It forgets what is unfinished by itself." };
  if (kind === "vault") return { orphans: [], sentence: null };
  const one = { size: 8.2e9, received: 3.1e9, transfer: null, adoptable: false };
  return {
    orphans: [
      { ...one, id: "u1", name: "2026/Harbour_B-cam.mov", begun_at: now - 3 * day, adoptable: kind === "s3" },
      { ...one, id: "u2", name: "Interview_old.mp4", begun_at: now - 41 * day, size: null, received: null },
      { ...one, id: "u3", name: "Rushes_Day_07_reel_3.mxf", begun_at: now - day / 8, transfer: "rushes" },
    ],
    sentence: null,
  };
}
