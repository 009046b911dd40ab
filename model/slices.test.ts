/** Slices: a long execution takes as many rounds as it has slices, is all or nothing, and is paid for once. */
import { describe, expect, test } from "vitest";
import {
  canisterId,
  cycles,
  drive,
  hex,
  instructions,
  seconds,
  type CanisterGenesis,
  type Input,
  type Parameters,
  type Script,
  type Trace,
} from "../spec/index.ts";
import { createModel } from "./index.ts";
import { call, canister, eventsOfKind, ingress, balanced, literal, replyWith, round, rounds, working, world } from "./testing.ts";

/** A slice a round: 100 instructions, ten slices for the longest message. */
const sliced: Partial<Parameters> = {
  roundInstructionLimit: instructions(102),
  messageInstructionLimit: instructions(1_000),
  sliceInstructionLimit: instructions(100),
};

const run = (canisters: readonly CanisterGenesis[], inputs: readonly Input[], parameters: Partial<Parameters> = {}): Trace =>
  drive(createModel({ freeze: true }), { genesis: world(canisters, { ...sliced, ...parameters }), inputs }) as Trace;

const alone = (body: Script, inputs: readonly Input[]): Trace => run([canister("a", { go: body, nop: working(1) })], inputs);
const checkpointed: Input = round(1, 1n, { checkpoint: true });

describe("a long execution", () => {
  test("that passes the message limit by one is paused nine times and fails in the tenth round", () => {
    const trace = alone([{ op: "consume", instructions: instructions(1_001) }], [ingress("i", "a", "go"), ...rounds(10)]);
    expect(eventsOfKind(trace, "execution-paused").map(({ slices }) => slices)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9]);
    expect(trace.steps.at(-1)?.observation.events.find(({ kind }) => kind === "executed")).toMatchObject({
      trap: "IC0522",
      instructions: 1_000,
    });
    expect(balanced(trace)).toBe(true);
  });

  test("of exactly the message limit succeeds in ten rounds", () => {
    const trace = alone(working(1_000), [ingress("i", "a", "go"), ...rounds(10)]);
    expect(eventsOfKind(trace, "executed")).toMatchObject([{ trap: null, instructions: 1_000 }]);
    expect(eventsOfKind(trace, "execution-finished")).toMatchObject([{ slices: 10, since: 1 }]);
    expect(eventsOfKind(trace, "execution-paused")).toHaveLength(9);
  });

  test("of exactly a slice is never paused", () => {
    expect(eventsOfKind(alone(working(100), [ingress("i", "a", "go"), round()]), "execution-paused")).toEqual([]);
  });

  test("shows nothing of what it does before its last slice but that its prepayment is gone", () => {
    const body: Script = [{ op: "write", page: 0, value: literal("01") }, ...working(150)];
    const trace = alone(body, [ingress("i", "a", "go"), ...rounds(2)]);
    const [, first, second] = trace.steps;
    expect(first?.observation.events.map(({ kind }) => kind)).not.toContain("executed");
    expect(first?.observation.ledger.executions).toBe(eventsOfKind(trace, "execution-paused")[0]?.prepaid);
    expect(second?.observation.ledger.executions).toBe(0n);
    expect(eventsOfKind(trace, "executed")).toMatchObject([{ wrote: [[0, "01"]] }]);
  });

  test("sees the time at which its attempt began", () => {
    const body: Script = [...working(150), { op: "write", page: 0, value: { kind: "time" } }];
    const paused = alone(body, [ingress("i", "a", "go"), round(1, 5n), round(2, 7n)]);
    expect(eventsOfKind(paused, "executed")[0]?.wrote).toEqual([[0, "0000000000000005"]]);
    const retried = alone(body, [ingress("i", "a", "go"), round(1, 5n, { checkpoint: true }), round(2, 7n), round(3, 9n)]);
    expect(eventsOfKind(retried, "executed")[0]?.wrote).toEqual([[0, "000000000000000c"]]);
    expect(eventsOfKind(retried, "execution-resumed").map(({ afresh }) => afresh)).toEqual([true, false]);
  });

  test("leaves its canister nothing else to run until it is over, and nothing more in that round", () => {
    const trace = run(
      [canister("a", { go: working(150), nop: working(1) })],
      [ingress("i", "a", "go"), ingress("j", "a", "nop"), ...rounds(3)],
      { roundInstructionLimit: instructions(202) },
    );
    expect(eventsOfKind(trace, "executed").map(({ instructions: used }) => used)).toEqual([150, 1]);
    const finishing = trace.steps.findIndex(({ observation }) => observation.events.some(({ kind }) => kind === "execution-finished"));
    expect(trace.steps[finishing]?.observation.events.filter(({ kind }) => kind === "executed")).toHaveLength(1);
  });

  test("that is a callback keeps its reserve at the callback, and delivers its refund at the end", () => {
    const go = [call("b", "take", { attached: cycles(1_000n), onReply: working(150) })];
    const trace = run([canister("a", { go }), canister("b", { take: [replyWith(literal(""))] })], [ingress("i", "a", "go"), ...rounds(4)]);
    expect(eventsOfKind(trace, "execution-paused")).toMatchObject([{ canister: "a", prepaid: 0n, cause: { kind: "response" } }]);
    expect(trace.steps.some(({ observation }) => observation.ledger.executions === 1_000n)).toBe(true);
    expect(eventsOfKind(trace, "executed").at(-1)).toMatchObject({ refunded: 1_000n });
    expect(balanced(trace)).toBe(true);
  });
});

describe("an abort", () => {
  test("at a checkpoint makes the execution start again, and costs the canister nothing", () => {
    const through = alone(working(250), [ingress("i", "a", "go"), ...rounds(3)]);
    const aborted = alone(working(250), [ingress("i", "a", "go"), ...rounds(1), checkpointed, ...rounds(3)]);
    expect(eventsOfKind(aborted, "execution-aborted")).toMatchObject([{ slices: 2, instructions: 200 }]);
    expect(eventsOfKind(aborted, "execution-paused").map(({ slices }) => slices)).toEqual([1, 2, 1, 2]);
    expect(aborted.steps.at(-1)?.observation.ledger).toEqual(through.steps.at(-1)?.observation.ledger);
    expect(balanced(aborted)).toBe(true);
  });

  test("leaves as many paused as may stay so, and those that come first", () => {
    const three = ["a", "b", "c"].map((id) => canister(id, { go: working(250) }));
    const inputs = [...["a", "b", "c"].map((id) => ingress(`i-${id}`, id, "go")), round()];
    const trace = run(three, inputs, { cores: 3, maxPausedExecutions: 2 });
    expect(eventsOfKind(trace, "execution-paused")).toHaveLength(3);
    expect(eventsOfKind(trace, "execution-aborted").map(({ canister: id }) => id)).toEqual(["c"]);
  });
});

describe("the balance under a paused execution", () => {
  const messages = [ingress("i", "a", "go"), ...rounds(1), ingress("j", "a", "nop"), ...rounds(1)];

  test("pays for ingress when the execution is over", () => {
    const trace = alone(working(250), [...messages, ...rounds(2)]);
    const [, second] = eventsOfKind(trace, "ingress-inducted");
    const [paused, still] = eventsOfKind(trace, "execution-paused");
    expect(still?.balance).toBe(paused?.balance);
    expect(eventsOfKind(trace, "execution-finished")).toMatchObject([{ postponed: second?.fee }]);
    expect(balanced(trace)).toBe(true);
  });

  test("pays for ingress when the execution is aborted", () => {
    const trace = alone(working(350), [...messages, checkpointed]);
    expect(eventsOfKind(trace, "execution-aborted")[0]?.postponed).toBe(eventsOfKind(trace, "ingress-inducted")[1]?.fee);
    expect(balanced(trace)).toBe(true);
  });

  test("keeps what came meanwhile", () => {
    const body: Script = [...working(150), { op: "write", page: 0, value: { kind: "balance" } }];
    const trace = alone(body, [
      ingress("i", "a", "go"),
      ...rounds(1),
      { kind: "top-up", canister: canisterId("a"), cycles: cycles(77n) },
      ...rounds(1),
    ]);
    const [executed] = eventsOfKind(trace, "executed");
    const seen = cycles(BigInt(`0x${executed?.wrote[0]?.[1] ?? ""}`));
    expect(executed?.balance).toBe(cycles(seen + (executed?.prepaid ?? 0n) - (executed?.charged ?? 0n) + 77n));
    expect(seen).toBe(eventsOfKind(trace, "execution-paused")[0]?.balance);
  });

  test("makes an execution fail that leaves too little for the postponed fees", () => {
    const spend: Script = [...working(150), { op: "burn", cycles: cycles(10n ** 15n) }];
    const trace = run(
      [canister("a", { go: spend, nop: working(1) }, { freezingThreshold: seconds(0) })],
      [ingress("i", "a", "go"), ...rounds(1), ingress("j", "a", "nop", hex("00")), ...rounds(1)],
    );
    expect(eventsOfKind(trace, "executed")).toMatchObject([{ trap: "IC0207", burned: 0n }]);
    expect(balanced(trace)).toBe(true);
  });
});
