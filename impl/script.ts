/**
 * The interpreter of script canisters. A script reads and writes a frame and nothing else. A trap is a return value,
 * because an exception costs more than most executions.
 */
import {
  callReject,
  callReply,
  cycles,
  dataCertify,
  instructionsUse,
  memoryGrow,
  messageAccept,
  mostCertified,
  nanoseconds,
  pageWrite,
  stableRoomOf,
  systemCall,
  type Cycles,
  type ErrorCode,
  type Hex,
  type Instruction,
  type Nanoseconds,
  type Result,
  type Script,
} from "../spec/index.ts";
import { abilities, type Permission } from "./abilities.ts";
import { sendCall, trapOfSending, type CallInstruction } from "./call.ts";
import { liquidOf, memoryWith, noCycles, thresholdWith, type Frame } from "./frame.ts";
import { refusalOf, rejectedByCanister, rejectWith, trapAskedFor } from "./refusals.ts";
import { hasPage, stableSize, trapOfReading, valueOf } from "./values.ts";

/**
 * Runs a script to its end or to its trap, whose error it returns.
 * @rule instructions-use
 */
export const runScript = (frame: Frame, script: Script): ErrorCode | null => {
  for (const instruction of script) {
    const cost = instruction.op === "consume" ? instruction.instructions : 1;
    if (cost > frame.limit - frame.used) {
      frame.used = frame.limit;
      return limitPassed;
    }
    frame.used += cost;
    const trap = act(frame, instruction);
    if (trap !== null) return trap;
  }
  return null;
};

const limitPassed = refusalOf(instructionsUse.when.within);
const noAnswerer = refusalOf(systemCall.when.answerer);
const noAcceptor = refusalOf(systemCall.when.acceptor);
const noInspector = refusalOf(systemCall.when.inspector);
const noBurner = refusalOf(systemCall.when.burner);
const notLasting = refusalOf(systemCall.when.lasting);
const noCertifier = refusalOf(systemCall.when.certifier);
const overCertified = refusalOf(dataCertify.when.fits);
const alreadyAccepted = refusalOf(messageAccept.when.once);
const outsideMemory = refusalOf(pageWrite.when.inside);
const overPage = refusalOf(pageWrite.when.fits);
const overReserve = refusalOf(memoryGrow.when.limited);
const notPayable = refusalOf(memoryGrow.when.payable);
const notThawed = refusalOf(memoryGrow.when.thawed);
const alreadyReplied = refusalOf(callReply.when.unanswered);
const replyTooLarge = refusalOf(callReply.when.sized);
const alreadyRejected = refusalOf(callReject.when.unanswered);

const rejected = rejectWith(rejectedByCanister);

const act = (frame: Frame, instruction: Instruction): ErrorCode | null => {
  switch (instruction.op) {
    case "consume":
      return null;
    case "write": {
      const content = valueOf(frame, instruction.value);
      return content === null ? trapOfReading(instruction.value) : writePage(frame, instruction.page, content);
    }
    case "when-odd": {
      const bytes = valueOf(frame, instruction.value);
      return bytes === null ? trapOfReading(instruction.value) : runScript(frame, isOdd(bytes) ? instruction.then : instruction.otherwise);
    }
    case "stable-grow":
      return growStable(frame, instruction.pages);
    case "call": {
      const payload = valueOf(frame, instruction.payload);
      return payload === null
        ? (trapOfSending(frame, instruction) ?? trapOfReading(instruction.payload))
        : call(frame, instruction, payload);
    }
    case "accept":
      return accept(frame, instruction.cycles);
    case "accept-message":
      return acceptMessage(frame);
    case "reply": {
      const payload = valueOf(frame, instruction.payload);
      return payload === null ? (trapOfAnswering(frame) ?? trapOfReading(instruction.payload)) : reply(frame, payload);
    }
    case "reject":
      return reject(frame);
    case "trap":
      return trapAskedFor;
    case "burn":
      return burn(frame, instruction.cycles);
    case "set-timer":
      return setTimer(frame, instruction.after);
    case "certify": {
      const data = valueOf(frame, instruction.data);
      return data === null ? (trapOfCertifying(frame) ?? trapOfReading(instruction.data)) : certify(frame, data);
    }
    default: {
      const never: never = instruction;
      throw new Error(`an instruction of no kind: ${JSON.stringify(never)}`);
    }
  }
};

/** Whether the last byte is odd; of no bytes none is. */
const isOdd = (bytes: Hex): boolean => bytes.length > 0 && (parseInt(bytes[bytes.length - 1]!, 16) & 1) === 1;

/** @rule page-write */
const writePage = (frame: Frame, page: number, content: Hex): ErrorCode | null => {
  const { heapPages, pageSize } = frame.engine.genesis.parameters;
  if (!hasPage(frame, page)) return outsideMemory;
  if (content.length / 2 > pageSize) return overPage;
  frame.writes ??= new Map();
  if (page < heapPages && !frame.writes.has(page) && frame.pages?.has(page) !== true) {
    const refused = growMemory(frame, 1);
    if (refused !== null) return refused;
    frame.heapSize++;
  }
  frame.writes.set(page, content);
  return null;
};

/**
 * Where there is no room, nothing happens.
 * @rule stable-grow
 */
const growStable = (frame: Frame, pages: number): ErrorCode | null => {
  const { parameters } = frame.engine.genesis;
  if (stableSize(frame) + pages > stableRoomOf(parameters) || !hasCapacity(frame, pages)) return null;
  const refused = pages > 0 ? growMemory(frame, pages) : null;
  if (refused === null) frame.stablePages += pages;
  return refused;
};

/** Whether there is memory for so many pages more, as far as the core sees; what asks about nothing that lasts needs none. */
const hasCapacity = (frame: Frame, pages: number): boolean => {
  const { storage, cores } = frame.engine.genesis.parameters;
  if (!abilities[frame.kind].reserves) return true;
  const growth = growthWith(frame, pages);
  return growth === 0 || frame.storage + growth <= Math.floor(storage.capacity / cores);
};

/** By how much memory grows with so many pages more: within the allocation of the canister by nothing. @unit bytes */
const growthWith = (frame: Frame, pages: number): number => memoryWith(frame, pages) - memoryWith(frame, 0);

/**
 * So many pages are about to be more, unless this cannot be paid.
 * @rule memory-grow
 */
const growMemory = (frame: Frame, pages: number): ErrorCode | null => {
  if (!abilities[frame.kind].reserves) {
    frame.threshold = null;
    return null;
  }
  const growth = growthWith(frame, pages);
  const due = frame.prices.aside(frame.storage, growth);
  const reserved = cycles(frame.reserved + due);
  if (due > 0n && reserved > frame.canister.reservedLimit) return overReserve;
  if (due > frame.balance) return notPayable;
  const isFrozenBelow = frame.kind === "update" || frame.kind === "task";
  const threshold = isFrozenBelow ? thresholdWith(frame, pages, 0, reserved) : null;
  if (threshold !== null && frame.balance - due < threshold) return notThawed;
  frame.balance = cycles(frame.balance - due);
  frame.reserved = reserved;
  frame.storage += growth;
  frame.threshold = threshold;
  return null;
};

/** A call that could not be sent traps nothing: `onRefused` runs in its place. */
const call = (frame: Frame, instruction: CallInstruction, payload: Hex): ErrorCode | null => {
  const attempt = sendCall(frame, instruction, payload);
  switch (attempt.kind) {
    case "sent":
      return null;
    case "trapped":
      return attempt.error;
    case "refused":
      return runScript(frame, instruction.onRefused);
    default: {
      const never: never = attempt;
      throw new Error(`an attempt of no kind: ${JSON.stringify(never)}`);
    }
  }
};

/** @rule cycles-accept */
const accept = (frame: Frame, asked: Cycles): ErrorCode | null => {
  if (!isPermitted(frame, abilities[frame.kind].accepts)) return noAcceptor;
  const accepted = asked < frame.available ? asked : frame.available;
  frame.available = cycles(frame.available - accepted);
  frame.balance = cycles(frame.balance + accepted);
  frame.accepted = cycles(frame.accepted + accepted);
  return null;
};

/** @rule message-accept */
const acceptMessage = (frame: Frame): ErrorCode | null => {
  if (!abilities[frame.kind].inspects) return noInspector;
  if (frame.isAccepted) return alreadyAccepted;
  frame.isAccepted = true;
  return null;
};

/** @rule call-reply */
const reply = (frame: Frame, payload: Hex): ErrorCode | null => {
  const error = trapOfAnswering(frame);
  if (error !== null) return error;
  if (isAnswered(frame)) return alreadyReplied;
  if (payload.length / 2 > frame.engine.genesis.parameters.maxPayload) return replyTooLarge;
  answer(frame, { kind: "reply", payload });
  return null;
};

const trapOfAnswering = ({ kind }: Frame): ErrorCode | null => (abilities[kind].answers ? null : noAnswerer);

/** @rule call-reject */
const reject = (frame: Frame): ErrorCode | null => {
  const error = trapOfAnswering(frame);
  if (error !== null) return error;
  if (isAnswered(frame)) return alreadyRejected;
  answer(frame, rejected);
  return null;
};

const isPermitted = ({ engine }: Frame, permission: Permission): boolean =>
  permission === "always" || (permission === "by parameter" && engine.genesis.parameters.replicatedQueryAccepts);

const isAnswered = (frame: Frame): boolean => frame.context.status !== "open" || frame.answer !== null;

const answer = (frame: Frame, result: Result): void => {
  frame.answer = result;
  frame.available = noCycles;
};

/** @rule cycles-burn */
const burn = (frame: Frame, asked: Cycles): ErrorCode | null => {
  if (!isPermitted(frame, abilities[frame.kind].burns)) return noBurner;
  const most = liquidOf(frame);
  const burned = asked < most ? asked : most;
  frame.balance = cycles(frame.balance - burned);
  frame.burned = cycles(frame.burned + burned);
  return null;
};

/** @rule timer-set */
const setTimer = (frame: Frame, after: Nanoseconds | null): ErrorCode | null => {
  if (!abilities[frame.kind].setsTimer) return notLasting;
  frame.timer = after === null ? null : nanoseconds(frame.time + after);
  return null;
};

/** @rule data-certify */
const certify = (frame: Frame, data: Hex): ErrorCode | null => {
  const error = trapOfCertifying(frame);
  if (error !== null) return error;
  if (data.length / 2 > mostCertified) return overCertified;
  frame.certifiedData = data;
  return null;
};

const trapOfCertifying = ({ kind }: Frame): ErrorCode | null => (abilities[kind].certifies ? null : noCertifier);
