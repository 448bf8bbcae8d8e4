import { expect, it } from "vitest";
import { formatsFor } from "../../shared/format";
import { limitInForce, limitTold } from "./limit";

const en = formatsFor("en");

it("the lower of the two limits counts, and says whose it is", () => {
  const studio = (limit: number | null) => ({ limit, name: "Studio" });
  expect(limitInForce(null, studio(null)), "none holds").toBeNull();
  expect(limitInForce(20e6, studio(null)), "the one over all").toEqual({ rate: 20e6, of: null });
  expect(limitInForce(20e6, studio(5e6)), "the destination's is lower").toEqual({ rate: 5e6, of: "Studio" });
  expect(limitInForce(2e6, studio(5e6)), "the one over all is").toEqual({ rate: 2e6, of: null });
  expect(limitInForce(null, studio(5e6)), "the only one").toEqual({ rate: 5e6, of: "Studio" });
  expect([limitTold({ rate: 2e6, of: null }, en), limitTold({ rate: 5e6, of: "Studio" }, en)], "in words").toEqual([
    "Your limit, 2 MB/s",
    "Limit of Studio, 5 MB/s",
  ]);
});
