import { expect, test } from "vitest";
import { clockTime, exactTime } from "./times";

test.each([
  [0, "0:00"],
  [7.9, "0:07"],
  [59.9999999, "1:00"],
  [754, "12:34"],
  [3723, "1:02:03"],
  [-1, "0:00"],
])("%d seconds are %s", (seconds, text) => {
  expect(clockTime(seconds), "as on a player").toBe(text);
});

test.each([
  [12.3456, "0:12.346"],
  [59.9996, "1:00.000"],
  [0, "0:00.000"],
])("%d seconds are exactly %s", (seconds, text) => {
  expect(exactTime(seconds), "rounding carries").toBe(text);
});
