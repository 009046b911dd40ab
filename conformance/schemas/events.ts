/** What happened, at the border: every kind of event, strictly the fields that it has. */
import * as z from "zod";
import type { Event } from "../../spec/index.ts";
import { witnessSchema } from "./certificate.ts";
import { feeTableName } from "./genesis.ts";
import { resultSchema, streamMessageSchema } from "./stream.ts";
import { tokenEventFields } from "./tokens.ts";
import {
  bytesSchema,
  canisterIdSchema,
  cyclesSchema,
  errorCodeSchema,
  hashSchema,
  heightSchema,
  hexSchema,
  ingressIdSchema,
  instructionsSchema,
  listOf,
  methodNameSchema,
  nanosecondsSchema,
  percentSchema,
  shareSchema,
  signedSchema,
  subnetIdSchema,
  wholeSchema,
} from "./units.ts";

export const originSchema = z.discriminatedUnion("kind", [
  z.strictObject({ kind: z.literal("ingress"), ingress: ingressIdSchema }),
  z.strictObject({ kind: z.literal("canister"), canister: canisterIdSchema, callback: wholeSchema }),
  z.strictObject({ kind: z.literal("system") }),
]);

const replyOrReject = z.enum(["reply", "reject"]);

export const taskSchema = z.enum(["timer", "heartbeat", "low-memory"]);
export const turnOfTasks = z.enum(["timer", "heartbeat", "message"]);

export const causeSchema = z.discriminatedUnion("kind", [
  z.strictObject({ kind: z.literal("update"), origin: originSchema, method: methodNameSchema, attached: cyclesSchema }),
  z.strictObject({ kind: z.literal("response"), callback: wholeSchema, result: replyOrReject }),
  ...taskSchema.options.map((kind) => z.strictObject({ kind: z.literal(kind) })),
]);

export const pageSchema = z.tuple([wholeSchema, hexSchema]).readonly();

const event = <K extends string, S extends z.core.$ZodLooseShape>(kind: K, fields: S) =>
  z.strictObject({ kind: z.literal(kind), ...fields });
const call = { caller: canisterIdSchema, callback: wholeSchema };
export const asked = { canister: canisterIdSchema, callback: wholeSchema };
const underWay = { node: wholeSchema, from: wholeSchema, height: heightSchema };
const turn = { iteration: wholeSchema, core: wholeSchema, canister: canisterIdSchema };

export const eventSchema = z.discriminatedUnion("kind", [
  event("ingress-received", { ingress: ingressIdSchema }),
  event("ingress-refused", { ingress: ingressIdSchema, error: errorCodeSchema }),
  event("ingress-inducted", { ingress: ingressIdSchema, canister: canisterIdSchema, fee: cyclesSchema, balance: cyclesSchema }),
  event("ingress-expired", { ingress: ingressIdSchema }),
  event("ingress-forgotten", { ingress: ingressIdSchema }),
  event("ingress-pruned", { ingress: ingressIdSchema }),
  event("ingress-answered", { ingress: ingressIdSchema, result: resultSchema }),
  event("query-answered", {
    canister: canisterIdSchema,
    method: methodNameSchema,
    result: resultSchema,
    instructions: instructionsSchema,
    nested: listOf(
      z.strictObject({
        depth: wholeSchema,
        caller: canisterIdSchema,
        callee: canisterIdSchema,
        method: methodNameSchema,
        result: resultSchema,
      }),
    ),
  }),
  event("query-refused", { canister: canisterIdSchema, method: methodNameSchema, error: errorCodeSchema }),
  event("topped-up", { canister: canisterIdSchema, cycles: cyclesSchema, balance: cyclesSchema }),
  event("top-up-refused", { canister: canisterIdSchema, error: errorCodeSchema }),
  event("round-began", { height: heightSchema, time: nanosecondsSchema }),
  event("resources-charged", { canisters: wholeSchema, memory: cyclesSchema, messages: cyclesSchema, compute: cyclesSchema }),
  event("ran-dry", { canister: canisterIdSchema, burned: cyclesSchema }),
  event("request-inducted", { ...call, callee: canisterIdSchema }),
  event("message-streamed", { to: subnetIdSchema, index: wholeSchema, message: streamMessageSchema }),
  event("stream-collected", { to: subnetIdSchema, begin: wholeSchema }),
  event("slice-taken", { from: subnetIdSchema, signals: wholeSchema }),
  event("slice-refused", { from: subnetIdSchema, error: errorCodeSchema }),
  event("message-refused", { from: subnetIdSchema, index: wholeSchema, error: errorCodeSchema.nullable() }),
  event("refund-inducted", { canister: canisterIdSchema, cycles: cyclesSchema, balance: cyclesSchema }),
  event("request-bounced", { ...call, error: errorCodeSchema }),
  event("randomness-asked", { ...asked, asked: heightSchema }),
  event("randomness-answered", asked),
  event("response-inducted", { ...call, result: replyOrReject }),
  event("response-late", { ...call, refund: cyclesSchema, balance: cyclesSchema }),
  event("callback-expired", call),
  event("message-dropped", {
    reason: z.enum(["expired", "shed", "orphaned"]),
    message: z.enum(["request", "response"]),
    canister: canisterIdSchema,
    queue: z.enum(["input", "output"]),
    ...call,
  }),
  event("cycles-dropped", { owner: canisterIdSchema, cycles: cyclesSchema, fate: z.enum(["lost", "returned", "streamed"]) }),
  event("tasks-chosen", { canister: canisterIdSchema, turn: turnOfTasks }),
  event("tasks-dropped", { canister: canisterIdSchema }),
  event("hook-ready", { canister: canisterIdSchema }),
  event("turn-began", turn),
  event("turn-ended", { ...turn, instructions: instructionsSchema, drained: z.boolean() }),
  event("executed", {
    canister: canisterIdSchema,
    cause: causeSchema,
    context: wholeSchema,
    trap: errorCodeSchema.nullable(),
    cleanup: z.enum(["none", "completed", "trapped"]),
    instructions: instructionsSchema,
    prepaid: cyclesSchema,
    charged: cyclesSchema,
    refunded: cyclesSchema,
    transmissionReserve: cyclesSchema,
    transmissionFee: cyclesSchema,
    accepted: cyclesSchema,
    burned: cyclesSchema,
    calls: listOf(
      z.strictObject({
        callback: wholeSchema,
        callee: canisterIdSchema,
        method: methodNameSchema,
        bytes: bytesSchema,
        attached: cyclesSchema,
        deadline: nanosecondsSchema.nullable(),
        fee: cyclesSchema,
        reserve: cyclesSchema,
      }),
    ),
    reserved: cyclesSchema,
    refusedCalls: listOf(z.strictObject({ callee: canisterIdSchema, error: errorCodeSchema })),
    wrote: listOf(pageSchema),
    timer: nanosecondsSchema.nullable(),
    balance: cyclesSchema,
  }),
  event("not-executed", {
    canister: canisterIdSchema,
    cause: causeSchema,
    error: errorCodeSchema,
    charged: cyclesSchema,
    balance: cyclesSchema,
  }),
  event("answered", {
    canister: canisterIdSchema,
    context: wholeSchema.nullable(),
    origin: originSchema,
    result: resultSchema,
    refund: cyclesSchema,
  }),
  event("response-discarded", {
    ...asked,
    refunded: cyclesSchema,
    released: cyclesSchema,
    transmissionFee: cyclesSchema,
    balance: cyclesSchema,
  }),
  event("callback-refused", {
    ...asked,
    error: errorCodeSchema,
    refunded: cyclesSchema,
    released: cyclesSchema,
    transmissionFee: cyclesSchema,
    charged: cyclesSchema,
    balance: cyclesSchema,
  }),
  event("fees-set", { name: feeTableName }),
  event("prepayment-adjusted", { canister: canisterIdSchema, taken: cyclesSchema, returned: cyclesSchema, balance: cyclesSchema }),
  event("tokens-transferred", tokenEventFields["tokens-transferred"]),
  event("conversion-paid", tokenEventFields["conversion-paid"]),
  event("transfer-refused", tokenEventFields["transfer-refused"]),
  event("conversion-settled", tokenEventFields["conversion-settled"]),
  event("conversion-refused", tokenEventFields["conversion-refused"]),
  event("reward-minted", tokenEventFields["reward-minted"]),
  event("rate-set", tokenEventFields["rate-set"]),
  event("uninstalled", { canister: canisterIdSchema }),
  event("uninstall-refused", { canister: canisterIdSchema, error: errorCodeSchema }),
  event("context-deleted", { canister: canisterIdSchema, context: wholeSchema }),
  event("context-removed", { canister: canisterIdSchema, context: wholeSchema, remaining: wholeSchema }),
  event("execution-paused", {
    canister: canisterIdSchema,
    cause: causeSchema,
    slices: wholeSchema,
    instructions: instructionsSchema,
    prepaid: cyclesSchema,
    since: heightSchema,
    balance: cyclesSchema,
  }),
  event("execution-resumed", { canister: canisterIdSchema, afresh: z.boolean() }),
  event("execution-finished", { canister: canisterIdSchema, slices: wholeSchema, since: heightSchema, postponed: cyclesSchema }),
  event("execution-aborted", {
    canister: canisterIdSchema,
    slices: wholeSchema,
    instructions: instructionsSchema,
    postponed: cyclesSchema,
    balance: cyclesSchema,
  }),
  event("round-skipped", { height: heightSchema, heapDelta: bytesSchema, limit: bytesSchema }),
  event("canister-suspended", { iteration: wholeSchema, canister: canisterIdSchema, heapDebit: bytesSchema }),
  event("full-round", { canister: canisterIdSchema, unpaid: wholeSchema, priority: signedSchema }),
  event("priorities-settled", {
    charged: signedSchema,
    granted: signedSchema,
    decayed: signedSchema,
    shared: signedSchema,
    total: signedSchema,
  }),
  event("canister-created", { canister: canisterIdSchema, computeAllocation: percentSchema, balance: cyclesSchema }),
  event("canister-create-refused", { canister: canisterIdSchema, error: errorCodeSchema }),
  event("canister-deleted", { canister: canisterIdSchema, burned: cyclesSchema }),
  event("canister-delete-refused", { canister: canisterIdSchema, error: errorCodeSchema }),
  event("allocation-set", { canister: canisterIdSchema, computeAllocation: percentSchema }),
  event("allocation-refused", { canister: canisterIdSchema, error: errorCodeSchema }),
  event("round-ended", { height: heightSchema, iterations: wholeSchema, instructions: instructionsSchema }),
  event("restarted", {}),
  event("data-certified", { canister: canisterIdSchema, data: hexSchema }),
  event("certificate-issued", { witness: witnessSchema, signature: shareSchema.nullable() }),
  event("read-state-refused", { error: errorCodeSchema }),
  event("round-refused", { height: heightSchema, error: errorCodeSchema }),
  event("block-finalised", { node: wholeSchema, height: heightSchema }),
  event("block-refused", { node: wholeSchema, height: heightSchema, error: errorCodeSchema }),
  event("share-released", { node: wholeSchema, height: heightSchema, share: shareSchema }),
  event("share-admitted", underWay),
  event("share-refused", { ...underWay, error: errorCodeSchema }),
  event("tape-made", { node: wholeSchema, height: heightSchema, tape: hashSchema }),
]) satisfies z.ZodType<Event>;
