/** No room for best-effort messages: which one goes, what its caller learns, and what becomes of its cycles. */
import { describe, expect, test } from "vitest";
import { bytes, canisterId, cycles, hex, instructions, nanoseconds, subnetId, type Event, type Slice } from "../spec/index.ts";
import { boot } from "./engine.ts";
import { accept, call, ingress, networked, only, reply, round, roundWith, smallWorld, write, message } from "./small-world.ts";

const tight = { cores: 1, roundInstructionLimit: instructions(1010), bestEffortMemory: bytes(9), queueCapacity: 5 };

/** Requests of x and y, each with so many bytes, one cycle a byte, to b. */
const requests = (...sizes: readonly (readonly [caller: string, size: number])[]): Slice => ({
  from: subnetId("s1"),
  begin: 0,
  signals: 0,
  messages: sizes.map(([caller, size], callback) => ({
    kind: "request",
    caller: canisterId(caller),
    callback,
    callee: canisterId("b"),
    method: "go",
    payload: hex("aa".repeat(size)),
    attached: cycles(BigInt(size)),
    deadline: nanoseconds(2000n),
  })),
});
const routes = { x: "s1", y: "s1" };

const shedIn = (events: readonly Event[]) => only(events, "message-dropped").map(({ caller, callback }) => `${caller}${callback}`);

describe("at the end of a round", () => {
  const world = (limits: Parameters<typeof smallWorld>[1] = {}) =>
    networked(smallWorld({ b: { go: [] } }, { ...tight, ...limits }), "s0", routes);
  const shed = (slice: Slice, restarted = false) => {
    const session = boot(world({ droppedCycles: "lost" }));
    session.apply(ingress("i", "b")); // it is the first to run, and nothing else of the round
    const { events, ledger } = session.apply(roundWith([slice]));
    if (restarted) session.apply({ kind: "restart" });
    return { dropped: shedIn(events), lost: ledger.lost, last: shedIn(session.apply(round()).events) };
  };

  test("the largest go, until there is room for the rest", () => {
    expect(shed(requests(["x", 3], ["x", 7], ["x", 4], ["y", 9]))).toMatchObject({ dropped: ["y3", "x1"], lost: 16n });
    expect(shed(requests(["x", 3], ["x", 6]))).toMatchObject({ dropped: [] });
  });

  test("of equal ones the first by peer and place goes", () => {
    expect(shed(requests(["y", 5], ["x", 5], ["x", 5]))).toMatchObject({ dropped: ["x1", "x2"], last: [] });
    expect(shed(requests(["y", 5], ["x", 5], ["x", 5]), true)).toMatchObject({ dropped: ["x1", "x2"], last: [] });
  });

  test("the slot of a request that is shed is free again", () => {
    const session = boot(world({ queueCapacity: 1 }));
    session.apply(ingress("i", "b"));
    session.apply(ingress("j", "b"));
    session.apply(roundWith([requests(["x", 20])]));
    const { events } = session.apply(roundWith([{ ...requests(["x", 1]), begin: 1 }]));
    expect(only(events, "request-inducted")).toHaveLength(1);
  });
});

describe("what is shed", () => {
  const patient = (callee: string, size: number, attached = 0n) =>
    call(callee, { timeout: 9n, payload: "bb".repeat(size), attached, onReject: [write(0, message)], onReply: [write(1, "01")] });

  test("from the queue of a caller comes back with all its cycles", () => {
    const go = [call("x"), patient("x", 20, 40n)];
    const session = boot(networked(smallWorld({ a: { go } }, { ...tight, streamCapacity: 1 }), "s0", routes));
    session.apply(ingress("i", "a"));
    const { events, ledger } = session.apply(round());
    expect(events.slice(-3)).toEqual([
      { kind: "message-dropped", reason: "shed", message: "request", canister: "a", queue: "output", caller: "a", callback: 1 },
      { kind: "request-bounced", caller: "a", callback: 1, error: "CN0211" },
      { kind: "round-ended", height: 1, iterations: 1, instructions: 12 },
    ]);
    expect(ledger.messages).toBe(40n);
    expect(only(session.apply(round()).events, "executed")).toMatchObject([{ refunded: 40n, wrote: [[0, "02"]] }]);
  });

  test("from the input queue of a caller is replaced by a reject in its place, and its cycles are dropped", () => {
    // Two responses reach a at once; a executes a third message meanwhile.
    const go = [patient("b", 0, 30n), patient("b", 0, 30n)];
    const world = { a: { go, methods: { more: [] } }, b: { go: [accept(10n), reply("cc".repeat(20))] } };
    const session = boot(smallWorld(world, { ...tight, cores: 2, bestEffortMemory: bytes(0), droppedCycles: "returned" }));
    session.apply(ingress("i", "a"));
    for (let number = 0; number < 3; number++) session.apply(round(0n));
    session.apply(ingress("j", "a", "more"));
    const before = session.view().canisters[0]!.balance;
    const { events, ledger } = session.apply(round(0n));
    expect(only(events, "message-dropped")).toEqual([
      { kind: "message-dropped", reason: "shed", message: "response", canister: "a", queue: "input", caller: "a", callback: 1 },
    ]);
    expect(only(events, "cycles-dropped")).toEqual([{ kind: "cycles-dropped", owner: "a", cycles: 20n, fate: "returned" }]);
    expect(ledger.messages).toBe(0n);
    expect(session.view().canisters[0]!.balance).toBe(before - 50n - 100n + 20n); // the reception of j, its execution
    session.apply({ kind: "restart" });
    const next = session.apply(round(0n)).events;
    expect(only(next, "executed")).toMatchObject([
      { cause: { callback: 1, result: "reject" }, refunded: 0n, transmissionFee: 0n, wrote: [[0, "06"]] },
    ]);
  });

  test("from the queue of a respondent is gone, and the refund goes to the subnet of the caller", () => {
    const go = [accept(1n), reply("dd".repeat(20))];
    const limits = { ...tight, bestEffortMemory: bytes(10), streamCapacity: 1 };
    const session = boot(networked(smallWorld({ b: { go } }, limits), "s0", routes));
    session.apply(roundWith([requests(["x", 2], ["x", 3])]));
    const { events } = session.apply(round());
    expect(events.slice(-4, -1)).toEqual([
      { kind: "message-dropped", reason: "shed", message: "response", canister: "b", queue: "output", caller: "x", callback: 1 },
      { kind: "cycles-dropped", owner: "x", cycles: 2n, fate: "streamed" },
      { kind: "message-streamed", to: "s1", index: 1, message: { kind: "refund", canister: "x", cycles: 2n } },
    ]);
  });
});
