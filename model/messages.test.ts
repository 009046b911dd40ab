/** Queues, deadlines, tasks and the history of ingress messages, on hand-made worlds of one subnet. */
import { describe, expect, test } from "vitest";
import {
  bytes,
  canisterId,
  cycles,
  drive,
  instructions,
  nanoseconds,
  type Event,
  type Genesis,
  type Move,
  type Trace,
} from "../spec/index.ts";
import { createModel } from "./index.ts";
import { balanced, call, canister, eventsOf, ingress, literal, replyWith, round, world } from "./testing.ts";

const frozen = createModel({ freeze: true });
const run = (genesis: Genesis, inputs: readonly Move[]): Trace => {
  const trace = drive(frozen, { genesis, inputs }) as Trace;
  expect(balanced(trace)).toBe(true);
  return trace;
};
const kinds = (trace: Trace): readonly string[] => eventsOf(trace).map(({ kind }) => kind);
const find = <K extends Event["kind"]>(trace: Trace, kind: K): readonly (Event & { kind: K })[] =>
  eventsOf(trace).filter((event): event is Event & { kind: K } => event.kind === kind);
const nothing = [replyWith(literal(""))];
const second = 1_000_000_000n;

describe("queues", () => {
  test("serve canisters of the subnet and users in turns", () => {
    const busy = canister("a", {
      ask: Array.from({ length: 2 }, () => call("b", "work")),
    });
    const worker = canister("b", { work: nothing, user: nothing });
    const inputs = [ingress("i", "a", "ask"), ingress("u", "b", "user"), ingress("v", "b", "user"), round()];
    const trace = run(world([busy, worker], { roundInstructionLimit: instructions(108) }), [...inputs, round(2), round(3), round(4)]);
    const served = find(trace, "executed").filter(({ canister: id }) => id === "b");
    expect(served.map(({ cause }) => cause.kind === "update" && cause.origin.kind)).toEqual(["ingress", "canister", "ingress", "canister"]);
  });

  test("refuse a call whose slot is taken, and tell the canister so", () => {
    const asker = canister("a", { ask: [call("b", "work"), call("b", "work"), call("b", "work", { onRefused: nothing })] });
    const trace = run(world([asker, canister("b", { work: nothing })]), [ingress("i", "a", "ask"), round()]);
    expect(find(trace, "executed")[0]).toMatchObject({ refusedCalls: [{ callee: "b", error: "IC0201" }] });
  });

  test("refuse a guaranteed call when the memory for its response is used up, and let a best-effort one go", () => {
    const asker = canister("a", { ask: [call("b", "work"), call("b", "work", { timeout: nanoseconds(second) })] });
    const genesis = world([asker, canister("b", { work: nothing })], { guaranteedResponseMemory: bytes(31) });
    const trace = run(genesis, [ingress("i", "a", "ask"), round()]);
    expect(find(trace, "executed")[0]).toMatchObject({ refusedCalls: [{ error: "IC0507" }], calls: [{ deadline: second + 1n }] });
  });

  test("refuse a call beyond the callbacks of the subnet, unless the canister's own quota has room", () => {
    const asker = canister("a", { ask: [call("b", "work"), call("b", "work")] });
    const genesis = world([asker, canister("b", { work: nothing })], { callbackLimit: 0, callbackQuota: 1 });
    expect(find(run(genesis, [ingress("i", "a", "ask"), round()]), "executed")[0]).toMatchObject({ refusedCalls: [{ error: "IC0101" }] });
  });

  test("keep what the last iteration sent for the loopback stream", () => {
    const asker = canister("a", { ask: [{ op: "consume", instructions: instructions(90) }, call("b", "work")] });
    const genesis = world([asker, canister("b", { work: nothing })], { roundInstructionLimit: instructions(102) });
    const trace = run(genesis, [ingress("i", "a", "ask"), round(), round(2)]);
    const [first, next] = [trace.steps[1], trace.steps[2]].map((step) => step!.observation.events.map(({ kind }) => kind));
    expect(first).toContain("message-streamed");
    expect(next!.slice(0, 4)).toEqual(["round-began", "stream-collected", "request-inducted", "slice-taken"]);
  });
});

describe("deadlines", () => {
  const slow = (timeout: bigint, more = {}) =>
    canister("a", { ask: [call("b", "work", { timeout: nanoseconds(timeout), attached: cycles(1_000n), ...more }), ...nothing] });
  const wait = call("aaaaa-aa", "raw_rand", { onReply: nothing });

  test("answer a best-effort call in time, and drop the late response, whose cycles come back", () => {
    const genesis = world([slow(second), canister("b", { work: [wait] })], { tapeLag: 3 });
    const trace = run(genesis, [ingress("i", "a", "ask"), round(1), round(2, 2n * second), round(3), round(4), round(5)]);
    const expired = eventsOf(trace).findIndex(({ kind }) => kind === "callback-expired");
    const late = eventsOf(trace).findIndex(({ kind }) => kind === "response-late");
    expect(expired).toBeGreaterThan(0);
    expect(late).toBeGreaterThan(expired);
    expect(find(trace, "response-late")).toMatchObject([{ caller: "a", refund: 1_000n }]);
    expect(find(trace, "executed").filter(({ cause }) => cause.kind === "response" && cause.result === "reject")).toHaveLength(1);
  });

  test("drop a best-effort request that its callee did not begin in time", () => {
    const busy = canister("b", { work: nothing, spin: [{ op: "consume", instructions: instructions(100) }] });
    const genesis = world([slow(1n), busy], { roundInstructionLimit: instructions(102), cores: 1, droppedCycles: "lost" });
    const trace = run(genesis, [ingress("i", "a", "ask"), round(1), ingress("j", "b", "spin"), round(2), round(3, second), round(4)]);
    const dropped = find(trace, "message-dropped").length + find(trace, "response-late").length;
    expect(dropped).toBeGreaterThan(0);
  });

  test("shed the largest best-effort message first, and answer who waits for it", () => {
    const asker = canister("a", {
      ask: [
        call("b", "work", { timeout: nanoseconds(second), payload: literal("00".repeat(20)) }),
        call("b", "work", { timeout: nanoseconds(second), payload: literal("00".repeat(10)) }),
      ],
    });
    const genesis = world([asker, canister("b", { work: nothing })], {
      bestEffortMemory: bytes(5),
      roundInstructionLimit: instructions(102),
      streamCapacity: 1,
    });
    const trace = run(genesis, [ingress("i", "a", "ask"), round(1), ingress("j", "a", "ask"), round(2), round(3)]);
    expect(find(trace, "message-dropped").some(({ reason }) => reason === "shed")).toBe(true);
  });
});

describe("tasks", () => {
  test("take turns with messages: timer, heartbeat, messages", () => {
    const alive = canister("a", { go: nothing }, { onHeartbeat: [], onTimer: [{ op: "set-timer", after: nanoseconds(0n) }] });
    const set = canister(
      "a",
      { go: [{ op: "set-timer", after: nanoseconds(0n) }, ...nothing] },
      { onHeartbeat: [], onTimer: alive.onTimer },
    );
    const rounds = [1, 2, 3, 4, 5, 6].flatMap((k): Move[] => [ingress(`i${k}`, "a", "go"), round(k)]);
    const turns = find(run(world([set]), rounds), "tasks-chosen").map(({ turn }) => turn);
    expect(turns).toEqual(["heartbeat", "message", "timer", "heartbeat", "message", "timer"]);
  });

  test("run the hook once, before anything else, when memory becomes scarce", () => {
    const write = (page: number) => ({ op: "write", page, value: literal("01") }) as const;
    const full = canister(
      "a",
      { go: [write(0), write(1), ...nothing], more: [write(0), write(1), write(2), ...nothing] },
      {
        lowMemory: { limit: 2, threshold: 1, hook: [{ op: "consume", instructions: instructions(7) }] },
      },
    );
    const trace = run(world([full]), [ingress("i", "a", "go"), ingress("j", "a", "go"), ingress("k", "a", "more"), round()]);
    expect(find(trace, "executed").map(({ cause, trap }) => [cause.kind, trap])).toEqual([
      ["update", null],
      ["low-memory", null],
      ["update", null],
      ["update", "IC0539"],
    ]);
  });
});

describe("ingress messages", () => {
  const choosy = canister(
    "a",
    { go: nothing },
    { inspect: [{ op: "when-odd", value: { kind: "message" }, then: [{ op: "accept-message" }], otherwise: [] }] },
  );

  test("are inspected free of charge", () => {
    const trace = run(world([choosy]), [ingress("i", "a", "go", "00"), ingress("j", "a", "go", "01")]);
    expect(eventsOf(trace)).toMatchObject([{ kind: "ingress-refused", error: "IC0406" }, { kind: "ingress-received" }]);
    expect(trace.steps[0]!.observation.ledger.balances).toBe(choosy.balance);
  });

  test("expire, are forgotten, and leave the history", () => {
    const late = { ...ingress("i", "a", "go"), expiry: nanoseconds(5n) } as Move;
    const plain = canister("a", { go: [replyWith(literal("0102"))] });
    const genesis = world([plain], { historyMemory: bytes(1), historyLifetime: nanoseconds(10n), ingressLifetime: nanoseconds(10n) });
    const trace = run(genesis, [late, ingress("j", "a", "go"), round(1, 6n), round(2, 11n), ingress("i", "a", "go")]);
    expect(kinds(trace)).toEqual(expect.arrayContaining(["ingress-expired", "ingress-forgotten", "ingress-pruned"]));
    expect(kinds(trace).at(-1)).toBe("ingress-received");
  });

  test("are refused at the door when they come too late or too early", () => {
    const genesis = { ...world([canister("a", { go: nothing })], { ingressLifetime: nanoseconds(10n) }), time: nanoseconds(100n) };
    const at = (expiry: bigint): Move => ({ ...ingress(`i${expiry}`, "a", "go"), expiry: nanoseconds(expiry) }) as Move;
    expect(eventsOf(run(genesis, [at(99n), at(100n), at(110n), at(111n)]))).toMatchObject([
      { error: "CN0010" },
      { kind: "ingress-received" },
      { kind: "ingress-received" },
      { error: "CN0011" },
    ]);
  });
});

describe("an uninstalled canister", () => {
  test("rejects what it owes, runs nothing, and gets back what was set aside", () => {
    const waiting = canister("a", { go: [call("aaaaa-aa", "raw_rand", { onReply: nothing })] });
    const trace = run(world([waiting]), [
      ingress("i", "a", "go"),
      round(1),
      { kind: "uninstall", canister: canisterId("a") },
      ingress("j", "a", "go"),
      round(2),
      round(3),
    ]);
    expect(find(trace, "ingress-answered")).toMatchObject([{ ingress: "i", result: { error: "IC0406" } }]);
    expect(find(trace, "ingress-refused")).toMatchObject([{ ingress: "j", error: "IC0537" }]);
    expect(kinds(trace)).toEqual(expect.arrayContaining(["uninstalled", "context-deleted", "response-discarded", "context-removed"]));
    expect(trace.steps.at(-1)!.observation.ledger.callbacks).toBe(0n);
  });
});
