/** The laws of slices, shown what they accept, what they pass over and what they must condemn. */
import { describe, expect, test } from "vitest";
import { model } from "../../model/index.ts";
import { cycles, instructions } from "../../spec/index.ts";
import { compared, judged } from "../testing/judging.ts";
import { delay, priced, relapse } from "../testing/scenes-of-thrift.ts";
import { edited, followed, repeated, setIn, without, world } from "../testing/stories.ts";
import { contest, greeting, marathon, quiet } from "../testing/tales.ts";
import { led } from "../testing/weak-machines.ts";
import { fewExecutionsStayPaused, slicesAreExact } from "./slices.ts";
import { slicesAreInvisible } from "./unsliced.ts";

describe("slices-are-exact", () => {
  test("accepts three slices that begin twice", () => expect(judged(slicesAreExact, marathon)).toBe("holds"));
  test("passes over short messages", () => expect(judged(slicesAreExact, greeting)).toBe("vacuous"));
  test.each([
    ["a slice that is too short", { instructions: 79 }, /instructions: 79 and 80/],
    ["slices that are not counted", { slices: 3 }, /slices: 3 and 2/],
    ["a prepayment that is forgotten", { prepaid: 0n }, /prepaid/],
    ["a beginning that moves", { since: 2 }, /since: 2 and 1/],
    ["a second payment", { balance: 775n }, /balance/],
    ["another message", { cause: { kind: "timer" } }, /went on with another message/],
  ])("condemns %s", (_what, change, because) =>
    expect(judged(slicesAreExact, edited(marathon, "execution-paused", 1, change))).toMatch(because),
  );
  test("condemns a beginning that is free", () =>
    expect(judged(slicesAreExact, edited(marathon, "execution-paused", 0, { balance: 995n }))).toMatch(/balance/));
  test("condemns going on where an abort left nothing", () =>
    expect(judged(slicesAreExact, edited(marathon, "execution-resumed", 1, { afresh: false }))).toMatch(/where it stopped/));
  test("condemns a slice that nothing announced", () =>
    expect(judged(slicesAreExact, without(marathon, "execution-resumed"))).toMatch(/this was not told/));
  test("condemns an announcement without a slice", () =>
    expect(judged(slicesAreExact, repeated(marathon, "execution-resumed"))).toMatch(/was to go on/));
  test("condemns a last slice that is too long", () =>
    expect(judged(slicesAreExact, edited(marathon, "executed", 0, { instructions: 121 }))).toBe(
      "the last slice of a had 41 instructions, a slice has 40",
    ));
  test("condemns an end that is not told", () =>
    expect(judged(slicesAreExact, without(marathon, "execution-finished"))).toMatch(
      /a long execution of a was over, and answered was told/,
    ));
  test("condemns an end with other slices", () =>
    expect(judged(slicesAreExact, edited(marathon, "execution-finished", 0, { slices: 5 }))).toMatch(/3 slices, and 5 are told/));
  test("condemns an end with fees that nobody postponed", () =>
    expect(judged(slicesAreExact, edited(marathon, "execution-finished", 0, { postponed: 5n }))).toMatch(/fees of 0 were postponed/));
  test("condemns a message after the end", () =>
    expect(
      judged(
        slicesAreExact,
        followed(marathon, "context-removed", 0, {
          kind: "not-executed",
          canister: "a",
          cause: { kind: "timer" },
          error: "IC0207",
          charged: 0n,
          balance: 890n,
        }),
      ),
    ).toBe("a took a message after it had finished a long execution in the round"));
  test("condemns a pause at the limit of a message", () => {
    const short = world(marathon.scenario.genesis.canisters, {
      roundInstructionLimit: instructions(42),
      sliceInstructionLimit: instructions(40),
      messageInstructionLimit: instructions(40),
    });
    expect(
      judged(
        slicesAreExact,
        setIn(edited(edited(marathon, "execution-paused", 0, { prepaid: 50n, balance: 945n }), "execution-paused", 1, {}), short),
      ),
    ).toMatch(/was paused after 40 instructions, and a message has 40/);
  });
});

describe("few-executions-stay-paused", () => {
  test("accepts an abort at a checkpoint", () => expect(judged(fewExecutionsStayPaused, marathon)).toBe("holds"));
  test("passes over rounds that keep all", () => expect(judged(fewExecutionsStayPaused, contest)).toBe("vacuous"));
  test("condemns a pause over a checkpoint", () =>
    expect(judged(fewExecutionsStayPaused, without(marathon, "execution-aborted"))).toBe("a stays paused, and the round keeps 0"));
  test("condemns an abort without a reason", () =>
    expect(
      judged(
        fewExecutionsStayPaused,
        followed(contest, "priorities-settled", 0, {
          kind: "execution-aborted",
          canister: "a",
          slices: 1,
          instructions: 40,
          postponed: 0n,
          balance: 885n,
        }),
      ),
    ).toBe("the execution of a was aborted, and no other was next"));
  test("condemns fees that are forgotten", () =>
    expect(judged(fewExecutionsStayPaused, edited(marathon, "execution-aborted", 0, { postponed: 0n, balance: 885n }))).toMatch(
      /postponed/,
    ));
  test("condemns too many executions", () => {
    const none = { ...contest.scenario.genesis, parameters: { ...contest.scenario.genesis.parameters, maxPausedExecutions: 0 } };
    expect(judged(fewExecutionsStayPaused, setIn(contest, none))).toBe("a stays paused, and the round keeps 0");
  });
});

describe("slices-are-invisible", () => {
  const tried = { scenario: marathon.scenario, relation: { kind: "unsliced" as const } };
  test("accepts the same outcome", () => expect(compared(slicesAreInvisible, tried, () => marathon)).toBe("holds"));
  test("passes over worlds without slices", () =>
    expect(compared(slicesAreInvisible, { ...tried, scenario: quiet.scenario }, () => quiet)).toBe("vacuous"));
  test("condemns another charge", () =>
    expect(
      compared(slicesAreInvisible, tried, (scenario) =>
        scenario === tried.scenario ? marathon : edited(marathon, "executed", 0, { charged: 99n }),
      ),
    ).toMatch(/charged/));
  test("condemns another answer", () =>
    expect(
      compared(slicesAreInvisible, tried, (scenario) =>
        scenario === tried.scenario ? marathon : edited(marathon, "ingress-answered", 0, { result: { kind: "reply", payload: "bb" } }),
      ),
    ).toMatch(/answers/));
});

describe("slices-are-exact, where prices change", () => {
  const rise = priced({ execution: cycles(30n) });
  const dearer = led(model, delay(rise));
  const refused = led(model, relapse);
  const adjusted = { kind: "prepayment-adjusted", canister: "a", taken: 1n, returned: 0n, balance: 864n };

  test("accepts another prepayment, a message that is given up, and a callback that is refused", () => {
    for (const tale of [dearer, led(model, delay(rise, 134n)), refused]) expect(judged(slicesAreExact, tale)).toBe("holds");
  });
  test("condemns the prepayment of before", () =>
    expect(judged(slicesAreExact, edited(dearer, "execution-paused", 1, { prepaid: 110n }))).toMatch(/prepaid: 110 and 130/));
  test("condemns other prices for who goes on where it stopped", () =>
    expect(judged(slicesAreExact, followed(dearer, "execution-resumed", 1, adjusted))).toBe(
      "a went on where it stopped, and met other prices",
    ));
  test("condemns other prices for who begins nothing", () =>
    expect(judged(slicesAreExact, followed(dearer, "execution-paused", 0, adjusted))).toBe(
      "a began nothing, and prepayment-adjusted was told",
    ));
  test("condemns that nobody is told that a refused callback is over", () =>
    expect(judged(slicesAreExact, without(refused, "execution-finished"))).toMatch(
      /a long execution of a was over, and answered was told/,
    ));
});
