/** The catalogue: every rule, chapter by chapter, in the order in which a round meets them. */
import { callRefuse, callReject, callReply, callSend } from "./calls.ts";
import {
  allocationSet,
  canisterCreate,
  canisterDelete,
  canisterUninstall,
  contextDelete,
  contextWithdraw,
  responseDiscard,
} from "./canisters.ts";
import { certificateIssue, certificateSign, dataCertify, stateCertify } from "./certification.ts";
import { allocationCharge, canisterExhaust, memoryCharge, messagesCharge, resourcesCharge } from "./charges.ts";
import { codeReplace, installBegin, installCommit, installRollback, installSettle } from "./code.ts";
import { blockFinalise, shareAdmit, tapeDeliver, tapeMake } from "./committee.ts";
import { cyclesAccept, cyclesBurn, feesSet, topUp } from "./cycles.ts";
import {
  callbackExpire,
  cyclesLose,
  cyclesReturn,
  messageExpire,
  messageShed,
  refundInduct,
  refundStream,
  requestExpire,
  responseLate,
  responseOrphan,
} from "./deadlines.ts";
import {
  contextOpen,
  executionBegin,
  executionCommit,
  executionRollback,
  executionSettle,
  instructionsUse,
  memoryGrow,
  pageWrite,
  systemCall,
} from "./execution.ts";
import {
  ingressAnswer,
  ingressExpire,
  ingressForget,
  ingressInduct,
  ingressInspect,
  ingressPrune,
  ingressSubmit,
  messageAccept,
} from "./ingress.ts";
import { canisterSuspend, checkpoint, debitDecay, roundGate, suspensionCharge } from "./limits.ts";
import {
  canisterRest,
  canisterStart,
  canisterStop,
  cyclesDeposit,
  managementAllow,
  managementAnswer,
  managementAsk,
  managementTake,
  stopAnswer,
  stopExpire,
} from "./management.ts";
import {
  allocationGrant,
  coresDivide,
  freeShare,
  fullCount,
  fullIdle,
  fullRound,
  longCores,
  priorityDecay,
  priorityReset,
  roundsCharge,
  scheduleRank,
  startCharge,
} from "./priorities.ts";
import {
  queryAnswer,
  queryAdmit,
  queryCall,
  queryCleanup,
  queryCount,
  queryDiscard,
  queryEnd,
  queryGiveUp,
  queryNest,
  queryOpen,
  queryResume,
} from "./queries.ts";
import { inputTake, requestInduct, responseInduct, turnReset } from "./queues.ts";
import { callbackBegin, callbackCleanup, callbackRefuse, contextGiveUp, contextRemove, contextRespond } from "./responses.ts";
import { restart, roundBegin } from "./rounds.ts";
import {
  coreSpend,
  coresShare,
  iterationContinue,
  iterationEnd,
  messageTake,
  scheduleCharge,
  scheduleDeal,
  scheduleOrder,
  schedulePlan,
  turnEnd,
} from "./scheduling.ts";
import { canisterMake, infoTell, settingsUpdate } from "./settings.ts";
import {
  executionAbort,
  executionDesist,
  executionFinish,
  executionHold,
  executionPause,
  executionResume,
  ingressPostpone,
  prepaymentAdjust,
} from "./slicing.ts";
import {
  messageIgnore,
  messageSee,
  messageStream,
  requestBounce,
  sliceAdmit,
  streamReject,
  streamRequest,
  streamResponse,
} from "./streams.ts";
import { randomnessAnswer, randomnessAsk } from "./tape.ts";
import {
  conversionBurn,
  conversionCreate,
  conversionNotify,
  conversionPay,
  conversionRefund,
  conversionTopUp,
  cyclesMint,
  rateSet,
  rewardMint,
  tokensTransfer,
} from "./tokens.ts";
import { hookReady, taskBegin, tasksChoose, tasksDrop, timerBegin, timerSet } from "./timers.ts";
import { clausesOf, type ClauseId, type Rule } from "../rule.ts";

export const rules = [
  roundBegin,
  restart,
  roundGate,
  checkpoint,
  sliceAdmit,
  streamRequest,
  streamReject,
  streamResponse,
  messageSee,
  messageIgnore,
  messageStream,
  requestBounce,
  requestInduct,
  responseInduct,
  inputTake,
  turnReset,
  schedulePlan,
  scheduleOrder,
  scheduleCharge,
  scheduleDeal,
  coresShare,
  messageTake,
  coreSpend,
  turnEnd,
  iterationEnd,
  iterationContinue,
  priorityReset,
  scheduleRank,
  longCores,
  coresDivide,
  fullRound,
  fullIdle,
  fullCount,
  startCharge,
  roundsCharge,
  allocationGrant,
  priorityDecay,
  freeShare,
  canisterSuspend,
  suspensionCharge,
  debitDecay,
  ingressSubmit,
  ingressInspect,
  messageAccept,
  ingressInduct,
  ingressPostpone,
  ingressExpire,
  ingressAnswer,
  ingressForget,
  ingressPrune,
  executionBegin,
  contextOpen,
  instructionsUse,
  systemCall,
  pageWrite,
  memoryGrow,
  executionCommit,
  executionRollback,
  executionSettle,
  executionPause,
  executionResume,
  prepaymentAdjust,
  executionDesist,
  executionHold,
  executionFinish,
  executionAbort,
  callSend,
  callReply,
  callReject,
  callRefuse,
  contextRespond,
  contextGiveUp,
  contextRemove,
  callbackBegin,
  callbackRefuse,
  callbackCleanup,
  requestExpire,
  messageExpire,
  callbackExpire,
  responseLate,
  responseOrphan,
  messageShed,
  cyclesLose,
  cyclesReturn,
  refundStream,
  refundInduct,
  cyclesAccept,
  cyclesBurn,
  topUp,
  feesSet,
  resourcesCharge,
  memoryCharge,
  messagesCharge,
  allocationCharge,
  canisterExhaust,
  timerSet,
  tasksChoose,
  taskBegin,
  timerBegin,
  tasksDrop,
  hookReady,
  canisterCreate,
  canisterDelete,
  allocationSet,
  canisterUninstall,
  contextWithdraw,
  contextDelete,
  responseDiscard,
  queryAdmit,
  queryOpen,
  queryCall,
  queryNest,
  queryResume,
  queryCleanup,
  queryCount,
  queryAnswer,
  queryGiveUp,
  queryEnd,
  queryDiscard,
  tokensTransfer,
  conversionPay,
  conversionNotify,
  cyclesMint,
  conversionTopUp,
  conversionCreate,
  conversionBurn,
  conversionRefund,
  rewardMint,
  rateSet,
  managementAsk,
  managementTake,
  managementAllow,
  managementAnswer,
  canisterStop,
  canisterRest,
  stopAnswer,
  stopExpire,
  canisterStart,
  cyclesDeposit,
  settingsUpdate,
  canisterMake,
  infoTell,
  installBegin,
  codeReplace,
  installCommit,
  installRollback,
  installSettle,
  randomnessAsk,
  randomnessAnswer,
  blockFinalise,
  shareAdmit,
  tapeMake,
  tapeDeliver,
  dataCertify,
  stateCertify,
  certificateIssue,
  certificateSign,
] as const;

export type RuleId = (typeof rules)[number]["id"];

/** Every clause of every rule, in the order of the catalogue. */
export const clauses: readonly ClauseId[] = rules.flatMap((said: Rule) => clausesOf(said));

/** The text that names the catalogue: two machines that follow the same text follow the same specification. */
export const catalogueText = (): string => JSON.stringify(rules.map((said: Rule) => ({ id: said.id, when: said.when, then: said.then })));

export * from "./calls.ts";
export * from "./canisters.ts";
export * from "./certification.ts";
export * from "./charges.ts";
export * from "./code.ts";
export * from "./committee.ts";
export * from "./cycles.ts";
export * from "./deadlines.ts";
export * from "./execution.ts";
export * from "./ingress.ts";
export * from "./limits.ts";
export * from "./management.ts";
export * from "./priorities.ts";
export * from "./queries.ts";
export * from "./queues.ts";
export * from "./responses.ts";
export * from "./rounds.ts";
export * from "./scheduling.ts";
export * from "./settings.ts";
export * from "./slicing.ts";
export * from "./streams.ts";
export * from "./tape.ts";
export * from "./timers.ts";
export * from "./tokens.ts";
