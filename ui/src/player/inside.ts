/** What is in a film, in rows to read and to copy. Pure. */
import type { FactsView, TrackView } from "../ipc/bindings";
import { format, type Formats } from "../shared/format";
import { words } from "../shared/words";
import { exactTime } from "./times";

export interface Fact {
  label: string;
  text: string;
}

export function factsOf(name: string, size: number, facts: FactsView, formats: Formats = format): Fact[] {
  const said = words.player.facts;
  return [
    { label: said.name, text: name },
    ...maybe(said.container, facts.container),
    ...maybe(said.length, facts.duration === null ? null : exactTime(facts.duration)),
    { label: said.size, text: formats.size(size) },
    ...facts.tracks.map((track) => ({ label: words.player.tracks[track.kind], text: told(track, formats) })),
    ...maybe(said.index, facts.container === null ? null : indexOf(facts)),
    ...maybe(said.trouble, facts.trouble),
  ];
}

/** A line a fact, for the clipboard. */
export function textOf(facts: Fact[]): string {
  return facts.map(({ label, text }) => `${label}: ${text}`).join("\n");
}

function told(track: TrackView, formats: Formats): string {
  const { player } = words;
  const { width, height, frame_rate, rotation, channels, sample_rate, language, decodable } = track;
  const parts = [
    track.codec,
    width !== null && height !== null && player.pixels(String(width), String(height)),
    frame_rate !== null && player.frameRate(formats.figure(frame_rate)),
    rotation !== 0 && player.turned(formats.count(rotation)),
    channels !== null && player.channels(channels),
    sample_rate !== null && player.kilohertz(formats.figure(sample_rate / 1000)),
    language,
    !decodable && track.kind !== "text" && player.notDecodable,
  ];
  return parts.filter((part) => typeof part === "string").join(", ");
}

function indexOf(facts: FactsView): string {
  return facts.index_at_end ? words.player.indexAtEnd : words.player.indexInFront;
}

function maybe(label: string, text: string | null): Fact[] {
  return text === null ? [] : [{ label, text }];
}
