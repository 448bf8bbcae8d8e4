import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";

const css = readFileSync("src/shared/tokens.css", "utf8");

/** The tokens of a block that hold a colour. */
function coloursIn(block: string): Record<string, string> {
  return Object.fromEntries([...block.matchAll(/--([\w-]+):\s*(#[0-9a-f]{6})\b/g)].map(([, name, hex]) => [name, hex]));
}

const dark = css.indexOf(':root[data-theme="dark"]');
const contrast = css.indexOf("@media (prefers-color-scheme: dark)");
const light = coloursIn(css.slice(0, dark));
const themes = { light, dark: { ...light, ...coloursIn(css.slice(dark, contrast)) } };

function luminance(hex: string): number {
  const [r = 0, g = 0, b = 0] = [1, 3, 5].map((at) => {
    const value = parseInt(hex.slice(at, at + 2), 16) / 255;
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

/** WCAG 2.2, contrast ratio. */
function ratio(one: string, other: string): number {
  const [bright = 0, dim = 0] = [luminance(one), luminance(other)].sort((a, b) => b - a);
  return (bright + 0.05) / (dim + 0.05);
}

const tones = ["safe", "fly", "look", "hold", "wait", "away", "bad", "prove", "still", "rest"];
const grounds = ["ground", "pane", "card"];

describe.each(Object.entries(themes))("the %s theme", (_, colours) => {
  const contrastOf = (one: string, other: string) => ratio(colours[one] ?? "", colours[other] ?? "");

  test.each(tones)("words in the tone %s can be read on its tint and on every ground", (tone) => {
    for (const ground of [`${tone}-tint`, ...grounds]) {
      expect(contrastOf(tone, ground), `AA for ${tone} on ${ground}`).toBeGreaterThanOrEqual(4.5);
    }
  });

  test.each(tones)("cells in the tone %s stand out from the card", (tone) => {
    expect(contrastOf(`${tone}-fill`, "card"), "AA for graphics").toBeGreaterThanOrEqual(3);
  });

  test.each(["ink", "ink-soft", "ink-faint"])("%s can be read on every ground", (ink) => {
    for (const ground of [...grounds, "hollow", "look-tint", "wait-tint"]) {
      expect(contrastOf(ink, ground), `AA for ${ink} on ${ground}`).toBeGreaterThanOrEqual(4.5);
    }
  });

  test("edges of fields and the strong button stand out", () => {
    expect(contrastOf("edge", "card"), "AA for the border of an input").toBeGreaterThanOrEqual(3);
    expect(contrastOf("on-strong", "strong"), "AA for the words on the strong button").toBeGreaterThanOrEqual(4.5);
    expect(contrastOf("on-stage", "stage"), "AA for the words over a film").toBeGreaterThanOrEqual(4.5);
    expect(contrastOf("fly", "card"), "AA for the focus ring").toBeGreaterThanOrEqual(3);
  });

  test("safe is the only green", () => {
    const greens = tones.filter((tone) => isGreen(colours[`${tone}-fill`] ?? ""));
    expect(greens, "green means safe and nothing else").toEqual(["safe"]);
  });
});

/** Green rules both other parts by far enough to be called green. */
function isGreen(hex: string): boolean {
  const [r = 0, g = 0, b = 0] = [1, 3, 5].map((at) => parseInt(hex.slice(at, at + 2), 16));
  return g > r && g > b;
}

test("the dark theme changes every tone", () => {
  const own = coloursIn(css.slice(dark, contrast));
  const missing = tones.flatMap((tone) => [tone, `${tone}-fill`, `${tone}-tint`]).filter((name) => !(name in own));
  expect(missing, "a light tint on a dark card would shine").toEqual([]);
});
