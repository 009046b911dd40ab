/** Limits of what is written: the worked examples of the sources, in pages of 1024 bytes. */
import { describe, expect, test } from "vitest";
import { bytes, canisterId, height, instructions, type Input, type Parameters } from "../spec/index.ts";
import { boot } from "./engine.ts";
import { heapLimit } from "./limits.ts";
import { call, consume, ingress, only, reply, round, smallParameters, smallWorld, write, type SmallCanister } from "./small-world.ts";

const page = 1024;
const plain = round() as Extract<Input, { kind: "round" }>;
const led = (canisters: Readonly<Record<string, SmallCanister>>, said: Partial<Parameters>) => boot(smallWorld(canisters, said));
const writing = (...pages: readonly number[]) => [...pages.map((number) => write(number, { kind: "message" })), reply()];

describe("the heap delta of the subnet", () => {
  // facts/scheduler.md SCH-4.1: ten pages in ten rounds, nothing kept in reserve.
  test("skips the round after one that wrote two pages, and lets the third one run", () => {
    const session = led({ a: { go: writing(0, 1) } }, { heapDeltaCapacity: bytes(10 * page), heapDeltaReserve: bytes(0) });
    const summary = { nextCheckpoint: height(10), length: 9 };
    const next = (id: string) => (session.apply(ingress(id, "a")), session.apply({ ...plain, summary }).events);
    expect(only(next("i"), "executed")).toHaveLength(1);
    const skipped = next("j");
    expect(skipped.slice(1)).toMatchObject([
      { kind: "round-skipped", height: 2, heapDelta: 2 * page, limit: 2 * page },
      { kind: "ingress-inducted", ingress: "j" },
      { kind: "round-ended", iterations: 0, instructions: 0 },
    ]);
    expect(only(next("k"), "executed")).toHaveLength(2);
  });

  test("is none after a checkpoint, also in a round that was skipped", () => {
    const session = led({ a: { go: writing(0, 1) } }, { heapDeltaCapacity: bytes(page), heapDeltaReserve: bytes(page) });
    session.apply(ingress("i", "a"));
    session.apply(round());
    expect(only(session.apply({ ...plain, checkpoint: true }).events, "round-skipped")).toHaveLength(1);
    expect(session.view().heapDelta).toBe(0);
    expect(only(session.apply(round()).events, "round-skipped")).toEqual([]);
  });

  test("has a limit that grows evenly between two checkpoints", () => {
    const parameters = { ...smallParameters, heapDeltaCapacity: bytes(140 * 2 ** 30), heapDeltaReserve: bytes(32 * 2 ** 30) };
    const limit = (at: number) => heapLimit(parameters, at, { nextCheckpoint: height(500), length: 499 });
    expect([limit(0), limit(500), limit(501), heapLimit(parameters, 0, undefined)]).toEqual(
      [32, 140, 140, 140].map((gib) => gib * 2 ** 30),
    );
    expect(limit(250)).toBe((140 - 54) * 2 ** 30);
  });
});

describe("the heap debit of a canister", () => {
  // facts/scheduler.md SCH-4.3: a little less than three limits are exactly one round.
  test("suspends it for one round after a burst of nearly three limits", () => {
    const session = led({ a: { go: writing(0, 1, 2, 3, 4), stablePages: 1 } }, { heapDeltaRateLimit: bytes(2000) });
    const next = (id: string) => (session.apply(ingress(id, "a")), session.apply(round()).events);
    expect(only(next("i"), "executed")).toHaveLength(1);
    expect(session.view().canisters[0]!.heapDebit).toBe(5 * page - 2000);
    const second = next("j");
    expect(only(second, "canister-suspended")).toEqual([{ kind: "canister-suspended", iteration: 1, canister: "a", heapDebit: 3120 }]);
    expect(only(second, "executed")).toEqual([]);
    expect(only(next("k"), "executed")).toHaveLength(2);
  });

  test("suspends it between two iterations, and costs it a round in the current scheduler only in the first", () => {
    const chatty = { go: [write(0, { kind: "time" }), call("a", { method: "more" })], methods: { more: writing(1) } };
    const limits = { scheduler: "current", heapDeltaRateLimit: bytes(page) } as const;
    const session = led({ a: chatty, b: {}, c: {} }, limits);
    session.apply(ingress("i", "a"));
    const { events } = session.apply(round());
    expect(only(events, "canister-suspended")).toMatchObject([{ iteration: 2, canister: "a" }]);
    expect(only(events, "priorities-settled")).toMatchObject([{ charged: 100_000_000n }]); // its full round
    session.apply({ ...ingress("j", "a"), canister: canisterId("b") } as Input);
    expect(only(session.apply(round()).events, "executed").map(({ canister }) => canister)).toContain("a");
  });
});

test("the heap delta of an iteration ends the turns of a core, and of a round its iterations", () => {
  const session = led({ a: { go: writing(0, 1) }, b: {} }, { cores: 1, heapDeltaIterationLimit: bytes(2 * page) });
  for (const [id, canister] of [
    ["i", "a"],
    ["j", "a"],
    ["k", "b"],
  ] as const)
    session.apply(ingress(id, canister));
  const { events } = session.apply(round());
  expect(only(events, "turn-ended")).toMatchObject([{ canister: "a", drained: false }]);
  expect(only(events, "round-ended")).toMatchObject([{ iterations: 1 }]);
});

test("canisters cost their core, and iterations the round, only where something was executed", () => {
  const costs = {
    cores: 1,
    canisterOverhead: instructions(7),
    finalisationOverhead: instructions(1000),
    roundInstructionLimit: instructions(4010),
  };
  const session = led({ a: { go: [consume(4), reply()] }, b: { go: [call("a"), reply()] } }, costs);
  session.apply(ingress("i", "b"));
  session.apply(ingress("j", "a", "none"));
  const { events } = session.apply(round());
  // The counter is 3001; it falls by 19 and twice 1000, then by 22 and 2000: below one.
  expect(only(events, "turn-ended").map((ended) => ended.instructions)).toEqual([10, 2 + 10 + 7, 5 + 10 + 7]);
  expect(only(events, "round-ended")).toMatchObject([{ iterations: 2, instructions: 29 + 22 }]);
});
