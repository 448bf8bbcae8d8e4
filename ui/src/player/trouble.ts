/** What is wrong with a film, in words. Pure. */
import type { FactsView } from "../ipc/bindings";
import { words } from "../shared/words";

/** How playing failed; the webview knows no more. */
export type Failure = "no_picture" | "aborted" | "network" | "decode" | "unsupported";

/** The codes of `MediaError`, which jsdom and older webviews do not name. */
const failures: Record<number, Failure> = { 1: "aborted", 2: "network", 3: "decode" };

export function failureOf(error: Pick<MediaError, "code"> | null): Failure {
  return failures[error?.code ?? 0] ?? "unsupported";
}

const sentences: Record<Failure, string> = {
  no_picture: words.player.noPicture,
  aborted: words.player.aborted,
  network: words.player.network,
  decode: words.player.decode,
  unsupported: words.player.unsupported,
};

/** With what is known of the film's inside, if it is known. */
export function sentenceOf(failure: Failure, facts: FactsView | null): string {
  if (facts === null || failure === "aborted" || failure === "network") return sentences[failure];
  return undecodable(facts) ?? facts.trouble ?? onlySound(failure, facts) ?? sentences[failure];
}

/** Why a film that plays is silent; null when it is not, or has no sound. */
export function whySilent({ tracks }: FactsView): string | null {
  const sounds = tracks.filter(({ kind }) => kind === "audio");
  const [first] = sounds;
  return first && sounds.every(({ decodable }) => !decodable) ? words.player.noSound(spoken(first.codec)) : null;
}

function undecodable({ tracks }: FactsView): string | null {
  const picture = tracks.find(({ kind }) => kind === "video");
  if (!picture || picture.decodable) return null;
  const missing = words.player.noDecoder(spoken(picture.codec));
  return isNamed(picture.codec) ? `${missing} ${words.player.decoderIn(packageFor(picture.codec))}` : missing;
}

function onlySound(failure: Failure, { tracks }: FactsView): string | null {
  const sound = tracks.find(({ kind }) => kind === "audio");
  const alone = failure === "no_picture" && sound && tracks.every(({ kind }) => kind !== "video");
  return alone ? words.player.onlySound(spoken(sound.codec)) : null;
}

/** One codec goes by two names, and people know one of them. */
function spoken(codec: string): string {
  return /^(hevc|h\.?265)$/i.test(codec) ? "HEVC (H.265)" : codec;
}

/** What has no name of its own, only four letters in quotes, is in no package that one could name. */
const isNamed = (codec: string) => !codec.startsWith("“");

/** Which package of Debian decodes it; nearly all of them are in one. */
function packageFor(codec: string): string {
  return /av1|jpeg ?(2000|xs)/i.test(codec) ? "gstreamer1.0-plugins-bad" : "gstreamer1.0-libav";
}
