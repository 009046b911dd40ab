/** The catalogue: every rule, chapter by chapter, in the order in which a round meets them. */
import { callRefuse, callReject, callReply, callSend } from "./calls.ts";
import { blockFinalise, shareAdmit, tapeDeliver, tapeMake } from "./committee.ts";
import { cyclesAccept, cyclesBurn, topUp } from "./cycles.ts";
import {
  contextOpen,
  executionBegin,
  executionCommit,
  executionRollback,
  executionSettle,
  instructionsUse,
  pageWrite,
  systemCall,
} from "./execution.ts";
import { ingressAnswer, ingressInduct, ingressSubmit } from "./ingress.ts";
import { callbackBegin, callbackCleanup, contextGiveUp, contextRemove, contextRespond } from "./responses.ts";
import { requestBounce, requestInduct, responseInduct, restart, roundBegin } from "./rounds.ts";
import { iterationContinue, iterationEnd, messageTake, scheduleCharge, scheduleDeal, scheduleOrder, schedulePlan } from "./scheduling.ts";
import { randomnessAnswer, randomnessAsk } from "./tape.ts";
import { timerBegin, timerDue, timerSet } from "./timers.ts";
import { clausesOf, type ClauseId, type Rule } from "../rule.ts";

export const rules = [
  roundBegin,
  requestInduct,
  requestBounce,
  responseInduct,
  restart,
  schedulePlan,
  scheduleOrder,
  scheduleCharge,
  scheduleDeal,
  messageTake,
  iterationEnd,
  iterationContinue,
  ingressSubmit,
  ingressInduct,
  ingressAnswer,
  executionBegin,
  contextOpen,
  instructionsUse,
  systemCall,
  pageWrite,
  executionCommit,
  executionRollback,
  executionSettle,
  callSend,
  callReply,
  callReject,
  callRefuse,
  contextRespond,
  contextGiveUp,
  contextRemove,
  callbackBegin,
  callbackCleanup,
  cyclesAccept,
  cyclesBurn,
  topUp,
  timerSet,
  timerDue,
  timerBegin,
  randomnessAsk,
  randomnessAnswer,
  blockFinalise,
  shareAdmit,
  tapeMake,
  tapeDeliver,
] as const;

export type RuleId = (typeof rules)[number]["id"];

/** Every clause of every rule, in the order of the catalogue. */
export const clauses: readonly ClauseId[] = rules.flatMap((said: Rule) => clausesOf(said));

/** The text that names the catalogue: two machines that follow the same text follow the same specification. */
export const catalogueText = (): string => JSON.stringify(rules.map((said: Rule) => ({ id: said.id, when: said.when, then: said.then })));

export {
  blockFinalise,
  callRefuse,
  callReject,
  callReply,
  callSend,
  callbackBegin,
  callbackCleanup,
  contextGiveUp,
  contextOpen,
  contextRemove,
  contextRespond,
  cyclesAccept,
  cyclesBurn,
  executionBegin,
  executionCommit,
  executionRollback,
  executionSettle,
  ingressAnswer,
  ingressInduct,
  ingressSubmit,
  instructionsUse,
  iterationContinue,
  iterationEnd,
  messageTake,
  pageWrite,
  randomnessAnswer,
  randomnessAsk,
  requestBounce,
  requestInduct,
  responseInduct,
  restart,
  roundBegin,
  scheduleCharge,
  scheduleDeal,
  scheduleOrder,
  schedulePlan,
  shareAdmit,
  systemCall,
  tapeDeliver,
  tapeMake,
  timerBegin,
  timerDue,
  timerSet,
  topUp,
};
