/** Every property, chapter by chapter, in the order in which they are best read. */
import type { Property } from "./property.ts";
import { agreesWithReference } from "./laws/agreement.ts";
import { memoryIsPromisedAndPaidFor } from "./laws/allotments.ts";
import { everythingDrains, fastProducersAreTold } from "./laws/backpressure.ts";
import { oneResponsePerCall, requestsInOrder } from "./laws/calls.ts";
import { slotsAreBounded } from "./laws/capacity.ts";
import { theDryLoseTheirCode } from "./laws/charges-dry.ts";
import { freeSubnetsChargeNothing } from "./laws/charges-free.ts";
import { floodsEndWithTheirWindow, queriesKeepToTheirBudget } from "./laws/budgets.ts";
import { chargesAddUp } from "./laws/charges-split.ts";
import { callersAreKnown } from "./laws/callers.ts";
import { chargesAreDue, chargesAreExact } from "./laws/charges.ts";
import { clockAdvances, everyInputIsObserved, timersAreDueWhenReached } from "./laws/clock.ts";
import { codesAreDisciplined } from "./laws/codes.ts";
import { balancesFollowFlows } from "./laws/balances.ts";
import { cyclesAreWhereTheyLie, cyclesConserved } from "./laws/conservation.ts";
import { conversionsSettleOnce, cyclesMintedAsTold } from "./laws/conversions.ts";
import { certifiedDataFollowTheScript } from "./laws/certified-data.ts";
import { bitcoinAnswersForItself } from "./laws/bitcoin.ts";
import { aChangedLeafBreaksTheWitness, certificatesAreSigned, certificatesShowWhatIs } from "./laws/certification.ts";
import { contextLifecycle, contextsFollowTheMatrix } from "./laws/contexts.ts";
import { droppedCyclesHaveOneFate } from "./laws/deadlines-cycles.ts";
import { timeoutsAreKept } from "./laws/deadlines-promises.ts";
import { theLargestAreShed } from "./laws/deadlines-shedding.ts";
import { lateMessagesExpire } from "./laws/deadlines.ts";
import {
  coreOrderIsInvisible,
  insertionOrderIsInvisible,
  queriesChangeNothing,
  rerunAgrees,
  restartIsInvisible,
} from "./laws/determinism.ts";
import { noTapeBeforeFinality, sharesAreRecognised, thresholdSuffices } from "./laws/committee.ts";
import { fewerSharesSayNothing, roundsWaitForTheirTape, tapeIsOne, tapeVerifies } from "./laws/delivery.ts";
import { coresAreDivided } from "./laws/division.ts";
import { drawsAreAccounted, drawsIgnoreBystanders, exchangedRequestsExchangeBytes } from "./laws/draws.ts";
import { cleanupFollowsTrap, trapLeavesNothing } from "./laws/execution.ts";
import { equalCanistersEqualRounds, windowGuarantee } from "./laws/fairness.ts";
import { chargeWithinBounds, feesFollowTheTable } from "./laws/fees.ts";
import { callsAreSentAsPaid, repliesSayWhatTheyName, scriptsDoWhatTheySay } from "./laws/foretold.ts";
import { frozenStartsNothing } from "./laws/freezing.ts";
import { frozenCanistersBlockNobody } from "./laws/frozen.ts";
import { heapDebitSuspends, heapDeltaGatesRounds } from "./laws/heap.ts";
import { historyForgetsOldestFirst, historyIsMonotone } from "./laws/history.ts";
import { answersOnce, ingressIsScreened } from "./laws/ingress.ts";
import { instructionsWithinLimits, sizesWithinLimits } from "./laws/limits.ts";
import { goneCanistersAreNobody, membersAreAdmitted } from "./laws/members.ts";
import { rewardsAreRoundedDown, tokensConserved, transfersBurnTheirFee } from "./laws/tokens.ts";
import { memoryPersists, timersFireOnce } from "./laws/probes.ts";
import { controllersDecide, managementIsForetold } from "./laws/management.ts";
import { historiesTellTheNewest, versionsCountChanges } from "./laws/histories.ts";
import { codeChangesWhole, installationsArePaidFor, installationsLeaveWhatTheyKeep } from "./laws/installing.ts";
import { provisionsAreMinted } from "./laws/provisions.ts";
import { usersAskForWhatIsTheirs } from "./laws/users.ts";
import { madeCanistersAreNew, settingsAreKeptTo } from "./laws/settings.ts";
import { nothingBeginsInTheStopped, stopsAreAnsweredOnce } from "./laws/stopping.ts";
import { answersComeFromBlocks, consensusIsPaidFor, signaturesAreDrawnFor } from "./laws/outcalls.ts";
import { callsTakeTheirTime } from "./laws/latency.ts";
import { guaranteesAreCovered } from "./laws/memory.ts";
import { pairsKeepTheirOrder } from "./laws/network-order.ts";
import { repeatsChangeNothing, streamsDoNotMeet } from "./laws/network-twins.ts";
import { cyclesCrossSubnets, streamsArriveWhole } from "./laws/network.ts";
import { bestEffortPaymentsAddUp } from "./laws/payments.ts";
import { postponedFeesArePaid } from "./laws/postponed.ts";
import { fullRoundsAreMarked, prioritiesAreSettled } from "./laws/priorities.ts";
import { allocationsAreKept, equalCanistersStayClose, longExecutionsFinish, prioritiesStayBounded } from "./laws/promises.ts";
import { askedAgainAnsweredAgain, queriesAreForetold, queryTreesAreBounded } from "./laws/queries.ts";
import { queriesInRoundsAreForgotten } from "./laws/queries-in-rounds.ts";
import { messagesEnterInOrder } from "./laws/queues.ts";
import { moreAllocationIsNeverLess } from "./laws/raising.ts";
import { refusalsChangeNothing } from "./laws/refusals.ts";
import { longCallsGetTheirReservation } from "./laws/reservations.ts";
import { answersReachOrigins, refundWithinAttached } from "./laws/responses.ts";
import { rootsAreOfTheTree } from "./laws/root.ts";
import { prioritiesOrderTheRound, turnsAreDealt, workIsConserved } from "./laws/scheduling.ts";
import { fewExecutionsStayPaused, slicesAreExact } from "./laws/slices.ts";
import { slicesCostNothing } from "./laws/slices-cost.ts";
import { nobodyPredicts } from "./laws/prediction.ts";
import { slotsAreReserved, whatFitsIsInducted } from "./laws/slots.ts";
import { stableMemoryHasASize } from "./laws/stable.ts";
import { drawsLookRandom } from "./laws/statistics.ts";
import { streamsComeIn } from "./laws/streams-in.ts";
import { streamsGoOutInTurns } from "./laws/streams-out.ts";
import { strangersSpeakForThemselves } from "./laws/streams-strangers.ts";
import { streamsKeepTheirIndexes } from "./laws/streams.ts";
import { inputsTakeTurns, nobodyIsPassedOver } from "./laws/inputs.ts";
import { tasksTakeTurns } from "./laws/tasks.ts";
import { attemptsPayThePricesOfNow, callbacksAreCovered } from "./laws/repricing.ts";
import { growthIsPaidAhead, reservesPayFirst } from "./laws/storage.ts";
import { slicesAreInvisible } from "./laws/unsliced.ts";
import { chunksAreKeptAndPaidFor, chunksMakeModules } from "./laws/chunks.ts";
import { snapshotsArePaidFor, snapshotsAreListed, snapshotsBringBack } from "./laws/snapshots.ts";
import { uninstallingAnswersEverybody } from "./laws/uninstalling.ts";
import { nobodySmuggles } from "./laws/smuggling.ts";
import { randomnessComesFromTheTape, randomnessIsLateAndFresh, tapeNotAnticipated } from "./laws/tape.ts";

export const properties: readonly Property[] = [
  // Cycles.
  cyclesConserved,
  cyclesAreWhereTheyLie,
  balancesFollowFlows,
  chargeWithinBounds,
  feesFollowTheTable,
  frozenStartsNothing,
  refundWithinAttached,
  chargesAreDue,
  chargesAreExact,
  chargesAddUp,
  theDryLoseTheirCode,
  freeSubnetsChargeNothing,
  growthIsPaidAhead,
  reservesPayFirst,
  attemptsPayThePricesOfNow,
  callbacksAreCovered,
  // Tokens, and the cycles that are made of them.
  tokensConserved,
  transfersBurnTheirFee,
  rewardsAreRoundedDown,
  conversionsSettleOnce,
  cyclesMintedAsTold,
  // Ingress, calls and responses.
  ingressIsScreened,
  refusalsChangeNothing,
  answersOnce,
  historyIsMonotone,
  historyForgetsOldestFirst,
  oneResponsePerCall,
  requestsInOrder,
  slotsAreBounded,
  callsAreSentAsPaid,
  messagesEnterInOrder,
  inputsTakeTurns,
  nobodyIsPassedOver,
  answersReachOrigins,
  contextLifecycle,
  contextsFollowTheMatrix,
  uninstallingAnswersEverybody,
  // Queues, streams and subnets.
  slotsAreReserved,
  whatFitsIsInducted,
  guaranteesAreCovered,
  streamsKeepTheirIndexes,
  streamsComeIn,
  strangersSpeakForThemselves,
  streamsGoOutInTurns,
  streamsArriveWhole,
  cyclesCrossSubnets,
  pairsKeepTheirOrder,
  callsTakeTheirTime,
  repeatsChangeNothing,
  streamsDoNotMeet,
  fastProducersAreTold,
  everythingDrains,
  // Deadlines.
  timeoutsAreKept,
  lateMessagesExpire,
  theLargestAreShed,
  droppedCyclesHaveOneFate,
  bestEffortPaymentsAddUp,
  // Execution.
  trapLeavesNothing,
  cleanupFollowsTrap,
  codesAreDisciplined,
  sizesWithinLimits,
  repliesSayWhatTheyName,
  scriptsDoWhatTheySay,
  callersAreKnown,
  memoryPersists,
  stableMemoryHasASize,
  // Queries.
  queriesAreForetold,
  queriesChangeNothing,
  askedAgainAnsweredAgain,
  queryTreesAreBounded,
  queriesKeepToTheirBudget,
  floodsEndWithTheirWindow,
  queriesInRoundsAreForgotten,
  // Rounds and scheduling.
  clockAdvances,
  everyInputIsObserved,
  instructionsWithinLimits,
  workIsConserved,
  turnsAreDealt,
  prioritiesOrderTheRound,
  windowGuarantee,
  equalCanistersEqualRounds,
  moreAllocationIsNeverLess,
  frozenCanistersBlockNobody,
  // Slices, limits of the heap, and the current scheduler.
  slicesAreExact,
  fewExecutionsStayPaused,
  slicesAreInvisible,
  slicesCostNothing,
  postponedFeesArePaid,
  heapDebitSuspends,
  heapDeltaGatesRounds,
  coresAreDivided,
  fullRoundsAreMarked,
  prioritiesAreSettled,
  prioritiesStayBounded,
  allocationsAreKept,
  equalCanistersStayClose,
  longExecutionsFinish,
  longCallsGetTheirReservation,
  membersAreAdmitted,
  goneCanistersAreNobody,
  // Canisters that decide about each other.
  managementIsForetold,
  controllersDecide,
  stopsAreAnsweredOnce,
  nothingBeginsInTheStopped,
  // Code, settings, histories and snapshots.
  codeChangesWhole,
  installationsLeaveWhatTheyKeep,
  installationsArePaidFor,
  versionsCountChanges,
  historiesTellTheNewest,
  settingsAreKeptTo,
  madeCanistersAreNew,
  memoryIsPromisedAndPaidFor,
  snapshotsBringBack,
  snapshotsArePaidFor,
  snapshotsAreListed,
  // What consensus answers.
  answersComeFromBlocks,
  signaturesAreDrawnFor,
  consensusIsPaidFor,
  chunksAreKeptAndPaidFor,
  chunksMakeModules,
  // What is asked of Bitcoin.
  bitcoinAnswersForItself,
  provisionsAreMinted,
  usersAskForWhatIsTheirs,
  // Tasks and the tape.
  tasksTakeTurns,
  timersAreDueWhenReached,
  timersFireOnce,
  randomnessIsLateAndFresh,
  randomnessComesFromTheTape,
  tapeNotAnticipated,
  nobodySmuggles,
  drawsAreAccounted,
  exchangedRequestsExchangeBytes,
  drawsIgnoreBystanders,
  nobodyPredicts,
  drawsLookRandom,
  // The committee that makes the tape.
  noTapeBeforeFinality,
  sharesAreRecognised,
  thresholdSuffices,
  tapeIsOne,
  tapeVerifies,
  roundsWaitForTheirTape,
  fewerSharesSayNothing,
  // Certified state.
  rootsAreOfTheTree,
  certifiedDataFollowTheScript,
  certificatesShowWhatIs,
  certificatesAreSigned,
  aChangedLeafBreaksTheWitness,
  // Determinism, and the whole.
  rerunAgrees,
  restartIsInvisible,
  insertionOrderIsInvisible,
  coreOrderIsInvisible,
  agreesWithReference,
];
