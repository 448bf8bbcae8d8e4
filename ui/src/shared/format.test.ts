import { describe, expect, it, test } from "vitest";
import { chunkLength, formatsFor, parseRate, writtenRate } from "./format";

const en = formatsFor("en-GB");
const de = formatsFor("de");

/** Some locales put narrow spaces between figure and unit. */
const plain = (text: string) => text.replace(/[\u00A0\u202F]/g, " ");

describe("sizes", () => {
  test.each([
    [0, "0 bytes"],
    [1, "1 byte"],
    [999, "999 bytes"],
    [1_000, "1.0 kB"],
    [999_499, "999 kB"],
    [999_500, "1.0 MB"],
    [4_000_000_000, "4.0 GB"],
    [82_400_000_000, "82.4 GB"],
    [213_400_000_000, "213 GB"],
    [1.5e12, "1.5 TB"],
    [9e15, "9.0 PB"],
  ])("%d bytes are written %s", (bytes, text) => {
    expect(plain(en.size(bytes)), "three figures and the unit that disks are sold by").toBe(text);
  });

  it("never shows four figures before a unit", () => {
    for (let bytes = 1; bytes < 1e15; bytes = Math.ceil(bytes * 1.37)) {
      expect(en.size(bytes), `${bytes} must carry into the next unit in time`).not.toMatch(/\d,?\d{3}[.\s\u00A0]/);
    }
  });

  it("follows the locale of the person", () => {
    expect(plain(de.size(82_400_000_000)), "a German reads a comma").toBe("82,4 GB");
  });

  test.each(["C", "POSIX", "not a tag!", ""])("falls back to English for the tag %o", (tag) => {
    expect(plain(formatsFor(tag).size(1_500_000)), "a webview may report a tag that Intl refuses").toBe("1.5 MB");
  });
});

describe("a share", () => {
  it("is written in the unit of the whole", () => {
    expect(plain(en.share(3_200_000_000, 4_000_000_000, "of")), "both in gigabytes").toBe("3.2 of 4.0 GB");
    expect(plain(en.share(200_000_000, 4_000_000_000, "of")), "not 200 MB of 4.0 GB").toBe("0.2 of 4.0 GB");
    expect(plain(en.share(70_000_000, 4_000_000_000, "of")), "something is not nothing").toBe("70.0 MB of 4.0 GB");
  });

  it("is rounded down, so that it looks whole only when it is", () => {
    expect(plain(en.share(3_999_999_999, 4_000_000_000, "of")), "a byte is missing").toBe("3.9 of 4.0 GB");
    expect(plain(en.share(4_000_000_000, 4_000_000_000, "of")), "nothing is missing").toBe("4.0 of 4.0 GB");
  });

  it("never exceeds the whole", () => {
    expect(plain(en.share(5_000_000_000, 4_000_000_000, "of")), "more than all is all").toBe("4.0 of 4.0 GB");
  });

  it("of nothing is nothing", () => {
    expect(plain(en.share(0, 0, "of")), "an empty file has no share").toBe("0 of 0 bytes");
  });
});

describe("percent", () => {
  it("is rounded down", () => {
    expect(en.percent(0.9999), "whole only when it is whole").toBe("99%");
    expect(en.percent(1), "whole").toBe("100%");
  });
});

describe("rates", () => {
  it("are measured with one figure behind the point", () => {
    expect(plain(en.rate(38_400_000)), "tabular figures keep their place").toBe("38.4 MB/s");
    expect(plain(en.rate(5_000_000)), "also where it is a zero").toBe("5.0 MB/s");
  });

  it("are written as chosen when they are a limit", () => {
    expect(plain(en.limit(5_000_000)), "nobody chose 5.0").toBe("5 MB/s");
    expect(plain(en.limit(1_500_000)), "one and a half was typed").toBe("1.5 MB/s");
  });
});

describe("durations", () => {
  test.each([
    [-5, "0 secs"],
    [0, "0 secs"],
    [0.2, "1 sec"],
    [59, "59 secs"],
    [60, "1 min"],
    [61, "2 mins"],
    [3_540, "59 mins"],
    [3_600, "1 hr"],
    [3_661, "1 hr 2 mins"],
    [86_399, "1 day"],
    [86_400, "1 day"],
    [90_000, "1 day 1 hr"],
    [1e7, "115 days 18 hrs"],
  ])("%d seconds are %s", (seconds, text) => {
    expect(plain(en.duration(seconds)), "rounded up, in at most two units").toBe(text);
  });
});

describe("a typed speed", () => {
  test.each([
    ["20M", 20_000_000],
    ["20", 20_000_000],
    [" 20 mb/s ", 20_000_000],
    ["1.5G", 1_500_000_000],
    ["2,5 MiB/s", 2_621_440],
    ["500k", 500_000],
    ["500 KBps", 500_000],
    ["64Ki", 65_536],
    ["100b", 100],
  ])("%o is %d bytes a second", (text, bytes) => {
    expect(parseRate(text), "as people write speeds").toBe(bytes);
  });

  test.each(["", "0", "0M", "-5M", "fast", "20X", "1e9", "1.2.3M", "M", "20M now", "99999999999G"])(
    "%o is none",
    (text) => {
      expect(parseRate(text), "what is no speed must not become one").toBeNull();
    },
  );
});

test.each([1, 999, 500_000, 5_000_000, 1_250_000_000, 1_234_567, 1_500])("a speed of %d is read as it is written", (bytes) => {
  expect(parseRate(writtenRate(bytes)), "nothing is rounded").toBe(bytes);
});

describe("the length of a chunk", () => {
  test.each([
    [4_194_304, "4 MiB"],
    [1_048_576, "1 MiB"],
    [65_536, "64 KiB"],
    [1_073_741_824, "1 GiB"],
    [4_194_305, "4.2 MB"],
    [12, "12 bytes"],
  ])("%d is %s", (bytes, text) => {
    expect(plain(chunkLength(bytes, en)), "powers of two by their names").toBe(text);
  });
});
