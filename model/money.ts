/** What things cost: the formulas of the fee table, each with one division and one rounding, downwards. */
import { cycles, type Bytes, type Cycles, type FeeTable, type Instructions, type Parameters } from "../spec/index.ts";
import { messageMemory, pagesHeld } from "./memory.ts";
import type { Canister, State } from "./state.ts";

const secondsOfDay = 86_400n;
const gib = 1n << 30n;

/** A price of the reference subnet, on this subnet. @source facts/cycles.md S1, S10 */
export const scale = ({ schedule, subnetSize, referenceSubnetSize }: FeeTable, price: bigint): Cycles =>
  schedule === "free" ? cycles(0n) : cycles((price * BigInt(subnetSize)) / BigInt(referenceSubnetSize));

/** @source facts/cycles.md S2 */
const instructionsPrice = (fees: FeeTable, count: number): bigint => (fees.tenInstructions * BigInt(count)) / 10n;

/** What an execution of so many instructions costs, base fee included. @source facts/cycles.md S3 */
export const executionCost = (fees: FeeTable, count: Instructions): Cycles => scale(fees, fees.execution + instructionsPrice(fees, count));

/** What comes back for instructions that were paid for and not used: no base fee. @source facts/cycles.md S3 */
export const unusedRefund = (fees: FeeTable, count: number): Cycles => scale(fees, instructionsPrice(fees, Math.max(0, count)));

/** What work of the platform on a canister costs: its instructions, and no base fee. @source facts/cycles.md CYC-2.17 */
export const workCost = (fees: FeeTable, count: Instructions): Cycles => scale(fees, instructionsPrice(fees, count));

/** What every execution prepays. */
export const prepayment = ({ fees, messageInstructionLimit }: Parameters): Cycles => executionCost(fees, messageInstructionLimit);

/** What a signature costs, or a key. @source facts/cycles.md CYC-C13, CYC-C14, CYC-C15 */
export const signatureCost = ({ fees }: Parameters): Cycles => scale(fees, fees.signature);

/** What an outcall costs whose argument has so many bytes, and whose answer at most so many: for all nodes, not scaled. @source facts/cycles.md CYC-1.3.1 */
export const outcallCost = ({ fees }: Parameters, asked: Bytes, most: Bytes): Cycles => {
  const nodes = BigInt(fees.subnetSize);
  const one = fees.outcall + fees.outcallNode * nodes + fees.outcallRequestByte * BigInt(asked) + fees.outcallResponseByte * BigInt(most);
  return cycles(fees.schedule === "free" ? 0n : nodes * one);
};

/** @source facts/cycles.md S4 */
export const receptionFee = ({ fees }: Parameters, payload: Bytes): Cycles =>
  fees.ingressScaled === "apart"
    ? cycles(scale(fees, fees.ingress) + scale(fees, fees.ingressByte) * BigInt(payload))
    : scale(fees, fees.ingress + fees.ingressByte * BigInt(payload));

/** @source facts/cycles.md S5 */
export const transmissionCost = ({ fees }: Parameters, payload: Bytes): Cycles => scale(fees, fees.transmissionByte * BigInt(payload));

/** What a call costs for good: both ways of the call, and the bytes of the request. @source facts/cycles.md CYC-3.2 */
export const callFee = (parameters: Parameters, payload: Bytes): Cycles =>
  cycles(scale(parameters.fees, parameters.fees.call) + transmissionCost(parameters, payload));

/** What a day of the memory in use costs. @source facts/cycles.md S6, S7, CYC-C10 */
export const memoryOfDay = ({ fees, pageSize }: Parameters, canister: Canister): Cycles => {
  const memory = BigInt(pagesHeld(canister)) * BigInt(pageSize);
  const base = memory === 0n ? 0n : scale(fees, fees.baseSecond * secondsOfDay);
  return cycles(scale(fees, (memory * fees.gibSecond * secondsOfDay) / gib) + base);
};

/** What a day of the memory for messages costs. @source facts/cycles.md S6, S7, CYC-4.1 */
export const messagesOfDay = ({ fees }: Parameters, memory: number): Cycles =>
  scale(fees, (BigInt(memory) * fees.messageGibSecond * secondsOfDay) / gib);

/** What a day of the compute allocation costs. @source facts/cycles.md S7 */
export const computeOfDay = ({ fees }: Parameters, { computeAllocation }: Canister): Cycles =>
  scale(fees, fees.percentSecond * BigInt(computeAllocation) * secondsOfDay);

/** A price of a day, for so many seconds. @source facts/cycles.md S7 */
export const ofSeconds = (day: bigint, seconds: bigint): Cycles => cycles((day * seconds) / secondsOfDay);

/**
 * The balance below which nothing new is paid; `more` bytes for messages are counted as if they were in use.
 * @source facts/cycles.md S7, S8, CYC-5.1
 */
export const freezingThreshold = (state: State, canister: Canister, more = 0): Cycles => {
  const { parameters } = state;
  const messages = messagesOfDay(parameters, messageMemory(state, canister) + more);
  const day = memoryOfDay(parameters, canister) + messages + computeOfDay(parameters, canister);
  return above(ofSeconds(day, BigInt(canister.freezingThreshold)), canister.reserved);
};

/** What a canister may spend of its own will. @source facts/cycles.md CYC-5.2 */
export const liquid = (state: State, canister: Canister): Cycles => above(canister.balance, freezingThreshold(state, canister));

/** Whether a balance covers a cost and the freezing threshold; false for a frozen canister, whatever the cost. @source facts/cycles.md CYC-5.3 */
export const covers = (state: State, canister: Canister, cost: Cycles, more = 0): boolean =>
  canister.balance >= freezingThreshold(state, canister, more) + cost;

/** What has to be set aside for more memory, where so much is in use. @source facts/cycles.md CYC-4.5 */
export const reservation = (parameters: Parameters, used: number, grown: number): Cycles =>
  cycles(reservedFor(parameters, used + grown) - reservedFor(parameters, used));

/** What all the memory above the threshold, as a core sees it, would have to set aside. */
const reservedFor = ({ fees, storage: { threshold, capacity, period }, cores }: Parameters, used: number): bigint => {
  const [from, to] = [Math.floor(threshold / cores), Math.floor(capacity / cores)];
  const scarce = BigInt(Math.max(0, Math.min(used, to) - from));
  if (period === 0) return 0n;
  const ahead = (BigInt(period) * scarce) / BigInt(to - from) / 2n;
  return scale(fees, (scarce * fees.gibSecond * ahead) / gib);
};

const above = (one: Cycles, other: Cycles): Cycles => cycles(one > other ? one - other : 0n);

export const least = (left: Cycles, right: Cycles): Cycles => (left < right ? left : right);
