/** What one finds when the fake program starts: scenes to work on the interface with. */
import type { CaptionsView, FactsView, StateView, VideoView, WaitView } from "../bindings";
import { factsFor } from "./posters";
import { elsewhere, somewhere } from "./somewhere";
import type { Scene } from "./world";
import type { Seed } from "./seed";

const gigabyte = 1e9;
const minute = 60_000;

export type SceneName = keyof typeof scenes;

export const scenes = {
  /** Nothing yet: the first screen. */
  empty: (): Scene => ({ transfers: [], videos: [], notices: [], dialog }),
  /** Some films under way, some finished. */
  usual: (now: number): Scene => ({
    transfers: [
      { ...film("harbour", "Harbour_Interview_A-cam_4K.mov", 9.2, now, { is: "queued" }, 0.44), roughUntil: now },
      film("lecture", "Lecture_12_slides+cam.mkv", 2.9, now, { is: "paused" }, 0.58),
      { ...film("rushes", "Rushes_Day_07_reel_3.mxf", 31.1, now, { is: "queued" }, 0.02), destination: "studio" },
      film("titles", "Titles_v2.mov", 0.4, now, { is: "queued" }),
      { ...film("wedding", "Wedding_Final_v3_H264.mp4", 6.1, now, done("root"), 1), endedAt: now - 42 * minute },
      { ...film("dailies", "Dailies_11-22.mov", 14.2, now, done("root"), 1), endedAt: now - 95 * minute, destination: "archive" },
    ],
    destinations: somewhere,
    videos: [video("wedding", "Wedding_Final_v3_H264.mp4", 6.1, now - 42 * minute), ...archive(now)],
    notices: [],
    dialog,
    facts: factsFor(["Harbour_Interview_A-cam_4K.mov", "Rushes_Day_07_reel_3.mxf", "Wedding_Final_v3_H264.mp4", ...archived]),
  }),
  /** More destinations than there is room for, with every trouble. */
  places: (now: number): Scene => ({
    transfers: [{ ...film("rushes", "Rushes_Day_07_reel_3.mxf", 8.2, now, { is: "paused" }, 0.4), destination: "studio" }],
    videos: [],
    notices: [],
    dialog,
    destinations: [...somewhere, ...elsewhere],
  }),
  /** Every state that a person can see. */
  states: (now: number): Scene => ({ transfers: everyState(now), videos: archive(now), notices: told, dialog }),
  /** A film with captions, one that cannot be decoded, and one that uploads: for the player. */
  films: (now: number): Scene => ({
    transfers: [film("sending", "Sending.mp4", 24, now, { is: "uploading" }, 0.4)],
    videos: ["Bunny.mp4", "Future.mkv"].map((name, index) => video(`film-${index}`, name, 0.001, now - index * minute)),
    notices: [],
    dialog,
    facts: { "Bunny.mp4": inside("H.264", true), "Sending.mp4": inside("H.264", true), "Future.mkv": inside("H.265", false) },
    captions: { "Bunny.mp4": [captions("en", "A rabbit wakes."), captions("de", "Ein Hase erwacht.")] },
  }),
  /** A library to look at: names as people give them, posters of every shape, films of which nothing is known. */
  library: (now: number): Scene => {
    const videos = shelf.map((name, index) => video(`film-${index}`, name, 0.4 + ((index * 7) % 31), now - index * 500 * minute));
    return { transfers: [], videos, notices: [], dialog, facts: factsFor(shelf) };
  },
  /** Ten thousand finished films. */
  shelves: (now: number): Scene => {
    const names = Array.from({ length: 10_000 }, (_, index) => `Reel ${index + 1}.mov`);
    return { transfers: [], notices: [], dialog, videos: names.map((name, index) => video(`reel-${index}`, name, 1 + (index % 90), now - index * minute)) };
  },
  /** A long history: what a list of ten thousand costs. */
  many: (now: number): Scene => ({ transfers: history(now, 10_000), videos: archive(now), notices: [], dialog }),
  /** 100 GB in 25,600 chunks, over a bad link. */
  large: (now: number): Scene => ({
    transfers: [{ ...film("large", "Rushes_all.mxf", 107.4, now, { is: "queued" }, 0.37), roughUntil: now }],
    videos: [],
    notices: [],
    dialog,
  }),
} satisfies Record<string, (now: number) => Scene>;

function inside(codec: string, decodable: boolean): FactsView {
  const picture = { width: 1280, height: 720, frame_rate: 25, channels: null, sample_rate: null, language: null };
  const sound = { width: null, height: null, frame_rate: null, channels: 2, sample_rate: 48_000, language: "en" };
  return {
    poster: null,
    duration: 5.31,
    container: "MP4",
    tracks: [
      { kind: "video", codec, decodable, rotation: 0, ...picture },
      { kind: "audio", codec: "AAC", decodable: true, rotation: 0, ...sound },
    ],
    index_at_end: true,
    trouble: null,
  };
}

function captions(language: string, text: string): CaptionsView {
  return { label: language, language, text: `WEBVTT\n\n00:00.000 --> 01:00.000\n${text}\n` };
}

function everyState(now: number): Seed[] {
  const sentence = {
    network: "There is no network. It goes on by itself when the network is back. What has arrived is safe.",
    changed:
      "The file was changed after it was added, so its parts would not fit together. Start over to send it as it is now. The file is untouched.",
    credentials: "The destination needs your password. What has arrived is safe.",
    source: "The file is away. It goes on by itself when its disk is back. What has arrived is safe.",
    corrupt: "Chunk 478 arrived damaged three times in a row. Check the disk and the memory of this computer, then retry.",
    space: "The destination is full: 4.0 GiB needed, 1.2 GiB free. Make room there, then retry. What has arrived is safe.",
  };
  return [
    { ...film("a", "Uploading.mov", 12.4, now, { is: "uploading" }, 0.4), roughUntil: now, wanted: [2400, 2401, 2402] },
    { ...film("b", "Lost ground.mov", 8.1, now, { is: "uploading" }, 0.2), lostGround: true },
    film("c", "Throttled.mp4", 31.1, now, { is: "throttled", until: now + 24_000 }, 0.22),
    film("d", "No network.mkv", 5.5, now, wait("network", sentence.network, now + 30_000), 0.7),
    film("e", "Paused.mkv", 2.9, now, { is: "paused" }, 0.58),
    film("f", "Changed.mp4", 6.1, now, { is: "failed", kind: "source_changed", sentence: sentence.changed }, 0.79),
    film("g", "Full disk.mp4", 4, now, { is: "failed", kind: "no_space", sentence: sentence.space }, 0.33),
    { ...film("h", "Verifying.mov", 1.2, now, { is: "verifying" }, 1), held: true },
    { ...film("n", "Preparing.mov", 2.2, now, { is: "preparing" }), held: true },
    { ...film("o", "Limited.mov", 3.1, now, { is: "limited" }, 0.3), held: true },
    { ...film("p", "Cancelling.mov", 3.1, now, { is: "cancelling" }, 0.3), held: true },
    film("q", "Sign-in.mov", 5.5, now, wait("credentials", sentence.credentials, null), 0.1),
    film("r", "Card is out.mov", 64, now, wait("source", sentence.source, null), 0.3),
    film("s", "Damaged.mov", 4, now, { is: "failed", kind: "corrupt", sentence: sentence.corrupt }, 0.5),
    film("i", "Queued first.mov", 0.8, now, { is: "queued" }),
    { ...film("t", "Behind a break.mov", 6.4, now, { is: "queued" }), hold: { is: "throttled", until: now + 24_000 }, priority: "high" },
    { ...film("u", "All there, held.mov", 6.4, now, { is: "verifying" }, 1), hold: wait("remote", "It failed often.", now + 12_000), priority: "low", held: true },
    film("j", "Queued second, <b>bold</b> \u202Egpj.exe.mov", 0.8, now, { is: "queued" }),
    { ...film("k", "Done.mov", 6.1, now, done("root"), 1), endedAt: now - minute },
    { ...film("l", "Delivered.mov", 3.3, now, done("size_only"), 1), endedAt: now - 2 * minute },
    { ...film("s", "Skipped.mov", 3.1, now, { is: "skipped", sentence: "It was skipped, as you chose: Skipped.mov is in the vault already. The file is safe. Retry when the name is free." }, 0), endedAt: now - 4 * minute },
    { ...film("m", "Cancelled.mov", 7.7, now, { is: "cancelled" }, 0.5), endedAt: now - 3 * minute },
  ];
}

function history(now: number, count: number): Seed[] {
  return Array.from({ length: count }, (_, index) => ({
    ...film(`old-${index}`, `Archive_${String(index).padStart(5, "0")}.mov`, 0.2, now, done("root"), 1),
    endedAt: now - index * minute,
  }));
}

function film(id: string, name: string, gigabytes: number, now: number, state: StateView, safe = 0): Seed {
  return { id, name, size: Math.round(gigabytes * gigabyte), state, safe, createdAt: now - 20 * minute };
}

function done(proof: "root" | "size_only"): StateView {
  return { is: "done", proof, object: `object-${proof}` };
}

function wait(reason: WaitView, sentence: string, until: number | null): StateView {
  return { is: "waiting", reason, sentence, until };
}

function archive(now: number): VideoView[] {
  return archived.map((name, index) => video(`old-${index}`, name, 3.4 + index, now - (index + 1) * 1440 * minute));
}

function video(id: string, name: string, gigabytes: number, at: number): VideoView {
  return { id, name, size: Math.round(gigabytes * gigabyte), blake3: "00".repeat(32), created_at: at };
}

const archived = ["Harbour_B-roll.mov", "Interview_Dr_Okafor_final.mp4", "Lecture_11.mkv", "Rushes_Day_06.mxf"];

/** Long, of other scripts and directions, hostile, without a trash, and of which nothing is known. */
const shelf = [
  "Harbour_Interview_A-cam_4K.mov",
  "2026-11-03 Conference keynote, main stage, camera 2 (wide), full length, colour corrected, final FINAL v7.mov",
  "مقابلة الميناء - الكاميرا الأولى.mp4",
  "<img src=x onerror=alert(1)><b>Titles</b>.mov",
  "Portrait phone clip.mp4",
  "港の取材_第3巻.mxf",
  "Reel 9.mov",
  "Reel 10.mov",
  "Lives where there is no trash.mov",
  "Nothing known.mkv",
  "Café Müller, Aufzeichnung.mp4",
  "Ωmega – début.mov",
  "Wedding_Final_v3_H264.mp4",
  "Lecture_12_slides+cam.mkv",
  "Rushes_Day_07_reel_3.mxf",
];

const dialog = [
  { name: "New_film.mov", size: 0.6 * gigabyte },
  { name: "Second_new_film.mp4", size: 0.3 * gigabyte },
];

const told = [
  {
    id: 1,
    level: "warning" as const,
    sentence: "The list of transfers was damaged and was set aside as journal.db.bad. Your films are safe. Add those again that are missing.",
  },
];
