/** The heap delta: the gate of a round, and canisters that changed too much. And the counter that a round begins with. */
import { describe, expect, test } from "vitest";
import {
  bytes,
  currentParameters,
  drive,
  height,
  instructions,
  type CanisterGenesis,
  type Input,
  type Parameters,
  type Script,
  type Trace,
} from "../spec/index.ts";
import { createModel } from "./index.ts";
import { heapLimitOf } from "./rules/limits.ts";
import { canister, eventsOfKind, ingress, literal, round, rounds, working, world } from "./testing.ts";

const run = (canisters: readonly CanisterGenesis[], inputs: readonly Input[], parameters: Partial<Parameters>): Trace =>
  drive(createModel({ freeze: true }), { genesis: world(canisters, { maxPages: 16, ...parameters }), inputs }) as Trace;

const pages = (count: number): Script => Array.from({ length: count }, (_, page) => ({ op: "write" as const, page, value: literal("01") }));
const writer = (id: string, count: number) => canister(id, { go: pages(count), nop: working(1) });

describe("the gate of a round", () => {
  const summary = { nextCheckpoint: height(10), length: 9 };
  const limits: Partial<Parameters> = { heapDeltaCapacity: bytes(320), heapDeltaReserve: bytes(0) };

  test("opens wider with each round, so a burst of two pages skips one", () => {
    const trace = run(
      [writer("a", 2)],
      [ingress("i", "a", "go"), ...rounds(1, { summary }), ingress("j", "a", "nop"), ...rounds(2, { summary })],
      limits,
    );
    expect(eventsOfKind(trace, "round-skipped")).toMatchObject([{ height: 2, heapDelta: 64, limit: 64 }]);
    expect(eventsOfKind(trace, "executed")).toHaveLength(2);
    expect(trace.steps.at(-2)?.observation.events.map(({ kind }) => kind)).toEqual([
      "round-began",
      "round-skipped",
      "ingress-inducted",
      "round-ended",
    ]);
  });

  test("opens again after a checkpoint, also in a round that was skipped", () => {
    const full = { ...limits, heapDeltaCapacity: bytes(64) };
    const inputs = [ingress("i", "a", "go"), round(), round(2, 1n, { checkpoint: true }), ingress("j", "a", "nop"), round(3)];
    const trace = run([writer("a", 2)], inputs, full);
    expect(eventsOfKind(trace, "round-skipped").map(({ height: at }) => at)).toEqual([2]);
    expect(eventsOfKind(trace, "executed")).toHaveLength(2);
  });

  test("grows from the reserve after a checkpoint to the capacity at the next", () => {
    const at = (now: number) =>
      heapLimitOf({ parameters: currentParameters, height: height(now) }, { nextCheckpoint: height(500), length: 499 });
    expect(at(0)).toBe(32 * 2 ** 30);
    expect(at(500)).toBe(140 * 2 ** 30);
    expect(Math.round((at(251) - at(250)) / 2 ** 20)).toBe(221);
    expect(heapLimitOf({ parameters: currentParameters, height: height(1) })).toBe(140 * 2 ** 30);
  });
});

describe("a canister that changed too much", () => {
  const limit: Partial<Parameters> = { heapDeltaRateLimit: bytes(64) };
  const suspendedFor = (count: number): number => {
    const inputs = [ingress("i", "a", "go"), round(), ingress("j", "a", "nop"), ...rounds(8)];
    return eventsOfKind(run([writer("a", count)], inputs, limit), "canister-suspended").filter(({ iteration }) => iteration === 1).length;
  };

  test("is suspended for one round less than its burst has limits", () => {
    for (const count of [1, 2, 3, 4, 5, 6, 9, 10]) expect(suspendedFor(count)).toBe(Math.max(0, Math.floor((count * 32) / 64) - 1));
  });

  test("runs its whole turn, and nothing in the next iteration", () => {
    const trace = run([writer("a", 4)], [ingress("i", "a", "go"), ingress("j", "a", "nop"), round()], limit);
    expect(eventsOfKind(trace, "executed")).toHaveLength(2);
    expect(eventsOfKind(trace, "canister-suspended")).toMatchObject([{ iteration: 2, heapDebit: 128 }]);
  });

  test("ends the turns of its core, and the round", () => {
    const trace = run([writer("a", 2), writer("b", 1)], [ingress("i", "a", "go"), ingress("j", "b", "nop"), ...rounds(2)], {
      heapDeltaIterationLimit: bytes(64),
    });
    expect(eventsOfKind(trace, "turn-began").map(({ canister: id }) => id)).toEqual(["a", "b"]);
    expect(eventsOfKind(trace, "round-ended").map(({ iterations }) => iterations)).toEqual([1, 1]);
  });
});

describe("the counter", () => {
  const messagesOf = (slice: number, parameters: Partial<Parameters> = {}): number => {
    const inputs = [...Array.from({ length: 20 }, (_, k) => ingress(`i-${k}`, "a", "go")), round()];
    return eventsOfKind(
      run([canister("a", { go: working(99) })], inputs, {
        sliceInstructionLimit: instructions(slice),
        messageInstructionLimit: instructions(500),
        messageOverhead: instructions(1),
        ...parameters,
      }),
      "executed",
    ).length;
  };

  test("leaves room for one slice and the overhead of its message, whatever the message limit is", () => {
    expect([messagesOf(100), messagesOf(499), messagesOf(5_000)]).toEqual([9, 6, 5]);
  });

  test("is used by every canister that worked, and by every canister of the subnet after an iteration", () => {
    const two = ["a", "b"].map((id) => canister(id, { go: working(9) }));
    const counted = (parameters: Partial<Parameters>) => {
      const trace = run(two, [ingress("i", "a", "go"), ingress("j", "b", "go"), round()], {
        messageOverhead: instructions(1),
        ...parameters,
      });
      return eventsOfKind(trace, "round-ended")[0]?.instructions;
    };
    expect(counted({})).toBe(20);
    expect(counted({ canisterOverhead: instructions(5) })).toBe(30);
    expect(counted({ finalisationOverhead: instructions(5) })).toBe(20);
  });
});
