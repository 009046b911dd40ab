/** What the management canister tells, at the border. */
import * as z from "zod";
import { managementMethods } from "../../spec/index.ts";
import { resultSchema } from "./stream.ts";
import {
  bytesSchema,
  canisterIdSchema,
  cyclesSchema,
  errorCodeSchema,
  hashSchema,
  hexSchema,
  instructionsSchema,
  listOf,
  moduleNameSchema,
  nanosecondsSchema,
  percentSchema,
  principalSchema,
  secondsSchema,
  wholeSchema,
} from "./units.ts";

export const pageSchema = z.tuple([wholeSchema, hexSchema]).readonly();

const call = { caller: canisterIdSchema, callback: wholeSchema };

/** The fields of the events of the management canister, by kind. */
export const managementEventFields = {
  "management-asked": { ...call, method: z.enum(managementMethods), canister: canisterIdSchema.nullable() },
  "management-answered": { ...call, result: resultSchema, refund: cyclesSchema },
  "canister-stopping": { canister: canisterIdSchema },
  "canister-stopped": { canister: canisterIdSchema },
  "canister-started": { canister: canisterIdSchema },
  "cycles-provided": { canister: canisterIdSchema, cycles: cyclesSchema, balance: cyclesSchema },
  "cycles-deposited": { canister: canisterIdSchema, cycles: cyclesSchema, balance: cyclesSchema },
  "installation-ran": {
    canister: canisterIdSchema,
    mode: z.enum(["install", "reinstall", "upgrade"]),
    module: moduleNameSchema,
    trap: errorCodeSchema.nullable(),
    instructions: instructionsSchema,
    prepaid: cyclesSchema,
    charged: cyclesSchema,
    burned: cyclesSchema,
    reserved: cyclesSchema,
    wrote: listOf(pageSchema),
    pages: wholeSchema,
    timer: nanosecondsSchema.nullable(),
    balance: cyclesSchema,
  },
  "snapshot-taken": {
    canister: canisterIdSchema,
    snapshot: wholeSchema,
    replaced: wholeSchema.nullable(),
    pages: wholeSchema,
    charged: cyclesSchema,
    reserved: cyclesSchema,
    balance: cyclesSchema,
  },
  "snapshot-loaded": {
    canister: canisterIdSchema,
    source: canisterIdSchema,
    snapshot: wholeSchema,
    charged: cyclesSchema,
    wrote: listOf(pageSchema),
    pages: wholeSchema,
    balance: cyclesSchema,
  },
  "snapshot-deleted": { canister: canisterIdSchema, snapshot: wholeSchema },
  "consensus-asked": { request: wholeSchema, ...call, method: z.enum(managementMethods), fee: cyclesSchema, kept: cyclesSchema },
  "consensus-answered": { request: wholeSchema },
  "consensus-refused": { request: wholeSchema, error: errorCodeSchema },
  "chunk-kept": {
    canister: canisterIdSchema,
    digest: hashSchema,
    charged: cyclesSchema,
    reserved: cyclesSchema,
    balance: cyclesSchema,
  },
  "chunks-cleared": { canister: canisterIdSchema, chunks: wholeSchema },
  "memory-reserved": { canister: canisterIdSchema, cycles: cyclesSchema, balance: cyclesSchema },
  "settings-updated": {
    canister: canisterIdSchema,
    controllers: listOf(principalSchema),
    computeAllocation: percentSchema,
    memoryAllocation: bytesSchema,
    freezingThreshold: secondsSchema,
    reservedLimit: cyclesSchema,
  },
} as const;
