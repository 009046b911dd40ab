/**
 * What goes in, at the border: genesis, scripts, inputs, scenarios and cases. Strict: a field that the specification
 * does not know is an error, not a wish. A script nests at most 16 deep.
 */
import * as z from "zod";
import {
  faultsOf,
  type Committee,
  type Genesis,
  type Input,
  type Instruction,
  type Scenario,
  type Script,
  type ShareOrigin,
} from "../../spec/index.ts";
import type { Case } from "../../properties/index.ts";
import {
  bytesSchema,
  canisterIdSchema,
  saidCyclesSchema,
  hashSchema,
  heightSchema,
  hexSchema,
  ingressIdSchema,
  instructionsSchema,
  listOf,
  methodNameSchema,
  saidNanosecondsSchema,
  percentSchema,
  secondsSchema,
  wholeSchema,
} from "./units.ts";

/** Deepest nesting of scripts. */
export const deepestScript = 16;
/** Most nodes of a committee: every one of them has a key, which is dear to make. */
export const largestCommittee = 1_000;

export const valueSchema = z.discriminatedUnion("kind", [
  z.strictObject({ kind: z.literal("bytes"), bytes: hexSchema }),
  z.strictObject({ kind: z.literal("page"), page: wholeSchema }),
  ...(["message", "time", "balance", "available", "refunded"] as const).map((kind) => z.strictObject({ kind: z.literal(kind) })),
]);

const scriptHere: z.ZodType<Script> = z.lazy(() => listOf(instructionSchema));

export const instructionSchema: z.ZodType<Instruction> = z.lazy(() =>
  z.discriminatedUnion("op", [
    z.strictObject({ op: z.literal("consume"), instructions: instructionsSchema }),
    z.strictObject({ op: z.literal("write"), page: wholeSchema, value: valueSchema }),
    z.strictObject({ op: z.literal("when-odd"), value: valueSchema, then: scriptHere, otherwise: scriptHere }),
    z.strictObject({
      op: z.literal("call"),
      callee: canisterIdSchema,
      method: methodNameSchema,
      payload: valueSchema,
      attached: saidCyclesSchema,
      onReply: scriptHere,
      onReject: scriptHere,
      onCleanup: scriptHere,
      onRefused: scriptHere,
    }),
    z.strictObject({ op: z.literal("accept"), cycles: saidCyclesSchema }),
    z.strictObject({ op: z.literal("reply"), payload: valueSchema }),
    z.strictObject({ op: z.literal("reject") }),
    z.strictObject({ op: z.literal("trap") }),
    z.strictObject({ op: z.literal("burn"), cycles: saidCyclesSchema }),
    z.strictObject({ op: z.literal("set-timer"), after: saidNanosecondsSchema.nullable() }),
  ]),
);

const depthOf = (script: Script): number =>
  script.reduce((deepest, instruction) => {
    const inner =
      instruction.op === "when-odd"
        ? [instruction.then, instruction.otherwise]
        : instruction.op === "call"
          ? continuationsOf(instruction)
          : [];
    return Math.max(deepest, ...inner.map((within) => 1 + depthOf(within)));
  }, 1);

const continuationsOf = ({ onReply, onReject, onCleanup, onRefused }: Instruction & { op: "call" }): readonly Script[] => [
  onReply,
  onReject,
  onCleanup,
  onRefused,
];

export const scriptSchema = scriptHere.refine(
  (script) => depthOf(script) <= deepestScript,
  `expected scripts nested at most ${deepestScript} deep`,
);

export const feeTableSchema = z.strictObject({
  name: z.string().max(64),
  subnetSize: wholeSchema,
  referenceSubnetSize: wholeSchema,
  execution: saidCyclesSchema,
  tenInstructions: saidCyclesSchema,
  ingress: saidCyclesSchema,
  ingressByte: saidCyclesSchema,
  call: saidCyclesSchema,
  transmissionByte: saidCyclesSchema,
  gibSecond: saidCyclesSchema,
  percentSecond: saidCyclesSchema,
});

export const parametersSchema = z.strictObject({
  scheduler: z.enum(["published", "current"]),
  cores: wholeSchema.max(1_024),
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
  maxPayload: bytesSchema,
  maxPages: wholeSchema,
  pageSize: bytesSchema,
  tapeLag: wholeSchema,
  fees: feeTableSchema,
});

export const canisterGenesisSchema = z.strictObject({
  id: canisterIdSchema,
  computeAllocation: percentSchema,
  freezingThreshold: secondsSchema,
  balance: saidCyclesSchema,
  methods: listOf(z.strictObject({ name: methodNameSchema, body: scriptSchema })),
  onTimer: scriptSchema,
});

export const committeeSchema = z.strictObject({
  nodes: wholeSchema.max(largestCommittee),
  threshold: wholeSchema,
  dealing: hashSchema,
  offset: z.literal([0, 1]),
}) satisfies z.ZodType<Committee>;

export const genesisSchema = z
  .strictObject({
    parameters: parametersSchema,
    time: saidNanosecondsSchema,
    committee: committeeSchema.exactOptional(),
    canisters: listOf(canisterGenesisSchema),
  })
  .superRefine((genesis, context) => {
    for (const fault of faultsOf(genesis)) context.addIssue({ code: "custom", message: fault });
  }) as unknown as z.ZodType<Genesis>;

export const shareOriginSchema = z.discriminatedUnion("kind", [
  z.strictObject({ kind: z.literal("released") }),
  z.strictObject({ kind: z.literal("leaked") }),
  z.strictObject({ kind: z.literal("forged"), share: hexSchema }),
]) satisfies z.ZodType<ShareOrigin>;

export const inputSchema = z.discriminatedUnion("kind", [
  z.strictObject({
    kind: z.literal("ingress"),
    id: ingressIdSchema,
    canister: canisterIdSchema,
    method: methodNameSchema,
    payload: hexSchema,
  }),
  z.strictObject({
    kind: z.literal("round"),
    elapsed: saidNanosecondsSchema,
    tape: hashSchema,
    coreOrder: listOf(wholeSchema).exactOptional(),
    checkpoint: z.boolean().exactOptional(),
    summary: z.strictObject({ nextCheckpoint: heightSchema, length: wholeSchema }).exactOptional(),
  }),
  z.strictObject({ kind: z.literal("create-canister"), canister: canisterGenesisSchema }),
  z.strictObject({ kind: z.literal("delete-canister"), canister: canisterIdSchema }),
  z.strictObject({ kind: z.literal("set-compute-allocation"), canister: canisterIdSchema, computeAllocation: percentSchema }),
  z.strictObject({ kind: z.literal("top-up"), canister: canisterIdSchema, cycles: saidCyclesSchema }),
  z.strictObject({ kind: z.literal("finalise"), node: wholeSchema, height: heightSchema }),
  z.strictObject({ kind: z.literal("share"), from: wholeSchema, to: wholeSchema, height: heightSchema, origin: shareOriginSchema }),
  z.strictObject({ kind: z.literal("restart") }),
]) satisfies z.ZodType<Input>;

export const scenarioSchema = z.strictObject({ genesis: genesisSchema, inputs: listOf(inputSchema) }) satisfies z.ZodType<Scenario>;

export const relationSchema = z.discriminatedUnion("kind", [
  z.strictObject({ kind: z.literal("none") }),
  z.strictObject({ kind: z.literal("rerun") }),
  z.strictObject({ kind: z.literal("restarted"), before: listOf(wholeSchema) }),
  z.strictObject({ kind: z.literal("reordered"), keys: listOf(z.number()) }),
  z.strictObject({ kind: z.literal("cores-permuted"), coreOrder: listOf(wholeSchema) }),
  z.strictObject({ kind: z.literal("tape-replaced"), round: wholeSchema, tape: hashSchema }),
]);

export const caseSchema = z.strictObject({ scenario: scenarioSchema, relation: relationSchema }) satisfies z.ZodType<Case>;
