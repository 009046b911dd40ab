/** The reference state machine on hand-made worlds, frozen, so that a write outside an effect throws. */
import { describe, expect, test } from "vitest";
import { cycles, hex, nanoseconds, percent, type Event, type Executed, type Input, type Trace } from "../spec/index.ts";
import { balanced, call, canister, frozen, ingress, run, literal, replyWith, round, world } from "./testing.ts";

const events = (trace: Trace): readonly Event[] => trace.steps.flatMap(({ observation }) => observation.events);
const executions = (trace: Trace): readonly Executed[] => events(trace).filter((event) => event.kind === "executed");
const answerOf = (trace: Trace, id: string): unknown =>
  events(trace).find((event) => event.kind === "ingress-answered" && event.ingress === id);

const replying = (payload: string) => [replyWith(literal(payload))];

describe("the reference state machine", () => {
  test("answers an ingress message in the round that inducts it", () => {
    const trace = run(world([canister("a", { go: replying("2a") })]), [ingress("i", "a", "go"), round()]);
    expect(answerOf(trace, "i")).toMatchObject({ result: { kind: "reply", payload: "2a" } });
    expect(balanced(trace)).toBe(true);
  });

  test("refunds what a callee did not accept, and keeps what it accepted when the caller's callback traps", () => {
    const genesis = world([
      canister("a", {
        go: [call("b", "take", { attached: cycles(1_000n), onReply: [{ op: "write", page: 0, value: literal("01") }, { op: "trap" }] })],
      }),
      canister("b", { take: [{ op: "accept", cycles: cycles(300n) }, ...replying("")] }),
    ]);
    const trace = run(genesis, [ingress("i", "a", "go"), round()]);
    const [, callee, callback] = executions(trace);
    expect(callee).toMatchObject({ canister: "b", accepted: 300n });
    expect(callback).toMatchObject({ cause: { kind: "response", result: "reply" }, trap: "IC0503", refunded: 700n, wrote: [] });
    expect(answerOf(trace, "i")).toMatchObject({ result: { kind: "reject", code: 5, error: "IC0503" } });
    expect(balanced(trace)).toBe(true);
  });

  test("runs a cleanup on the memory from before the callback, and keeps what it writes", () => {
    const go = call("a", "none", {
      onReject: [{ op: "write", page: 0, value: literal("bad0") }, { op: "trap" }],
      onCleanup: [{ op: "write", page: 1, value: { kind: "page", page: 0 } }],
    });
    const trace = run(world([canister("a", { go: [{ op: "write", page: 0, value: literal("900d") }, go] })]), [
      ingress("i", "a", "go"),
      round(),
    ]);
    expect(executions(trace).at(-1)).toMatchObject({ trap: "IC0503", cleanup: "completed", wrote: [[1, "900d"]] });
  });

  test("forfeits the whole prepayment of a message that passes its limit", () => {
    const trace = run(world([canister("a", { go: [{ op: "consume", instructions: 101 as never }] })]), [ingress("i", "a", "go"), round()]);
    const [execution] = executions(trace);
    expect(execution).toMatchObject({ trap: "IC0522", instructions: 100 });
    expect(execution?.charged).toBe(execution?.prepaid);
  });

  test("refuses a call without a slot in place, and lets the script go on", () => {
    const again = call("b", "x", { onRefused: [{ op: "write", page: 0, value: literal("02") }] });
    const trace = run(world([canister("a", { go: [again, again, again, ...replying("")] }), canister("b", { x: replying("") })]), [
      ingress("i", "a", "go"),
      round(),
    ]);
    expect(executions(trace)[0]).toMatchObject({ trap: null, wrote: [[0, "02"]] });
    expect(executions(trace)[0]?.calls).toHaveLength(2);
  });

  test("answers a request for randomness with the tape of a later round", () => {
    const genesis = world([canister("a", { go: [call("aaaaa-aa", "raw_rand", { onReply: [replyWith({ kind: "message" })] })] })], {
      tapeLag: 2,
    });
    const trace = run(genesis, [ingress("i", "a", "go"), round(1), round(2), round(3)]);
    expect(trace.steps.flatMap(({ observation }) => observation.draws)).toMatchObject([{ asked: 1, tape: 3, index: 0 }]);
    const other = run(genesis, [ingress("i", "a", "go"), round(1), round(2), round(4)]);
    expect(answerOf(other, "i")).not.toEqual(answerOf(trace, "i"));
  });

  test("fires a timer once, when its time has come", () => {
    const genesis = world([
      canister(
        "a",
        { go: [{ op: "set-timer", after: nanoseconds(5n) }, ...replying("")] },
        { onTimer: [{ op: "write", page: 0, value: { kind: "time" } }] },
      ),
    ]);
    const trace = run(genesis, [ingress("i", "a", "go"), round(1, 1n), round(2, 4n), round(3, 1n), round(4, 9n)]);
    const fired = executions(trace).filter(({ cause }) => cause.kind === "timer");
    expect(fired).toMatchObject([{ wrote: [[0, "0000000000000006"]], timer: null }]);
  });

  test("gives each of three equal canisters on two cores two full rounds in three", () => {
    const inputs = ["a", "b", "c"].flatMap((id) => Array.from({ length: 6 }, (_, k) => ingress(`${id}${k}`, id, "go")));
    const busy = { go: [{ op: "consume", instructions: 100 as never } as const] };
    const genesis = world([canister("c", busy), canister("a", busy), canister("b", busy)], {
      cores: 2,
      roundInstructionLimit: 102 as never,
    });
    const turns = run(genesis, [...inputs, round(1), round(2), round(3)])
      .steps.slice(-3)
      .map(({ observation }) => observation.events.flatMap((event) => (event.kind === "turn-began" ? [event.canister] : [])));
    expect(turns).toEqual([
      ["a", "b"],
      ["c", "a"],
      ["b", "c"],
    ]);
  });

  test("lets nobody see a restart, the order of the genesis, or the order of the cores", () => {
    const rich = {
      go: [call("b", "x", { attached: cycles(7n), onReply: [{ op: "set-timer" as const, after: nanoseconds(1n) }, ...replying("01")] })],
    };
    const canisters = [
      canister("a", rich, { computeAllocation: percent(30) }),
      canister("b", { x: [call("aaaaa-aa", "raw_rand", { onReply: replying("") })] }),
      canister("c", rich),
    ];
    const inputs = [ingress("i", "a", "go"), ingress("j", "c", "go"), round(1), round(2), round(3)];
    const seen = run(world(canisters, { cores: 2 }), inputs).steps.map(({ observation }) => observation);
    const restarted = run(
      world(canisters, { cores: 2 }),
      inputs.flatMap((input): Input[] => [input, { kind: "restart" }]),
    );
    expect(restarted.steps.filter(({ input }) => input.kind !== "restart").map(({ observation }) => observation)).toEqual(seen);
    expect(run(world([...canisters].reverse(), { cores: 2 }), inputs).steps.map(({ observation }) => observation)).toEqual(seen);
    const permuted = inputs.map((input): Input => (input.kind === "round" ? { ...input, coreOrder: [1, 0] } : input));
    expect(run(world(canisters, { cores: 2 }), permuted).steps.map(({ observation }) => observation)).toEqual(seen);
  });

  test("refuses at the door with the first condition that is false", () => {
    const inputs = [
      ingress("i", "a", "go"),
      ingress("i", "a", "go"),
      ingress("j", "x", "go"),
      ingress("k", "p", "go"),
      ingress("l", "a", "go", hex("00".repeat(33))),
    ];
    const trace = run(world([canister("a", {}), canister("p", {}, { balance: cycles(1n) })]), inputs);
    expect(events(trace).map((event) => (event.kind === "ingress-refused" ? event.error : event.kind))).toEqual([
      "ingress-received",
      "CN0001",
      "IC0301",
      "IC0207",
      "CN0002",
    ]);
  });

  test("will not boot from a genesis that has faults", () => {
    expect(() => frozen.boot(world([canister("a", {}), canister("a", {})]))).toThrow("canisters[].id: expected each id once");
  });
});
