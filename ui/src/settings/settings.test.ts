// @vitest-environment jsdom
import { render, screen, waitFor } from "@testing-library/svelte";
import { userEvent } from "@testing-library/user-event";
import { describe, expect, it, test } from "vitest";
import { FakeBackend } from "../ipc/fake/fake";
import { refusal } from "../ipc/fake/refusal";
import { scenes } from "../ipc/fake/scenes";
import { words } from "../shared/words";
import { instant, status } from "../test/views";
import { Settings } from "./settings.svelte";
import SettingsPlace from "./SettingsPlace.svelte";

function opened(over = {}) {
  const backend = new FakeBackend(scenes.empty(), instant);
  const view = render(SettingsPlace, { settings: new Settings(backend), status: status(over) });
  const report = (settings = {}) => view.rerender({ status: status({ settings: { ...status().settings, ...settings } }) });
  return { backend, report };
}

const isOn = (testid: string) => screen.getByTestId(testid).getAttribute("aria-checked");

describe("a switch", () => {
  test.each([
    ["setting-awake", '{"is":"keep_awake","on":true}', { keep_awake: true }],
    ["setting-autostart", '{"is":"autostart","on":true}', { autostart: true }],
  ])("%s asks, and turns when the core says so", async (testid, asked, settings) => {
    const { backend, report } = opened();
    await userEvent.click(screen.getByTestId(testid));
    expect(backend.asked, "the wish").toEqual([`setting ${asked}`]);
    expect(isOn(testid), "nothing is drawn ahead of the core").toBe("false");
    await report(settings);
    expect(isOn(testid), "as reported").toBe("true");
  });

  it("that the core refuses says why, beside itself", async () => {
    const { backend } = opened();
    backend.changeSetting = () => Promise.reject(refusal("other", "The folder of your session cannot be written."));
    await userEvent.click(screen.getByTestId("setting-autostart"));
    const told = await screen.findByTestId("told-autostart");
    expect(told.textContent, "what happened").toContain("cannot be written");
    expect(isOn("setting-autostart"), "as it was").toBe("false");
  });
});

describe("what was played from far away", () => {
  it("is told in figures, and thrown away", async () => {
    const { backend } = opened();
    const told = screen.getByTestId("setting-near").textContent;
    expect(told, "what is kept, and of how much").toMatch(/312.MB of at most 2.0.GB/);
    expect(told, "what it was good for").toMatch(/1,890 pieces were found here and 121 travelled \(63.0.MB\)/);
    await userEvent.click(screen.getByTestId("clear-near"));
    expect(backend.asked, "the wish").toEqual(["clear near"]);
    expect((await screen.findByTestId("told-near")).textContent, "that it was done").toContain("Nothing is kept here now");
  });

  it("offers nothing to throw away where nothing is", () => {
    opened({ near: { ...status().near, kept: 0 } });
    expect(screen.getByTestId("clear-near"), "a button that does nothing is a lie").toHaveProperty("disabled", true);
  });
});

describe("the number of pieces", () => {
  it("is stepped by the keys, within its bounds", async () => {
    const { backend, report } = opened();
    screen.getByTestId("setting-parallel").focus();
    await userEvent.keyboard("{ArrowUp}{End}");
    const wish = (count: number) => `setting {"is":"parallel","count":${count}}`;
    expect(backend.asked, "one more, then the most").toEqual([wish(9), wish(16)]);
    await report({ parallel: 16 });
    await userEvent.keyboard("{ArrowUp}");
    expect(backend.asked.length, "there is no more than the most").toBe(2);
  });
});

describe("the speed limit", () => {
  it("is typed, and a word that is no speed is explained", async () => {
    const { backend } = opened();
    await userEvent.type(screen.getByTestId("setting-limit"), "fast{Enter}");
    expect(screen.getByRole("alert").textContent, "how to write one").toBe(words.status.badRate);
    await userEvent.clear(screen.getByTestId("setting-limit"));
    await userEvent.type(screen.getByTestId("setting-limit"), "20M{Enter}");
    expect(backend.asked, "twenty megabytes, and nothing guessed").toEqual(["limit 20000000"]);
  });

  it("is taken away", async () => {
    const { backend } = opened({ limit: 5e6 });
    await userEvent.click(screen.getByTestId("setting-limit-none"));
    expect(backend.asked, "no limit").toEqual(["limit null"]);
  });
});

describe("the folder, the look, the diagnostics", () => {
  it("are asked of the program", async () => {
    const { backend } = opened({ vault: "/media/archive", free: 2e9 });
    expect(screen.getByTestId("setting-vault").textContent, "the one in force").toBe("/media/archive");
    await userEvent.click(screen.getByTestId("change-vault"));
    await userEvent.click(screen.getByTestId("theme-dark"));
    expect(backend.asked, "in this order").toEqual(["choose vault", 'setting {"is":"theme","theme":"dark"}']);
  });

  it("and what is copied is said, or that it could not be", async () => {
    const { backend } = opened();
    // With a clipboard, which the page has here in no other way.
    const person = userEvent.setup();
    await person.click(screen.getByTestId("copy-diagnostics"));
    await waitFor(() => expect(screen.getByTestId("told-diagnostics").textContent, "done").toContain(words.settings.copied));
    backend.diagnostics = () => Promise.reject(refusal("other", ""));
    await person.click(screen.getByTestId("copy-diagnostics"));
    await waitFor(() => expect(screen.getByTestId("told-diagnostics").textContent, "not").toContain(words.settings.failed));
  });
});
