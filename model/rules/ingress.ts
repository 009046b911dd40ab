/** Ingress: the clauses of `spec/rules/ingress.ts`, one line each. */
import type { Draft } from "immer";
import {
  byteLength,
  cycles,
  ingressAnswer,
  ingressExpire,
  ingressForget,
  ingressInduct,
  ingressInspect,
  ingressPrune,
  ingressSubmit,
  messageAccept,
  type Cycles,
  type ErrorCode,
  type IngressId,
  type IngressStatus,
  type Result,
} from "../../spec/index.ts";
import { covers, receptionFee } from "../money.ts";
import { canisterOf, draftOf, isThere, move, runningOf } from "../reading.ts";
import { isForManagement, payerOf } from "../requests.ts";
import type { Ingress, State } from "../state.ts";
import { transition } from "../transition.ts";

export const submit = transition(ingressSubmit)<{ message: Ingress }>({
  when: {
    fresh: (before, { message }) => !before.history.has(message.ingress),
    sized: (before, { message }) => byteLength(message.payload) <= before.parameters.maxPayload,
    unexpired: (before, { message }) => before.time <= message.expiry,
    near: (before, { message }) => message.expiry <= before.time + before.parameters.ingressLifetime,
    room: (before) => before.history.size < before.parameters.historyCapacity,
    exists: (before, { message }) => isForManagement(message) || before.canisters.has(message.canister),
    installed: (before, { message }) => isForManagement(message) || canisterOf(before, message.canister).code !== null,
    unstopped: (before, { message }) => isForManagement(message) || canisterOf(before, message.canister).status !== "stopped",
    unstopping: (before, { message }) => isForManagement(message) || canisterOf(before, message.canister).status !== "stopping",
    funded: (before, { message }) => isForManagement(message) || canPayFor(before, message),
  },
  then: {
    record: (after, _before, { message }) => {
      after.history.set(message.ingress, { kind: "received" });
      after.senders.set(message.ingress, message.sender);
    },
    wait: (after, _before, { message }) => void after.pool.push(message),
  },
});

export const inductIngress = transition(ingressInduct)<{ message: Ingress }>({
  when: {
    exists: (before, { message }) => isThere(before, payerOf(message)),
    funded: (before, { message }) => canPayFor(before, message),
  },
  then: {
    debit: (after, before, { message }) => {
      const payer = payerOf(message);
      if (payer !== null) move(after, payer, -receptionCost(before, message));
    },
    burn: (after, before, { message }) => void (after.burned = cycles(before.burned + receptionCost(before, message))),
    record: (after, _before, { message }) => void after.history.set(message.ingress, { kind: "processing" }),
    enter: (after, _before, { message }) => enterWaiting(after, message),
  },
});

/** What the reception of a message costs whoever pays for it. */
export const receptionCost = (before: State, message: Ingress): Cycles =>
  payerOf(message) === null ? cycles(0n) : receptionFee(before.parameters, byteLength(message.payload));

/** Whether the balance of the one who pays for a message, if there is one, covers its reception. */
export const canPayFor = (before: State, message: Ingress): boolean => {
  const payer = payerOf(message);
  const canister = payer === null ? undefined : before.canisters.get(payer);
  return canister === undefined || covers(before, canister, receptionCost(before, message));
};

/** A message waits where it is going to be executed. */
export const enterWaiting = (after: Draft<State>, message: Ingress): void =>
  void (isForManagement(message) ? after.management : draftOf(after, message.canister).ingress).push(message);

/** How an inspection ended; a canister without one lets everything in. */
export interface Inspected {
  readonly trap: ErrorCode | null;
  readonly accepted: boolean;
}

export const inspect = transition(ingressInspect)<Inspected>({
  when: {
    completed: (_before, { trap }) => trap === null,
    accepted: (_before, { accepted }) => accepted,
  },
  then: {},
});

export const acceptMessage = transition(messageAccept)<Record<never, never>>({
  when: {
    once: (before) => !runningOf(before).accepted,
  },
  then: {
    accept: (after) => void (after.running!.accepted = true),
  },
});

export const expireIngress = transition(ingressExpire)<{ message: Ingress }>({
  when: {
    late: (before, { message }) => message.expiry < before.time,
  },
  then: {
    leave: (after, _before, { message: { ingress, canister } }) => {
      after.pool = after.pool.filter((waiting) => waiting.ingress !== ingress);
      after.management = after.management.filter((waiting) => waiting.kind !== "ingress" || waiting.ingress !== ingress);
      const holder = after.canisters.get(canister);
      if (holder !== undefined) holder.ingress = holder.ingress.filter((waiting) => waiting.ingress !== ingress);
    },
  },
});

export const answerIngress = transition(ingressAnswer)<{ ingress: IngressId; result: Result }>({
  when: {},
  then: {
    record: (after, before, { ingress, result }) => void after.history.set(ingress, { kind: "answered", result, time: before.time }),
  },
});

export const forgetAnswer = transition(ingressForget)<{ ingress: IngressId; time: Answered["time"] }>({
  when: {
    over: (before) => answerBytes(before) > before.parameters.historyMemory,
  },
  then: {
    forget: (after, _before, { ingress, time }) => void after.history.set(ingress, { kind: "done", time }),
  },
});

export const pruneIngress = transition(ingressPrune)<{ ingress: IngressId; time: Answered["time"] }>({
  when: {
    old: (before, { time }) => time + before.parameters.historyLifetime < before.time,
  },
  then: {
    drop: (after, _before, { ingress }) => {
      after.history.delete(ingress);
      after.senders.delete(ingress);
    },
  },
});

type Answered = IngressStatus & { kind: "answered" };

/** The bytes of all replies that the ingress history holds. */
const answerBytes = ({ history }: State): number =>
  [...history.values()].reduce(
    (sum, status) => sum + (status.kind === "answered" && status.result.kind === "reply" ? byteLength(status.result.payload) : 0),
    0,
  );
