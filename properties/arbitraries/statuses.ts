/**
 * What is asked of the management canister in queries: mostly the status of somebody who is there, often of nobody, in words that
 * make no sense, or for what queries are not told. Some of those whom it is about are being stopped while they wait for something.
 * @source facts/messages.md H3, H4, H5, H6, H7, F5
 */
import {
  anonymous,
  asciiOf,
  managementCanister,
  type CanisterId,
  type Hex,
  type Instruction,
  type Method,
  type Move,
  type Principal,
} from "../../spec/index.ts";
import type { Vocabulary } from "../vocabulary.ts";
import type { Dice } from "./dice.ts";
import { nobody } from "./grammar.ts";
import { answer, callTo, message } from "./plain.ts";
import { namedUsers } from "./reads.ts";
import { within } from "./scripts.ts";

/** A method, and what it is told. */
const askedOf = (dice: Dice, ids: readonly CanisterId[]): readonly [method: string, payload: Hex] => {
  const about = ids.length > 0 ? dice.pick(ids) : nobody;
  return dice.weigh<() => readonly [string, Hex]>([
    [12, () => ["canister_status", asciiOf(about)]],
    [2, () => ["canister_status", asciiOf(dice.pick([nobody, managementCanister]))]],
    [2, () => ["canister_status", asciiOf(dice.pick(["", "A", `${about} `, `${about} ${about}`]))]],
    [2, () => [dice.pick(["stop_canister", "canister_info", "raw_rand", "read", "canister_statu"]), asciiOf(about)]],
  ])();
};

/** What a user asks. */
export const statusQuestion = (
  dice: Dice,
  ids: readonly CanisterId[],
): Pick<Move & { kind: "query" }, "canister" | "method" | "payload"> => {
  const [method, payload] = askedOf(dice, ids);
  return { canister: managementCanister, method, payload };
};

/** What a query asks. */
export const statusCall = (dice: Dice, ids: readonly CanisterId[], more: Partial<Instruction & { op: "call" }> = {}): Instruction => {
  const [method, bytes] = askedOf(dice, ids);
  return callTo(managementCanister, method, { payload: { kind: "bytes", bytes }, ...more });
};

/** Some canisters and users, and nobody as often as everybody. */
export const controllersOfStatus = (dice: Dice, ids: readonly CanisterId[]): readonly Principal[] => [
  ...ids.filter(() => dice.chance(45)),
  ...[...namedUsers, anonymous].filter(() => dice.chance(50)),
];

/** Updates that stop whom they are told to, or start them; and one that waits, so that its canister is not stopped at once. */
export const stoppingMethods = ({ customs, randomness, instructions }: Vocabulary): readonly Method[] => {
  const told = { payload: message, onReply: [answer(message)], onReject: [answer(message)] };
  const methods: readonly Method[] = [
    { name: "halt", body: [callTo(managementCanister, "stop_canister", told)] },
    { name: "wake", body: [callTo(managementCanister, "start_canister", told)] },
    { name: "linger", body: [callTo(managementCanister, "raw_rand", { ...told, payload: { kind: "bytes", bytes: asciiOf("") } })] },
  ];
  return customs.has("management") && randomness ? methods.map((method) => ({ ...method, body: within(instructions, method.body) })) : [];
};
