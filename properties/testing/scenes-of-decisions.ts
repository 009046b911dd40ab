/** Scenes of decisions: canister chief decides about b, which lingers; c has no say. Nothing is told by hand but the beginning. */
import {
  asciiOf,
  canisterId,
  cycles,
  managementCanister,
  nanoseconds,
  type CanisterGenesis,
  type Instruction,
  type ManagementMethod,
  type Move,
  type Parameters,
  type Scenario,
  type Script,
} from "../../spec/index.ts";
import { callTo, canister, ingress, reply, replyMessage, round, world } from "./stories.ts";

/** A question about a canister, answered with what comes back. */
export const asking = (method: ManagementMethod, about: string, more: Partial<Instruction & { op: "call" }> = {}): Instruction =>
  callTo({
    callee: managementCanister,
    method,
    payload: { kind: "bytes", bytes: asciiOf(about) },
    attached: cycles(5n),
    onReply: [replyMessage],
    onReject: [replyMessage],
    ...more,
  });

const lingering = callTo({ callee: managementCanister, method: "raw_rand", onReply: [replyMessage] });

const office: Readonly<Record<string, Script>> = {
  stop: [asking("stop_canister", "b")],
  start: [asking("start_canister", "b")],
  look: [asking("canister_status", "b")],
  give: [asking("deposit_cycles", "b")],
  strip: [asking("uninstall_code", "b")],
  raze: [asking("delete_canister", "b")],
  draw: [
    callTo({
      callee: managementCanister,
      method: "raw_rand",
      attached: cycles(5n),
      timeout: nanoseconds(1n),
      onReply: [replyMessage],
      onReject: [replyMessage],
    }),
  ],
  hurry: [asking("stop_canister", "b", { timeout: nanoseconds(1n) })],
  rush: [asking("deposit_cycles", "b", { timeout: nanoseconds(1n) })],
  toAndFro: [
    asking("stop_canister", "b", { onReply: [], onReject: [] }),
    asking("start_canister", "b", { onReply: [], onReject: [] }),
    reply(),
  ],
};

const rich = { balance: cycles(100_000n) };

export const people: readonly CanisterGenesis[] = [
  canister("b", { m0: [lingering], m1: [reply("07")] }, { ...rich, controllers: [canisterId("chief")] }),
  canister("c", office, rich),
  canister("chief", office, rich),
];

/** What is done to them, in a world in which who lingers waits for three rounds. */
export const decided = (inputs: readonly Move[], parameters: Partial<Parameters> = {}, canisters = people): Scenario => ({
  genesis: world(canisters, { tapeLag: 3, queueCapacity: 5, stopTimeout: nanoseconds(100n), ...parameters }),
  inputs,
});

const rounds = (count: number): readonly Move[] => Array.from({ length: count }, () => round());

/** B is stopped while it lingers, twice; it comes to rest, and is started again. Meanwhile others ask, and users come. */
export const respite = decided([
  ingress("l", "b", "m0"),
  ingress("s", "chief", "stop"),
  ...rounds(2),
  ingress("t", "chief", "stop"),
  ingress("u", "b", "m1"),
  ingress("c", "c", "look"),
  ...rounds(2),
  ingress("k", "chief", "look"),
  ...rounds(3),
  ingress("v", "b", "m1"),
  ingress("g", "c", "give"),
  ingress("r", "chief", "start"),
  ...rounds(3),
  ingress("w", "b", "m1"),
  ...rounds(1),
]);

/** A stop is called off in the round in which it began, and another takes too long. */
export const impatience = decided(
  [ingress("l", "b", "m0"), ...rounds(1), ingress("x", "chief", "toAndFro"), ingress("s", "chief", "stop"), ...rounds(5)],
  { tapeLag: 6, stopTimeout: nanoseconds(1n) },
);

/** B is stopped, loses its code, and goes. */
export const farewellTo = decided([
  ingress("s", "chief", "stop"),
  ...rounds(2),
  ingress("x", "chief", "strip"),
  ...rounds(2),
  ingress("d", "chief", "raze"),
  ...rounds(3),
]);

/** The wait for a stop is given up by its caller before the answer comes. */
export const haste = decided([ingress("l", "b", "m0"), ingress("s", "chief", "hurry"), ...rounds(7)]);

/** The caller of a deposit waits no longer than a round, and its answer comes later; the cycles are given all the same. */
export const alms = decided([ingress("g", "chief", "rush"), round(), round(9n), ...rounds(2)]);

/** Whoever asked is gone when the wait for a stop is over. */
export const desertion = decided(
  [
    ingress("l", "b", "m0"),
    ingress("s", "chief", "hurry"),
    ...rounds(5),
    { kind: "delete-canister", canister: canisterId("chief") },
    ...rounds(4),
  ],
  { tapeLag: 12, stopTimeout: nanoseconds(5n) },
);

/** Whoever asked for randomness is gone when its tape is there. */
export const indifference = decided(
  [ingress("d", "chief", "draw"), ...rounds(3), { kind: "delete-canister", canister: canisterId("chief") }, ...rounds(5)],
  { tapeLag: 7 },
);

/** B toils in slices when its end is asked for, and whoever asked asks for more. */
export const labour = (sliced: Partial<Parameters>, toil: Instruction): Scenario =>
  decided([ingress("l", "b", "m0"), ingress("x", "chief", "toAndFro"), ingress("g", "chief", "give"), ...rounds(8)], sliced, [
    canister("b", { m0: [toil, reply()] }, { ...rich, controllers: [canisterId("chief")] }),
    ...people.slice(1),
  ]);
