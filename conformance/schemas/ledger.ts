/** The books of a session, for whoever reads them by machine. A field is never removed or given another meaning within a version. */
import * as z from "zod";
import { places } from "../../properties/index.ts";
import { mintingCanister, type LedgerReport, type TokenFlowName } from "../ledger/data.ts";
import { flowNames } from "../ledger/flows.ts";
import { tokenFlows, tokenPlaces } from "../ledger/tokens.ts";
import { accountIdSchema, canisterIdSchema, signedSchema, subnetIdSchema } from "./units.ts";

const count = z.int().min(0);
const listOf = <T extends z.ZodType>(item: T) => z.array(item).readonly();
const flow = z.enum(flowNames);
const place = z.enum(places);
const account = z.strictObject({ place, owner: z.union([canisterIdSchema, subnetIdSchema, z.literal(mintingCanister)]).nullable() });
const entries = listOf(z.strictObject({ flow, count, cycles: signedSchema }));

const tokenPlace = z.enum(tokenPlaces);
const tokenFlow = z.enum(Object.keys(tokenFlows) as [TokenFlowName, ...TokenFlowName[]]);

const tokenBook = z.strictObject({
  flows: listOf(z.strictObject({ flow: tokenFlow, count, tokens: signedSchema })),
  accounts: listOf(z.strictObject({ account: accountIdSchema, opening: signedSchema, closing: signedSchema })),
  totals: listOf(z.strictObject({ place: tokenPlace, opening: signedSchema, closing: signedSchema })),
  disagreements: listOf(
    z.strictObject({ step: count, place: tokenPlace, expected: signedSchema, derived: signedSchema, difference: signedSchema }),
  ),
});

export const ledgerReportSchema = z.strictObject({
  report: z.literal("canon-ledger"),
  version: z.literal(1),
  machine: z.string(),
  balanced: z.boolean(),
  subnets: listOf(
    z.strictObject({
      subnet: subnetIdSchema.nullable(),
      steps: count,
      flows: entries,
      canisters: listOf(
        z.strictObject({ canister: canisterIdSchema, opening: signedSchema, in: entries, out: entries, closing: signedSchema }),
      ),
      totals: listOf(z.strictObject({ place, opening: signedSchema, closing: signedSchema })),
      disagreements: listOf(
        z.strictObject({
          step: count,
          of: z.enum(["term", "account"]),
          account,
          expected: signedSchema,
          derived: signedSchema,
          difference: signedSchema,
          suspects: listOf(z.strictObject({ event: count, flow, cycles: signedSchema, exact: z.boolean() })),
        }),
      ),
      postings: listOf(
        z.strictObject({
          step: count.nullable(),
          event: count.nullable(),
          canister: canisterIdSchema.nullable(),
          flow,
          from: account,
          to: account,
          cycles: signedSchema,
        }),
      ),
      tokens: tokenBook.nullable(),
    }),
  ),
}) satisfies z.ZodType<LedgerReport>;
