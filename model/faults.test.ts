/** A clause that is read otherwise is read otherwise, and nothing else is. */
import { describe, expect, test } from "vitest";
import { canisterId, cycles } from "../spec/index.ts";
import { mintOnto } from "./rules/cycles.ts";
import { canisterOf } from "./reading.ts";
import { bootState } from "./boot.ts";
import { canister, world } from "./testing.ts";
import { reading, replacing } from "./transition.ts";

const a = canisterId("a");
const before = bootState(world([canister("a", {}, { balance: cycles(5n) })]));
const minted = { canister: a, minted: cycles(3n) };

describe("a clause with another body", () => {
  test("has another effect, beside those of the other clauses", () => {
    const twice = replacing(
      mintOnto,
      "then",
      "mint",
      (after, { minted: sum }, { minted: more }) => void (after.minted = cycles(sum + 2n * more)),
    );
    const fired = reading({ replacement: twice })(mintOnto, before, minted);
    expect(fired.state.minted).toBe(11n);
    expect(canisterOf(fired.state, a).balance).toBe(8n);
  });
  test("refuses by another condition", () => {
    const never = replacing(mintOnto, "when", "exists", () => false);
    expect(reading({ replacement: never })(mintOnto, before, minted)).toMatchObject({ applied: false, clause: "exists", error: "IC0301" });
    expect(reading({})(mintOnto, before, minted).applied).toBe(true);
  });
  test("must be a clause of the rule", () => {
    expect(() => replacing(mintOnto, "then", "exists", () => undefined)).toThrow("top-up has no clause then.exists");
  });
});
