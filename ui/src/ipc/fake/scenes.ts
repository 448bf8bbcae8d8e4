/** What one finds when the fake program starts: scenes to work on the interface with. */
import type { StateView, VideoView } from "../bindings";
import type { Scene } from "./fake";
import type { Seed } from "./film";

const gigabyte = 1e9;
const minute = 60_000;

export type SceneName = keyof typeof scenes;

export const scenes = {
  /** Nothing yet: the first screen. */
  empty: (): Scene => ({ transfers: [], videos: [], notices: [], dialog }),
  /** Some films under way, some finished. */
  usual: (now: number): Scene => ({
    transfers: [
      film("harbour", "Harbour_Interview_A-cam_4K.mov", 9.2, now, { is: "queued" }, 0.44),
      film("lecture", "Lecture_12_slides+cam.mkv", 2.9, now, { is: "paused" }, 0.58),
      film("rushes", "Rushes_Day_07_reel_3.mxf", 31.1, now, { is: "queued" }, 0.02),
      film("titles", "Titles_v2.mov", 0.4, now, { is: "queued" }),
      { ...film("wedding", "Wedding_Final_v3_H264.mp4", 6.1, now, done("root"), 1), endedAt: now - 42 * minute },
    ],
    videos: [video("wedding", "Wedding_Final_v3_H264.mp4", 6.1, now - 42 * minute), ...archive(now)],
    notices: [],
    dialog,
  }),
  /** Every state that a person can see. */
  states: (now: number): Scene => ({ transfers: everyState(now), videos: archive(now), notices: told, dialog }),
  /** A long history: what a list of ten thousand costs. */
  many: (now: number): Scene => ({ transfers: history(now, 10_000), videos: archive(now), notices: [], dialog }),
} satisfies Record<string, (now: number) => Scene>;

function everyState(now: number): Seed[] {
  const sentence = {
    network: "There is no network. It goes on by itself when the network is back. What has arrived is safe.",
    changed:
      "The file was changed after it was added, so its parts would not fit together. Start over to send it as it is now. The file is untouched.",
    space: "The destination is full: 4.0 GiB needed, 1.2 GiB free. Make room there, then retry. What has arrived is safe.",
  };
  return [
    film("a", "Uploading.mov", 12.4, now, { is: "uploading" }, 0.4),
    { ...film("b", "Lost ground.mov", 8.1, now, { is: "uploading" }, 0.2), lostGround: true },
    film("c", "Throttled.mp4", 31.1, now, { is: "throttled", until: now + 24_000 }, 0.22),
    film("d", "No network.mkv", 5.5, now, wait("network", sentence.network, now + 30_000), 0.7),
    film("e", "Paused.mkv", 2.9, now, { is: "paused" }, 0.58),
    film("f", "Changed.mp4", 6.1, now, { is: "failed", kind: "source_changed", sentence: sentence.changed }, 0.79),
    film("g", "Full disk.mp4", 4, now, { is: "failed", kind: "no_space", sentence: sentence.space }, 0.33),
    film("h", "Verifying.mov", 1.2, now, { is: "verifying" }, 1),
    film("i", "Queued first.mov", 0.8, now, { is: "queued" }),
    film("j", "Queued second, <b>bold</b> \u202Egpj.exe.mov", 0.8, now, { is: "queued" }),
    { ...film("k", "Done.mov", 6.1, now, done("root"), 1), endedAt: now - minute },
    { ...film("l", "Delivered.mov", 3.3, now, done("size_only"), 1), endedAt: now - 2 * minute },
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

function wait(reason: "network", sentence: string, until: number): StateView {
  return { is: "waiting", reason, sentence, until };
}

function archive(now: number): VideoView[] {
  const names = ["Harbour_B-roll.mov", "Interview_Dr_Okafor_final.mp4", "Lecture_11.mkv", "Rushes_Day_06.mxf"];
  return names.map((name, index) => video(`old-${index}`, name, 3.4 + index, now - (index + 1) * 1440 * minute));
}

function video(id: string, name: string, gigabytes: number, at: number): VideoView {
  return { id, name, size: Math.round(gigabytes * gigabyte), blake3: "00".repeat(32), created_at: at };
}

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
