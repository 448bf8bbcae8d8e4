// @vitest-environment jsdom
import { render, screen, waitFor } from "@testing-library/svelte";
import { userEvent } from "@testing-library/user-event";
import { beforeEach, describe, expect, it } from "vitest";
import App from "../frame/App.svelte";
import { FakeBackend } from "../ipc/fake/fake";
import { scenes } from "../ipc/fake/scenes";
import { words } from "../shared/words";
import { findings } from "../test/axe";
import { instant } from "../test/views";

const say = words.destinations;
const field = (name: string) => screen.getByTestId<HTMLInputElement>(`form-${name}`);
const form = () => screen.queryByTestId("destination-form");

let backend: FakeBackend;

beforeEach(async () => {
  backend = new FakeBackend(scenes.places(instant), instant);
  render(App, { backend });
  await screen.findByTestId("limit");
  await userEvent.click(screen.getByTestId("place-destinations"));
});

async function adding() {
  await userEvent.click(screen.getByTestId("add-destination"));
  await waitFor(() => expect(document.activeElement, "one can paste at once").toBe(field("paste")));
}

async function editing(name: string) {
  const edit = screen.getByTestId(`destination-${name}`).querySelector<HTMLElement>("[data-testid=edit]")!;
  await userEvent.click(edit);
  await waitFor(() => expect(document.activeElement, "the first field").toBe(field("name")));
  return edit;
}

describe("a new destination", () => {
  it("is made from an address that is pasted, by keyboard alone", async () => {
    await adding();
    await userEvent.keyboard("https://films.example.org{Enter}");
    await waitFor(() => expect(field("url").value, "recognised").toBe("https://films.example.org"));
    expect(screen.getByTestId("form-recognised").textContent, "as what").toContain(say.kinds.server);
    field("token").focus();
    await userEvent.keyboard("t0ken{Enter}");
    expect(await screen.findByTestId("destination-films.example.org"), "in the list").toBeTruthy();
    await waitFor(() => expect(form(), "closed").toBeNull());
    expect(backend.asked.at(-1), "saved, not tested").toBe("save null films.example.org token");
    await waitFor(() => expect(document.activeElement, "back where one came from").toBe(screen.getByTestId("add-destination")));
  });

  it("says beside a field what is wrong with it, once that was left", async () => {
    await adding();
    await userEvent.type(field("url"), "films");
    expect(screen.queryByTestId("form-url-wrong"), "one still types").toBeNull();
    await userEvent.tab();
    expect(screen.getByTestId("form-url-wrong").textContent, "what to write").toContain(say.wrong.url);
    const described = field("url").getAttribute("aria-describedby")?.split(" ") ?? [];
    expect(described.map((id) => document.getElementById(id)?.textContent).join(), "also to assistive technology").toContain(say.wrong.url);
  });

  it("that is not whole leads to the first field that is wrong", async () => {
    await adding();
    await userEvent.click(screen.getByTestId("form-save"));
    await waitFor(() => expect(document.activeElement, "there one goes on").toBe(field("name")));
    expect(backend.asked.some((asked) => asked.startsWith("save")), "nothing was sent").toBe(false);
  });

  it("that the program refuses says why, and keeps what was typed", async () => {
    await adding();
    await userEvent.type(field("name"), "tusd");
    await userEvent.type(field("url"), "https://a.example");
    await userEvent.click(screen.getByTestId("form-save"));
    expect((await screen.findByTestId("form-refused")).textContent, "why").toContain("Another destination is called tusd");
    await userEvent.type(field("name"), "2");
    expect(screen.queryByTestId("form-refused"), "it was said of another name").toBeNull();
  });

  it("is tested without being saved, as often as one likes", async () => {
    await adding();
    await userEvent.type(field("name"), "New");
    await userEvent.type(field("url"), "https://denied.example");
    await userEvent.click(screen.getByTestId("form-test"));
    const check = await screen.findByTestId("check-signed_in");
    expect([check.dataset["verdict"], check.textContent], "a word, and why").toEqual(["no", expect.stringContaining("given none")]);
    await userEvent.type(field("token"), "t");
    expect(screen.queryByTestId("check-signed_in"), "it was said of another token").toBeNull();
    await userEvent.click(screen.getByTestId("form-test"));
    await screen.findByTestId("check-signed_in");
    expect(backend.asked.filter((asked) => /^(test|save)/.test(asked)), "twice asked, never saved").toEqual(["test null New none", "test null New token"]);
  });

  it("of each kind has the fields of that kind, and axe finds nothing", async () => {
    await adding();
    for (const [kind, own] of [["s3", "bucket"], ["tus", "url"], ["vault", "folder"], ["server", "url"]] as const) {
      await userEvent.click(screen.getByTestId(`kind-${kind}`));
      expect(field(own), kind).toBeTruthy();
      if (kind !== "vault") await userEvent.click(screen.getByTestId("form-advanced"));
      expect(await findings(), kind).toEqual([]);
    }
  });
});

describe("a secret", () => {
  it("that is kept is neither shown nor asked for again", async () => {
    await editing("studio-nas");
    expect([field("token").type, field("token").value, field("token").placeholder], "only that there is one").toEqual(["password", "", say.form.keptPlaceholder]);
    expect(screen.getByTestId("form-kept").textContent, "and where").toContain(say.secrets.keyring);
    await userEvent.click(screen.getByTestId("form-save"));
    await waitFor(() => expect(backend.asked.at(-1), "left empty").toBe("save studio studio-nas keep"));
  });

  it("is forgotten when one says so", async () => {
    await editing("studio-nas");
    await userEvent.click(screen.getByTestId("form-forget"));
    await userEvent.click(screen.getByTestId("form-save"));
    await waitFor(() => expect(backend.asked.at(-1), "gone").toBe("save studio studio-nas none"));
  });
});

describe("the name there", () => {
  it("is shown by an example while one types", async () => {
    await editing("studio-nas");
    await userEvent.clear(field("template"));
    await userEvent.type(field("template"), "{{folder}/{{name}");
    expect(screen.getByTestId("form-example").textContent, "what one would find there").toBe(say.form.example("Rushes/Harbour.mov"));
  });

  it("when it is taken follows what one chooses, and says what that means", async () => {
    await editing("studio-nas");
    await userEvent.click(screen.getByTestId("taken-replace"));
    expect(screen.getByText(say.form.takenLeads.replace), "a film may be lost").toBeTruthy();
  });
});

describe("closing", () => {
  it("without a word gives the focus back and asks nothing", async () => {
    const opener = await editing("studio-nas");
    await userEvent.keyboard("{Escape}");
    await waitFor(() => expect(form(), "closed").toBeNull());
    await waitFor(() => expect(document.activeElement, "the button that opened it").toBe(opener));
  });

  it("asks before something that was typed is lost", async () => {
    await adding();
    await userEvent.type(field("name"), "Half");
    await userEvent.keyboard("{Escape}");
    await waitFor(() => expect(document.activeElement, "the safe answer").toBe(screen.getByTestId("form-stay")));
    await userEvent.keyboard("{Escape}");
    await waitFor(() => expect(document.activeElement, "one goes on typing").toBe(field("name")));
    expect(field("name").value, "nothing is lost").toBe("Half");
    await userEvent.click(screen.getByTestId("form-cancel"));
    await userEvent.click(await screen.findByTestId("form-lose"));
    await waitFor(() => expect(form(), "as answered").toBeNull());
    expect(backend.asked.some((asked) => asked.startsWith("save")), "nothing was saved").toBe(false);
  });

  it("does not happen by a click beside it", async () => {
    await adding();
    await userEvent.click(document.querySelector(".curtain")!);
    expect(form(), "a slip of the hand").not.toBeNull();
  });
});

describe("the speed limit", () => {
  it.each(["studio-nas", "this computer"])("of %s is a field of its form, also of the folder of this computer", async (name) => {
    await editing(name);
    await userEvent.type(field("limit"), "fast");
    await userEvent.click(screen.getByTestId("form-save"));
    expect(screen.getByTestId("form-limit-wrong").textContent, "what to write").toContain(words.status.badRate);
    await userEvent.clear(field("limit"));
    await userEvent.type(field("limit"), "5M{Enter}");
    await waitFor(() => expect(form(), "saved").toBeNull());
    expect(screen.getByTestId(`destination-${name}`).textContent?.replace(/[\u00A0\u202F]/g, " "), "as the core reported").toContain("At most 5 MB/s");
    await editing(name);
    expect(field("limit").value, "as it is in force").toBe("5M");
  });
});
