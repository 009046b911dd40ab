/** The laws of what can be foretold, shown what they accept, what they pass over and what they must condemn. */
import { describe, expect, test } from "vitest";
import { model } from "../../model/index.ts";
import {
  bytes,
  cycles,
  hex,
  instructions,
  nanoseconds,
  type Genesis,
  type Instruction,
  type Parameters,
  type Trace,
} from "../../spec/index.ts";
import { judged } from "../testing/judging.ts";
import { hoard, place, splurge } from "../testing/scenes-of-thrift.ts";
import { callTo, canister, edited, network, rejected, replied, reply, sent, setIn, without, world } from "../testing/stories.ts";
import { alarm, crowd, fall, greeting, payment, quiet } from "../testing/tales.ts";
import { led } from "../testing/weak-machines.ts";
import { callsAreSentAsPaid, repliesSayWhatTheyName, scriptsDoWhatTheySay } from "./foretold.ts";

/** The greeting, to a canister that has another script. */
const greetingTo = (...script: readonly Instruction[]): Trace => setIn(greeting, world([canister("a", { m0: script })]));
const names = (value: (Instruction & { op: "reply" })["payload"]): Instruction => ({ op: "reply", payload: value });

describe("replies-say-what-they-name", () => {
  const said = (text: string, ...script: readonly Instruction[]): string =>
    judged(repliesSayWhatTheyName, edited(greetingTo(...script), "answered", 0, { result: replied(text) }));
  test("accepts an answer that goes through two canisters", () => expect(judged(repliesSayWhatTheyName, payment)).toBe("holds"));
  test("accepts the time of the round", () => expect(said("0000000000000001", names({ kind: "time" }))).toBe("holds"));
  test("accepts the balance without the prepayment", () =>
    expect(said((994 - 110).toString(16).padStart(32, "0"), names({ kind: "balance" }))).toBe("holds"));
  test("accepts a page that was never written", () => expect(said("", names({ kind: "page", page: 1 }))).toBe("holds"));
  test("passes over what replies nothing", () => expect(judged(repliesSayWhatTheyName, quiet)).toBe("vacuous"));
  test("condemns a message that changed on the way", () =>
    expect(said("2b", names({ kind: "message" }))).toBe('a replied "2b", but what its script names is "2a"'));
  test("condemns another constant", () => expect(said("00", reply("01"))).toMatch(/names is "01"/));
  test("condemns the balance with the prepayment", () =>
    expect(said((994).toString(16).padStart(32, "0"), names({ kind: "balance" }))).toMatch(/replied/));
  test("condemns another number of cycles available", () =>
    expect(said("00".repeat(15) + "01", names({ kind: "available" }))).toMatch(/replied/));
  test("condemns a reply that is not given", () =>
    expect(judged(repliesSayWhatTheyName, without(greeting, "answered"))).toMatch(/gives a reply, but gave no answer/));
  test("condemns a reply that becomes a reject", () =>
    expect(judged(repliesSayWhatTheyName, edited(greeting, "answered", 0, { result: rejected("IC0506") }))).toMatch(
      /gives a reply, but answered with IC0506/,
    ));
  test("condemns an answer that no script gives", () =>
    expect(said("2a", { op: "consume", instructions: instructions(1) })).toMatch(/gives no answer, but replied/));
  test("condemns a canister that rejects by itself", () =>
    expect(
      judged(
        repliesSayWhatTheyName,
        edited(greetingTo({ op: "consume", instructions: instructions(1) }), "answered", 0, { result: rejected("IC0406") }),
      ),
    ).toMatch(/gives no answer, but answered with IC0406/));
});

describe("scripts-do-what-they-say", () => {
  const did = (change: Readonly<Record<string, unknown>>, ...script: readonly Instruction[]): string =>
    judged(scriptsDoWhatTheySay, edited(greetingTo(...script, reply()), "executed", 0, change));
  test("accepts a greeting", () => expect(judged(scriptsDoWhatTheySay, greeting)).toBe("holds"));
  test("accepts a timer that is set", () => expect(judged(scriptsDoWhatTheySay, alarm)).toBe("holds"));
  test("accepts a trap", () => expect(judged(scriptsDoWhatTheySay, fall)).toBe("holds"));
  test("passes over a round without messages", () => expect(judged(scriptsDoWhatTheySay, quiet)).toBe("vacuous"));
  test("condemns a trap that the script does not make", () => expect(did({ trap: "IC0503" })).toMatch(/trap: "IC0503" and null/));
  test("condemns a second answer that is let through", () =>
    expect(did({ wrote: [], instructions: 2 }, { op: "reject" })).toMatch(/trap: null and "IC0504"/));
  test("condemns a page that is not written", () =>
    expect(judged(scriptsDoWhatTheySay, edited(greeting, "executed", 0, { wrote: [] }))).toBe(
      'an execution of a did not what it was to do: wrote.0: nothing and [0,"2a"]',
    ));
  test("condemns a page that nobody writes", () =>
    expect(
      judged(
        scriptsDoWhatTheySay,
        edited(greeting, "executed", 0, {
          wrote: [
            [0, "2a"],
            [1, ""],
          ],
        }),
      ),
    ).toMatch(/wrote.1: \[1,""\] and nothing/));
  test("condemns a timer that is not set", () =>
    expect(did({ wrote: [] }, { op: "set-timer", after: nanoseconds(5n) })).toMatch(/timer: null and 6/));
  test("condemns a timer that nobody sets", () =>
    expect(judged(scriptsDoWhatTheySay, edited(greeting, "executed", 0, { timer: 9n }))).toMatch(/timer: 9 and null/));
  test("condemns another number of instructions", () =>
    expect(judged(scriptsDoWhatTheySay, edited(greeting, "executed", 0, { instructions: 3 }))).toMatch(/instructions: 3 and 2/));
  test("condemns an acceptance of less than was asked for", () =>
    expect(judged(scriptsDoWhatTheySay, edited(payment, "executed", 1, { accepted: 39n }))).toMatch(/accepted: 39 and 40/));
  test("condemns a burning of more than lies above the threshold", () =>
    expect(did({ wrote: [], burned: 885n }, { op: "burn", cycles: cycles(2_000n) })).toMatch(/burned: 885 and 884/));
});

describe("calls-are-sent-as-paid", () => {
  const notSent = edited(payment, "executed", 0, { calls: [] });
  const caller = (attached: bigint, payload = "", more: Partial<Instruction & { op: "call" }> = {}) =>
    world([
      canister("a", { m0: [callTo({ attached: cycles(attached), payload: { kind: "bytes", bytes: hex(payload) }, ...more })] }),
      canister("b", { m1: [reply()] }),
    ]);
  const refusing = (trace: Trace, error: string): Trace =>
    edited(trace, "executed", 0, { calls: [], refusedCalls: [{ callee: "b", error }] });
  const scarce = (parameters: Partial<Parameters>): Genesis => ({ ...payment.scenario.genesis, parameters: { ...network, ...parameters } });
  const nothing = "calls.0: nothing and";

  test("accepts a call that is paid", () => expect(judged(callsAreSentAsPaid, payment)).toBe("holds"));
  test("accepts a call without a slot that is refused", () => expect(judged(callsAreSentAsPaid, crowd)).toBe("holds"));
  test.each([
    ["no slot", { queueCapacity: 0 }, "IC0201"],
    ["no memory for its response", { guaranteedResponseMemory: bytes(31) }, "IC0507"],
    ["no callback", { callbackLimit: 0, callbackQuota: 0 }, "IC0101"],
  ])("accepts the refusal of a call that finds %s", (_, parameters, error) =>
    expect(judged(callsAreSentAsPaid, setIn(refusing(payment, error), scarce(parameters)))).toBe("holds"),
  );
  test("accepts the refusal of a call whose fees are not there", () =>
    expect(judged(callsAreSentAsPaid, setIn(refusing(payment, "IC0207"), caller(800n)))).toBe("holds"));
  test("passes over a greeting, which calls nobody", () => expect(judged(callsAreSentAsPaid, greeting)).toBe("vacuous"));
  test("condemns a call that is not sent", () => expect(judged(callsAreSentAsPaid, notSent)).toContain(nothing));
  test("condemns a call that is sent with other cycles", () =>
    expect(judged(callsAreSentAsPaid, setIn(payment, caller(99n)))).toMatch(/calls.0.attached: 100 and 99/));
  test("condemns a call that is sent without a slot", () =>
    expect(judged(callsAreSentAsPaid, setIn(payment, scarce({ queueCapacity: 0 })))).toMatch(/calls.0: .* and nothing/));
  test("condemns a refusal without a reason", () => expect(judged(callsAreSentAsPaid, refusing(payment, "IC0201"))).toContain(nothing));
  test("condemns the error of a later condition", () =>
    expect(judged(callsAreSentAsPaid, setIn(refusing(payment, "IC0207"), scarce({ queueCapacity: 0 })))).toMatch(
      /refusedCalls.0.error: "IC0207" and "IC0201"/,
    ));
  test("condemns a deadline that nobody named", () =>
    expect(judged(callsAreSentAsPaid, edited(payment, "executed", 0, { calls: [sent(0, { attached: 100n, deadline: 9n })] }))).toMatch(
      /deadline: 9 and null/,
    ));
  test("condemns a deadline beyond the longest", () =>
    expect(
      judged(
        callsAreSentAsPaid,
        setIn(edited(payment, "executed", 0, { calls: [sent(0, { attached: 100n, deadline: 11n })] }), {
          ...caller(100n, "", { timeout: nanoseconds(10n) }),
          parameters: { ...network, bestEffortLifetime: nanoseconds(4n) },
        }),
      ),
    ).toMatch(/deadline: 11 and 5/));
  test("condemns a payload that is too large and is sent", () =>
    expect(judged(callsAreSentAsPaid, setIn(payment, { ...caller(0n, "0000"), parameters: { ...network, maxPayload: bytes(1) } }))).toMatch(
      /calls.0: .* and nothing/,
    ));
});

describe("scripts-do-what-they-say, where cycles decide", () => {
  const tales = {
    IC0534: led(model, hoard({ reservedLimit: cycles(7n) })),
    IC0532: led(model, hoard({ balance: cycles(122n) })),
    IC0207: led(model, splurge),
  };

  test.each(Object.entries(tales))("accepts %s, and condemns that nothing traps", (error, tale) => {
    expect(judged(scriptsDoWhatTheySay, tale)).toBe("holds");
    expect(judged(scriptsDoWhatTheySay, edited(tale, "executed", 0, { trap: null }))).toMatch(new RegExp(`trap: null and "${error}"`));
  });
  test("condemns that something else is set aside", () =>
    expect(judged(scriptsDoWhatTheySay, edited(led(model, hoard()), "executed", 0, { reserved: 7n }))).toMatch(/reserved: 7 and 8/));
});

describe("calls-are-sent-as-paid, where the place of an answer costs something", () => {
  const sent = led(model, place(284n));
  const refused = led(model, place(283n));

  test("accepts a call that can just be kept, and one that cannot", () => {
    for (const tale of [sent, refused]) expect(judged(callsAreSentAsPaid, tale)).toBe("holds");
  });
  test("condemns that it is not looked at", () =>
    expect(judged(callsAreSentAsPaid, edited(refused, "executed", 0, { refusedCalls: [] }))).toMatch(/refusedCalls/));
  test("condemns another error", () =>
    expect(judged(callsAreSentAsPaid, edited(refused, "executed", 0, { refusedCalls: [{ callee: "b", error: "IC0207" }] }))).toMatch(
      /"IC0207" and "IC0535"/,
    ));
});
