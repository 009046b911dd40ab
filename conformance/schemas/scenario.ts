/**
 * What goes in, at the border: inputs, scenarios and cases. Strict: a field that the specification does not know is an
 * error, not a wish. What goes to a machine is an input; what stands in a scenario is a move, which may also say to which
 * subnet it goes and what the network delivers.
 */
import * as z from "zod";
import type { Input, Move, Scenario, ShareOrigin } from "../../spec/index.ts";
import type { Case } from "../../properties/index.ts";
import { faultsBetween, mostSubnets } from "../subnets.ts";
import { pathsSchema } from "./certificate.ts";
import { canisterGenesisSchema, coresSchema, feeTableSchema, genesisSchema } from "./genesis.ts";
import { deliveriesSchema, slicesSchema } from "./stream.ts";
import { purposeSchema, rewardSchema } from "./tokens.ts";
import {
  accountIdSchema,
  canisterIdSchema,
  hashSchema,
  heightSchema,
  hexSchema,
  ingressIdSchema,
  listOf,
  methodNameSchema,
  percentSchema,
  rateSchema,
  saidCyclesSchema,
  saidE8sSchema,
  saidNanosecondsSchema,
  userIdSchema,
  wholeSchema,
} from "./units.ts";

export const shareOriginSchema = z.discriminatedUnion("kind", [
  z.strictObject({ kind: z.literal("released") }),
  z.strictObject({ kind: z.literal("leaked") }),
  z.strictObject({ kind: z.literal("forged"), share: hexSchema }),
]) satisfies z.ZodType<ShareOrigin>;

const fieldsOf = {
  ingress: {
    id: ingressIdSchema,
    sender: userIdSchema.exactOptional(),
    canister: canisterIdSchema,
    method: methodNameSchema,
    payload: hexSchema,
    expiry: saidNanosecondsSchema.exactOptional(),
  },
  query: { sender: userIdSchema.exactOptional(), canister: canisterIdSchema, method: methodNameSchema, payload: hexSchema },
  round: {
    elapsed: saidNanosecondsSchema,
    tape: hashSchema,
    slices: slicesSchema.exactOptional(),
    answers: listOf(z.strictObject({ request: wholeSchema, reply: hexSchema.nullable() })).exactOptional(),
    coreOrder: listOf(wholeSchema).exactOptional(),
    checkpoint: z.boolean().exactOptional(),
    summary: z.strictObject({ nextCheckpoint: heightSchema, length: wholeSchema }).exactOptional(),
  },
  "create-canister": { canister: canisterGenesisSchema },
  "delete-canister": { canister: canisterIdSchema },
  "set-compute-allocation": { canister: canisterIdSchema, computeAllocation: percentSchema },
  "top-up": { canister: canisterIdSchema, cycles: saidCyclesSchema },
  "set-fees": { fees: feeTableSchema },
  transfer: { from: accountIdSchema, to: accountIdSchema, tokens: saidE8sSchema },
  pay: { from: accountIdSchema, tokens: saidE8sSchema, purpose: purposeSchema },
  notify: { conversion: wholeSchema },
  reward: { account: accountIdSchema, reward: rewardSchema },
  "set-rate": { permyriad: rateSchema },
  uninstall: { canister: canisterIdSchema },
  "read-state": { sender: userIdSchema.exactOptional(), paths: pathsSchema },
  finalise: { node: wholeSchema, height: heightSchema },
  share: { from: wholeSchema, to: wholeSchema, height: heightSchema, origin: shareOriginSchema },
  restart: {},
} as const satisfies Readonly<Record<Input["kind"], z.core.$ZodLooseShape>>;

const input = <K extends Input["kind"], S extends z.core.$ZodLooseShape>(kind: K, fields: S) =>
  z.strictObject({ kind: z.literal(kind), ...fields });

export const inputSchema = z.discriminatedUnion("kind", [
  input("ingress", fieldsOf.ingress),
  input("query", fieldsOf.query),
  input("round", fieldsOf.round),
  input("create-canister", fieldsOf["create-canister"]),
  input("delete-canister", fieldsOf["delete-canister"]),
  input("set-compute-allocation", fieldsOf["set-compute-allocation"]),
  input("top-up", fieldsOf["top-up"]),
  input("set-fees", fieldsOf["set-fees"]),
  input("transfer", fieldsOf.transfer),
  input("pay", fieldsOf.pay),
  input("notify", fieldsOf.notify),
  input("reward", fieldsOf.reward),
  input("set-rate", fieldsOf["set-rate"]),
  input("uninstall", fieldsOf.uninstall),
  input("read-state", fieldsOf["read-state"]),
  input("finalise", fieldsOf.finalise),
  input("share", fieldsOf.share),
  input("restart", fieldsOf.restart),
]) satisfies z.ZodType<Input>;

const toSubnet = { subnet: wholeSchema.exactOptional() };

export const moveSchema = z.discriminatedUnion("kind", [
  input("ingress", { ...fieldsOf.ingress, ...toSubnet }),
  input("query", { ...fieldsOf.query, ...toSubnet }),
  input("round", { ...fieldsOf.round, ...toSubnet, deliveries: deliveriesSchema.exactOptional() }),
  input("create-canister", { ...fieldsOf["create-canister"], ...toSubnet }),
  input("delete-canister", { ...fieldsOf["delete-canister"], ...toSubnet }),
  input("set-compute-allocation", { ...fieldsOf["set-compute-allocation"], ...toSubnet }),
  input("top-up", { ...fieldsOf["top-up"], ...toSubnet }),
  input("set-fees", { ...fieldsOf["set-fees"], ...toSubnet }),
  input("transfer", { ...fieldsOf.transfer, ...toSubnet }),
  input("pay", { ...fieldsOf.pay, ...toSubnet }),
  input("notify", { ...fieldsOf.notify, ...toSubnet }),
  input("reward", { ...fieldsOf.reward, ...toSubnet }),
  input("set-rate", { ...fieldsOf["set-rate"], ...toSubnet }),
  input("uninstall", { ...fieldsOf.uninstall, ...toSubnet }),
  input("read-state", { ...fieldsOf["read-state"], ...toSubnet }),
  input("finalise", { ...fieldsOf.finalise, ...toSubnet }),
  input("share", { ...fieldsOf.share, ...toSubnet }),
  input("restart", { ...fieldsOf.restart, ...toSubnet }),
]) satisfies z.ZodType<Move>;

export const scenarioSchema = z
  .strictObject({
    genesis: genesisSchema,
    others: z
      .array(genesisSchema)
      .max(mostSubnets - 1)
      .readonly()
      .exactOptional(),
    inputs: listOf(moveSchema),
  })
  .superRefine((scenario, context) => {
    for (const fault of faultsBetween(scenario)) context.addIssue({ code: "custom", message: fault });
  }) as unknown as z.ZodType<Scenario>;

/** Into most so many rounds a round is split: a stored case must not be a way to ask for endless work. */
const mostParts = 1_000;

export const relationSchema = z.discriminatedUnion("kind", [
  z.strictObject({ kind: z.literal("none") }),
  z.strictObject({ kind: z.literal("rerun") }),
  z.strictObject({ kind: z.literal("restarted"), before: listOf(wholeSchema) }),
  z.strictObject({ kind: z.literal("reordered"), keys: listOf(z.number()) }),
  z.strictObject({ kind: z.literal("cores-permuted"), coreOrder: listOf(wholeSchema) }),
  z.strictObject({ kind: z.literal("unsliced"), cores: coresSchema.exactOptional() }),
  z.strictObject({ kind: z.literal("allocation-raised"), canister: canisterIdSchema, by: percentSchema }),
  z.strictObject({ kind: z.literal("queries-dropped") }),
  z.strictObject({ kind: z.literal("rounds-split"), after: wholeSchema, parts: wholeSchema.max(mostParts) }),
  z.strictObject({ kind: z.literal("tape-replaced"), round: wholeSchema, tape: hashSchema }),
]);

export const caseSchema = z.strictObject({ scenario: scenarioSchema, relation: relationSchema }) satisfies z.ZodType<Case>;
