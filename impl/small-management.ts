/** Asking the management canister in small worlds, for the tests of this room. */
import {
  asciiOf,
  managementCanister,
  managementMethods,
  nanoseconds,
  userId,
  type Cycles,
  type Event,
  type Input,
  type Instruction,
  type ManagementMethod,
  type Script,
} from "../spec/index.ts";
import type { EngineSession } from "./engine.ts";
import { call, ingress, message, only, reply, round, type SmallCall, type SmallCanister } from "./small-world.ts";

/** A call that asks for something about a canister. */
export const manage = (method: ManagementMethod, canister: string, said: SmallCall = {}): Instruction =>
  call(managementCanister, { method, payload: asciiOf(canister), ...said });

/** A canister that asks for whatever its users say, and tells them what it was told. */
export const manager = (said: SmallCall = {}): SmallCanister => ({
  methods: Object.fromEntries(
    managementMethods.map((method): [string, Script] => {
      const told: Script = [reply(message)];
      return [method, [call(managementCanister, { method, payload: message, onReply: told, onReject: told, ...said })]];
    }),
  ),
});

/** A user asks for something; nobody says who, where the sender is `null`. */
export const asked = (id: string, sender: string | null, method: string, words: string, expiry?: bigint): Input => ({
  ...(ingress(id, managementCanister, method, asciiOf(words)) as Extract<Input, { kind: "ingress" }>),
  ...(sender === null ? {} : { sender: userId(sender) }),
  ...(expiry === undefined ? {} : { expiry: nanoseconds(expiry) }),
});

/** What users are told: about which message, the reply or the error. */
export const toldUsers = (events: readonly Event[]): [string, string][] =>
  only(events, "ingress-answered").map(({ ingress: id, result }) => [id, result.kind === "reply" ? result.payload : result.error]);

/** A canister asks, and the round behind that in which it does executes it. */
export const ordering = (method: ManagementMethod, canister: string, by = "boss"): Input[] => [
  ingress(`order-${orders++}`, by, method, asciiOf(canister)),
  round(0n),
  round(0n),
];

/** Lets a canister ask; the request waits when this is over. */
export const ask = (session: EngineSession, method: ManagementMethod, canister: string, by?: string): void => {
  for (const input of ordering(method, canister, by).slice(0, 2)) session.apply(input);
};

/** Lets a canister ask, and tells what the round brings that executes it. */
export const order = (session: EngineSession, method: ManagementMethod, canister: string, by?: string): readonly Event[] => {
  ask(session, method, canister, by);
  return session.apply(round(0n)).events;
};

/** What the management canister answered: to whom, the reply or the error, with these cycles. */
export const told = (events: readonly Event[]): [string, string, Cycles][] =>
  only(events, "management-answered").map(({ caller, result, refund }) => [
    caller,
    result.kind === "reply" ? result.payload : result.error,
    refund,
  ]);

/** What is told of the management canister and of statuses. */
export const managed = (events: readonly Event[]): Event[] =>
  events.filter(({ kind }) => kind.startsWith("management-") || kind.startsWith("canister-st") || kind === "cycles-deposited");

let orders = 0;
