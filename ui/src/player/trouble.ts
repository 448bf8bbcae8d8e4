/** What is wrong with a film, in words. Pure. */
import { words } from "../shared/words";

/** The codes of `MediaError`, which jsdom and older webviews do not name. */
const aborted = 1;
const network = 2;
const decode = 3;

export function troubleOf(error: Pick<MediaError, "code"> | null): string {
  switch (error?.code) {
    case aborted:
      return words.player.aborted;
    case network:
      return words.player.network;
    case decode:
      return words.player.decode;
    default:
      return words.player.unsupported;
  }
}
