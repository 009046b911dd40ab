/** What comes out, at the border: observations and traces. */
import * as z from "zod";
import type { Ledger, Observation, Step } from "../../spec/index.ts";
import { asked, eventSchema } from "./events.ts";
import { inputSchema } from "./scenario.ts";
import { tokenLedgerSchema } from "./tokens.ts";
import { cyclesSchema, hashSchema, heightSchema, listOf, wholeSchema } from "./units.ts";

export const ledgerSchema = z.strictObject({
  balances: cyclesSchema,
  reserved: cyclesSchema,
  messages: cyclesSchema,
  contexts: cyclesSchema,
  callbacks: cyclesSchema,
  executions: cyclesSchema,
  float: cyclesSchema,
  burned: cyclesSchema,
  lost: cyclesSchema,
  sent: cyclesSchema,
  received: cyclesSchema,
  minted: cyclesSchema,
}) satisfies z.ZodType<Ledger>;

export const drawSchema = z.strictObject({
  tape: heightSchema,
  index: wholeSchema,
  purpose: z.enum(["randomness", "id", "nonce"]),
  asked: heightSchema,
  ...asked,
  bytes: hashSchema,
});

export const observationSchema = z.strictObject({
  events: listOf(eventSchema),
  ledger: ledgerSchema,
  draws: listOf(drawSchema),
  stateRoot: hashSchema.nullable(),
  tokens: tokenLedgerSchema.exactOptional(),
}) satisfies z.ZodType<Observation>;

/** One step of a recorded session. */
export const stepSchema = z.strictObject({
  subnet: wholeSchema.exactOptional(),
  input: inputSchema,
  observation: observationSchema,
}) satisfies z.ZodType<Step>;
