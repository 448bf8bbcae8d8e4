import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, normalize } from "node:path";
import { describe, expect, it } from "vitest";

const files = readdirSync("src", { recursive: true, encoding: "utf8" })
  .filter((name) => /\.(ts|svelte)$/.test(name))
  .map((name) => ({ name, text: readFileSync(join("src", name), "utf8") }));

const sources = files.filter(({ name }) => !name.endsWith(".test.ts") && !name.startsWith("test/"));
const components = sources.filter(({ name }) => name.endsWith(".svelte"));

/** The imports of our own files, as paths below src. */
function importsOf({ name, text }: { name: string; text: string }): string[] {
  const paths = [...text.matchAll(/from "(\.[^"]+)"|import\("(\.[^"]+)"\)|import "(\.[^"]+)"/g)];
  return paths.map(([, from, dynamic, bare]) => normalize(join(dirname(name), from ?? dynamic ?? bare ?? "")));
}

function offenders(room: string, forbidden: RegExp): string[] {
  const inside = sources.filter(({ name }) => name.startsWith(`${room}/`));
  return inside.flatMap((file) => importsOf(file).filter((path) => forbidden.test(path)).map((path) => `${file.name}: ${path}`));
}

describe("the house", () => {
  it("imports Tauri in one place", () => {
    const users = sources.filter(({ text }) => text.includes("@tauri-apps/")).map(({ name }) => name);
    expect(users.filter((name) => name !== "ipc/tauri.ts"), "the interface runs whole without it").toEqual([]);
  });

  it("lets shared parts know no feature", () => {
    expect(offenders("shared", /^(transfers|library|player|destinations|settings|films|frame)\//), "shared imports no feature").toEqual([]);
  });

  it("lets features know each other through the frame alone", () => {
    const circles = [
      ...offenders("transfers", /^(library|player|destinations|settings|frame)\//),
      ...offenders("library", /^(transfers|player|destinations|settings|frame)\//),
      ...offenders("player", /^(transfers|library|destinations|settings|frame)\//),
      ...offenders("destinations", /^(transfers|library|player|settings|films|frame)\//),
      ...offenders("settings", /^(transfers|library|player|destinations|films|frame)\//),
    ];
    expect(circles, "a feature can be read alone").toEqual([]);
  });

  it("lets chunks know the contract alone", () => {
    const known = offenders("chunks", /^(transfers|library|player|destinations|frame|shared)\//);
    expect(known, "the list and the player both read a chunk map, and not from each other").toEqual([]);
  });

  it("lets every feature show posters, and posters know no feature", () => {
    expect(offenders("films", /^(transfers|library|player|destinations|settings|frame|chunks)\//), "what is known of films is a floor below").toEqual([]);
  });

  it("lets the contract know nobody", () => {
    expect(offenders("ipc", /^(transfers|library|player|destinations|settings|films|frame|shared|chunks)\//), "it is the lowest floor").toEqual([]);
  });

  it("writes no style attribute, which the policy would refuse", () => {
    const styled = components.filter(({ text }) => /\sstyle=/.test(text)).map(({ name }) => name);
    expect(styled, "custom properties by `style:--name` only").toEqual([]);
    const direct = components.filter(({ text }) => /style:(?!--)[\w-]+/.test(text)).map(({ name }) => name);
    expect(direct, "and nothing but custom properties").toEqual([]);
  });

  it("never takes text for HTML", () => {
    const html = sources.filter(({ text }) => /\{@html|innerHTML|insertAdjacentHTML/.test(text)).map(({ name }) => name);
    expect(html, "a film may be called anything").toEqual([]);
  });

  it("takes its colours from the tokens", () => {
    const own = components.filter(({ text }) => /#[0-9a-f]{3,8}\b|rgba?\(/i.test(text.slice(text.indexOf("<style>"))));
    expect(own.map(({ name }) => name), "one set of design tokens").toEqual([]);
  });

  it("keeps its sentences in the catalogue", () => {
    const spoken = components.filter(({ text }) => /(aria-label|title|placeholder)="[A-Z]/.test(text)).map(({ name }) => name);
    expect(spoken, "ready for translation").toEqual([]);
  });

  it("keeps its files short", () => {
    const written = files.filter(({ name }) => name !== "ipc/bindings.ts");
    const long = written.filter(({ text }) => text.split("\n").length > 300).map(({ name }) => name);
    expect(long, "a file is read in one go").toEqual([]);
  });
});
