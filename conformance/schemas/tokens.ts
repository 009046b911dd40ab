/** Tokens at the border: who has them, what they are paid for, how a conversion ended. */
import * as z from "zod";
import type { Conversion, Purpose, Reward, TokenGenesis, TokenLedger, TokenView } from "../../spec/index.ts";
import {
  accountIdSchema,
  canisterIdSchema,
  cyclesSchema,
  e8sSchema,
  errorCodeSchema,
  listOf,
  naturalSchema,
  rateSchema,
  saidCyclesSchema,
  saidE8sSchema,
  saidNanosecondsSchema,
  saidPermyriadSchema,
  wholeSchema,
} from "./units.ts";

export const tokenGenesisSchema = z.strictObject({
  accounts: listOf(z.strictObject({ account: accountIdSchema, balance: saidE8sSchema })),
  permyriad: rateSchema,
  transferFee: saidE8sSchema,
  penalties: z.strictObject({ topUp: saidE8sSchema, create: saidE8sSchema }),
  mintLimit: saidCyclesSchema,
  mintWindow: saidNanosecondsSchema,
}) satisfies z.ZodType<TokenGenesis>;

export const purposeSchema = z.discriminatedUnion("kind", [
  z.strictObject({ kind: z.literal("top-up"), canister: canisterIdSchema }),
  z.strictObject({ kind: z.literal("create"), canister: canisterIdSchema }),
]) satisfies z.ZodType<Purpose>;

export const rewardSchema = z.discriminatedUnion("unit", [
  z.strictObject({ unit: z.literal("xdr"), permyriad: saidPermyriadSchema }),
  z.strictObject({ unit: z.literal("tokens"), tokens: saidE8sSchema }),
]) satisfies z.ZodType<Reward>;

const made = { canister: canisterIdSchema, cycles: cyclesSchema, balance: cyclesSchema };

export const conversionSchema = z.discriminatedUnion("kind", [
  z.strictObject({ kind: z.literal("topped-up"), ...made }),
  z.strictObject({ kind: z.literal("created"), ...made }),
  z.strictObject({ kind: z.literal("refunded"), tokens: e8sSchema, error: errorCodeSchema }),
]) satisfies z.ZodType<Conversion>;

/** The fields of the events of tokens, by kind. */
export const tokenEventFields = {
  "tokens-transferred": { from: accountIdSchema, to: accountIdSchema, tokens: e8sSchema, fee: e8sSchema },
  "conversion-paid": { from: accountIdSchema, conversion: wholeSchema, tokens: e8sSchema, fee: e8sSchema },
  "transfer-refused": { from: accountIdSchema, error: errorCodeSchema },
  "conversion-settled": { conversion: wholeSchema, minted: cyclesSchema, outcome: conversionSchema },
  "conversion-refused": { conversion: wholeSchema, error: errorCodeSchema },
  "reward-minted": { account: accountIdSchema, tokens: e8sSchema },
  "rate-set": { permyriad: naturalSchema },
} as const;

export const tokenLedgerSchema = z.strictObject({
  accounts: e8sSchema,
  pending: e8sSchema,
  burned: e8sSchema,
  minted: e8sSchema,
}) satisfies z.ZodType<TokenLedger>;

export const tokenViewSchema = z.strictObject({
  permyriad: naturalSchema,
  accounts: listOf(z.tuple([accountIdSchema, e8sSchema]).readonly()),
  pending: listOf(z.tuple([wholeSchema, e8sSchema]).readonly()),
}) satisfies z.ZodType<TokenView>;
