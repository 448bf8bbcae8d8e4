/** Destinations to test with, each whole and unremarkable but for what a test says. */
import type { DestinationForm, DestinationView, KindView, PlaceView } from "../ipc/bindings";

export const places: Record<KindView, PlaceView> = {
  vault: { is: "vault", folder: "/films/Pawl" },
  server: { is: "server", url: "https://films.example.org" },
  tus: { is: "tus", url: "https://tus.example.org/files/" },
  s3: { is: "s3", endpoint: "https://s3.example.org", region: "eu", bucket: "films", prefix: "", style: "auto" },
};

export function form(over: Partial<DestinationForm> = {}): DestinationForm {
  return { name: "Studio", place: places.server, taken: "keep_both", limit: null, template: "{name}", proxy: null, authorities: null, ...over };
}

export function destination(kind: KindView = "server", over: Partial<DestinationView> = {}): DestinationView {
  return {
    id: kind,
    kind,
    form: form({ name: kind, place: places[kind] }),
    address: `${kind}.example.org`,
    is_default: false,
    removable: kind !== "vault",
    secret: null,
    unfinished: 0,
    trouble: null,
    ...over,
  };
}

export const vault = destination("vault", { form: form({ name: "this computer", place: places.vault }), address: "/films/Pawl", is_default: true });
