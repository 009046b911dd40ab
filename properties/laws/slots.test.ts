/** The laws of slots, shown what they accept, what they pass over and what they must condemn. */
import { describe, expect, test } from "vitest";
import { model } from "../../model/index.ts";
import { bytes, canisterId, instructions, type Parameters, type Trace } from "../../spec/index.ts";
import { exchanged, hastened } from "../testing/doctoring.ts";
import { judged } from "../testing/judging.ts";
import { exchange, flood, jam, procession, serving, sliceOf, strange, strangers } from "../testing/scenes.ts";
import { callTo, canister, edited, followed, ingress, repeated, reply, round, sent, setIn, without, world } from "../testing/stories.ts";
import { crowd, dice, greeting, payment, quiet } from "../testing/tales.ts";
import { led } from "../testing/weak-machines.ts";
import { slotsAreReserved, whatFitsIsInducted } from "./slots.ts";

const inWorld = (trace: Trace, parameters: Partial<Parameters>): Trace => setIn(trace, world(trace.scenario.genesis.canisters, parameters));

describe("what-fits-is-inducted", () => {
  /** Canister k calls itself, then a, then nobody who is here. */
  const mixed = led(model, {
    genesis: world([
      canister("a", { m1: serving }),
      canister("k", {
        m0: [callTo({ callee: canisterId("a") }), callTo({ callee: canisterId("nobody") }), callTo({ callee: canisterId("k") }), reply()],
        m1: [reply()],
      }),
    ]),
    inputs: [ingress("x", "k", "m0"), round()],
  });

  test.each(Object.entries({ payment, crowd, mixed }))("accepts the tale %s", (_, tale) =>
    expect(judged(whatFitsIsInducted, tale)).toBe("holds"),
  );
  test("passes over worlds in which no message moves", () => {
    for (const tale of [quiet, greeting, dice]) expect(judged(whatFitsIsInducted, tale)).toBe("vacuous");
  });
  test("passes over messages to other subnets, and those of a round that is used up", () => {
    expect(judged(whatFitsIsInducted, led(model, exchange))).toBe("vacuous");
    expect(judged(whatFitsIsInducted, led(model, jam()))).toBe("vacuous");
  });

  test("condemns a request that stays behind", () =>
    expect(judged(whatFitsIsInducted, without(payment, "request-inducted"))).toBe(
      'induction: expected "the request of call 0 of a enters the queue of b", and "turn-began" came',
    ));
  test("condemns a response that stays behind", () =>
    expect(judged(whatFitsIsInducted, without(payment, "response-inducted"))).toBe(
      'induction: expected "the reply to call 0 of a enters its queue", and "turn-began" came',
    ));
  test("condemns the last of a queue that stays behind", () =>
    expect(judged(whatFitsIsInducted, without(crowd, "request-inducted", 1))).toMatch(
      /expected "the request of call 1 of a enters the queue of b", and "turn-began" came/,
    ));
  test("condemns a request that enters twice", () =>
    expect(judged(whatFitsIsInducted, repeated(payment, "request-inducted"))).toBe(
      'induction: nothing more was expected, and "the request of call 0 of a enters the queue of b" came',
    ));
  test("condemns messages of a queue in another order", () =>
    expect(judged(whatFitsIsInducted, exchanged(crowd, ["response-inducted", 0], ["response-inducted", 1]))).toMatch(
      /expected "the reply to call 0 of a enters its queue", and "the reply to call 1 of a enters its queue" came/,
    ));
  test("condemns that calls to others come before those to oneself", () =>
    expect(judged(whatFitsIsInducted, exchanged(mixed, ["request-inducted", 0], ["request-inducted", 1]))).toBe(
      'induction: expected "the request of call 2 of k enters the queue of k", and "the request of call 0 of k enters the queue of a" came',
    ));
  test("condemns a request for which there is no slot", () =>
    expect(judged(whatFitsIsInducted, inWorld(crowd, { queueCapacity: 1 }))).toBe(
      'induction: nothing more was expected, and "the request of call 1 of a enters the queue of b" came',
    ));
  test("condemns a request for whose response there is no memory", () =>
    expect(judged(whatFitsIsInducted, inWorld(payment, { guaranteedResponseMemory: bytes(63) }))).toBe(
      'induction: nothing more was expected, and "the request of call 0 of a enters the queue of b" came',
    ));
  test("condemns messages that move when the round is used up", () =>
    expect(judged(whatFitsIsInducted, inWorld(payment, { roundInstructionLimit: instructions(104) }))).toMatch(
      /nothing more was expected, and "the request of call 0 of a enters the queue of b" came/,
    ));
  test("condemns messages that move while others run", () =>
    expect(judged(whatFitsIsInducted, hastened(payment, ["response-inducted", 0], ["turn-ended", 1]))).toMatch(
      /nothing more was expected, and "the reply to call 0 of a enters its queue" came/,
    ));
  test("condemns a response that is called late", () =>
    expect(
      judged(
        whatFitsIsInducted,
        edited(payment, "response-inducted", 0, { kind: "response-late", caller: "a", callback: 0, refund: 60n, balance: 795n }),
      ),
    ).toMatch(/expected "the reply to call 0 of a enters its queue", and "the response to call 0 of a is late, with 60 cycles" came/));
});

describe("slots-are-reserved", () => {
  const two = led(model, procession);
  const crowded = led(model, strangers([[sliceOf([0, 1, 2].map((callback) => strange({ callback })))]]));

  test("accepts as many calls as a queue holds", () => expect(judged(slotsAreReserved, crowd)).toBe("holds"));
  test("accepts as many calls to another subnet", () => {
    expect(judged(slotsAreReserved, two)).toBe("holds");
    expect(judged(slotsAreReserved, led(model, flood))).toBe("holds");
  });
  test("accepts as many requests of a stranger", () => expect(judged(slotsAreReserved, crowded)).toBe("holds"));
  test("passes over queues that are never full", () => {
    for (const tale of [quiet, greeting, payment, dice]) expect(judged(slotsAreReserved, tale)).toBe("vacuous");
  });

  test("condemns a request that finds all slots taken", () =>
    expect(judged(slotsAreReserved, inWorld(crowd, { queueCapacity: 1 }))).toBe("a takes 2 slots at b, a queue has 1"));
  test("condemns one request of a stranger too many", () => {
    const { genesis } = crowded.scenario;
    const narrow = { ...genesis, parameters: { ...genesis.parameters, queueCapacity: 1 } };
    expect(judged(slotsAreReserved, setIn(crowded, narrow))).toBe("far takes 2 slots at a, a queue has 1");
  });
  test("condemns one call to another subnet too many", () => {
    const { genesis } = two.scenario;
    const narrow = { ...genesis, parameters: { ...genesis.parameters, queueCapacity: 1 } };
    expect(judged(slotsAreReserved, setIn(two, narrow))).toBe("on subnet here: a has 2 calls to b open, a queue has 1 slots");
  });
  test("condemns that a call is sent where it is to be refused", () => {
    const eager = edited(led(model, flood), "executed", 1, { calls: [sent(2)], refusedCalls: [] });
    expect(judged(slotsAreReserved, eager)).toBe("on subnet here: a has 3 calls to b open, a queue has 2 slots");
  });
  test("condemns a request to who is not here", () =>
    expect(judged(slotsAreReserved, edited(payment, "request-inducted", 0, { callee: "nobody" }))).toBe(
      "a request enters the queue of nobody, which is not here",
    ));

  /** Two answers come in, and a takes up one of them: the other one lies in its queue. */
  const waiting = led(model, {
    ...procession,
    genesis: { ...procession.genesis, parameters: { ...procession.genesis.parameters, roundInstructionLimit: instructions(102) } },
  });
  test("accepts an answer that waits", () => expect(judged(slotsAreReserved, waiting)).toBe("holds"));
  const expired = (callback: number): object => ({ kind: "callback-expired", caller: "a", callback });
  test("condemns two answers to one call", () =>
    expect(judged(slotsAreReserved, followed(waiting, "response-inducted", 1, expired(1)))).toBe(
      "on subnet here: a has the responses to calls 1, 1 in its queue for b, and calls 1 are answered",
    ));
  test("condemns an answer to a call that is closed", () =>
    expect(judged(slotsAreReserved, followed(waiting, "executed", 3, expired(0)))).toBe(
      "on subnet here: a has the responses to calls 1, 0 in its queue for b, and calls 1 are answered",
    ));
});
