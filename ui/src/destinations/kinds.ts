/** The kinds of destinations: their shapes, and in which order they are offered. */
import type { KindView } from "../ipc/bindings";
import type { IconName } from "../shared/icons";

export const kinds: readonly KindView[] = ["server", "s3", "tus", "vault"];

export const kindIcons: Record<KindView, IconName> = { vault: "folder", server: "server", tus: "tus", s3: "bucket" };
