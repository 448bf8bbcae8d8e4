// @vitest-environment jsdom
import { render, screen, waitFor, within } from "@testing-library/svelte";
import { userEvent } from "@testing-library/user-event";
import { describe, expect, it } from "vitest";
import App from "../frame/App.svelte";
import { FakeBackend } from "../ipc/fake/fake";
import { scenes, type SceneName } from "../ipc/fake/scenes";
import { words } from "../shared/words";
import { findings } from "../test/axe";
import { instant } from "../test/views";

async function opened(scene: SceneName = "places") {
  const backend = new FakeBackend(scenes[scene](instant), instant);
  render(App, { backend });
  await screen.findByTestId("limit");
  await userEvent.click(screen.getByTestId("place-destinations"));
  return backend;
}

const card = (name: string) => within(screen.getByTestId(`destination-${name}`));

async function menuOf(name: string, choice: string) {
  await userEvent.click(card(name).getByTestId("more"));
  await userEvent.click(await screen.findByTestId(choice));
}

describe("the list", () => {
  it("tells of each what it is, where it is, how it stands", async () => {
    await opened();
    const text = (name: string) => screen.getByTestId(`destination-${name}`).textContent;
    expect(text("this computer"), "the default").toContain(words.destinations.byDefault);
    expect(text("studio-nas"), "its secret").toContain(words.destinations.secrets.keyring);
    expect(text("studio-nas"), "and what goes there").toContain("1 unfinished");
    expect(text("S3 archive"), "where its secret is otherwise").toContain(words.destinations.secrets.file);
    expect(card("Client delivery").getByTestId("trouble").textContent, "why it cannot be used").toContain("Ask for a new one");
    expect(card("<b>Disk</b> in the car").getByRole("heading").textContent, "a name is text").toBe("<b>Disk</b> in the car");
  });

  it("with this computer alone teaches what else there could be", async () => {
    await opened("empty");
    const taught = screen.getByTestId("destinations-teach").textContent;
    for (const kind of ["server", "s3", "tus"] as const) expect(taught, kind).toContain(words.destinations.kindLeads[kind]);
    await userEvent.click(screen.getByTestId("teach-add"));
    expect(await screen.findByTestId("destination-form"), "and begins").toBeTruthy();
  });

  it("does not offer to remove this computer", async () => {
    await opened();
    await userEvent.click(card("this computer").getByTestId("more"));
    await screen.findByTestId("look-unfinished");
    expect(screen.queryByTestId("remove-destination"), "it can only be moved").toBeNull();
  });

  it("draws each check of a test with a shape and a word", async () => {
    await opened();
    await userEvent.click(card("studio-nas").getByTestId("test"));
    const check = await card("studio-nas").findByTestId("check-reachable");
    expect([check.dataset["verdict"], check.textContent], "never colour alone").toEqual(["yes", expect.stringContaining(words.destinations.report.verdicts.yes)]);
    expect(check.querySelector("svg"), "a shape").not.toBeNull();
    await userEvent.click(card("studio-nas").getByTestId("close-report"));
    expect(card("studio-nas").queryByTestId("report"), "read").toBeNull();
    expect(document.activeElement, "the focus stays at the destination").toBe(card("studio-nas").getByTestId("more"));
  });

  it("removes one without a secret at once, and takes that back", async () => {
    await opened();
    await menuOf("tusd", "remove-destination");
    await waitFor(() => expect(screen.queryByTestId("destination-tusd"), "gone").toBeNull());
    await waitFor(() => expect(document.activeElement?.closest("article"), "the focus is on the one in its place").not.toBeNull());
    await userEvent.click(await screen.findByTestId("undo"));
    expect(await screen.findByTestId("destination-tusd"), "back").toBeTruthy();
  });

  it("asks before a secret is lost, and the safe answer has the focus", async () => {
    const backend = await opened();
    await menuOf("Cold storage", "remove-destination");
    const keep = await screen.findByTestId("keep-destination");
    await waitFor(() => expect(document.activeElement, "Enter loses nothing").toBe(keep));
    await userEvent.keyboard("{Escape}");
    await waitFor(() => expect(screen.queryByTestId("keep-destination"), "answered").toBeNull());
    expect(backend.asked.some((asked) => asked.startsWith("remove")), "kept").toBe(false);
  });

  it("shows what lies unfinished there: what is ours has no buttons", async () => {
    await opened();
    await menuOf("S3 archive", "look-unfinished");
    const ours = within(await screen.findByTestId("orphan-Rushes_Day_07_reel_3.mxf"));
    expect([ours.queryByTestId("abort"), ours.queryByTestId("adopt")], "a film of the list is no orphan").toEqual([null, null]);
    const orphan = within(screen.getByTestId("orphan-2026/Harbour_B-cam.mov"));
    expect(screen.getByTestId("orphan-2026/Harbour_B-cam.mov").textContent, "how much of it").toMatch(/3\.1 of 8\.2.GB there/);
    await userEvent.click(orphan.getByTestId("abort"));
    await userEvent.click(await screen.findByTestId("abort-for-good"));
    await waitFor(() => expect(screen.queryByTestId("orphan-2026/Harbour_B-cam.mov"), "thrown away").toBeNull());
  });

  it("has nothing that axe finds", async () => {
    await opened();
    await userEvent.click(card("studio-nas").getByTestId("test"));
    await menuOf("S3 archive", "look-unfinished");
    await screen.findByTestId("orphan-Interview_old.mp4");
    expect(await findings(), "for everybody").toEqual([]);
  });
});
