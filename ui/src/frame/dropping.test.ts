import { describe, expect, it, test } from "vitest";
import { FakeBackend } from "../ipc/fake/fake";
import { scenes } from "../ipc/fake/scenes";
import { instant } from "../test/views";
import { Desk } from "./desk.svelte";
import { Dropping, nearest, type Spot } from "./dropping.svelte";

const spot = (id: string | null, left: number, top: number): Spot => ({ id, left, top, right: left + 100, bottom: top + 100 });
const spots = [spot("a", 0, 0), spot("b", 120, 0), spot(null, 0, 120)];

test.each([
  ["in one", { x: 150, y: 50 }, "b"],
  ["on an edge", { x: 100, y: 100 }, "a"],
  ["between two, nearer to one", { x: 108, y: 50 }, "a"],
  ["outside of all", { x: 900, y: -20 }, "b"],
  ["on the others", { x: 20, y: 200 }, null],
])("a point %s belongs to a target", (_, point, id) => {
  expect(nearest(spots, point)?.id, "there is no place where a drop is lost").toBe(id);
});

it("without targets there is nothing beneath", () => {
  expect(nearest([], { x: 1, y: 1 }), "the default's").toBeNull();
});

describe("what is dropped", () => {
  it("goes to the target that was lit, also after that is gone", () => {
    const dropping = new Dropping();
    dropping.measured(spots);
    dropping.drag({ is: "over", x: 130, y: 10 });
    expect(dropping.beneath?.id, "lit").toBe("b");
    dropping.drag({ is: "left" });
    expect([dropping.beneath, dropping.fell({ drop: 1, x: 130, y: 10 })], "the drag ends before the drop is told").toEqual([null, "b"]);
  });

  async function started(scene: "usual" | "empty") {
    const backend = new FakeBackend(scenes[scene](instant), instant);
    const desk = new Desk(backend);
    await desk.begin();
    desk.dropping.measured([spot("vault", 0, 0), spot("studio", 120, 0)]);
    return { backend, desk };
  }

  it("is answered at once, and is on its way there", async () => {
    const { backend, desk } = await started("usual");
    backend.drop([{ name: "New.mov", size: 5e6 }], 130, 20);
    expect(backend.asked.at(-1), "without a pause").toBe("take drop to studio");
    const row = desk.transfers.rows.find(({ view }) => view.name === "New.mov");
    expect(row?.view, "the row says where").toMatchObject({ destination: "studio-nas", destination_id: "studio" });
  });

  it("goes to the only destination there is, wherever it falls", async () => {
    const { backend, desk } = await started("empty");
    backend.drop([{ name: "New.mov", size: 5e6 }], 130, 20);
    expect([backend.asked.at(-1), desk.transfers.rows[0]?.view.destination_id], "the default").toEqual(["take drop", "vault"]);
  });

  it("that nobody answers goes to the default after two seconds", async () => {
    const backend = new FakeBackend(scenes.usual(instant), instant);
    const added: unknown[] = [];
    await backend.onAdded((files) => added.push(files));
    backend.drop([{ name: "New.mov", size: 5e6 }]);
    backend.pass(1900);
    expect(added.length, "not yet").toBe(0);
    backend.pass(200);
    expect(added.length, "no film is lost by a page that hangs").toBe(1);
  });
});
