/**
 * What a key or a control does to the film that plays, and the word that is said of it.
 *
 * Invariant: it is only called while there is a film to act on.
 */
import { asError } from "../ipc/client";
import { format } from "../shared/format";
import { words } from "../shared/words";
import type { Deck } from "./deck";
import type { Film, FilmAction } from "./film.svelte";
import { float } from "./floating";
import { marked } from "./loop";
import { speedBeside, usualSpeed } from "./speeds";
import { stillOf } from "./still";
import { clockTime, exactTime } from "./times";

export function handle(film: Film, deck: Deck, action: Exclude<FilmAction, { is: "inside" } | { is: "keys" }>): void {
  const { video } = deck;
  switch (action.is) {
    case "toggle":
      return video.paused ? deck.play() : video.pause();
    case "seek_by":
      deck.seek(video.currentTime + action.seconds);
      return tellPlace(film, deck);
    case "seek_to":
      deck.seekToShare(action.share);
      return tellPlace(film, deck);
    case "step":
      return deck.step(action.frames) ? film.osd.tell(exactTime(deck.frame.begins)) : film.osd.explain(words.player.noStep);
    case "speed_by":
      return film.setSpeed(speedBeside(film.speed, action.steps));
    case "speed_usual":
      return film.setSpeed(usualSpeed);
    case "loop":
      return mark(film, deck, action.mark);
    case "captions":
      return nextCaptions(film);
    case "screenshot":
      return void keepFrame(film, deck);
    case "picture":
      return floatIt(film, deck);
    case "volume_by":
      deck.volumeBy(action.share);
      return tellVolume(film, deck);
    case "mute":
      video.muted = !video.muted;
      return tellVolume(film, deck);
  }
}

function mark(film: Film, deck: Deck, which: "a" | "b"): void {
  film.loop = marked(film.loop, which, deck.frame);
  switch (film.loop.is) {
    case "none":
      return film.osd.tell(words.player.loopOff);
    case "begun":
      return film.osd.explain(words.player.loopFrom(exactTime(film.loop.start)));
    case "whole":
      return film.osd.tell(words.player.loopIs(exactTime(film.loop.start), exactTime(film.loop.end)));
  }
}

function nextCaptions(film: Film): void {
  if (film.captions.tracks.length === 0) return film.osd.tell(words.player.noCaptions);
  film.captions.next();
  film.showCaptions(film.captions.shown);
}

/** The frame's time and its pixels are taken together, before anything is waited for. */
async function keepFrame(film: Film, deck: Deck): Promise<void> {
  const { begins } = deck.frame;
  try {
    const place = await film.keep(begins, await stillOf(deck.video));
    film.osd.explain(words.player.frameKept(exactTime(begins), place));
  } catch (thrown) {
    const { message } = asError(thrown);
    film.osd.explain([words.player.noFrame, message].filter((part) => part !== "").join(": "));
  }
}

function floatIt(film: Film, deck: Deck): void {
  const refused = () => film.osd.tell(words.player.noPictureInPicture);
  if (film.floats) float(deck.video).catch(refused);
  else refused();
}

function tellPlace(film: Film, { video }: Deck): void {
  if (!Number.isFinite(video.duration)) return;
  film.osd.tell(words.player.place(clockTime(video.currentTime), clockTime(video.duration)));
}

function tellVolume(film: Film, { video }: Deck): void {
  // A share that is a whole number of percent may lie a hair below it.
  const percent = format.percent(video.volume + 1e-6);
  film.osd.tell(video.muted ? words.player.muted : words.player.volume(percent));
}
