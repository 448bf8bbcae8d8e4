import { describe, expect, it, test } from "vitest";
import { words } from "../shared/words";
import { facts, sound, track } from "../test/films";
import { failureOf, sentenceOf, whySilent } from "./trouble";

const undecodable = (codec: string) => facts({ tracks: [track({ codec, decodable: false }), sound()] });

describe("a failure", () => {
  test.each([
    [1, "aborted"],
    [2, "network"],
    [3, "decode"],
    [4, "unsupported"],
    [99, "unsupported"],
  ])("of code %d is %s", (code, failure) => {
    expect(failureOf({ code }), "as HTML numbers them").toBe(failure);
  });
});

describe("the sentence", () => {
  test.each(["no_picture", "decode", "unsupported"] as const)("of %s names a codec that is missing", (failure) => {
    const sentence = sentenceOf(failure, undecodable("ProRes"));
    expect(sentence, "which, and what to do").toMatch(/ProRes.*gstreamer1\.0-libav/);
  });

  it("names the package that has it", () => {
    expect(sentenceOf("no_picture", undecodable("AV1")), "another one").toContain("gstreamer1.0-plugins-bad");
  });

  it("calls HEVC by both its names", () => {
    for (const codec of ["HEVC", "H.265", "h265"]) {
      expect(sentenceOf("unsupported", undecodable(codec)), "people know one of them").toContain("HEVC (H.265)");
    }
  });

  it("promises no package for a codec that nobody knows", () => {
    const sentence = sentenceOf("unsupported", undecodable("“vvc1”"));
    expect(sentence, "which, and no more").toBe(words.player.noDecoder("“vvc1”"));
  });

  it("of the network has nothing to do with codecs", () => {
    expect(sentenceOf("network", undecodable("ProRes")), "the bytes did not come").toBe(words.player.network);
  });

  it("is what the program found out, when it found something", () => {
    const trouble = "The film ends before its index: it was cut off while it was recorded or copied.";
    expect(sentenceOf("unsupported", facts({ tracks: [], trouble })), "better than a guess").toBe(trouble);
  });

  it("of sound alone says that there is nothing to see", () => {
    expect(sentenceOf("no_picture", facts({ tracks: [sound()] })), "no decoder is missing").toBe(words.player.onlySound("AAC"));
  });

  it("without facts is the general one", () => {
    expect(sentenceOf("decode", null), "the program may not know either").toBe(words.player.decode);
  });

  it("of a film that can be decoded blames no decoder", () => {
    expect(sentenceOf("decode", facts()), "it is damaged").toBe(words.player.decode);
  });
});

describe("silence", () => {
  it("is explained when no sound can be decoded", () => {
    const silent = facts({ tracks: [track(), sound({ codec: "AC-3", decodable: false })] });
    expect(whySilent(silent), "the codec").toBe(words.player.noSound("AC-3"));
  });

  it("is none where one of several sounds can", () => {
    const tracks = [track(), sound({ decodable: false }), sound()];
    expect(whySilent(facts({ tracks })), "that one is heard").toBeNull();
  });

  it("needs no word where there was never sound", () => {
    expect(whySilent(facts()), "a silent film").toBeNull();
  });
});
