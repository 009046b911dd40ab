/** What may be left unsaid in a scenario goes when it is made small: words of canisters, limits of the network, fields of inputs. */
import { describe, expect, test } from "vitest";
import {
  bytes,
  canisterId,
  cycles,
  height,
  instructions,
  nanoseconds,
  percent,
  publishedParameters,
  seconds,
  type Input,
} from "../spec/index.ts";
import { alone, type Case } from "../properties/index.ts";
import { laterSlice } from "./edits.ts";
import { encode } from "./json.ts";
import { converted } from "./ledger/testing.ts";
import { shrink } from "./shrink.ts";
import { callTo, canister, conversation, genesisOf, ingress, networkOf, round } from "./testing/worlds.ts";

const limits = { tries: 5_000, deadline: Infinity };

describe("what may be left unsaid goes", () => {
  const rich: Case = alone({
    genesis: genesisOf([
      canister(
        "a",
        { go: [callTo("a", "go", { timeout: nanoseconds(5n) })] },
        {
          onHeartbeat: [{ op: "trap" }],
          inspect: [{ op: "accept-message" }],
          lowMemory: { limit: 3, threshold: 2, hook: [{ op: "trap" }] },
        },
      ),
    ]),
    inputs: [
      { ...ingress("m", "a", "go"), expiry: nanoseconds(7n) } as never,
      { ...round(), coreOrder: [1], slices: [{ from: "b", begin: 3, messages: [], signals: 4 }] } as never,
    ],
  });

  test("heartbeats, inspections, hooks, deadlines, expiries and slices", async () => {
    const small = await shrink(rich, async ({ scenario }) => Promise.resolve(scenario.inputs.length === 2), limits);
    const text = encode(small.case);
    for (const word of ["onHeartbeat", "inspect", "lowMemory", "timeout", "expiry", "slices", "coreOrder"])
      expect(text).not.toContain(`"${word}":`);
  });

  test("and limits become the published ones", async () => {
    const tight = alone({
      ...conversation,
      genesis: genesisOf([canister("a")], { streamCapacity: 2, historyMemory: bytes(9), droppedCycles: "lost" }),
    });
    const { parameters } = (await shrink(tight, () => Promise.resolve(true), limits)).case.scenario.genesis;
    const { streamCapacity, historyMemory, droppedCycles } = publishedParameters;
    expect(parameters).toMatchObject({ streamCapacity, historyMemory, droppedCycles });
  });

  test("and slices, overheads, checkpoints, bounds of priorities and canisters that come and go vanish", async () => {
    const tight = alone({
      genesis: genesisOf([canister("a"), canister("b")], {
        scheduler: "current",
        sliceInstructionLimit: instructions(50),
        roundInstructionLimit: instructions(60),
        canisterOverhead: instructions(3),
        finalisationOverhead: instructions(1),
        heapDeltaRateLimit: bytes(64),
        heapDeltaCapacity: bytes(96),
        allocatable: 50,
        maxPausedExecutions: 1,
        priority: { resetInterval: 7, ceiling: 1, floor: 2, decay: 50 },
      }),
      inputs: [
        { kind: "create-canister", canister: canister("c") },
        { kind: "set-compute-allocation", canister: canisterId("c"), computeAllocation: percent(3) },
        { kind: "delete-canister", canister: canisterId("c") },
        { ...round(), checkpoint: true, summary: { nextCheckpoint: height(9), length: 4 } } as Input,
      ],
    });
    const small = await shrink(tight, ({ scenario }) => Promise.resolve(scenario.inputs.some(({ kind }) => kind === "round")), limits);
    const { genesis, inputs } = small.case.scenario;
    expect(inputs).toEqual([{ kind: "round", elapsed: 0n, tape: "00".repeat(32) }]);
    expect(genesis.canisters).toHaveLength(1);
    const { cores: _c, fees: _f, ...neutral } = publishedParameters;
    const { roundInstructionLimit, messageInstructionLimit, messageOverhead, cleanupReserve, queueCapacity, tapeLag } = genesis.parameters;
    const kept = { roundInstructionLimit, messageInstructionLimit, messageOverhead, cleanupReserve, queueCapacity, tapeLag };
    expect(genesis.parameters).toMatchObject({ ...neutral, ...kept });
  });

  test("and so do accounts, limits of what is set aside, and prices of what the case is not about", async () => {
    const { genesis, inputs } = converted;
    const { parameters } = genesis;
    const fees = { ...parameters.fees, name: "other", creation: cycles(300n), messageGibSecond: cycles(7n) };
    const storage = { threshold: bytes(1), capacity: bytes(1_000), period: seconds(50) };
    const rich = alone({
      genesis: { ...genesis, parameters: { ...parameters, fees, storage }, canisters: [canister("a", {}, { reservedLimit: cycles(3n) })] },
      inputs: [...inputs, round()],
    });
    const named =
      (name: string) =>
      async ({ scenario }: Case) =>
        Promise.resolve(scenario.genesis.parameters.fees.name === name);
    const kept = (await shrink(rich, named("other"), limits)).case.scenario;
    expect(kept.genesis).not.toHaveProperty("tokens");
    expect(kept.genesis.canisters[0]).not.toHaveProperty("reservedLimit");
    expect(kept.genesis.parameters.storage).toEqual(publishedParameters.storage);
    expect(kept.genesis.parameters.fees).toMatchObject({ creation: 0n, messageGibSecond: 0n });
    const paid = ({ scenario: said }: Case) =>
      Promise.resolve(said.genesis.tokens !== undefined && said.inputs.some((input) => input.kind === "pay" && input.tokens >= 100n));
    const small = (await shrink(rich, paid, limits)).case.scenario;
    expect(small.genesis.tokens).toEqual({
      accounts: [],
      permyriad: 1n,
      transferFee: 0n,
      penalties: { topUp: 0n, create: 0n },
      mintLimit: 0n,
      mintWindow: 0n,
    });
    expect(small.inputs).toEqual([{ kind: "pay", from: "alice", tokens: 100n, purpose: expect.anything() as unknown }]);
  });

  test("but not a limit that matters: what needs slices keeps them", async () => {
    const sliced = alone({
      genesis: genesisOf([canister("a")], { sliceInstructionLimit: instructions(50) }),
      inputs: [{ ...round(), checkpoint: true } as Input],
    });
    const needs = ({ scenario: { genesis, inputs } }: Case) =>
      Promise.resolve(genesis.parameters.sliceInstructionLimit < 100 && inputs.some((input) => "checkpoint" in input));
    expect((await shrink(sliced, needs, limits)).case.scenario.genesis.parameters.sliceInstructionLimit).toBe(50);
  });

  test("and a slice may begin later", async () => {
    const refund = (count: bigint) => ({ kind: "refund", canister: "a", cycles: count });
    const slice = { from: "b", begin: 0, messages: [refund(1n), refund(2n)], signals: 0 };
    const genesis = { ...genesisOf([canister("a")]), network: networkOf("own") };
    const sliced = alone({ genesis, inputs: [{ ...round(), slices: [slice] } as never] });
    expect(laterSlice(sliced, ["scenario", "inputs", 0, "slices", 0, "messages"], 1).scenario.inputs[0]).toMatchObject({
      slices: [{ begin: 1, messages: [{ cycles: 2n }] }],
    });
  });
});
