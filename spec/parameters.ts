/**
 * Everything that a network may set differently, as data: nothing in model or impl branches on a network's name.
 */
import { bytes, cycles, instructions, type Bytes, type Cycles, type Instructions } from "./units.ts";

/**
 * Prices. `scale(c) = floor(c · subnetSize / referenceSubnetSize)`, always on the whole product.
 * @source facts/cycles.md CYC-C01..C12, S1..S7
 */
export interface FeeTable {
  readonly name: string;
  readonly subnetSize: number;
  readonly referenceSubnetSize: number;
  /** For each executed message, callback or task. @unit cycles */
  readonly execution: Cycles;
  /** For each ten instructions. @unit cycles */
  readonly tenInstructions: Cycles;
  /** For each inducted ingress message. @unit cycles */
  readonly ingress: Cycles;
  /** For each byte of an ingress payload. @unit cycles */
  readonly ingressByte: Cycles;
  /** For each call; covers request and response. @unit cycles */
  readonly call: Cycles;
  /** For each payload byte of a request or a response. @unit cycles */
  readonly transmissionByte: Cycles;
  /** For each GiB (2^30 bytes) of memory and second. @unit cycles */
  readonly gibSecond: Cycles;
  /** For each percent of compute allocation and second. @unit cycles */
  readonly percentSecond: Cycles;
}

export interface Parameters {
  /** The scheduler's algorithm. @source facts/scheduler.md SCH-G0 */
  readonly scheduler: "published";
  /** Cores that execute canisters; capacity is 100 percent for each. */
  readonly cores: number;
  /** Most instructions that one core executes in a round, overheads included. @unit instructions */
  readonly roundInstructionLimit: Instructions;
  /** Most instructions of one message, cleanup included. @unit instructions */
  readonly messageInstructionLimit: Instructions;
  /** Counted against the round for each message that is taken from a queue; at least 1. @unit instructions */
  readonly messageOverhead: Instructions;
  /** Share of the message limit that a callback leaves for its cleanup, rounded down. @unit percent */
  readonly cleanupReserve: number;
  /** Most calls that one canister may have open towards one callee. */
  readonly queueCapacity: number;
  /** Most bytes of any payload. @unit bytes */
  readonly maxPayload: Bytes;
  /** Pages of a canister's memory: indices are 0 to one less. */
  readonly maxPages: number;
  /** Most bytes in a page; a page that was written counts whole. @unit bytes */
  readonly pageSize: Bytes;
  /** Rounds between asking for randomness and the tape that answers; at least 1. @source facts/messages.md J8 */
  readonly tapeLag: number;
  readonly fees: FeeTable;
}

/** Application subnets of 2025. @source facts/cycles.md section 1.1, profile F25 */
export const feesOf2025: FeeTable = {
  name: "F25",
  subnetSize: 13,
  referenceSubnetSize: 13,
  execution: cycles(5_000_000n),
  tenInstructions: cycles(10n),
  ingress: cycles(1_200_000n),
  ingressByte: cycles(2_000n),
  call: cycles(260_000n),
  transmissionByte: cycles(1_000n),
  gibSecond: cycles(127_000n),
  percentSecond: cycles(10_000_000n),
};

/** System subnets: execution costs nothing. @source facts/cycles.md CYC-C24 */
export const feesOfSystem: FeeTable = {
  name: "SYSTEM",
  subnetSize: 13,
  referenceSubnetSize: 13,
  execution: cycles(0n),
  tenInstructions: cycles(0n),
  ingress: cycles(0n),
  ingressByte: cycles(0n),
  call: cycles(0n),
  transmissionByte: cycles(0n),
  gibSecond: cycles(0n),
  percentSecond: cycles(0n),
};

/**
 * The limits of an application subnet without time slicing.
 * @source facts/scheduler.md SCH-C01, SCH-C02, SCH-C05, SCH-C08, SCH-C30; facts/cycles.md CYC-C27, CYC-C33, CYC-C34
 */
export const publishedParameters: Parameters = {
  scheduler: "published",
  cores: 4,
  roundInstructionLimit: instructions(7_000_000_000),
  messageInstructionLimit: instructions(5_000_000_000),
  messageOverhead: instructions(2_000_000),
  cleanupReserve: 5,
  queueCapacity: 500,
  maxPayload: bytes(2_097_152),
  maxPages: 1_048_576,
  pageSize: bytes(4_096),
  tapeLag: 1,
  fees: feesOf2025,
};
