/** Canisters that are made with memory: what is set aside for it, and when they are not made. */
import { describe, expect, test } from "vitest";
import { bytes, cycles, seconds, type Event, type Parameters } from "../spec/index.ts";
import { charged, pass } from "./charged-world.ts";
import { boot, type EngineSession } from "./engine.ts";
import { of, ruled } from "./small-code.ts";
import { manager, order } from "./small-management.ts";
import { ingress, only, reply, smallParameters, write } from "./small-world.ts";

/** The first page costs 10, the next one 30, then 50, and so on: n of them ten times the square of n. */
const scarce: Partial<Parameters> = { storage: { threshold: bytes(0), capacity: bytes(8 * 1024), period: seconds(160) } };
const plenty: Partial<Parameters> = { storage: { threshold: bytes(0), capacity: bytes(8 * 1024), period: seconds(0) } };

describe("a canister that is made with memory", () => {
  const fees = { ...smallParameters.fees, creation: cycles(40n) };
  const making = (
    words: string,
    attached: bigint,
    parameters = scarce,
  ): { readonly session: EngineSession; readonly events: readonly Event[] } => {
    const session = boot(
      charged(
        { boss: { ...manager({ attached }), balance: 10_000_000n }, c: { ...ruled, go: [write(0, "01"), reply()] } },
        { cores: 1, maxPayload: bytes(200), fees, ...parameters },
      ),
    );
    return { session, events: order(session, "create_canister", words) };
  };

  test("sets aside for it out of what it was born with", () => {
    const { session, events } = making("memory_allocation=3072 freezing_threshold=10", 1000n);
    const kinds = ["canister-created", "memory-reserved", "management-answered"];
    expect(events.filter(({ kind }) => kinds.includes(kind))).toMatchObject([
      { kind: "canister-created", canister: "canister-0", balance: 960n },
      { kind: "memory-reserved", canister: "canister-0", cycles: 90n, balance: 870n },
      { kind: "management-answered", refund: 0n },
    ]);
    expect(of(session, "canister-0")).toMatchObject({ memoryAllocation: 3072, reserved: 90n, balance: 870n, version: 0 });
    session.apply(ingress("i", "c"));
    expect(only(session.apply(pass(0)).events, "executed")).toMatchObject([{ reserved: 70n }]); // the fourth page of all
    expect(only(making("memory_allocation=3072 freezing_threshold=10", 1000n, plenty).events, "memory-reserved")).toEqual([]);
  });

  test.each([
    ["memory_allocation=8193", 0n, "IC0101"],
    ["memory_allocation=8192", 39n, "IC0403"],
    ["memory_allocation=3072 reserved_cycles_limit=89", 40n, "IC0533"],
    ["memory_allocation=3072 freezing_threshold=10 reserved_cycles_limit=90", 40n + 90n, null],
    ["memory_allocation=3072 freezing_threshold=10", 40n + 89n, "IC0531"],
    ["memory_allocation=3072 freezing_threshold=100", 40n + 299n, "IC0531"],
    ["memory_allocation=3072 freezing_threshold=100", 40n + 300n, null],
    ["memory_allocation=3072 freezing_threshold=100 compute_allocation=1", 40n + 399n, "IC0531"],
    ["memory_allocation=3072 freezing_threshold=100 compute_allocation=1", 40n + 400n, null],
    ["memory_allocation=3072", 40n + 3n * 2_592_000n - 1n, "IC0531"],
    ["memory_allocation=0", 40n, null],
  ])("is refused if it cannot be: %s with %d", (words, attached, error) => {
    const { session, events } = making(words, attached);
    const answer = only(events, "management-answered")[0]!;
    expect([answer.result.kind === "reply" ? null : answer.result.error, answer.refund]).toEqual([error, error === null ? 0n : attached]);
    expect(session.view().canisters).toHaveLength(error === null ? 3 : 2);
  });
});
