// @vitest-environment jsdom
import { beforeEach, describe, expect, it, test, vi } from "vitest";
import type { MediaRequest } from "../ipc/bindings";
import { words } from "../shared/words";
import { backendOf, captions, facts, FakeVideo, media, request, sound, track } from "../test/films";
import { Film, type FilmBackend } from "./film.svelte";
import * as still from "./still";

/** A film that plays, at the fortieth second. */
async function playing(over: Partial<FilmBackend> = {}, asked: MediaRequest = request, position: number | null = null) {
  const video = new FakeVideo();
  const film = new Film(backendOf({ facts: async () => facts(), ...over }), asked, { ...media, position });
  const end = film.begin(video.element);
  await settled();
  film.opened();
  return { film, video, end };
}

const settled = () => new Promise((resolve) => setTimeout(resolve));

beforeEach(() => {
  localStorage.clear();
  URL.createObjectURL = () => `blob:${Math.random()}`;
  URL.revokeObjectURL = vi.fn();
});

describe("single frames", () => {
  it("step from the first frame on, because the file says its rate", async () => {
    const { film, video } = await playing();
    film.act({ is: "step", frames: 1 });
    expect([video.currentTime, video.paused], "the middle of the next frame, and it stands").toEqual([40.06, true]);
    expect(film.osd.message, "which frame it is").toBe("0:40.040");
  });

  it("are not guessed", async () => {
    const { film, video } = await playing({ facts: async () => facts({ tracks: [track({ frame_rate: null })] }) });
    film.act({ is: "step", frames: 1 });
    expect([video.currentTime, film.osd.message], "it says why").toEqual([40, words.player.noStep]);
  });

  it("End shows the last of them", async () => {
    const { film, video } = await playing();
    film.act({ is: "seek_to", share: 1 });
    expect(video.currentTime, "behind it there is nothing").toBeCloseTo(99.98, 9);
  });
});

describe("the speed", () => {
  it("is the element's, and goes back to the usual", async () => {
    const { film, video } = await playing();
    film.act({ is: "speed_by", steps: 1 });
    film.act({ is: "speed_by", steps: 1 });
    expect([film.speed, video.playbackRate], "both").toEqual([1.5, 1.5]);
    film.act({ is: "speed_usual" });
    expect([film.speed, video.playbackRate], "at once").toEqual([1, 1]);
  });
});

describe("a loop", () => {
  it("plays from A through the frame of B, and again", async () => {
    const { film, video } = await playing();
    film.act({ is: "loop", mark: "a" });
    video.currentTime = 41.01;
    film.act({ is: "loop", mark: "b" });
    expect(film.loop, "whole frames").toEqual({ is: "whole", start: 40, end: 41.04 });
    video.currentTime = 40.97;
    film.passed();
    expect(video.currentTime, "one more frame").toBe(40.97);
    video.currentTime = 41;
    film.passed();
    expect(video.currentTime, "back, into the first frame").toBeCloseTo(40.02, 9);
  });

  it("at the end of the film plays on", async () => {
    const { film, video } = await playing();
    film.loop = { is: "whole", start: 90, end: 100 };
    video.currentTime = 100;
    video.paused = true;
    film.ended();
    expect([video.currentTime.toFixed(2), video.paused], "the end is no end").toEqual(["90.02", false]);
  });
});

describe("captions", () => {
  const two = { captions: async () => [captions("en"), captions("de")] };

  it("are off until somebody wants them, and go round", async () => {
    const { film } = await playing(two);
    const shown = [film.captions.shown];
    for (let press = 0; press < 3; press += 1) {
      film.act({ is: "captions" });
      shown.push(film.captions.shown);
    }
    expect(shown, "none, each, none").toEqual([null, 0, 1, null]);
  });

  it("of the same language are shown with the next film", async () => {
    const before = await playing(two);
    before.film.showCaptions(1);
    before.end();
    const { film } = await playing({ captions: async () => [captions("fr"), captions("de")] });
    expect(film.captions.shown, "the choice holds").toBe(1);
  });

  it("that were switched off stay off", async () => {
    const before = await playing(two);
    before.film.showCaptions(1);
    before.film.showCaptions(null);
    const { film } = await playing(two);
    expect(film.captions.shown, "that is a choice too").toBeNull();
  });

  it("give their addresses back", async () => {
    const { end } = await playing(two);
    end();
    expect(URL.revokeObjectURL, "one for each").toHaveBeenCalledTimes(2);
  });

  it("that are not there are said to be", async () => {
    const { film } = await playing();
    film.act({ is: "captions" });
    expect(film.osd.message, "the key is answered").toBe(words.player.noCaptions);
  });
});

describe("a frame that is kept", () => {
  it("goes to the program with its time, which answers where it lies", async () => {
    vi.spyOn(still, "stillOf").mockResolvedValue(new ArrayBuffer(8));
    const saveFrame = vi.fn(async () => "/home/kim/Pictures/frame.png");
    const { film } = await playing({ saveFrame });
    film.act({ is: "screenshot" });
    await settled();
    expect(saveFrame, "the beginning of the frame").toHaveBeenCalledWith(request, 40, new ArrayBuffer(8));
    expect(film.osd.message, "where to find it").toBe(words.player.frameKept("0:40.000", "/home/kim/Pictures/frame.png"));
  });

  it("but cannot be says so", async () => {
    vi.spyOn(still, "stillOf").mockRejectedValue(new Error("the frame has no size"));
    const { film } = await playing();
    film.act({ is: "screenshot" });
    await settled();
    expect(film.osd.message, "nothing was kept").toContain(words.player.noFrame);
  });
});

describe("the remembered place", () => {
  it("is gone to, and said", async () => {
    const { film, video } = await playing({}, request, 75);
    expect([video.currentTime, film.resumedAt], "where the person was").toEqual([75, 75]);
    film.fromStart();
    expect([video.currentTime, film.resumedAt], "and from the start all the same").toEqual([0, null]);
  });

  it("is told when the film stands still and when it closes", async () => {
    const rememberPosition = vi.fn(async () => undefined);
    const { film, video, end } = await playing({ rememberPosition });
    film.paused();
    video.currentTime = 60;
    end();
    expect(rememberPosition.mock.calls, "both").toEqual([
      [request, 40],
      [request, 60],
    ]);
  });

  it("of a film in trouble stays as it was", async () => {
    const rememberPosition = vi.fn(async () => undefined);
    const { film, video, end } = await playing({ rememberPosition }, request, 75);
    await film.failed("network");
    video.currentTime = 0;
    end();
    expect(rememberPosition, "the element's zero is nobody's place").not.toHaveBeenCalled();
  });
});

describe("trouble", () => {
  it("names the codec and the way to it", async () => {
    const hevc = facts({ tracks: [track({ codec: "H.265", decodable: false })] });
    const { film } = await playing({ facts: async () => hevc });
    await film.failed("no_picture");
    expect(film.trouble, "what it is").toContain("The picture is HEVC (H.265), for which this computer has no decoder.");
    expect(film.trouble, "what helps").toContain("gstreamer1.0-libav");
  });

  it("of a film that went away says that", async () => {
    const { film } = await playing();
    const gone = { code: "media_gone", message: "", detail: null };
    const lost = new Film(backendOf({ facts: () => Promise.reject(gone) }), request, media);
    lost.begin(new FakeVideo().element);
    await lost.failed("network");
    expect(lost.trouble, "its folder is not there").toBe(words.errors.media_gone);
    expect(film.trouble, "another film is none of its business").toBeNull();
  });

  it("keeps its place for another try", async () => {
    const { film, video } = await playing({}, request, 75);
    video.currentTime = 80;
    film.passed();
    Object.assign(video, { currentTime: 0, error: { code: 2 } });
    film.passed();
    expect(film.at, "an element that failed says zero").toBe(80);
  });

  it("at the head of a film leaves the place as the program knows it", () => {
    const film = new Film(backendOf(), request, { ...media, position: 75 });
    film.begin(new FakeVideo().element);
    expect(film.at, "it never came so far").toBe(75);
  });

  it("of the sound alone is said, and the film plays", async () => {
    const silent = facts({ tracks: [track(), sound({ codec: "AC-3", decodable: false })] });
    const { film } = await playing({ facts: async () => silent });
    expect([film.trouble, film.osd.message], "nobody looks for a broken loudspeaker").toEqual([
      null,
      words.player.noSound("AC-3"),
    ]);
  });
});

describe("a file that was only opened", () => {
  const file: MediaRequest = { is: "opened", id: "o1" };

  it("can be sent, once", async () => {
    const { film } = await playing({ uploadOpened: async () => [{ is: "added", id: "t1" }] }, file);
    expect(film.sendable, "an offer").toBe(true);
    await film.send();
    expect([film.sendable, film.osd.message], "taken, and said").toEqual([false, words.player.uploadTaken]);
  });

  it("that is refused says why and can be tried again", async () => {
    const refused = [{ is: "refused" as const, name: "notes.txt", sentence: "it is no film" }];
    const { film } = await playing({ uploadOpened: async () => refused }, file);
    await film.send();
    expect([film.sendable, film.osd.message], "nothing was sent").toEqual([true, "notes.txt: it is no film"]);
  });

  it("is the only thing that is offered", async () => {
    const { film } = await playing();
    expect(film.sendable, "a film of the vault is there already").toBe(false);
  });
});

test.each([
  [false, words.player.volume("65%")],
  [true, words.player.muted],
])("the volume is told as it is (muted: %o)", async (muted, said) => {
  const { film, video } = await playing();
  Object.assign(video, { volume: 0.7, muted });
  film.act({ is: "volume_by", share: -0.05 });
  expect(film.osd.message, "in percent").toBe(said);
});

it("says so where there is no picture in picture", async () => {
  const { film } = await playing();
  film.act({ is: "picture" });
  expect(film.osd.message, "the key is answered").toBe(words.player.noPictureInPicture);
});
