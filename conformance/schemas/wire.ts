/** The messages of the protocol `canon/1`: one JSON object a line, one request, one response. */
import * as z from "zod";
import { genesisSchema } from "./genesis.ts";
import { inputSchema } from "./scenario.ts";
import { observationSchema } from "./trace.ts";
import { stateViewSchema } from "./view.ts";
import { hashSchema, listOf } from "./units.ts";

/** The versions of the protocol that this runner speaks. */
export const protocolVersions = { min: 1, max: 1 } as const;

const id = z.int().min(0);
const shortText = z.string().max(1_024);

export const helloRequestSchema = z.strictObject({
  type: z.literal("hello"),
  protocol: z.strictObject({ min: z.int().min(1), max: z.int().min(1) }),
  catalogue: hashSchema,
  timeouts: z.strictObject({ handshake: z.int().min(1), step: z.int().min(1) }),
});

export const requestSchema = z.discriminatedUnion("type", [
  helloRequestSchema,
  z.strictObject({ type: z.literal("boot"), id, genesis: genesisSchema }),
  z.strictObject({ type: z.literal("apply"), id, input: inputSchema }),
  z.strictObject({ type: z.literal("observe"), id }),
  z.strictObject({ type: z.literal("bye") }),
]);

export const helloResponseSchema = z.strictObject({
  type: z.literal("hello"),
  protocol: z.int().min(1),
  implementation: z.strictObject({
    name: shortText.min(1),
    version: shortText,
    language: shortText,
    commit: shortText.nullable(),
  }),
  supports: listOf(shortText),
  excludes: listOf(z.strictObject({ rule: shortText, reason: shortText.min(1) })),
  options: z.strictObject({ digest: z.boolean(), state: z.boolean() }),
});

export const bootedSchema = z.strictObject({ type: z.literal("booted"), id });
export const appliedSchema = z.strictObject({ type: z.literal("applied"), id, observation: observationSchema });
export const observedSchema = z.strictObject({ type: z.literal("observed"), id, state: stateViewSchema });
export const byeSchema = z.strictObject({ type: z.literal("bye") });
export const errorSchema = z.strictObject({ type: z.literal("error"), id: id.nullable(), message: z.string().max(65_536) });

export const responseSchema = z.discriminatedUnion("type", [
  helloResponseSchema,
  bootedSchema,
  appliedSchema,
  observedSchema,
  byeSchema,
  errorSchema,
]);

export type HelloResponse = z.output<typeof helloResponseSchema>;
export type Response = z.output<typeof responseSchema>;
