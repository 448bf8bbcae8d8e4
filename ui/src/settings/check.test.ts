// @vitest-environment jsdom
import { render, screen, waitFor } from "@testing-library/svelte";
import { userEvent } from "@testing-library/user-event";
import { describe, expect, it } from "vitest";
import type { HarmedView } from "../ipc/bindings";
import { FakeBackend } from "../ipc/fake/fake";
import { refusal } from "../ipc/fake/refusal";
import { words } from "../shared/words";
import { instant, status, video } from "../test/views";
import { findings } from "../test/axe";
import { Settings } from "./settings.svelte";
import SettingsPlace from "./SettingsPlace.svelte";

const say = words.settings.check;
const films = [video({ id: "a", size: 4e9 }), video({ id: "b", size: 2e9 })];

function opened(videos = films, vault = "/films/Pawl") {
  const backend = new FakeBackend({ transfers: [], videos, notices: [], dialog: [] }, instant);
  const settings = new Settings(backend);
  const view = render(SettingsPlace, { settings, status: status({ vault }) });
  return { backend, settings, view };
}

const start = () => userEvent.click(screen.getByTestId("check-vault"));
const result = () => screen.getByTestId("check-result").textContent?.replace(/[\u00A0\u202F]/g, " ") ?? "";
const harmed = (over: Partial<HarmedView> = {}): HarmedView => ({ name: "Harbour.mov", finished: true, harm: "content", ...over });

describe("the check of the vault", () => {
  it("says in one sentence that all is right", async () => {
    opened();
    expect(result(), "nothing before one asked").toBe("");
    await start();
    await waitFor(() => expect(result(), "how many, how much").toContain("All 2 films, 6.0 GB, were read again and are right."));
    expect(screen.getByTestId("check-vault"), "and can be asked again").toBeTruthy();
  });

  it("shows how far it is, and is stopped", async () => {
    const { backend } = opened();
    backend.check.held = true;
    await start();
    const bar = await screen.findByRole("progressbar", { name: say.label });
    expect(bar.getAttribute("aria-valuenow"), "half of it").toBe("50");
    await userEvent.click(screen.getByTestId("stop-check"));
    await waitFor(() => expect(result(), "it claims no more than it read").toMatch(/^\s*Stopped\./));
    expect(backend.asked, "the wishes").toEqual(["check vault", "stop check"]);
    expect(screen.queryByRole("progressbar", { name: say.label }), "nothing runs").toBeNull();
  });

  it("goes by the keyboard", async () => {
    const { backend } = opened();
    screen.getByTestId("check-vault").focus();
    await userEvent.keyboard("{Enter}");
    await waitFor(() => expect(result(), "it ran").toContain("are right"));
    expect(backend.asked, "once").toEqual(["check vault"]);
  });

  it("names what is damaged, how, and what to do", async () => {
    const { backend } = opened();
    const harms = ["content", "missing", "length", "unreadable"] as const;
    backend.check.harmed = harms.map((harm) => harmed({ name: `${harm}.mov`, harm }));
    backend.check.harmed.push(harmed({ name: "half.mov", finished: false }));
    await start();
    await waitFor(() => expect(result(), "how many").toContain("5 films are not what arrived:"));
    for (const harm of harms) expect(result(), "each by its name").toContain(`${harm}.mov: ${say.harms[harm]}.`);
    expect(result(), "one that still arrives is called so").toContain("half.mov, still arriving: bytes of it have changed.");
    expect(result(), "what to do").toContain(say.help(5));
    expect(result(), "and no word that it is right").not.toContain("right.");
  });

  it("counts what does not fit, and what is nobody's", async () => {
    const { backend } = opened();
    backend.check.harmed = Array.from({ length: 15 }, (_, number) => harmed({ name: `${number}.mov` }));
    backend.check.strays = ["/films/Pawl/notes.txt"];
    await start();
    await waitFor(() => expect(result(), "the first twelve are named").toContain("and 3 more"));
    expect(result(), "a stray file is no damage").toContain("1 file in the folder is no film of the vault.");
  });

  it("says so where there is nothing to check", async () => {
    opened([]);
    await start();
    await waitFor(() => expect(result(), "no claim about no film").toContain(say.none));
  });

  it("says that a check that found harm was stopped, and of films on their way alone what is so", async () => {
    const { backend } = opened([]);
    [backend.check.held, backend.check.harmed] = [true, [harmed()]];
    await start();
    await userEvent.click(await screen.findByTestId("stop-check"));
    await waitFor(() => expect(result(), "there may be more").toContain(say.notAll));
  });

  it("tells of another folder neither how far this one is nor that it failed", async () => {
    const { backend, settings, view } = opened();
    backend.check.held = true;
    await start();
    await screen.findByTestId("stop-check");
    await view.rerender({ settings, status: status({ vault: "/media/other" }) });
    expect(screen.queryByRole("progressbar", { name: say.label }), "that bar is another's").toBeNull();
    expect(screen.getByTestId("check-vault"), "and this one can be checked").toBeTruthy();
  });

  it("says what went wrong, and forgets what it said of another folder", async () => {
    const { backend, settings, view } = opened();
    await start();
    await waitFor(() => expect(result(), "of this folder").toContain("are right"));
    await view.rerender({ settings, status: status({ vault: "/media/other" }) });
    expect(result(), "not of another one").toBe("");
    backend.checkVault = () => Promise.reject(refusal("other", "The vault is not open: its disk is out."));
    await start();
    expect((await screen.findByTestId("told-check")).textContent, "why").toContain("its disk is out");
  });

  it("can be used without seeing it", async () => {
    const { backend } = opened();
    backend.check.harmed = [harmed()];
    await start();
    await waitFor(() => expect(result(), "a result").toContain("Harbour.mov"));
    expect(await findings(), "nothing that axe objects to").toEqual([]);
  });
});
