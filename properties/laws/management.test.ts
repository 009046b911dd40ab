/** The laws of the management canister, shown what they accept, what they pass over and what they must condemn. */
import { describe, expect, test } from "vitest";
import { model } from "../../model/index.ts";
import { canisterId, cycles, instructions, type Genesis, type Trace } from "../../spec/index.ts";
import { exchanged, hastened } from "../testing/doctoring.ts";
import { judged } from "../testing/judging.ts";
import { desertion, farewellTo, haste, impatience, labour, respite } from "../testing/scenes-of-decisions.ts";
import { edited, followed, rejected, repeated, replied, setIn, without } from "../testing/stories.ts";
import { payment } from "../testing/tales.ts";
import { led } from "../testing/weak-machines.ts";
import { controllersDecide, managementIsForetold } from "./management.ts";

const sliced = {
  sliceInstructionLimit: instructions(20),
  messageInstructionLimit: instructions(100),
  messageOverhead: instructions(1),
  roundInstructionLimit: instructions(21),
  cores: 3,
};

const tales = {
  respite: led(model, respite),
  impatience: led(model, impatience),
  farewell: led(model, farewellTo),
  haste: led(model, haste),
  desertion: led(model, desertion),
  labour: led(model, labour(sliced, { op: "consume", instructions: instructions(70) })),
};

/** The same world in which others decide. */
const ruledBy = (trace: Trace, ...controllers: readonly string[]): Trace => {
  const genesis: Genesis = trace.scenario.genesis;
  const canisters = genesis.canisters.map((one) => (one.id === "b" ? { ...one, controllers: controllers.map(canisterId) } : one));
  return setIn(trace, { ...genesis, canisters });
};

describe("management-is-foretold", () => {
  test.each(Object.entries(tales))("accepts the tale of %s", (_, tale) => expect(judged(managementIsForetold, tale)).toBe("holds"));
  test("passes over worlds in which nobody asks", () => expect(judged(managementIsForetold, payment)).toBe("vacuous"));

  test("condemns another answer", () =>
    expect(judged(managementIsForetold, edited(tales.respite, "management-answered", 0, { result: replied("") }))).toMatch(
      /call 0 of c for canister_status of b is first: management-answered was to be told: result/,
    ));
  test("condemns cycles that are kept", () =>
    expect(judged(managementIsForetold, edited(tales.respite, "management-answered", 0, { refund: 0n }))).toMatch(/refund: 0 and 5/));
  test("condemns a stop that is not told", () =>
    expect(judged(managementIsForetold, without(tales.respite, "canister-stopping"))).toBe(
      "call 0 of chief for stop_canister of b could be executed, and waits on",
    ));
  test("condemns a request that goes on waiting", () =>
    expect(judged(managementIsForetold, without(tales.respite, "management-answered", 0))).toBe(
      "call 0 of c for canister_status of b could be executed, and waits on",
    ));
  test("condemns a start for which nobody asked", () =>
    expect(judged(managementIsForetold, followed(tales.haste, "round-began", 3, { kind: "canister-started", canister: "b" }))).toBe(
      "canister-started was told, and nobody asked for it",
    ));
  test("condemns a start that says nothing to those who wait for a stop", () =>
    expect(judged(managementIsForetold, without(tales.impatience, "management-answered", 0))).toMatch(
      /management-answered was to be told: callback: 1 and 0/,
    ));
  test("condemns a start that cancels no stop", () =>
    expect(judged(managementIsForetold, edited(tales.impatience, "management-answered", 0, { result: rejected("IC0206") }))).toMatch(
      /result.code: 2 and 5/,
    ));
  test("condemns code that is taken away from whom nobody may decide about", () =>
    expect(judged(managementIsForetold, ruledBy(tales.farewell, "c"))).toMatch(/canister-stopping" and "management-answered"/));
  test("condemns cycles that are burned too many when a canister goes", () =>
    expect(judged(managementIsForetold, edited(tales.farewell, "canister-deleted", 0, { burned: 1n }))).toMatch(/burned: 1 and/));
  test("condemns a deposit of other cycles", () => {
    expect(judged(managementIsForetold, edited(tales.respite, "cycles-deposited", 0, { cycles: cycles(4n) }))).toMatch(/cycles: 4 and 5/);
    expect(judged(managementIsForetold, edited(tales.respite, "cycles-deposited", 0, { balance: 4n }))).toMatch(/balance: 4 and/);
  });
  test("condemns what is done when messages have been executed", () =>
    expect(judged(managementIsForetold, hastened(tales.respite, ["turn-began", 4], ["canister-stopping", 0]))).toMatch(
      /could be executed, and waits on/,
    ));
  test("condemns a canister that is stopped under its execution", () =>
    expect(judged(managementIsForetold, hastened(tales.labour, ["canister-stopping", 0], ["management-answered", 0]))).not.toBe("holds"));
  test("condemns requests of one caller that are executed in another order", () =>
    expect(judged(managementIsForetold, exchanged(tales.labour, ["canister-stopping", 0], ["canister-started", 0]))).toMatch(
      /"canister-started" and "canister-stopping"/,
    ));
});

describe("controllers-decide", () => {
  test.each(Object.entries(tales))("accepts the tale of %s", (_, tale) => expect(judged(controllersDecide, tale)).toBe("holds"));
  test("passes over worlds in which nobody asks", () => expect(judged(controllersDecide, payment)).toBe("vacuous"));

  test("condemns what succeeds for somebody who is no controller", () =>
    expect(judged(controllersDecide, ruledBy(tales.respite, "c"))).toMatch(/succeeded, and chief is none of its controllers/));
  test("condemns a second answer", () =>
    expect(judged(controllersDecide, repeated(tales.respite, "management-answered", 0))).toMatch(/or was answered before/));
  test("condemns a refund of what was given away", () =>
    expect(judged(controllersDecide, edited(tales.labour, "management-answered", 2, { refund: 9n }))).toMatch(/and 9 come back/));
});
