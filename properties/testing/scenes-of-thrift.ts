/**
 * Scenes of thrift: memory that is paid for in advance, places for messages that cost something, and prices that change. What
 * is not said is as in the stories: an execution costs 10 and 1 for each instruction, a page has 32 bytes.
 */
import {
  bytes,
  canisterId,
  cycles,
  hex,
  instructions,
  managementCanister,
  nanoseconds,
  seconds,
  type CanisterGenesis,
  type FeeTable,
  type Input,
  type Instruction,
  type Parameters,
  type Scenario,
} from "../../spec/index.ts";
import { callTo, canister, ingress, network, reply, replyMessage, round, world } from "./stories.ts";

export const second = 1_000_000_000n;

/**
 * The second page of all, and each behind it, must be paid for in advance: 2 cycles for it, 6 for the third, 10 for the
 * fourth. A page costs 1 a second, every two seconds.
 */
const hoarded: Partial<Parameters> = {
  maxPages: 4,
  roundInstructionLimit: instructions(1_000),
  chargePeriod: nanoseconds(2n * second),
  storage: { threshold: bytes(32), capacity: bytes(160), period: seconds(16) },
  fees: { ...network.fees, gibSecond: cycles(2n ** 25n) },
};

const write = (page: number): Instruction => ({ op: "write", page, value: { kind: "bytes", bytes: hex("01") } });

/** Canister a writes three pages; b, on the same core, writes one in vain, and then another one. Then two charges are due. */
export const hoard = (more: Partial<CanisterGenesis> = {}, parameters: Partial<Parameters> = {}): Scenario => ({
  genesis: world(
    [
      canister("a", { m0: [write(0), write(1), write(2), reply()] }, more),
      canister("b", { m0: [write(0), { op: "trap" }], m1: [write(1), reply()] }),
    ],
    { ...hoarded, ...parameters },
  ),
  inputs: [
    ingress("x", "a", "m0"),
    ingress("y", "b", "m0"),
    ingress("z", "b", "m1"),
    round(),
    round(2n * second),
    { kind: "restart" },
    round(2n * second),
    { kind: "delete-canister", canister: canisterId("b") },
  ],
});

const consume = (count: number): Instruction => ({ op: "consume", instructions: instructions(count) });

/** Canister b writes at length, a writes in between, and c behind b: what b sees is what was in use when it began. */
export const dawdling: Scenario = {
  genesis: world(
    [
      canister("a", { m0: [write(0), write(1), reply()] }),
      canister("b", { m0: [consume(50), write(0), reply()] }),
      canister("c", { m0: [write(0), reply()] }),
    ],
    { ...hoarded, sliceInstructionLimit: instructions(40), roundInstructionLimit: instructions(84) },
  ),
  inputs: [ingress("x", "b", "m0"), round(), ingress("y", "a", "m0"), ingress("z", "c", "m0"), ...Array.from({ length: 3 }, () => round())],
};

/** Prices like those of the stories, but for these. */
export const priced = (more: Partial<FeeTable>): Input => ({ kind: "set-fees", fees: { ...network.fees, name: "other", ...more } });

const checkpoint: Input = { ...(round() as Input & { readonly kind: "round" }), checkpoint: true };

/** A message of three slices is aborted after the first of them; then prices change, and it begins again. */
export const delay = (prices: Input, balance = 1_000n): Scenario => ({
  genesis: world([canister("a", { m0: [consume(89), reply()] }, { balance: cycles(balance) })], {
    roundInstructionLimit: instructions(42),
    sliceInstructionLimit: instructions(40),
  }),
  inputs: [ingress("x", "a", "m0"), checkpoint, prices, ...Array.from({ length: 3 }, () => round())],
});

/** A canister asks for randomness, and prices change before it has it. It has 300 cycles, and 135 of them when it has asked. */
export const suspense = (prices: Input): Scenario => ({
  genesis: world([
    canister("a", { m0: [callTo({ callee: managementCanister, method: "raw_rand", onReply: [replyMessage] })] }, { balance: cycles(300n) }),
  ]),
  inputs: [ingress("x", "a", "m0"), round(), prices, round()],
});

/** A call has a place for its answer, which must be kept for 10 seconds: 20 cycles. So much has who calls once. */
export const place = (balance: bigint): Scenario => ({
  genesis: world(
    [
      canister(
        "a",
        { m0: [callTo({ onReply: [replyMessage], onRefused: [reply("ee")] })] },
        { balance: cycles(balance), freezingThreshold: seconds(10) },
      ),
      canister("b", { m1: [callTo({ callee: managementCanister, method: "raw_rand", onReply: [replyMessage] })] }),
    ],
    { chargePeriod: nanoseconds(2n * second), fees: { ...network.fees, messageGibSecond: cycles(2n ** 26n) } },
  ),
  inputs: [ingress("x", "a", "m0"), round(2n * second), round(second), round(second)],
});

/** A callback of two slices is aborted after the first of them, and prices rise before it begins again. */
export const relapse: Scenario = {
  genesis: world(
    [
      canister(
        "a",
        { m0: [callTo({ callee: managementCanister, method: "raw_rand", onReply: [consume(50), replyMessage] })] },
        { balance: cycles(300n) },
      ),
    ],
    { roundInstructionLimit: instructions(42), sliceInstructionLimit: instructions(40) },
  ),
  inputs: [ingress("x", "a", "m0"), round(), checkpoint, priced({ tenInstructions: cycles(40n) }), round()],
};

/** Somebody spends all that it has at length, and in between comes a message whose fee waits for it. */
export const splurge: Scenario = {
  genesis: world([canister("a", { m0: [consume(50), { op: "burn", cycles: cycles(10_000n) }, reply()] })], {
    roundInstructionLimit: instructions(42),
    sliceInstructionLimit: instructions(40),
  }),
  inputs: [ingress("x", "a", "m0"), round(), ingress("y", "a", "m0"), round()],
};

/** A creation costs 300. Somebody comes with 1000, and somebody with 299. */
export const admission: Scenario = {
  genesis: world([canister("a", {})], { fees: { ...network.fees, creation: cycles(300n) } }),
  inputs: [
    { kind: "create-canister", canister: canister("b", {}) },
    { kind: "create-canister", canister: canister("c", {}, { balance: cycles(299n) }) },
    round(),
  ],
};
