import { describe, expect, it, test } from "vitest";
import { asError } from "./client";

describe("whatever was thrown", () => {
  test.each(["unknown_transfer", "not_now", "media_gone", "other"] as const)("keeps the code %s", (code) => {
    const error = { code, message: "It broke.", detail: "os error 5" };
    expect(asError(error), "the contract was kept").toBe(error);
  });

  it("with a code that nobody knows is told by no code", () => {
    const { code } = asError({ code: "brand_new", message: "x", detail: null });
    expect(code, "codes exist only where the window acts on them").toBe("other");
  });

  test.each([[null], [undefined], [42], [{}], [{ code: "other" }], [[]]])("as %j is an error without words", (thrown) => {
    expect(asError(thrown), "the window puts its own there").toEqual({ code: "other", message: "", detail: null });
  });
});
