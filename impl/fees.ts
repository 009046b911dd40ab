/**
 * Prices of one session. Whatever depends on the parameters alone is computed once, here; what depends on a number of
 * bytes, instructions or pages is a function of it. All floors are those of `docs/machine.md`, section 2.
 */
import { cycles, type Cycles, type Parameters, type Percent, type Seconds } from "../spec/index.ts";

const secondsOfDay = 86_400n;
const gib = 2n ** 30n;

export interface Prices {
  /** Set aside for one execution: base fee and the message limit. @unit cycles */
  readonly prepayment: Cycles;
  /** What is left of a prepayment when nothing ran at all. @unit cycles */
  readonly attempt: Cycles;
  /** The transmission of the largest response. @unit cycles */
  readonly transmissionReserve: Cycles;
  /** Held by every callback: transmission of the largest response and one execution. @unit cycles */
  readonly reserve: Cycles;
  /** Reception of an ingress payload. */
  reception(bytes: number): Cycles;
  /** Transmission of a payload between canisters. */
  transmission(bytes: number): Cycles;
  /** What sending a call burns. */
  call(bytes: number): Cycles;
  /** Of a prepayment, what comes back after so many instructions. */
  refund(used: number): Cycles;
  /** The balance below which a canister with so many pages may not spend. */
  threshold(allocation: Percent, freezing: Seconds, pages: number): Cycles;
}

export const pricesOf = ({ fees, messageInstructionLimit, maxPayload, pageSize }: Parameters): Prices => {
  const size = BigInt(fees.subnetSize);
  const reference = BigInt(fees.referenceSubnetSize);
  const scale = (count: bigint): bigint => (size === reference ? count : (count * size) / reference);
  const instructionPrice = (count: number): bigint => (fees.tenInstructions * BigInt(count)) / 10n;

  const prepayment = cycles(scale(fees.execution + instructionPrice(messageInstructionLimit)));
  const refund = (used: number): Cycles => {
    const unused = scale(instructionPrice(messageInstructionLimit - used));
    return cycles(unused < prepayment ? unused : prepayment);
  };
  const transmission = (bytes: number): Cycles => cycles(scale(fees.transmissionByte * BigInt(bytes)));
  const transmissionReserve = transmission(maxPayload);

  const receptionBase = scale(fees.ingress);
  const receptionByte = scale(fees.ingressByte);
  const callBase = scale(fees.call);
  const memoryOfDay = (pages: number): bigint => scale((BigInt(pages) * BigInt(pageSize) * fees.gibSecond * secondsOfDay) / gib);
  const computeOfDay = (allocation: Percent): bigint => scale(fees.percentSecond * BigInt(allocation) * secondsOfDay);

  return {
    prepayment,
    attempt: cycles(prepayment - refund(0)),
    transmissionReserve,
    reserve: cycles(transmissionReserve + prepayment),
    reception: (bytes) => cycles(receptionBase + receptionByte * BigInt(bytes)),
    transmission,
    call: (bytes) => cycles(callBase + transmission(bytes)),
    refund,
    threshold: (allocation, freezing, pages) => cycles(((memoryOfDay(pages) + computeOfDay(allocation)) * BigInt(freezing)) / secondsOfDay),
  };
};
