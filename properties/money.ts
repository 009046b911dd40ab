/**
 * The formulas of money, written from `docs/machine.md` section 2 alone. Laws need an arithmetic that neither the model
 * nor an engine shares; so these lines are the third time that the formulas are written down, on purpose.
 * Cycles are plain whole numbers here: a law must be able to hold a figure that is wrong.
 */
import type { CanisterGenesis, Parameters } from "../spec/index.ts";

/** `scale(c) = floor(c · subnetSize / referenceSubnetSize)`, on the whole product; nothing on a free subnet. @unit cycles */
export const scale = ({ fees }: Parameters, count: bigint): bigint =>
  fees.schedule === "free" ? 0n : (count * BigInt(fees.subnetSize)) / BigInt(fees.referenceSubnetSize);

/** The price of instructions before scaling. @unit cycles */
export const instructionsPrice = ({ fees }: Parameters, instructions: number): bigint =>
  (fees.tenInstructions * BigInt(instructions)) / 10n;

/** Base fee and instructions of one execution. @unit cycles */
export const executionPrice = (parameters: Parameters, instructions: number): bigint =>
  scale(parameters, parameters.fees.execution + instructionsPrice(parameters, instructions));

/** What is set aside before an execution. @unit cycles */
export const prepayment = (parameters: Parameters): bigint => executionPrice(parameters, parameters.messageInstructionLimit);

/** What is set aside before an installation. @unit cycles */
export const installPrepayment = (parameters: Parameters): bigint => executionPrice(parameters, parameters.installInstructionLimit);

/** What it costs to keep a chunk: its instructions alone. @unit cycles */
export const chunkPrice = (parameters: Parameters): bigint =>
  scale(parameters, instructionsPrice(parameters, parameters.chunkInstructions));

/** What it costs to take a snapshot, or to bring it back: its instructions alone. @unit cycles */
export const snapshotPrice = (parameters: Parameters): bigint =>
  scale(parameters, instructionsPrice(parameters, parameters.snapshotInstructions));

/** What a signature costs, or a key that is derived. @unit cycles */
export const signaturePrice = (parameters: Parameters): bigint => scale(parameters, parameters.fees.signature);

/** What an outcall costs whose argument, and whose answer at most, have so many bytes: each node pays for all nodes. @unit cycles */
export const outcallPrice = ({ fees }: Parameters, argument: number, most: number): bigint => {
  if (fees.schedule === "free") return 0n;
  const nodes = BigInt(fees.subnetSize);
  const bytes = fees.outcallRequestByte * BigInt(argument) + fees.outcallResponseByte * BigInt(most);
  return nodes * (fees.outcall + fees.outcallNode * nodes + bytes);
};

/** What an execution costs in the end: the prepayment less the price of what was not used of its limit. @unit cycles */
export const settled = (parameters: Parameters, prepaid: bigint, used: number, limit = parameters.messageInstructionLimit): bigint => {
  const unused = Math.max(0, limit - used);
  const refund = scale(parameters, instructionsPrice(parameters, unused));
  return prepaid - (refund < prepaid ? refund : prepaid);
};

/**
 * By how much a charge may pass `executionPrice` of what was used. Each of the two divisions of a settlement can lose
 * less than one unit; a unit lost before scaling grows with the subnet. With a price for ten instructions that ten
 * divides, nothing is lost before scaling. @unit cycles
 */
export const settlementSlack = ({ fees }: Parameters): bigint => {
  if (fees.tenInstructions % 10n === 0n) return 1n;
  return 1n + BigInt(Math.ceil(fees.subnetSize / fees.referenceSubnetSize));
};

/** What the receiver pays for an ingress message: message and bytes are scaled each by itself, or together. @unit cycles */
export const receptionFee = (parameters: Parameters, payloadBytes: number): bigint => {
  const { ingress, ingressByte, ingressScaled } = parameters.fees;
  const count = BigInt(payloadBytes);
  return ingressScaled === "together"
    ? scale(parameters, ingress + ingressByte * count)
    : scale(parameters, ingress) + scale(parameters, ingressByte) * count;
};

/** The transmission of so many bytes. @unit cycles */
export const transmission = (parameters: Parameters, payloadBytes: number): bigint =>
  scale(parameters, parameters.fees.transmissionByte * BigInt(payloadBytes));

/** What is burned when a call is sent. @unit cycles */
export const callFee = (parameters: Parameters, payloadBytes: number): bigint =>
  scale(parameters, parameters.fees.call) + transmission(parameters, payloadBytes);

/** What a callback holds: the transmission of the largest response, and one execution. @unit cycles */
export const callReserve = (parameters: Parameters): bigint => transmission(parameters, parameters.maxPayload) + prepayment(parameters);

/** What a canister costs that is created. @unit cycles */
export const creationFee = (parameters: Parameters): bigint => scale(parameters, parameters.fees.creation);

const day = 86_400n;
const gibibyte = 2n ** 30n;

/** What so many bytes of memory cost in a day. @unit cycles */
export const memoryDay = (parameters: Parameters, memory: number): bigint => {
  const { gibSecond, baseSecond } = parameters.fees;
  return memory === 0 ? 0n : scale(parameters, (BigInt(memory) * gibSecond * day) / gibibyte) + scale(parameters, baseSecond * day);
};

/** What so many bytes of memory for messages cost in a day. @unit cycles */
export const messagesDay = (parameters: Parameters, bytes: number): bigint =>
  scale(parameters, (BigInt(bytes) * parameters.fees.messageGibSecond * day) / gibibyte);

/** What an allocation of so many percent costs in a day. @unit cycles */
export const computeDay = (parameters: Parameters, computeAllocation: number): bigint =>
  scale(parameters, parameters.fees.percentSecond * BigInt(computeAllocation) * day);

/** Of what a day costs, the part for so many seconds. @unit cycles */
export const priceFor = (costOfDay: bigint, seconds: bigint): bigint => (costOfDay * seconds) / day;

/** What a canister holds that costs something while it is idle, and what is set aside for that. */
export interface Holdings {
  /** Of pages, snapshots and chunks, or allocated. @unit bytes */
  readonly memory: number;
  /** Memory for messages. @unit bytes */
  readonly messages: number;
  /** @unit cycles */
  readonly reserved: bigint;
}

/** The holdings of a canister with so many pages and nothing else. */
export const ofPages = ({ pageSize }: Parameters, pages: number): Holdings => ({ memory: pages * pageSize, messages: 0, reserved: 0n });

/** What a canister must keep to live idle through its freezing threshold, besides what it has set aside. @unit cycles */
export const freezingThreshold = (
  parameters: Parameters,
  canister: Pick<CanisterGenesis, "computeAllocation" | "freezingThreshold">,
  { memory, messages, reserved }: Holdings,
): bigint => {
  const ofDay = memoryDay(parameters, memory) + messagesDay(parameters, messages) + computeDay(parameters, canister.computeAllocation);
  const kept = priceFor(ofDay, BigInt(canister.freezingThreshold)) - reserved;
  return kept > 0n ? kept : 0n;
};

/** What must have been set aside in all for the memory of a subnet, when a core sees so many bytes of it in use. @unit cycles */
export const setAside = (parameters: Parameters, used: number): bigint => {
  const { storage, fees, cores } = parameters;
  const [threshold, capacity] = [Math.floor(storage.threshold / cores), Math.floor(storage.capacity / cores)];
  const beyond = BigInt(Math.max(0, Math.min(used, capacity) - threshold));
  if (storage.period === 0 || beyond === 0n) return 0n;
  const seconds = (BigInt(storage.period) * beyond) / BigInt(capacity - threshold) / 2n;
  return scale(parameters, (beyond * fees.gibSecond * seconds) / gibibyte);
};

/** What has to be set aside for so many bytes more, or for a page, when a core sees so many in use. @unit cycles */
export const setAsideFor = (parameters: Parameters, used: number, more: number = parameters.pageSize): bigint =>
  setAside(parameters, used + more) - setAside(parameters, used);
