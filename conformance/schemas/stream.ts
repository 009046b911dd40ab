/** What travels between subnets, at the border: messages in streams, slices of streams, and what the network hands over. */
import * as z from "zod";
import type { Delivery, Result, Slice, StreamMessage } from "../../spec/index.ts";
import {
  canisterIdSchema,
  cyclesSchema,
  errorCodeSchema,
  hexSchema,
  listOf,
  methodNameSchema,
  nanosecondsSchema,
  rejectCodeSchema,
  subnetIdSchema,
  wholeSchema,
} from "./units.ts";

/** Most slices or deliveries of one round. */
export const mostSlices = 1_000;

export const resultSchema = z.discriminatedUnion("kind", [
  z.strictObject({ kind: z.literal("reply"), payload: hexSchema }),
  z.strictObject({ kind: z.literal("reject"), code: rejectCodeSchema, error: errorCodeSchema }),
]) satisfies z.ZodType<Result>;

/**
 * What a machine told that it sent is handed to another one as it is, so what is said in a slice may reach as far as what is
 * told; only that much that the sums of a machine still fit the 16 and 8 bytes of its values.
 */
const carriedCycles = cyclesSchema.refine((carried) => carried < 2n ** 120n, "expected less than 2^120 cycles");
const deadlineSchema = nanosecondsSchema.refine((deadline) => deadline < 2n ** 64n, "expected less than 2^64 nanoseconds").nullable();

export const streamMessageSchema = z.discriminatedUnion("kind", [
  z.strictObject({
    kind: z.literal("request"),
    caller: canisterIdSchema,
    callback: wholeSchema,
    callee: canisterIdSchema,
    method: methodNameSchema,
    payload: hexSchema,
    attached: carriedCycles,
    deadline: deadlineSchema,
  }),
  z.strictObject({
    kind: z.literal("response"),
    caller: canisterIdSchema,
    callback: wholeSchema,
    respondent: canisterIdSchema,
    result: resultSchema,
    refund: carriedCycles,
    deadline: deadlineSchema,
  }),
  z.strictObject({ kind: z.literal("refund"), canister: canisterIdSchema, cycles: carriedCycles }),
]) satisfies z.ZodType<StreamMessage>;

export const sliceSchema = z.strictObject({
  from: subnetIdSchema,
  begin: wholeSchema,
  messages: listOf(streamMessageSchema),
  signals: wholeSchema,
}) satisfies z.ZodType<Slice>;

export const slicesSchema = z.array(sliceSchema).max(mostSlices).readonly();

export const deliverySchema = z.strictObject({
  from: wholeSchema,
  count: wholeSchema,
  again: wholeSchema.exactOptional(),
}) satisfies z.ZodType<Delivery>;

export const deliveriesSchema = z.array(deliverySchema).max(mostSlices).readonly();
