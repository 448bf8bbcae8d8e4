import { describe, expect, it } from "vitest";
import type { RecognisedView, ReportView } from "../ipc/bindings";
import { FakeBackend } from "../ipc/fake/fake";
import { refusal } from "../ipc/fake/refusal";
import { scenes } from "../ipc/fake/scenes";
import { destination, form, places } from "../test/destinations";
import { instant } from "../test/views";
import { words } from "../shared/words";
import { Draft } from "./draft.svelte";

function written(of: Parameters<typeof destination>[1] | null = null) {
  const backend = new FakeBackend(scenes.empty(), instant);
  const draft = new Draft(backend, of === null ? null : destination("server", { form: form(), ...of }));
  return { backend, draft };
}

/** A promise that is kept when the test says so. */
function later<T>() {
  let resolve: (value: T) => void = () => undefined;
  const promise = new Promise<T>((done) => (resolve = done));
  return { promise, resolve };
}

describe("an address that is pasted", () => {
  it("fills in what it tells", async () => {
    const { draft } = written();
    draft.pasted = "https://s3.example.org/films/2026";
    await draft.recognise();
    expect([draft.kind, draft.fields.name, draft.fields.bucket, draft.fields.prefix], "all of it").toEqual(["s3", "films", "films", "2026"]);
  });

  it("leaves a name that was typed, and a secret", async () => {
    const { draft } = written();
    Object.assign(draft.fields, { name: "My studio", token: "t" });
    draft.pasted = "https://films.example.org";
    await draft.recognise();
    expect([draft.fields.name, draft.fields.token], "typed is typed").toEqual(["My studio", "t"]);
    expect(draft.fields.url, "the rest follows").toBe("https://films.example.org");
  });

  it("with a password is not shown with it any longer", async () => {
    const { draft } = written();
    draft.pasted = "https://kim:hunter2@films.example.org";
    await draft.recognise();
    expect(JSON.stringify([draft.pasted, draft.fields]), "nowhere").not.toContain("hunter2");
    expect(draft.recognised?.sentence, "and that is said").toContain("left out");
  });

  it("that is none says so and fills in nothing", async () => {
    const { draft } = written();
    draft.pasted = "hello";
    await draft.recognise();
    expect([draft.recognised?.form, draft.fields.url], "as it was").toEqual([null, ""]);
  });

  it("is overtaken by the one that was pasted after it", async () => {
    const { backend, draft } = written();
    const slow = later<RecognisedView>();
    backend.recognise = () => slow.promise;
    draft.pasted = "first";
    const first = draft.recognise();
    draft.pasted = "";
    await draft.recognise();
    slow.resolve({ form: form({ name: "late" }), sentence: null });
    await first;
    expect([draft.recognised, draft.fields.name], "an answer to what is not there any more").toEqual([null, ""]);
  });
});

describe("what is wrong", () => {
  it("is not said before a field was left", () => {
    const { draft } = written();
    draft.fields.url = "films";
    expect(draft.wrongAt("url"), "one still types").toBeUndefined();
    draft.leave("url");
    expect(draft.wrongAt("url"), "now it is due").toBe(words.destinations.wrong.url);
  });

  it("is not said of an empty field that one passed through", () => {
    const { draft } = written();
    draft.leave("name");
    expect(draft.wrongAt("name"), "nothing was written yet").toBeUndefined();
  });

  it("is said everywhere once one wants to save, and nothing is sent", async () => {
    const { backend, draft } = written();
    expect([await draft.save(), draft.wrongAt("name") !== undefined, draft.wrongAt("url") !== undefined], "both").toEqual([null, true, true]);
    expect(backend.asked, "the program was not bothered").toEqual([]);
  });
});

describe("saving", () => {
  it("keeps a secret that was not typed anew, and forgets one that is to go", async () => {
    const { backend, draft } = written({ secret: "keyring" });
    backend.saveDestination = async (_, __, secret) => secret.is;
    expect(await draft.save(), "left empty").toBe("keep");
    draft.forgets = true;
    expect(await draft.save(), "as one said").toBe("none");
  });

  it("that is refused says why, until something is changed", async () => {
    const { backend, draft } = written({});
    backend.saveDestination = () => Promise.reject(refusal("other", "There is one of that name."));
    expect([await draft.save(), draft.refused, draft.saving], "why").toEqual([null, "There is one of that name.", false]);
    draft.changed();
    expect(draft.refused, "it was said of something else").toBeNull();
  });
});

describe("testing", () => {
  it("asks with what is typed and saves nothing", async () => {
    const { backend, draft } = written();
    Object.assign(draft.fields, { name: "Down", url: "https://down.example" });
    expect(await draft.examine(), "nothing is wrong with the form").toBeNull();
    const verdicts = draft.examination.report?.checks.map(({ verdict }) => verdict);
    expect(verdicts, "after a failure nothing is known").toEqual(["no", "unknown", "unknown", "unknown", "unknown", "unknown"]);
    expect(backend.asked, "one question").toEqual(["test null Down none"]);
  });

  it("answers the first field that is wrong instead", async () => {
    const { draft } = written();
    expect([await draft.examine(), draft.examination.shown], "there is nothing to ask").toEqual(["name", false]);
  });

  it("does not show an answer about something else", async () => {
    const { backend, draft } = written({ form: form({ place: places.server }) });
    const slow = later<ReportView>();
    backend.testDestination = () => slow.promise;
    const asked = draft.examine();
    draft.changed();
    slow.resolve({ checks: [] });
    await asked;
    expect([draft.examination.report, draft.examination.asking], "what was tested is gone").toEqual([null, false]);
  });
});

it("knows whether something would be lost", () => {
  const { draft } = written({});
  expect(draft.dirty, "only looked at").toBe(false);
  draft.kind = "tus";
  draft.fields.token = "t";
  expect(draft.dirty, "typed").toBe(true);
});
