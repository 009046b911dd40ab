/**
 * Prices that hold for a while. Whatever depends on them and the limits alone is computed once, here; what depends on a number of
 * bytes or instructions is a function of it. All floors are those of `docs/machine.md`, section 2.
 */
import { cycles, type Cycles, type FeeTable, type Parameters, type Percent, type Seconds } from "../spec/index.ts";

const secondsOfDay = 86_400n;
const gib = 2n ** 30n;

/** What a callback holds, as it was when its call was sent. */
export interface Reserve {
  /** The transmission of the largest response. @unit cycles */
  readonly transmission: Cycles;
  /** One execution. @unit cycles */
  readonly execution: Cycles;
}

export interface Prices {
  /** What they were made of. */
  readonly fees: FeeTable;
  /** Set aside for one execution: base fee and the message limit. @unit cycles */
  readonly prepayment: Cycles;
  /** What is left of a prepayment when nothing ran at all. @unit cycles */
  readonly attempt: Cycles;
  /** Of an execution that cannot be paid. @unit cycles */
  readonly base: Cycles;
  /** Held by the callback of every call that is sent at these prices. */
  readonly reserve: Reserve;
  /** Of a canister. @unit cycles */
  readonly creation: Cycles;
  /** Of a snapshot, taken or brought back. @unit cycles */
  readonly snapshot: Cycles;
  /** Of a signature, or of a key. @unit cycles */
  readonly signature: Cycles;
  /** Of a chunk that is kept. @unit cycles */
  readonly chunk: Cycles;
  /** Set aside for an installation. @unit cycles */
  readonly installation: Cycles;
  /** Of an outcall with so many bytes, whose answer may have so many. */
  outcall(bytes: number, most: number): Cycles;
  /** Reception of an ingress payload. */
  reception(bytes: number): Cycles;
  /** Transmission of a payload between canisters. */
  transmission(bytes: number): Cycles;
  /** What sending a call burns. */
  call(bytes: number): Cycles;
  /** Of a prepayment, what comes back after so many instructions. */
  refund(used: number): Cycles;
  /** Of what is set aside for an installation, what comes back after so many instructions. */
  installationRefund(used: number): Cycles;
  /** What so many bytes of memory cost in a day. */
  memoryDay(bytes: number): bigint;
  /** What so many bytes of memory for messages cost in a day. */
  messagesDay(bytes: number): bigint;
  /** What a compute allocation costs in a day. */
  computeDay(allocation: Percent): bigint;
  /** What so many bytes of memory and an allocation cost in a day. */
  standingDay(bytes: number, allocation: Percent): bigint;
  /** What that and so many bytes for messages cost for as long as a canister is to last without an income. */
  frozen(standingDay: bigint, messageBytes: number, freezing: Seconds): Cycles;
  /** What has to be set aside for so many bytes more, a page if it is not said, where a core sees so many in use. */
  aside(used: number, more?: number): Cycles;
}

/** All that a callback holds. */
export const wholeOf = ({ transmission, execution }: Reserve): Cycles => cycles(transmission + execution);

/** What is charged for so many seconds of something that has this price for a day. */
export const forSeconds = (ofDay: bigint, seconds: number): bigint => (ofDay * BigInt(seconds)) / secondsOfDay;

export const pricesOf = (parameters: Parameters): Prices => {
  const { fees, messageInstructionLimit, installInstructionLimit, snapshotInstructions, chunkInstructions, maxPayload } = parameters;
  const scale = scaleOf(fees);
  const instructionPrice = (count: number): bigint => (fees.tenInstructions * BigInt(count)) / 10n;

  const prepaymentOf = (limit: number): Cycles => cycles(scale(fees.execution + instructionPrice(limit)));
  const refundOf = (limit: number): Prices["refund"] => {
    const prepaid = prepaymentOf(limit);
    return (used) => {
      const unused = scale(instructionPrice(limit - used));
      return cycles(unused < prepaid ? unused : prepaid);
    };
  };
  const prepayment = prepaymentOf(messageInstructionLimit);
  const refund = refundOf(messageInstructionLimit);
  const transmission = (bytes: number): Cycles => cycles(scale(fees.transmissionByte * BigInt(bytes)));

  const callBase = scale(fees.call);
  const baseOfDay = scale(fees.baseSecond * secondsOfDay);
  const memoryDay = (bytes: number): bigint =>
    bytes === 0 ? 0n : scale((BigInt(bytes) * fees.gibSecond * secondsOfDay) / gib) + baseOfDay;
  const messagesDay = messagesDayOf(fees, scale, maxPayload);
  const computeDay = (allocation: Percent): bigint => scale(fees.percentSecond * BigInt(allocation) * secondsOfDay);

  return {
    fees,
    prepayment,
    attempt: cycles(prepayment - refund(0)),
    base: cycles(scale(fees.execution)),
    reserve: { transmission: transmission(maxPayload), execution: prepayment },
    creation: cycles(scale(fees.creation)),
    snapshot: cycles(scale(instructionPrice(snapshotInstructions))),
    signature: cycles(scale(fees.signature)),
    chunk: cycles(scale(instructionPrice(chunkInstructions))),
    installation: prepaymentOf(installInstructionLimit),
    outcall: outcallOf(fees),
    reception: receptionOf(fees, scale),
    transmission,
    call: (bytes) => cycles(callBase + transmission(bytes)),
    refund,
    installationRefund: refundOf(installInstructionLimit),
    memoryDay,
    messagesDay,
    computeDay,
    standingDay: (bytes, allocation) => memoryDay(bytes) + computeDay(allocation),
    frozen: (standingDay, messageBytes, freezing) => {
      const ofDay = standingDay + messagesDay(messageBytes);
      return ofDay === 0n ? nothing : cycles(forSeconds(ofDay, freezing));
    },
    aside: asideOf(parameters, scale),
  };
};

type Scale = (count: bigint) => bigint;

/** On a free subnet nothing costs anything. */
const scaleOf = ({ schedule, subnetSize, referenceSubnetSize }: FeeTable): Scale => {
  if (schedule === "free") return () => 0n;
  const size = BigInt(subnetSize);
  const reference = BigInt(referenceSubnetSize);
  return size === reference ? (count) => count : (count) => (count * size) / reference;
};

/** By the number of nodes, whatever the others have: each of them asks, and each hears what every other one was told. */
const outcallOf = ({
  schedule,
  subnetSize,
  outcall,
  outcallNode,
  outcallRequestByte,
  outcallResponseByte,
}: FeeTable): Prices["outcall"] => {
  if (schedule === "free") return () => nothing;
  const nodes = BigInt(subnetSize);
  const base = outcall + outcallNode * nodes;
  return (bytes, most) => cycles(nodes * (base + outcallRequestByte * BigInt(bytes) + outcallResponseByte * BigInt(most)));
};

const receptionOf = ({ ingress, ingressByte, ingressScaled }: FeeTable, scale: Scale): Prices["reception"] => {
  const [base, byte] = [scale(ingress), scale(ingressByte)];
  switch (ingressScaled) {
    case "apart":
      return (bytes) => cycles(base + byte * BigInt(bytes));
    case "together":
      return (bytes) => cycles(scale(ingress + ingressByte * BigInt(bytes)));
    default: {
      const never: never = ingressScaled;
      throw new Error(`no way to scale the price of ingress: ${String(never)}`);
    }
  }
};

/** Most that wait are responses that may be of the largest size, so what some of these cost is known. */
const messagesDayOf = ({ messageGibSecond }: FeeTable, scale: Scale, maxPayload: number): Prices["messagesDay"] => {
  const price = (bytes: number): bigint => scale((BigInt(bytes) * messageGibSecond * secondsOfDay) / gib);
  const ofResponses: bigint[] = [];
  return (bytes) => {
    const responses = bytes / maxPayload;
    if (bytes === 0 || messageGibSecond === 0n) return 0n;
    if (!Number.isInteger(responses) || responses > mostKnown) return price(bytes);
    while (ofResponses.length <= responses) ofResponses.push(price(ofResponses.length * maxPayload));
    return ofResponses[responses]!;
  };
};

const mostKnown = 1_024;

/**
 * By the shares of one core. Below the threshold, where most subnets are, nothing is computed.
 * @source facts/cycles.md CYC-4.5
 */
const asideOf = ({ fees, storage, cores, pageSize }: Parameters, scale: Scale): Prices["aside"] => {
  const period = BigInt(storage.period);
  const threshold = Math.floor(storage.threshold / cores);
  const capacity = Math.floor(storage.capacity / cores);
  const scarce = BigInt(capacity - threshold);
  const all = (used: number): bigint => {
    const above = BigInt(Math.max(0, Math.min(used, capacity) - threshold));
    const lasting = (period * above) / scarce / 2n;
    return scale((above * fees.gibSecond * lasting) / gib);
  };
  return (used, more = pageSize) => (period === 0n || used + more <= threshold ? nothing : cycles(all(used + more) - all(used)));
};

const nothing = cycles(0n);
