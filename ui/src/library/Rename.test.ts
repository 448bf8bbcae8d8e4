// @vitest-environment jsdom
import { render, screen } from "@testing-library/svelte";
import { userEvent } from "@testing-library/user-event";
import { expect, it, vi } from "vitest";
import { words } from "../shared/words";
import Rename from "./Rename.svelte";

function opened(answer: string | null = null) {
  const onname = vi.fn(() => Promise.resolve(answer));
  const onend = vi.fn();
  render(Rename, { name: "Harbour.mov", onname, onend });
  return { field: screen.getByTestId<HTMLInputElement>("rename-field"), onname, onend };
}

it("offers the stem to be written over, and Enter asks for the new name", async () => {
  const { field, onname, onend } = opened();
  expect([document.activeElement, field.selectionEnd], "the ending stays").toEqual([field, "Harbour".length]);
  await userEvent.keyboard("Quay{Enter}");
  expect(onname.mock.calls, "asked once, of the core").toEqual([["Quay.mov"]]);
  expect(onend.mock.calls, "over, and the focus goes back").toEqual([[true]]);
});

it("says why a name is none before it asks anybody", async () => {
  const { field, onname } = opened();
  await userEvent.keyboard("a/b{Enter}");
  expect(screen.getByTestId("rename-fault").textContent, "why").toBe(words.library.nameSlash);
  expect([field.getAttribute("aria-invalid"), onname.mock.calls], "not asked").toEqual(["true", []]);
  await userEvent.keyboard("c");
  expect(screen.queryByTestId("rename-fault"), "gone as soon as something else is written").toBeNull();
});

it("stays open with the core's reason when the core refuses", async () => {
  const { onend } = opened("There is a film called Quay.mov already.");
  await userEvent.keyboard("Quay{Enter}");
  expect((await screen.findByTestId("rename-fault")).textContent, "the reason").toContain("already");
  expect(onend.mock.calls, "to be mended").toEqual([]);
  await userEvent.keyboard("{Escape}");
  expect(onend.mock.calls, "or left").toEqual([[true]]);
});

it("asks for nothing when nothing was changed, and takes the name when one goes elsewhere", async () => {
  const { field, onname, onend } = opened();
  await userEvent.keyboard("{Enter}");
  expect([onname.mock.calls, onend.mock.calls], "it is called that").toEqual([[], [[true]]]);
  await userEvent.keyboard("Quay");
  field.blur();
  await vi.waitFor(() => expect(onend.mock.calls.at(-1), "the focus is elsewhere already").toEqual([false]));
  expect(onname.mock.calls, "as one meant it").toEqual([["Quay.mov"]]);
});
