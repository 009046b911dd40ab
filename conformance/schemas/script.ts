/** Scripts at the border: the code of canisters as plain data. A script nests at most 16 deep. */
import * as z from "zod";
import type { Instruction, Script } from "../../spec/index.ts";
import {
  canisterIdSchema,
  hexSchema,
  instructionsSchema,
  listOf,
  methodNameSchema,
  principalSchema,
  saidCyclesSchema,
  saidNanosecondsSchema,
  wholeSchema,
} from "./units.ts";

/** Deepest nesting of scripts. */
export const deepestScript = 16;

export const valueSchema = z.discriminatedUnion("kind", [
  z.strictObject({ kind: z.literal("bytes"), bytes: hexSchema }),
  z.strictObject({ kind: z.literal("page"), page: wholeSchema }),
  z.strictObject({ kind: z.literal("controller"), principal: principalSchema }),
  ...(
    [
      "message",
      "stable-size",
      "instructions",
      "time",
      "balance",
      "available",
      "deadline",
      "version",
      "refunded",
      "self",
      "caller",
      "status",
      "reject-code",
      "method",
      "certified",
      "certificate",
    ] as const
  ).map((kind) => z.strictObject({ kind: z.literal(kind) })),
]);

const scriptHere: z.ZodType<Script> = z.lazy(() => listOf(instructionSchema));

export const instructionSchema: z.ZodType<Instruction> = z.lazy(() =>
  z.discriminatedUnion("op", [
    z.strictObject({ op: z.literal("consume"), instructions: instructionsSchema }),
    z.strictObject({ op: z.literal("write"), page: wholeSchema, value: valueSchema }),
    z.strictObject({ op: z.literal("stable-grow"), pages: wholeSchema }),
    z.strictObject({ op: z.literal("when-odd"), value: valueSchema, then: scriptHere, otherwise: scriptHere }),
    z.strictObject({
      op: z.literal("call"),
      timeout: saidNanosecondsSchema.exactOptional(),
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
    z.strictObject({ op: z.literal("accept-message") }),
    z.strictObject({ op: z.literal("reply"), payload: valueSchema }),
    z.strictObject({ op: z.literal("reject") }),
    z.strictObject({ op: z.literal("trap") }),
    z.strictObject({ op: z.literal("burn"), cycles: saidCyclesSchema }),
    z.strictObject({ op: z.literal("set-timer"), after: saidNanosecondsSchema.nullable() }),
    z.strictObject({ op: z.literal("certify"), data: valueSchema }),
  ]),
);

const depthOf = (script: Script): number =>
  script.reduce((deepest, instruction) => Math.max(deepest, ...innerOf(instruction).map((within) => 1 + depthOf(within))), 1);

const innerOf = (instruction: Instruction): readonly Script[] => {
  switch (instruction.op) {
    case "when-odd":
      return [instruction.then, instruction.otherwise];
    case "call":
      return [instruction.onReply, instruction.onReject, instruction.onCleanup, instruction.onRefused];
    default:
      return [];
  }
};

export const scriptSchema = scriptHere.refine(
  (script) => depthOf(script) <= deepestScript,
  `expected scripts nested at most ${deepestScript} deep`,
);
