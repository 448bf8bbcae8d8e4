import { describe, expect, it } from "vitest";
import { FakeBackend } from "../ipc/fake/fake";
import { refusal } from "../ipc/fake/refusal";
import { scenes } from "../ipc/fake/scenes";
import { instant } from "../test/views";
import { words } from "../shared/words";
import { Destinations } from "./destinations.svelte";

async function started() {
  const backend = new FakeBackend(scenes.places(instant), instant);
  const said: string[] = [];
  const undos: (() => void)[] = [];
  const failed: unknown[] = [];
  const destinations = new Destinations(backend, {
    tell: (sentence, undo) => {
      said.push(sentence);
      if (undo) undos.push(undo);
    },
    fail: (thrown) => failed.push(thrown),
  });
  await backend.subscribe((feed) => destinations.take(feed));
  const one = (id: string) => destinations.list.find((candidate) => candidate.id === id)!;
  return { backend, destinations, said, undos, failed, one };
}

const settled = () => new Promise((resolve) => setTimeout(resolve));

it("is the list that the program reported, the default first", async () => {
  const { destinations } = await started();
  expect([destinations.list[0]?.id, destinations.theDefault?.id, destinations.several], "this computer").toEqual(["vault", "vault", true]);
  expect([destinations.kindOf("archive"), destinations.kindOf("gone")], "by id").toEqual(["s3", null]);
});

it("another default comes by the feed, and is said", async () => {
  const { destinations, said, one } = await started();
  await destinations.makeDefault(one("archive"));
  expect([destinations.list[0]?.id, said], "as reported").toEqual(["archive", [words.destinations.isDefault("S3 archive")]]);
});

describe("a destination that is removed", () => {
  it("without a secret is gone at once, and can be put back as it was", async () => {
    const { destinations, undos, said, one } = await started();
    await destinations.makeDefault(one("tus"));
    const before = one("tus");
    await destinations.remove(before);
    expect([destinations.asked, destinations.kindOf("tus"), destinations.theDefault?.id], "no question").toEqual([null, null, "vault"]);
    undos[0]?.();
    await settled();
    const back = destinations.theDefault;
    expect([back?.form, back?.is_default, said.at(-1)], "the default again too").toEqual([before.form, true, words.destinations.back("tusd")]);
  });

  it("with a secret is asked about first, for that would be lost", async () => {
    const { backend, destinations, undos, one } = await started();
    await destinations.remove(one("cold"));
    expect([destinations.asked?.id, destinations.busy], "a question").toEqual(["cold", true]);
    await destinations.answerRemoval(false);
    expect(backend.asked.filter((asked) => asked.startsWith("remove")), "kept").toEqual([]);
    await destinations.remove(one("cold"));
    await destinations.answerRemoval(true);
    expect([destinations.kindOf("cold"), undos], "gone, and nothing to undo").toEqual([null, []]);
  });

  it("stays while films go there, and the program says why", async () => {
    const { destinations, failed, one } = await started();
    await destinations.remove(one("studio"));
    await destinations.answerRemoval(true);
    expect([one("studio").unfinished, failed[0]], "nothing is stranded").toMatchObject([1, { code: "other" }]);
  });
});

describe("what lies unfinished there", () => {
  const named = (destinations: Destinations) => destinations.unfinished?.answer?.orphans.map(({ id }) => id);

  it("is asked of the destination, and its sentence where it does not tell", async () => {
    const { destinations, one } = await started();
    await destinations.lookFor(one("tus"));
    expect(destinations.unfinished?.answer?.sentence, "no empty list that looks like an answer").toContain("does not tell");
    await destinations.lookFor(one("archive"));
    expect(named(destinations), "all of it").toEqual(["u1", "u2", "u3"]);
  });

  it("is thrown away after a question only, and read again", async () => {
    const { backend, destinations, said, one } = await started();
    await destinations.lookFor(one("archive"));
    const unfinished = destinations.unfinished!;
    unfinished.asked = unfinished.answer!.orphans[1]!;
    await unfinished.answerAbort(false);
    expect(backend.asked.some((asked) => asked.startsWith("abort")), "kept").toBe(false);
    unfinished.asked = unfinished.answer!.orphans[1]!;
    await unfinished.answerAbort(true);
    expect([named(destinations), said], "gone, and said").toEqual([
      ["u1", "u3"],
      [words.destinations.unfinishedThere.aborted("Interview_old.mp4")],
    ]);
  });

  it("that nobody waits for is not taken over, and the list stays", async () => {
    const { destinations, one } = await started();
    await destinations.lookFor(one("archive"));
    await destinations.unfinished?.adopt(destinations.unfinished.answer!.orphans[0]!);
    expect(destinations.unfinished?.trouble, "what to do").toContain("Add the film");
    expect(named(destinations)?.length, "nothing changed").toBe(3);
  });

  it("that cannot be read says so", async () => {
    const { backend, destinations, one } = await started();
    backend.orphans = () => Promise.reject(refusal("other", "There is no network."));
    await destinations.lookFor(one("archive"));
    expect([destinations.unfinished?.trouble, destinations.unfinished?.asking], "in words").toEqual(["There is no network.", false]);
  });
});

it("a form that is saved closes and says so", async () => {
  const { destinations, said, one } = await started();
  destinations.edit(one("studio"));
  destinations.draft!.fields.name = "Studio";
  await destinations.save();
  expect([destinations.draft, one("studio").form.name, said], "by the feed").toEqual([null, "Studio", [words.destinations.form.saved("Studio")]]);
});

it("a test of a saved one uses its saved secret", async () => {
  const { backend, destinations, one } = await started();
  await destinations.test(one("studio"));
  expect([backend.asked.at(-1), destinations.examined?.examination.report?.checks.length], "six checks").toEqual(["test studio studio-nas keep", 6]);
});
