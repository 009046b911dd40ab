/** Ingress: the clauses of `spec/rules/ingress.ts`, one line each. */
import { byteLength, cycles, ingressAnswer, ingressInduct, ingressSubmit, type IngressId, type Result } from "../../spec/index.ts";
import { covers, receptionFee } from "../money.ts";
import { canisterOf, draftOf, type Ingress } from "../state.ts";
import { transition } from "../transition.ts";

export const submit = transition(ingressSubmit)<{ message: Ingress }>({
  when: {
    fresh: (before, { message }) => !before.history.has(message.ingress),
    sized: (before, { message }) => byteLength(message.payload) <= before.parameters.maxPayload,
    exists: (before, { message }) => before.canisters.has(message.canister),
    funded: (before, { message }) =>
      covers(before.parameters, canisterOf(before, message.canister), receptionFee(before.parameters, byteLength(message.payload))),
  },
  then: {
    record: (after, _before, { message }) => void after.history.set(message.ingress, { kind: "received" }),
    wait: (after, _before, { message }) => void after.pool.push(message),
  },
});

export const inductIngress = transition(ingressInduct)<{ message: Ingress }>({
  when: {
    exists: (before, { message }) => before.canisters.has(message.canister),
    funded: (before, { message }) =>
      covers(before.parameters, canisterOf(before, message.canister), receptionFee(before.parameters, byteLength(message.payload))),
  },
  then: {
    debit: (after, before, { message }) =>
      void (draftOf(after, message.canister).balance = cycles(
        canisterOf(before, message.canister).balance - receptionFee(before.parameters, byteLength(message.payload)),
      )),
    burn: (after, before, { message }) =>
      void (after.burned = cycles(before.burned + receptionFee(before.parameters, byteLength(message.payload)))),
    record: (after, _before, { message }) => void after.history.set(message.ingress, { kind: "processing" }),
    enter: (after, _before, { message }) => void draftOf(after, message.canister).inputs.push(message),
  },
});

export const answerIngress = transition(ingressAnswer)<{ ingress: IngressId; result: Result }>({
  when: {},
  then: {
    record: (after, _before, { ingress, result }) => void after.history.set(ingress, { kind: "answered", result }),
  },
});
