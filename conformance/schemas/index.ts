/** Every public shape as a schema, by name: scenarios, traces, the wire, failures, reports, vectors. */
import * as z from "zod";
import { exploreReportSchema } from "../explore/report.ts";
import { storedFailureSchema } from "./failure.ts";
import { checkReportSchema, faultsReportSchema, listingSchema, mutantsReportSchema } from "./reports.ts";
import { genesisSchema } from "./genesis.ts";
import { ledgerReportSchema } from "./ledger.ts";
import { caseSchema, inputSchema, moveSchema, scenarioSchema } from "./scenario.ts";
import { observationSchema, stepSchema } from "./trace.ts";
import { vectorManifestSchema, vectorSchema } from "./vector.ts";
import { stateViewSchema } from "./view.ts";
import { requestSchema, responseSchema } from "./wire.ts";

export const schemas = {
  case: caseSchema,
  failure: storedFailureSchema,
  genesis: genesisSchema,
  input: inputSchema,
  move: moveSchema,
  observation: observationSchema,
  "report-check": checkReportSchema,
  "report-explore": exploreReportSchema,
  "report-faults": faultsReportSchema,
  "report-ledger": ledgerReportSchema,
  "report-list": listingSchema,
  "report-mutants": mutantsReportSchema,
  scenario: scenarioSchema,
  state: stateViewSchema,
  step: stepSchema,
  vector: vectorSchema,
  "vector-manifest": vectorManifestSchema,
  "wire-request": requestSchema,
  "wire-response": responseSchema,
} as const;

export type SchemaName = keyof typeof schemas;

/** A public shape as JSON Schema (draft 2020-12): what the text must be, before units are made of it. */
export const jsonSchemaOf = (name: SchemaName): unknown => ({ title: `canon ${name}`, ...z.toJSONSchema(schemas[name], { io: "input" }) });

export { BorderError, read, readText } from "./border.ts";
