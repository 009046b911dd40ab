/** The laws of the management canister, shown what they accept, what they pass over and what they must condemn. */
import { describe, expect, test } from "vitest";
import { model } from "../../model/index.ts";
import { canisterId, cycles, instructions, type Genesis, type Trace } from "../../spec/index.ts";
import { exchanged, hastened } from "../testing/doctoring.ts";
import { judged } from "../testing/judging.ts";
import { career, offspring, refusals, resolutions } from "../testing/scenes-of-code.ts";
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
  career: led(model, career),
  refusals: led(model, refusals),
  resolutions: led(model, resolutions),
  offspring: led(model, offspring),
  labour: led(model, labour(sliced, { op: "consume", instructions: instructions(70) })),
};

/** The same world in which others decide. */
const ruledBy = (trace: Trace, ...controllers: readonly string[]): Trace => {
  const genesis: Genesis = trace.scenario.genesis;
  const canisters = genesis.canisters.map((one) => (one.id === "b" ? { ...one, controllers: controllers.map(canisterId) } : one));
  return setIn(trace, { ...genesis, canisters });
};

/** The same world in which nothing can be installed. */
const withoutModules = (trace: Trace): Trace => setIn(trace, { ...trace.scenario.genesis, modules: [] });

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

describe("management-is-foretold, of code and settings,", () => {
  const told = (...change: Parameters<typeof edited>): string => judged(managementIsForetold, edited(...change));
  test.each([
    ["module", { module: "lasting" }, /module: "lasting" and "plain"/],
    ["trap", { trap: "IC0503" }, /trap: "IC0503" and null/],
    ["effort", { instructions: 3 }, /instructions: 3 and 5/],
    ["prepayment", { prepaid: 49n }, /prepaid: 49 and 50/],
    ["charge", { charged: 13n }, /charged: 13 and 15/],
    ["pages", { pages: 4 }, /pages: 4 and 3/],
    ["timer", { timer: null }, /timer: null and 505/],
    ["balance", { balance: 1n }, /balance: 1 and/],
  ] as const)("condemns another %s", (_, change, because) => expect(told(tales.career, "installation-ran", 0, change)).toMatch(because));
  test("condemns what a hook burned and nobody tells", () =>
    expect(told(tales.career, "installation-ran", 2, { burned: 0n })).toMatch(/burned: 0 and 3/));
  test("condemns certified data of old code that nobody takes back", () =>
    expect(judged(managementIsForetold, without(tales.career, "data-certified", 1))).toMatch(/data-certified was to be told/));
  test("condemns an installation that is refused for no reason, or for another", () => {
    expect(told(tales.refusals, "management-answered", 4, { result: rejected("IC0207") })).not.toBe("holds");
    expect(told(tales.refusals, "management-answered", 0, { result: rejected("IC0537") })).toMatch(/"IC0537" and "IC0514"/);
  });
  test("condemns an installation that is refused, and runs", () =>
    expect(judged(managementIsForetold, withoutModules(tales.career))).toMatch(/"installation-ran" and "management-answered"/));
  test("condemns settings that nobody said", () =>
    expect(told(tales.resolutions, "settings-updated", 1, { computeAllocation: 6 })).toMatch(/computeAllocation: 6 and 5/));
  test("condemns a canister with another id, or another balance", () => {
    expect(told(tales.offspring, "canister-created", 0, { canister: "canister-7" })).toMatch(/"canister-7" and "canister-0"/);
    expect(told(tales.offspring, "canister-created", 0, { balance: 500n })).toMatch(/balance: 500 and 450/);
  });
  test("condemns another history", () =>
    expect(told(tales.resolutions, "management-answered", 10, { result: replied("") })).toMatch(/result.payload: "" and "32202d"/));
});

describe("controllers-decide", () => {
  test.each(Object.entries(tales))("accepts the tale of %s", (_, tale) => expect(judged(controllersDecide, tale)).toBe("holds"));
  test("passes over worlds in which nobody asks", () => expect(judged(controllersDecide, payment)).toBe("vacuous"));

  test("condemns what succeeds for somebody who is no controller", () =>
    expect(judged(controllersDecide, ruledBy(tales.respite, "c"))).toMatch(/succeeded, and chief is none of its controllers/));
  test("condemns settings, and code, of who decides no more", () =>
    expect(judged(controllersDecide, edited(tales.resolutions, "management-answered", 9, { result: replied("") }))).toMatch(
      /update_settings of b succeeded, and chief is none of its controllers/,
    ));
  test("condemns a new canister whose maker gets its cycles back", () =>
    expect(judged(controllersDecide, edited(tales.offspring, "management-answered", 0, { refund: 500n }))).toMatch(
      /of which 500 are given away, and 500 come back/,
    ));
  test("condemns a second answer", () =>
    expect(judged(controllersDecide, repeated(tales.respite, "management-answered", 0))).toMatch(/or was answered before/));
  test("condemns a refund of what was given away", () =>
    expect(judged(controllersDecide, edited(tales.labour, "management-answered", 2, { refund: 9n }))).toMatch(/and 9 come back/));
});
