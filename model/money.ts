/** What things cost: the formulas of the fee table, each with one division and one rounding, downwards. */
import { cycles, type Bytes, type Cycles, type FeeTable, type Instructions, type Parameters } from "../spec/index.ts";
import type { Canister } from "./state.ts";

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

/** What every execution prepays. */
export const prepayment = ({ fees, messageInstructionLimit }: Parameters): Cycles => executionCost(fees, messageInstructionLimit);

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
export const memoryOfDay = ({ fees, pageSize }: Parameters, { pages }: Canister): Cycles => {
  const memory = BigInt(pages.size) * BigInt(pageSize);
  const base = memory === 0n ? 0n : scale(fees, fees.baseSecond * secondsOfDay);
  return cycles(scale(fees, (memory * fees.gibSecond * secondsOfDay) / gib) + base);
};

/** What a day of the compute allocation costs. @source facts/cycles.md S7 */
export const computeOfDay = ({ fees }: Parameters, { computeAllocation }: Canister): Cycles =>
  scale(fees, fees.percentSecond * BigInt(computeAllocation) * secondsOfDay);

/** A price of a day, for so many seconds. @source facts/cycles.md S7 */
export const ofSeconds = (day: bigint, seconds: bigint): Cycles => cycles((day * seconds) / secondsOfDay);

/** The balance below which nothing new is paid. @source facts/cycles.md S7, S8 */
export const freezingThreshold = (parameters: Parameters, canister: Canister): Cycles =>
  ofSeconds(memoryOfDay(parameters, canister) + computeOfDay(parameters, canister), BigInt(canister.freezingThreshold));

/** What a canister may spend of its own will. @source facts/cycles.md CYC-5.2 */
export const liquid = (parameters: Parameters, canister: Canister): Cycles => {
  const above = canister.balance - freezingThreshold(parameters, canister);
  return cycles(above > 0n ? above : 0n);
};

/** Whether a balance covers a cost and the freezing threshold; false for a frozen canister, whatever the cost. @source facts/cycles.md CYC-5.3 */
export const covers = (parameters: Parameters, canister: Canister, cost: Cycles): boolean =>
  canister.balance >= freezingThreshold(parameters, canister) + cost;

export const least = (left: Cycles, right: Cycles): Cycles => (left < right ? left : right);
