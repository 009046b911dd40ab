/** Canisters come and go: what is admitted, what is left behind, and that no cycles are lost on the way. */
import { describe, expect, test } from "vitest";
import { canisterId, drive, instructions, percent, type CanisterGenesis, type Input, type Parameters, type Trace } from "../spec/index.ts";
import { createModel } from "./index.ts";
import { call, canister, eventsOfKind, ingress, balanced, round, rounds, working, world } from "./testing.ts";

const run = (canisters: readonly CanisterGenesis[], inputs: readonly Input[], parameters: Partial<Parameters> = {}): Trace =>
  drive(createModel({ freeze: true }), { genesis: world(canisters, parameters), inputs }) as Trace;

const allocating = (id: string, allocation: number): Input => ({
  kind: "set-compute-allocation",
  canister: canisterId(id),
  computeAllocation: percent(allocation),
});
const creating = (given: CanisterGenesis): Input => ({ kind: "create-canister", canister: given });
const deleting = (id: string): Input => ({ kind: "delete-canister", canister: canisterId(id) });
const refusals = (trace: Trace) =>
  trace.steps.flatMap(({ observation }) =>
    observation.events.flatMap((event) => ("error" in event && event.kind.endsWith("refused") ? [event.error] : [])),
  );

describe("an allocation", () => {
  const idle = ["a", "b"].map((id) => canister(id, {}));

  test("is admitted below half the capacity of all cores but one", () => {
    const trace = run(idle, [allocating("a", 100), allocating("b", 50), allocating("b", 49)], {
      scheduler: "current",
      cores: 4,
      allocatable: 50,
    });
    expect(refusals(trace)).toEqual(["IC0101"]);
    expect(eventsOfKind(trace, "allocation-set").map(({ computeAllocation }) => computeAllocation)).toEqual([100, 49]);
  });

  test("can always be lowered, also where too much is allocated", () => {
    const full = idle.map((one) => ({ ...one, computeAllocation: percent(50) }));
    const trace = run(full, [allocating("a", 51), allocating("a", 50), allocating("a", 40)]);
    expect(refusals(trace)).toEqual(["IC0101"]);
  });

  test("of a canister with a paused execution stays, of one with an aborted execution may change", () => {
    const checkpoint: Input = round(2, 1n, { checkpoint: true });
    const slices: Partial<Parameters> = { roundInstructionLimit: instructions(12), sliceInstructionLimit: instructions(10) };
    const inputs = [
      ingress("i", "a", "go"),
      round(),
      allocating("a", 1),
      deleting("a"),
      checkpoint,
      allocating("a", 1),
      deleting("a"),
      ...rounds(4),
    ];
    const trace = run([canister("a", { go: working(40) })], inputs, slices);
    expect(refusals(trace)).toEqual(["CN0015", "IC0510", "IC0510"]);
    expect(balanced(trace)).toBe(true);
  });
});

describe("a canister", () => {
  test("that was created takes part at once, in a restart too", () => {
    const trace = run([], [creating(canister("a", { go: working(1) })), { kind: "restart" }, ingress("i", "a", "go"), round()]);
    expect(eventsOfKind(trace, "executed")).toHaveLength(1);
    expect(balanced(trace)).toBe(true);
  });

  test("is created once, and never again after it was deleted, restart or not", () => {
    const trace = run([canister("a", {})], [creating(canister("a", {})), deleting("a"), { kind: "restart" }, creating(canister("a", {}))]);
    expect(refusals(trace)).toEqual(["IC0205", "IC0205"]);
    expect(trace.steps.at(-1)?.observation.ledger).toMatchObject({ balances: 0n, burned: 1_000_000_000_000n });
  });

  test("is not deleted while it owes an answer or has something in its queues", () => {
    const trace = run(
      [canister("a", { go: [call("b", "go")] }), canister("b", { go: working(90) })],
      [ingress("i", "a", "go"), round(), deleting("a"), ...rounds(4), deleting("b")],
      { roundInstructionLimit: instructions(102) },
    );
    expect(refusals(trace)).toEqual(["IC0510"]);
    const queued = run([canister("b", { go: working(90) })], [ingress("i", "b", "go"), ingress("j", "b", "go"), round(), deleting("b")], {
      roundInstructionLimit: instructions(102),
    });
    expect(refusals(queued)).toEqual(["IC0203"]);
  });

  test("that is gone answers to nobody", () => {
    const trace = run(
      [canister("a", { go: [call("b", "go", { attached: 5n as never })] }), canister("b", {})],
      [ingress("i", "a", "go"), ingress("j", "b", "go"), deleting("b"), ...rounds(2)],
    );
    expect(eventsOfKind(trace, "request-bounced")).toMatchObject([{ error: "IC0301" }]);
    expect(eventsOfKind(trace, "ingress-answered")).toContainEqual(
      expect.objectContaining({ ingress: "j", result: { kind: "reject", code: 3, error: "IC0301" } }),
    );
    expect(balanced(trace)).toBe(true);
  });

  test("that goes while a request to it is in the loopback stream leaves nobody without an answer", () => {
    const asking = canister("a", { go: [call("b", "go", { attached: 5n as never }), ...working(90)] });
    const trace = run([asking, canister("b", {})], [ingress("i", "a", "go"), ...rounds(1), deleting("b"), ...rounds(4)], {
      roundInstructionLimit: instructions(102),
    });
    expect(eventsOfKind(trace, "message-refused")).toMatchObject([{ index: 0, error: "IC0301" }]);
    expect(eventsOfKind(trace, "response-inducted")).toMatchObject([{ caller: "a", callback: 0, result: "reject" }]);
    expect(eventsOfKind(trace, "context-removed")).toHaveLength(1);
    expect(balanced(trace)).toBe(true);
  });

  test("that leaves the others a core each also leaves them without an order by priority", () => {
    const three = ["a", "b", "c"].map((id) => canister(id, { go: working(10) }));
    const inputs = [...rounds(1), deleting("c"), ingress("i", "a", "go"), ingress("j", "b", "go"), ...rounds(1)];
    const turns = eventsOfKind(run(three, inputs, { cores: 2 }), "turn-began");
    expect(turns.map(({ canister: id, core }) => `${id}${core}`)).toEqual(["a0", "b1"]);
  });
});
