/** The reports, for whoever reads them by machine. A field is never removed or given another meaning within a version. */
import * as z from "zod";
import type { CheckReport, FaultsReport, Listing, MutantsReport } from "../report.ts";
import { rules } from "../../spec/index.ts";
import { inputKinds } from "../evidence.ts";
import { errorCodeSchema, hashSchema } from "./units.ts";

const count = z.int().min(0);
const name = z.string();
const names = z.array(name).readonly();
const listOf = <T extends z.ZodType>(item: T) => z.array(item).readonly();
const chapters = [...new Set(rules.map(({ chapter }) => chapter))];
const clauseKind = z.enum(["when", "then"]);
const propertyKind = z.enum(["law", "agreement"]);
const counted = z.strictObject({ properties: names, rules: names, clauses: count, goals: count });

export const checkReportSchema = z.strictObject({
  report: z.literal("canon-check"),
  version: z.literal(1),
  subject: name,
  catalogue: hashSchema,
  seed: z.int(),
  declared: counted,
  executed: counted,
  properties: listOf(
    z.strictObject({
      property: name,
      kind: propertyKind,
      outcome: z.enum([
        "PASS",
        "FAIL",
        "CRASH",
        "TIMEOUT",
        "PROTOCOL_ERROR",
        "FLAKY",
        "NOT_REACHED",
        "UNSUPPORTED",
        "INCONCLUSIVE",
        "HARNESS_ERROR",
      ]),
      runs: count,
      held: count,
      failed: count,
      vacuous: count,
      planned: count,
      milliseconds: count,
      path: name.nullable(),
      because: name,
      failure: name.nullable(),
    }),
  ),
  inputs: listOf(
    z.strictObject({
      kind: z.enum(inputKinds),
      drawn: count,
      refused: listOf(z.strictObject({ error: errorCodeSchema, count })),
    }),
  ),
  clauses: listOf(z.strictObject({ rule: name, kind: clauseKind, clause: name, fired: count, refused: count })),
  goals: listOf(z.strictObject({ goal: name, met: z.boolean() })),
  stored: listOf(
    z.strictObject({ failure: name, property: name, outcome: z.enum(["FIXED", "STILL FAILING", "CANNOT REPLAY"]), because: name }),
  ),
  excluded: listOf(z.strictObject({ rule: name, reason: name })),
  milliseconds: count,
  verdict: z.enum(["green", "failed", "unmet", "inconclusive", "broken"]),
  reasons: names,
}) satisfies z.ZodType<CheckReport>;

export const listingSchema = z.strictObject({
  report: z.literal("canon-list"),
  version: z.literal(1),
  catalogue: hashSchema,
  rules: listOf(
    z.strictObject({
      id: name,
      chapter: z.enum(chapters),
      title: name,
      clauses: listOf(z.strictObject({ kind: clauseKind, clause: name })),
    }),
  ),
  properties: listOf(z.strictObject({ id: name, kind: propertyKind, statement: name, cites: names })),
}) satisfies z.ZodType<Listing>;

export const mutantsReportSchema = z.strictObject({
  report: z.literal("canon-mutants"),
  version: z.literal(1),
  catalogue: hashSchema,
  seed: z.int(),
  runs: count,
  clauses: listOf(
    z.strictObject({
      rule: name,
      kind: clauseKind,
      clause: name,
      killedBy: names,
      byLaw: z.boolean(),
      byBreakdown: z.literal(true).exactOptional(),
      equivalent: name.exactOptional(),
    }),
  ),
  falseAlarms: listOf(z.strictObject({ property: name, because: name })),
  milliseconds: count,
}) satisfies z.ZodType<MutantsReport>;

const findingSchema = z.strictObject({ property: name, cases: count, milliseconds: count, inputs: count });

export const faultsReportSchema = z.strictObject({
  report: z.literal("canon-faults"),
  version: z.literal(1),
  catalogue: hashSchema,
  limit: count,
  faults: listOf(
    z.strictObject({
      fault: name,
      source: name,
      sentence: name,
      clause: name,
      hunts: listOf(
        z.strictObject({
          seed: z.int(),
          first: findingSchema.nullable(),
          byLaw: findingSchema.nullable(),
          shrunk: z.strictObject({ property: name, inputs: count, canisters: count, cut: z.boolean() }).nullable(),
          cases: count,
          milliseconds: count,
        }),
      ),
    }),
  ),
  milliseconds: count,
}) satisfies z.ZodType<FaultsReport>;
