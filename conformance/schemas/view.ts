/** The state at the border, as people see it where two machines part. */
import * as z from "zod";
import type { IngressStatus, StateView, StreamView } from "../../spec/index.ts";
import { feeTableName } from "./genesis.ts";
import { resultSchema } from "./stream.ts";
import { tokenViewSchema } from "./tokens.ts";
import { originSchema, taskSchema, turnOfTasks } from "./events.ts";
import { pageSchema } from "./management.ts";
import {
  bytesSchema,
  canisterIdSchema,
  cyclesSchema,
  hashSchema,
  heightSchema,
  hexSchema,
  ingressIdSchema,
  instructionsSchema,
  listOf,
  nanosecondsSchema,
  percentSchema,
  signedSchema,
  subnetIdSchema,
  wholeSchema,
} from "./units.ts";

const statusSchema = z.discriminatedUnion("kind", [
  z.strictObject({ kind: z.literal("received") }),
  z.strictObject({ kind: z.literal("processing") }),
  z.strictObject({ kind: z.literal("answered"), result: resultSchema, time: nanosecondsSchema }),
  z.strictObject({ kind: z.literal("done"), time: nanosecondsSchema }),
]) satisfies z.ZodType<IngressStatus>;

const streamViewSchema = z.strictObject({
  to: subnetIdSchema,
  begin: wholeSchema,
  messages: wholeSchema,
  signals: wholeSchema,
}) satisfies z.ZodType<StreamView>;

export const stateViewSchema = z.strictObject({
  height: heightSchema,
  time: nanosecondsSchema,
  canisters: listOf(
    z.strictObject({
      id: canisterIdSchema,
      computeAllocation: percentSchema,
      memoryAllocation: bytesSchema,
      status: z.enum(["running", "stopping", "stopped"]),
      stops: wholeSchema,
      version: wholeSchema,
      changes: wholeSchema,
      installDebit: instructionsSchema,
      snapshots: listOf(wholeSchema),
      chunks: listOf(hashSchema),
      balance: cyclesSchema,
      reserved: cyclesSchema,
      chargedAt: nanosecondsSchema,
      accumulatedPriority: signedSchema,
      executedRounds: wholeSchema,
      heapDebit: bytesSchema,
      queryInstructions: instructionsSchema,
      execution: z
        .strictObject({
          status: z.enum(["paused", "aborted"]),
          since: heightSchema,
          prepaid: cyclesSchema,
          prices: feeTableName.nullable(),
          slices: wholeSchema,
          instructions: instructionsSchema,
          postponed: cyclesSchema,
        })
        .nullable(),
      pages: listOf(pageSchema),
      stablePages: wholeSchema,
      timer: nanosecondsSchema.nullable(),
      certifiedData: hexSchema,
      installed: z.boolean(),
      tasks: listOf(taskSchema),
      turn: turnOfTasks,
      source: z.enum(["local", "ingress", "remote"]),
      inputs: wholeSchema,
      outputs: wholeSchema,
      contexts: listOf(
        z.strictObject({
          id: wholeSchema,
          origin: originSchema,
          status: z.enum(["open", "responded", "deleted"]),
          available: cyclesSchema,
        }),
      ),
      callbacks: listOf(
        z.strictObject({
          id: wholeSchema,
          context: wholeSchema,
          callee: canisterIdSchema,
          attached: cyclesSchema,
          deadline: nanosecondsSchema.nullable(),
          reserve: cyclesSchema,
        }),
      ),
    }),
  ),
  ingress: listOf(z.tuple([ingressIdSchema, statusSchema]).readonly()),
  waitingForManagement: wholeSchema,
  waitingForRandomness: wholeSchema,
  waitingForConsensus: wholeSchema,
  heapDelta: bytesSchema,
  streams: listOf(streamViewSchema),
  prices: feeTableName,
  tokens: tokenViewSchema.nullable(),
}) satisfies z.ZodType<StateView>;
