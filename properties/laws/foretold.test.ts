/** The laws of what can be foretold, shown what they accept, what they pass over and what they must condemn. */
import { describe, expect, test } from "vitest";
import { bytes, cycles, hex, nanoseconds, type Instruction, type Trace } from "../../spec/index.ts";
import { judged } from "../testing/judging.ts";
import { callTo, canister, edited, network, rejected, replied, reply, setIn, without, world } from "../testing/stories.ts";
import { alarm, crowd, fall, greeting, payment, quiet } from "../testing/tales.ts";
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
  test("condemns a script that answers twice", () =>
    expect(said("2a", names({ kind: "message" }), { op: "reject" })).toMatch(/gives 2 answers in a context that owes one/));
  test("condemns an answer where none is owed", () => {
    const again = setIn(crowd, world([canister("a", { m0: [callTo({ onReply: [reply()] }), reply()] }), canister("b", { m1: [reply()] })]));
    expect(judged(repliesSayWhatTheyName, again)).toMatch(/gives 1 answers in a context that owes none/);
  });
});

describe("scripts-do-what-they-say", () => {
  const did = (change: Readonly<Record<string, unknown>>, ...script: readonly Instruction[]): string =>
    judged(scriptsDoWhatTheySay, edited(greetingTo(...script, reply()), "executed", 0, change));
  test("accepts a greeting", () => expect(judged(scriptsDoWhatTheySay, greeting)).toBe("holds"));
  test("accepts a timer that is set", () => expect(judged(scriptsDoWhatTheySay, alarm)).toBe("holds"));
  test("passes over scripts that only trap", () => expect(judged(scriptsDoWhatTheySay, fall)).toBe("vacuous"));
  test("condemns a page that is not written", () =>
    expect(judged(scriptsDoWhatTheySay, edited(greeting, "executed", 0, { wrote: [] }))).toBe(
      'a wrote "2a" to page 0, which then holds nothing',
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
    ).toMatch(/changed page 1, which its script does not write/));
  test("condemns a timer that is not set", () =>
    expect(did({ wrote: [] }, { op: "set-timer", after: nanoseconds(5n) })).toBe("the timer of a is none after a script that makes it 6"));
  test("condemns a timer that nobody sets", () =>
    expect(judged(scriptsDoWhatTheySay, edited(greeting, "executed", 0, { timer: 9n }))).toMatch(
      /timer of a is 9 after a script that makes it none/,
    ));
  test("condemns another number of instructions", () =>
    expect(judged(scriptsDoWhatTheySay, edited(greeting, "executed", 0, { instructions: 3 }))).toBe(
      "a used 3 instructions for a script of 2",
    ));
  test("condemns an acceptance of less than was asked for", () =>
    expect(judged(scriptsDoWhatTheySay, edited(payment, "executed", 1, { accepted: 39n }))).toBe("b accepted 39: it asked for 40 of 100"));
  test("condemns a burning of more than lies above the threshold", () =>
    expect(did({ wrote: [], burned: 885n }, { op: "burn", cycles: cycles(2_000n) })).toBe(
      "a burned 885: it asked for 2000, with 884 above its threshold",
    ));
});

describe("calls-are-sent-as-paid", () => {
  const caller = (attached: bigint, payload = "") =>
    world([
      canister("a", { m0: [callTo({ attached: cycles(attached), payload: { kind: "bytes", bytes: hex(payload) } })] }),
      canister("b", { m1: [reply()] }),
    ]);
  const notSent = edited(payment, "executed", 0, { calls: [] });
  test("accepts a call that is paid", () => expect(judged(callsAreSentAsPaid, payment)).toBe("holds"));
  test("accepts a trap for cycles that are not there", () =>
    expect(judged(callsAreSentAsPaid, setIn(edited(payment, "executed", 0, { calls: [], trap: "IC0520" }), caller(886n)))).toBe("holds"));
  test("passes over a greeting, which calls nobody", () => expect(judged(callsAreSentAsPaid, greeting)).toBe("vacuous"));
  test("condemns a call that is not sent", () =>
    expect(judged(callsAreSentAsPaid, notSent)).toBe(
      "a, with 885 above its threshold, called m1 of b with 0 bytes and 100 cycles (0 of 2 slots taken, 249 to pay), but the call was not sent",
    ));
  test("condemns a call whose fees are not there", () =>
    expect(
      judged(
        callsAreSentAsPaid,
        setIn(
          edited(payment, "executed", 0, {
            calls: [
              {
                ...payment.steps[1]?.observation.events.flatMap((event) => (event.kind === "executed" ? event.calls : []))[0],
                attached: 800n,
              },
            ],
          }),
          caller(800n),
        ),
      ),
    ).toMatch(/949 to pay\), and the call was sent/));
  test("condemns a call without a slot", () =>
    expect(
      judged(callsAreSentAsPaid, setIn(payment, { ...payment.scenario.genesis, parameters: { ...network, queueCapacity: 0 } })),
    ).toMatch(/0 of 0 slots taken, 249 to pay\), and the call was sent/));
  test("condemns attached cycles that are not there", () =>
    expect(judged(callsAreSentAsPaid, setIn(notSent, caller(886n)))).toMatch(/expected a trap with IC0520, got none/));
  test("condemns a payload that is too large", () =>
    expect(judged(callsAreSentAsPaid, setIn(notSent, { ...caller(0n, "0000"), parameters: { ...network, maxPayload: bytes(1) } }))).toMatch(
      /expected a trap with IC0504/,
    ));
  test("condemns a trap for cycles that are there", () =>
    expect(judged(callsAreSentAsPaid, edited(payment, "executed", 0, { calls: [], trap: "IC0520" }))).toMatch(/and trapped with IC0520/));
});
