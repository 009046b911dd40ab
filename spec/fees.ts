/** Tables of prices, as data: what a subnet asks for everything that canisters do or occupy. */
import { cycles, type Cycles } from "./units.ts";

/**
 * Prices. `scale(c) = floor(c · subnetSize / referenceSubnetSize)`, always on the whole product; 0 on a free subnet.
 * @source facts/cycles.md CYC-C01..C12, S1..S7, S10
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
  /** What is scaled of the two: each of them by itself, or the sum for a whole message. @source facts/cycles.md S4 */
  readonly ingressScaled: "apart" | "together";
  /** For each call; covers request and response. @unit cycles */
  readonly call: Cycles;
  /** For each payload byte of a request or a response. @unit cycles */
  readonly transmissionByte: Cycles;
  /** For each GiB (2^30 bytes) of memory and second. @unit cycles */
  readonly gibSecond: Cycles;
  /** For each second of a canister that has any memory in use. @unit cycles @source facts/cycles.md CYC-C10 */
  readonly baseSecond: Cycles;
  /** For each GiB (2^30 bytes) of memory for messages and second. @unit cycles @source facts/cycles.md CYC-4.1, S7 */
  readonly messageGibSecond: Cycles;
  /** For each percent of compute allocation and second. @unit cycles */
  readonly percentSecond: Cycles;
  /** For each canister that is created. @unit cycles @source facts/cycles.md CYC-C12 */
  readonly creation: Cycles;
  /** For each signature, and each key that is derived. @unit cycles @source facts/cycles.md CYC-C13, CYC-C14, CYC-C15 */
  readonly signature: Cycles;
  /** For each outcall and node. @unit cycles @source facts/cycles.md CYC-C16, CYC-1.3.1 */
  readonly outcall: Cycles;
  /** For each outcall and node, for each node. @unit cycles @source facts/cycles.md CYC-C17, CYC-1.3.1 */
  readonly outcallNode: Cycles;
  /** For each byte of the argument of an outcall and node. @unit cycles @source facts/cycles.md CYC-C18, CYC-1.3.1 */
  readonly outcallRequestByte: Cycles;
  /** For each byte that the answer to an outcall may have and node. @unit cycles @source facts/cycles.md CYC-1.3.1 */
  readonly outcallResponseByte: Cycles;
  /** On a free subnet nothing has a price; what canisters destroy or lose themselves is destroyed all the same. @source facts/cycles.md S10 */
  readonly schedule: "normal" | "free";
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
  ingressScaled: "together",
  call: cycles(260_000n),
  transmissionByte: cycles(1_000n),
  gibSecond: cycles(127_000n),
  baseSecond: cycles(0n),
  messageGibSecond: cycles(127_000n),
  percentSecond: cycles(10_000_000n),
  creation: cycles(500_000_000_000n),
  signature: cycles(10_000_000_000n),
  outcall: cycles(3_000_000n),
  outcallNode: cycles(60_000n),
  outcallRequestByte: cycles(400n),
  outcallResponseByte: cycles(800n),
  schedule: "normal",
};

/** Application subnets of 2026: memory is dearer, and a canister costs something from its first byte on. @source facts/cycles.md section 1.1, profile F26; S4 */
export const feesOf2026: FeeTable = {
  ...feesOf2025,
  name: "F26",
  ingressScaled: "apart",
  gibSecond: cycles(317_500n),
  baseSecond: cycles(10_000n),
  messageGibSecond: cycles(317_500n),
};

/** A rented subnet, which is paid for otherwise. @source facts/cycles.md S10, CYC-C24 */
export const feesOfFree: FeeTable = { ...feesOf2026, name: "FREE", schedule: "free" };

/** System subnets: execution costs nothing, signatures do. @source facts/cycles.md CYC-C24 */
export const feesOfSystem: FeeTable = {
  name: "SYSTEM",
  subnetSize: 13,
  referenceSubnetSize: 13,
  execution: cycles(0n),
  tenInstructions: cycles(0n),
  ingress: cycles(0n),
  ingressByte: cycles(0n),
  ingressScaled: "apart",
  call: cycles(0n),
  transmissionByte: cycles(0n),
  gibSecond: cycles(0n),
  baseSecond: cycles(0n),
  messageGibSecond: cycles(0n),
  percentSecond: cycles(0n),
  creation: cycles(0n),
  signature: cycles(10_000_000_000n),
  outcall: cycles(0n),
  outcallNode: cycles(0n),
  outcallRequestByte: cycles(0n),
  outcallResponseByte: cycles(0n),
  schedule: "normal",
};
