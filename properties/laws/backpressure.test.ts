/** The laws of self-regulation, shown what they accept, what they pass over and what they must condemn. */
import { describe, expect, test } from "vitest";
import { model } from "../../model/index.ts";
import type { Scenario, Trace } from "../../spec/index.ts";
import { asleepFrom } from "../testing/doctoring.ts";
import { judged } from "../testing/judging.ts";
import { calm, exchange, flood, procession, strait } from "../testing/scenes.ts";
import { canister, edited, executed, ingress, sent, without } from "../testing/stories.ts";
import { crowd, payment, quiet, visitor } from "../testing/tales.ts";
import { led } from "../testing/weak-machines.ts";
import { everythingDrains, fastProducersAreTold } from "./backpressure.ts";

describe("fast-producers-are-told", () => {
  // In each of five rounds two calls are tried; from the second round on they are refused.
  const flooded = led(model, flood);
  const sending = (nth: number, rate: number): object => ({
    calls: Array.from({ length: rate }, (_, k) => sent(rate * nth + k)),
    refusedCalls: [],
  });
  /** In these rounds so many calls are sent, and none is refused. */
  const eagerIn = (rounds: readonly number[], rate = 2): Trace =>
    rounds.reduce((trace, nth) => edited(trace, "executed", nth, { ...sending(nth, rate) }), flooded);

  test("accepts that a producer is refused at once", () => expect(judged(fastProducersAreTold, flooded)).toBe("holds"));
  test("accepts that one call of a crowd is refused", () => expect(judged(fastProducersAreTold, crowd)).toBe("holds"));
  test("accepts that a producer is refused after three rounds", () => expect(judged(fastProducersAreTold, eagerIn([1, 2]))).toBe("holds"));
  test("accepts a slower producer for four rounds", () => expect(judged(fastProducersAreTold, eagerIn([0, 1, 2, 3], 1))).toBe("holds"));
  test("passes over calls that find their way", () => {
    expect(judged(fastProducersAreTold, payment)).toBe("vacuous");
    expect(judged(fastProducersAreTold, led(model, exchange))).toBe("vacuous");
    expect(judged(fastProducersAreTold, quiet)).toBe("vacuous");
  });
  test("passes over a producer of whom too little is seen", () =>
    expect(judged(fastProducersAreTold, { ...flooded, steps: flooded.steps.slice(0, 2) })).toBe("vacuous"));
  test("condemns a producer whom nobody tells", () =>
    expect(judged(fastProducersAreTold, eagerIn([1, 2, 3, 4]))).toBe(
      "on subnet here: a to b: in each of 4 rounds 2 calls more than came back, and none was refused",
    ));
  test("condemns that a producer is told one round too late", () =>
    expect(judged(fastProducersAreTold, eagerIn([1, 2, 3]))).toBe(
      "on subnet here: a to b: in each of 4 rounds 2 calls more than came back, and none was refused",
    ));
  test("condemns that a slower producer is told as late", () =>
    expect(judged(fastProducersAreTold, eagerIn([0, 1, 2, 3, 4], 1))).toBe(
      "on subnet here: a to b: in each of 5 rounds 1 calls more than came back, and none was refused",
    ));
});

describe("everything-drains", () => {
  const calmed = led(model, calm);
  /** Something runs in every round, which nobody waits for. */
  const busy = executed("b", 1, { cause: { kind: "timer" } });

  test.each(Object.entries({ calm, exchange, procession }))("accepts the scene %s", (_, scene) =>
    expect(judged(everythingDrains, led(model, scene))).toBe("holds"),
  );
  test("accepts a payment that is made at home", () => expect(judged(everythingDrains, payment)).toBe("holds"));
  test("accepts what is still under way, when there was little time", () =>
    expect(judged(everythingDrains, { ...calmed, steps: calmed.steps.slice(0, 2) })).toBe("vacuous"));
  test("passes over rounds in which nobody asks for anything", () => expect(judged(everythingDrains, quiet)).toBe("vacuous"));
  test("passes over a network that delivers too little", () => expect(judged(everythingDrains, led(model, strait))).toBe("vacuous"));
  test("passes over strangers, who may always send more", () => expect(judged(everythingDrains, visitor)).toBe("vacuous"));
  test("passes over canisters that begin by themselves", () => {
    const restless: Scenario = {
      ...calm,
      genesis: { ...calm.genesis, canisters: [...calm.genesis.canisters, canister("k", {}, { onHeartbeat: [] })] },
    };
    expect(judged(everythingDrains, led(model, restless))).toBe("vacuous");
  });
  test("passes over users who never stop", () => {
    const inputs = [...calm.inputs, ingress("y", "a", "m0")];
    expect(judged(everythingDrains, led(model, { ...calm, inputs }))).toBe("vacuous");
  });

  test("condemns a subnet that falls asleep before it takes a message up", () =>
    expect(judged(everythingDrains, asleepFrom(calmed, 2))).toBe(
      "1 messages are under way, and nothing was executed in 4 rounds of every subnet",
    ));
  test("condemns a subnet that falls asleep before it gets an answer", () =>
    expect(judged(everythingDrains, asleepFrom(calmed, 3))).toBe(
      "1 messages are under way, and nothing was executed in 4 rounds of every subnet",
    ));
  test("condemns a message that lies in a queue for ever", () =>
    expect(judged(everythingDrains, asleepFrom(without(without(calmed, "message-streamed", 0), "request-inducted", 0), 2))).toBe(
      "1 messages are under way, and nothing was executed in 4 rounds of every subnet",
    ));
  test("condemns subnets that are busy with something else", () =>
    expect(judged(everythingDrains, asleepFrom(calmed, 2, [busy]))).toBe(
      "1 messages are under way after 8 rounds of every subnet, for 3 executions",
    ));
});
