/**
 * Scenes of statuses: b waits for randomness while chief has it stopped, and whoever may know asks what has become of it, in queries, and
 * whoever may not; and scenes of settings that are one more than they may be.
 */
import {
  anonymous,
  asciiOf,
  canisterId,
  cycles,
  ingressId,
  instructions,
  managementCanister,
  userId,
  type CanisterId,
  type Instruction,
  type ManagementMethod,
  type Move,
  type Parameters,
  type Scenario,
  type Script,
} from "../../spec/index.ts";
import { excesses } from "../arbitraries/coded-words.ts";
import { callTo, canister, ingress, reply, replyMessage, round, world } from "./stories.ts";
import { inModes } from "./tales-of-queries.ts";
import { errand, staged } from "./scenes-of-code.ts";

const [ann, bob] = [userId("@ann"), userId("@bob")];
const [a, b] = [canisterId("a"), canisterId("b")];
const rich = { balance: cycles(10_000n) };

/** A question of a user. */
const asks = (canister: CanisterId, method: string, words: string, sender?: typeof ann): Move => ({
  kind: "query",
  ...(sender && { sender }),
  canister,
  method,
  payload: asciiOf(words),
});
const status = (words: string, sender?: typeof ann): Move => asks(managementCanister, "canister_status", words, sender);

/** Asks for the status of whoever is named in the message, and says what it heard. */
const survey = (method: string, more: Partial<Instruction & { op: "call" }> = {}): Script => [
  callTo({ callee: managementCanister, method, payload: { kind: "message" }, onReply: [replyMessage], onReject: [replyMessage], ...more }),
];
const told = { onReply: [replyMessage], onReject: [replyMessage] };
const inquirer = (id: CanisterId, other: CanisterId) =>
  inModes(
    canister(
      id,
      {
        ask: survey("canister_status"),
        stop: survey("stop_canister"),
        deep: [callTo({ callee: other, method: "ask", payload: { kind: "message" }, ...told })],
        attach: survey("canister_status", { attached: cycles(1n) }),
        long: [{ op: "consume", instructions: instructions(58) }, ...survey("canister_status"), ...survey("canister_status")],
        falter: survey("canister_status", { onReply: [{ op: "trap" }], onCleanup: [{ op: "consume", instructions: instructions(2) }] }),
        linger: [callTo({ callee: managementCanister, method: "raw_rand", ...told })],
        halt: survey("stop_canister"),
      },
      rich,
    ),
    { ask: "composite", stop: "composite", deep: "composite", attach: "composite", long: "composite", falter: "composite" },
  );

const limits: Partial<Parameters> = {
  queryInstructionLimit: instructions(60),
  queryTreeInstructionLimit: instructions(60),
  queryCallOverhead: instructions(5),
  queryBudget: instructions(10_000),
  tapeLag: 3,
};

const everybody: readonly Move[] = [
  status("b", ann),
  status("b", bob),
  status("b"),
  status("a"),
  status("b", anonymous),
  status("nobody", ann),
  status(managementCanister, ann),
  status("", ann),
  status("b b", ann),
  asks(managementCanister, "stop_canister", "b", ann),
  asks(managementCanister, "fly", "b", ann),
  status("b".repeat(70), ann),
  ...["a", "b", "c", "nobody", "B"].map((words) => asks(a, "ask", words)),
  ...["a", "b"].map((words) => asks(a, "deep", words, bob)),
  asks(a, "stop", "b"),
  asks(a, "attach", "a"),
  asks(a, "long", "a"),
  asks(a, "falter", "a"),
];

/** Ann, a and whoever says nothing control a; ann and a control b, which runs, is stopping, and is stopped. */
export const bulletins = (queryDepth: number): Scenario => {
  const canisters = [
    { ...inquirer(a, b), controllers: [ann, a, anonymous] },
    { ...inquirer(b, a), controllers: [ann, a] },
    canister("c", { m0: [reply()] }),
  ];
  const waits = [ingress("linger", "b", "linger"), ingress("halt", "a", "halt", asciiOf("b"))];
  return {
    genesis: world(canisters, { ...limits, queryDepth }),
    inputs: [
      ...everybody,
      ...waits,
      round(),
      round(),
      ...everybody,
      round(),
      round(),
      round(),
      ...everybody,
      { kind: "restart" },
      ...everybody,
    ],
  };
};

/** The methods that take settings, each with the words before them. */
const settling = [
  ["update_settings", "b "],
  ["create_canister", ""],
  ["provisional_create_canister_with_cycles", ""],
  ["provisional_create_canister_with_cycles", "7 "],
] as const satisfies readonly (readonly [ManagementMethod, string])[];

const demands = settling.flatMap(([method, before]) => excesses.map((setting) => [method, `${before}${setting}`] as const));

/** Chief asks for settings that are out of range, and ann does, too, where users may ask for any. */
export const excess: Scenario = (() => {
  const asked = staged(demands.flatMap(([method, words]) => errand(method, words)));
  const wishes = demands
    .filter(([method]) => method !== "create_canister")
    .map(([method, words], at): Move => ({
      kind: "ingress",
      id: ingressId(`u${at}`),
      sender: ann,
      canister: managementCanister,
      method,
      payload: asciiOf(words),
    }));
  const canisters = asked.genesis.canisters.map((one) =>
    one.id === "b" ? { ...one, controllers: [...(one.controllers ?? []), ann] } : one,
  );
  return {
    genesis: { ...asked.genesis, canisters, provisional: cycles(450n) },
    inputs: [...asked.inputs, ...wishes, round(), round()],
  };
})();
