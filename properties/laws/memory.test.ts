/** The law of guaranteed responses, shown what it accepts, what it passes over and what it must condemn. */
import { describe, expect, test } from "vitest";
import { model } from "../../model/index.ts";
import { bytes, nanoseconds, type Genesis, type Parameters, type Trace } from "../../spec/index.ts";
import { judged } from "../testing/judging.ts";
import { serving, sliceOf, strange, strangers } from "../testing/scenes.ts";
import { callTo, canister, edited, executed, fromUser, ingress, reply, round, sent, setIn, world } from "../testing/stories.ts";
import { crowd, greeting, payment } from "../testing/tales.ts";
import { led } from "../testing/weak-machines.ts";
import { guaranteesAreCovered } from "./memory.ts";

/** Canisters a and k make two calls each, in one iteration; a place for a response takes 32 bytes. */
const pair = (parameters: Partial<Parameters>, timeout?: bigint): Genesis => {
  const call = callTo(timeout === undefined ? {} : { timeout: nanoseconds(timeout) });
  return world(
    [canister("a", { m0: [call, call, reply()] }), canister("b", { m1: serving }), canister("k", { m0: [call, call, reply()] })],
    { cores: 2, ...parameters },
  );
};
const told = (genesis: Genesis): Trace =>
  led(model, { genesis, inputs: [ingress("x", "a", "m0"), ingress("y", "k", "m0"), round(), round()] });
const memory = (count: number): Partial<Parameters> => ({ guaranteedResponseMemory: bytes(count) });

describe("guarantees-are-covered", () => {
  // Two cores: each has a share of 63 bytes, and with it one place.
  const shared = told(pair(memory(127)));
  const ample = told(pair(memory(256)));
  const few = told(pair({ callbackLimit: 1, callbackQuota: 0 }));
  const many = told(pair({ callbackLimit: 4, callbackQuota: 0 }));

  test("accepts that each core is refused what its share does not cover", () => {
    expect(JSON.stringify(shared.steps[2]!.observation.events, (_, value: unknown) => (typeof value === "bigint" ? 0 : value))).toMatch(
      /IC0507.*IC0507/,
    );
    expect(judged(guaranteesAreCovered, shared)).toBe("holds");
  });
  test("accepts that each core is refused more callbacks than there are", () => expect(judged(guaranteesAreCovered, few)).toBe("holds"));
  test("accepts that best-effort calls need no memory", () =>
    expect(judged(guaranteesAreCovered, told(pair(memory(0), 9n)))).toBe("holds"));
  test("accepts that a stranger is turned away", () =>
    expect(judged(guaranteesAreCovered, led(model, strangers([[sliceOf([strange()])]], memory(63))))).toBe("holds"));
  test("passes over worlds with room for everybody", () => {
    for (const tale of [greeting, payment, crowd, many]) expect(judged(guaranteesAreCovered, tale)).toBe("vacuous");
  });

  test("condemns a call for which its core has no memory", () =>
    expect(judged(guaranteesAreCovered, setIn(ample, pair(memory(127))))).toBe(
      "call 1 of a is guaranteed a response for which its core has no memory",
    ));
  test("condemns that one core takes the share of the other", () =>
    expect(judged(guaranteesAreCovered, edited(shared, "executed", 0, { calls: [sent(0), sent(1)], refusedCalls: [] }))).toBe(
      "call 1 of a is guaranteed a response for which its core has no memory",
    ));
  test("condemns that a call is refused for want of memory that is there", () =>
    expect(judged(guaranteesAreCovered, setIn(shared, pair(memory(256))))).toBe(
      "a call of a to b was refused with IC0507, and its core has 96 bytes left",
    ));
  test("condemns that it is refused where its share just covers it", () =>
    expect(judged(guaranteesAreCovered, setIn(shared, pair(memory(128))))).toBe(
      "a call of a to b was refused with IC0507, and its core has 32 bytes left",
    ));
  test("condemns a call for which its core has no callback", () =>
    expect(judged(guaranteesAreCovered, setIn(many, pair({ callbackLimit: 1, callbackQuota: 0 })))).toBe(
      "call 1 of a has a callback that its core does not have",
    ));
  test("condemns that a call is refused for want of callbacks that are there", () =>
    expect(judged(guaranteesAreCovered, setIn(few, many.scenario.genesis))).toBe(
      "a call of a to b was refused with IC0101, and there are callbacks left",
    ));
  test("condemns that a call is refused for want of callbacks below the quota", () =>
    expect(judged(guaranteesAreCovered, setIn(few, pair({ callbackLimit: 1, callbackQuota: 2 })))).toBe(
      "a call of a to b was refused with IC0101, and there are callbacks left",
    ));
  test("condemns a call without a slot for its response", () =>
    expect(judged(guaranteesAreCovered, setIn(crowd, world(crowd.scenario.genesis.canisters, { queueCapacity: 1 })))).toBe(
      "call 1 of a has no slot for its response",
    ));
  test("condemns that a call is refused for want of a slot that is there", () =>
    expect(judged(guaranteesAreCovered, setIn(crowd, world(crowd.scenario.genesis.canisters, { queueCapacity: 3 })))).toBe(
      "a call of a to b was refused with IC0201, and there is a slot",
    ));
  test("condemns a request that is let in without memory for its response", () =>
    expect(judged(guaranteesAreCovered, setIn(payment, world(payment.scenario.genesis.canisters, memory(63))))).toBe(
      "responses take 64 bytes, of 63",
    ));
  test("condemns a reply that takes more than was reserved for it", () =>
    expect(
      judged(
        guaranteesAreCovered,
        edited(setIn(payment, world(payment.scenario.genesis.canisters, memory(64))), "answered", 0, {
          result: { kind: "reply", payload: "00".repeat(65) },
        }),
      ),
    ).toBe("responses take 65 bytes, of 64"));
  test("condemns a promise where there is no memory at all", () => {
    const hidden = edited(greeting, "executed", 0, { ...executed("a", 0, { cause: fromUser("x"), calls: [sent(0, { callee: "a" })] }) });
    expect(judged(guaranteesAreCovered, setIn(hidden, world(greeting.scenario.genesis.canisters, memory(31))))).toBe(
      "call 0 of a is guaranteed a response for which its core has no memory",
    );
  });
});
