// @vitest-environment jsdom
import { render, screen } from "@testing-library/svelte";
import { expect, it } from "vitest";
import { transfer } from "../test/views";
import Actions from "./Actions.svelte";

const inState = (is: "uploading" | "paused" | "cancelled") => transfer({ state: { is } });

it("a button that goes hands the focus to the one in its place", async () => {
  const view = render(Actions, { view: inState("uploading"), onact: () => undefined });
  screen.getByTestId("pause").focus();
  await view.rerender({ view: inState("paused") });
  expect(document.activeElement, "who paused by keyboard can resume").toBe(screen.getByTestId("resume"));
  await view.rerender({ view: inState("cancelled") });
  expect(document.activeElement, "the last, where there are fewer").toBe(screen.getByTestId("remove"));
});

it("and takes it from nobody else", async () => {
  const view = render(Actions, { view: inState("uploading"), onact: () => undefined });
  await view.rerender({ view: inState("paused") });
  expect(document.activeElement, "the focus was elsewhere").toBe(document.body);
});
