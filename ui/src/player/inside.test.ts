import { describe, expect, it } from "vitest";
import { formatsFor } from "../shared/format";
import { facts, sound, track } from "../test/films";
import { factsOf, textOf } from "./inside";

const english = formatsFor("en");
const told = (over: Parameters<typeof facts>[0]) => factsOf("Harbour.mov", 4e9, facts(over), english);
const row = (label: string, over: Parameters<typeof facts>[0]) => told(over).find((fact) => fact.label === label)?.text;

describe("what is in a film", () => {
  it("says all of its picture", () => {
    const turned = track({ frame_rate: 30_000 / 1001, rotation: 90 });
    expect(row("Picture", { tracks: [turned] }), "as people say it").toBe(
      "H.264, 1920 × 1080, 29.97 frames a second, turned by 90°",
    );
  });

  it("says all of its sound", () => {
    const six = sound({ channels: 6, sample_rate: 44_100, language: "de", decodable: false });
    expect(row("Sound", { tracks: [six] }), "and that it cannot be heard").toBe("AAC, 5.1, 44.1 kHz, de, no decoder for it here");
  });

  it("has a row for each track, in order", () => {
    const tracks = [track(), sound(), sound({ language: "fr" })];
    const labels = told({ tracks }).map(({ label }) => label);
    expect(labels.filter((label) => label === "Sound").length, "two languages").toBe(2);
  });

  it("says where the index is", () => {
    expect(row("Index", { index_at_end: true }), "why it opens slowly over a bad link").toMatch(/end/);
  });

  it("says nothing of what is not known", () => {
    const labels = told({ container: null, duration: null, tracks: [] }).map(({ label }) => label);
    expect(labels, "no empty rows").toEqual(["Name", "Size"]);
  });

  it("says the trouble that it is in", () => {
    expect(row("Trouble", { trouble: "Cut off." }), "in the core's own words").toBe("Cut off.");
  });

  it("is copied a line a fact", () => {
    expect(textOf(told({ tracks: [] })), "to paste into a letter").toBe(
      "Name: Harbour.mov\nContainer: MP4\nLength: 1:40.000\nSize: 4.0 GB\nIndex: In front",
    );
  });
});
