/** The genesis of a subnet at the border: parameters, canisters, committee, and the place of the subnet among others. */
import * as z from "zod";
import {
  faultsOf,
  type CanisterGenesis,
  type Committee,
  type FeeTable,
  type Genesis,
  type Module,
  type Network,
  type Parameters,
} from "../../spec/index.ts";
import { scriptSchema } from "./script.ts";
import { tokenGenesisSchema } from "./tokens.ts";
import {
  bytesSchema,
  canisterIdSchema,
  hashSchema,
  instructionsSchema,
  listOf,
  methodNameSchema,
  keyNameSchema,
  moduleNameSchema,
  percentSchema,
  principalSchema,
  saidCyclesSchema,
  saidNanosecondsSchema,
  secondsSchema,
  subnetIdSchema,
  wholeSchema,
} from "./units.ts";

/** Most nodes of a committee: every one of them has a key, which is dear to make. */
export const largestCommittee = 1_000;

export const feeTableName = z.string().max(64);

export const feeTableSchema = z.strictObject({
  name: feeTableName,
  subnetSize: wholeSchema,
  referenceSubnetSize: wholeSchema.min(1),
  execution: saidCyclesSchema,
  tenInstructions: saidCyclesSchema,
  ingress: saidCyclesSchema,
  ingressByte: saidCyclesSchema,
  ingressScaled: z.enum(["apart", "together"]),
  call: saidCyclesSchema,
  transmissionByte: saidCyclesSchema,
  gibSecond: saidCyclesSchema,
  baseSecond: saidCyclesSchema,
  messageGibSecond: saidCyclesSchema,
  percentSecond: saidCyclesSchema,
  creation: saidCyclesSchema,
  signature: saidCyclesSchema,
  outcall: saidCyclesSchema,
  outcallNode: saidCyclesSchema,
  outcallRequestByte: saidCyclesSchema,
  outcallResponseByte: saidCyclesSchema,
  schedule: z.enum(["normal", "free"]),
}) satisfies z.ZodType<FeeTable>;

export const coresSchema = wholeSchema.max(1_024);

export const parametersSchema = z.strictObject({
  scheduler: z.enum(["published", "current"]),
  cores: coresSchema,
  roundInstructionLimit: instructionsSchema,
  messageInstructionLimit: instructionsSchema,
  sliceInstructionLimit: instructionsSchema,
  maxPausedExecutions: wholeSchema,
  messageOverhead: instructionsSchema,
  canisterOverhead: instructionsSchema,
  finalisationOverhead: instructionsSchema,
  heapDeltaIterationLimit: bytesSchema,
  heapDeltaRateLimit: bytesSchema,
  heapDeltaCapacity: bytesSchema,
  heapDeltaReserve: bytesSchema,
  allocatable: wholeSchema,
  priority: z.strictObject({ resetInterval: wholeSchema, ceiling: wholeSchema, floor: wholeSchema, decay: wholeSchema }),
  cleanupReserve: wholeSchema,
  queueCapacity: wholeSchema,
  guaranteedResponseMemory: bytesSchema,
  bestEffortMemory: bytesSchema,
  callbackLimit: wholeSchema,
  callbackQuota: wholeSchema,
  streamCapacity: wholeSchema,
  requestLifetime: saidNanosecondsSchema,
  bestEffortLifetime: saidNanosecondsSchema,
  droppedCycles: z.enum(["lost", "returned"]),
  ingressLifetime: saidNanosecondsSchema,
  historyLifetime: saidNanosecondsSchema,
  historyCapacity: wholeSchema,
  historyMemory: bytesSchema,
  inspectionInstructionLimit: instructionsSchema,
  queryInstructionLimit: instructionsSchema,
  queryTreeInstructionLimit: instructionsSchema,
  queryCallOverhead: instructionsSchema,
  queryDepth: wholeSchema,
  queryBudget: instructionsSchema,
  queryWindow: saidNanosecondsSchema,
  replicatedQueryAccepts: z.boolean(),
  maxPayload: bytesSchema,
  maxPages: wholeSchema,
  heapPages: wholeSchema,
  pageSize: bytesSchema,
  storage: z.strictObject({ threshold: bytesSchema, capacity: bytesSchema, period: secondsSchema }),
  tapeLag: wholeSchema,
  stopTimeout: saidNanosecondsSchema,
  installInstructionLimit: instructionsSchema,
  installRateLimit: instructionsSchema,
  changesKept: wholeSchema,
  snapshotLimit: wholeSchema,
  snapshotInstructions: instructionsSchema,
  keys: listOf(keyNameSchema),
  signatureQueue: wholeSchema,
  outcallLimit: wholeSchema,
  chunkLimit: wholeSchema,
  chunkBytes: bytesSchema,
  chunkInstructions: instructionsSchema,
  chargePeriod: saidNanosecondsSchema,
  fees: feeTableSchema,
}) satisfies z.ZodType<Parameters>;

export const lowMemorySchema = z.strictObject({ limit: wholeSchema, threshold: wholeSchema, hook: scriptSchema });

const codeFields = {
  methods: listOf(
    z.strictObject({ name: methodNameSchema, mode: z.enum(["update", "query", "composite"]).exactOptional(), body: scriptSchema }),
  ),
  onTimer: scriptSchema,
  onHeartbeat: scriptSchema.exactOptional(),
  inspect: scriptSchema.exactOptional(),
  lowMemory: lowMemorySchema.exactOptional(),
  onInit: scriptSchema.exactOptional(),
  onPreUpgrade: scriptSchema.exactOptional(),
  onPostUpgrade: scriptSchema.exactOptional(),
  persistentHeap: z.boolean().exactOptional(),
};

export const moduleSchema = z.strictObject({ name: moduleNameSchema, ...codeFields }) satisfies z.ZodType<Module>;

export const canisterGenesisSchema = z.strictObject({
  id: canisterIdSchema,
  computeAllocation: percentSchema,
  freezingThreshold: secondsSchema,
  balance: saidCyclesSchema,
  controllers: listOf(principalSchema).exactOptional(),
  ...codeFields,
  reservedLimit: saidCyclesSchema.exactOptional(),
  stablePages: wholeSchema.exactOptional(),
}) satisfies z.ZodType<CanisterGenesis>;

export const committeeSchema = z.strictObject({
  nodes: wholeSchema.max(largestCommittee),
  threshold: wholeSchema,
  dealing: hashSchema,
  offset: z.literal([0, 1]),
}) satisfies z.ZodType<Committee>;

export const networkSchema = z.strictObject({
  own: subnetIdSchema,
  routes: listOf(z.strictObject({ canister: canisterIdSchema, subnet: subnetIdSchema })),
}) satisfies z.ZodType<Network>;

export const genesisSchema = z
  .strictObject({
    parameters: parametersSchema,
    time: saidNanosecondsSchema,
    committee: committeeSchema.exactOptional(),
    network: networkSchema.exactOptional(),
    bitcoin: canisterIdSchema.exactOptional(),
    provisional: saidCyclesSchema.exactOptional(),
    tokens: tokenGenesisSchema.exactOptional(),
    modules: listOf(moduleSchema).exactOptional(),
    canisters: listOf(canisterGenesisSchema),
  })
  .superRefine((genesis, context) => {
    for (const fault of faultsOf(genesis)) context.addIssue({ code: "custom", message: fault });
  }) as unknown as z.ZodType<Genesis>;
