/** Where films can go in the scenes of the fake program. */
import type { PlaceSeed } from "./places";

const store = { is: "s3", region: "eu-central-1", prefix: "", style: "auto" } as const;

/** As most people have it. */
export const somewhere: PlaceSeed[] = [
  { id: "studio", name: "studio-nas", place: { is: "server", url: "https://films.studio.example" }, secret: "keyring" },
  { id: "archive", name: "S3 archive", place: { ...store, endpoint: "https://s3.example.org", bucket: "rushes" }, secret: "file" },
];

/** In trouble, long, of other scripts, hostile. */
export const elsewhere: PlaceSeed[] = [
  {
    id: "client",
    name: "Client delivery",
    place: { is: "tus", url: "https://delivery.client.example/uploads/2026/autumn/very/long/address/that/does/not/fit/in/a/line/files/" },
    secret: "keyring",
    trouble: "The token is not known there any more. Ask for a new one and write it into the form. What has arrived is safe.",
  },
  { id: "ferry", name: "أرشيف الميناء", place: { is: "server", url: "https://archive.example" } },
  { id: "html", name: "<b>Disk</b> in the car", place: { is: "vault", folder: "/media/kim/CAR" }, trouble: "The disk is not plugged in." },
  { id: "tus", name: "tusd", place: { is: "tus", url: "https://tus.example.org/files/" } },
  { id: "cold", name: "Cold storage", place: { ...store, endpoint: "https://cold.example.org", bucket: "cold" }, secret: "keyring" },
];
