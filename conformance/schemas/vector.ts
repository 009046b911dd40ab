/** Vectors and their manifest, at the border. */
import * as z from "zod";
import type { Vector, VectorManifest } from "../vector.ts";
import { mostSubnets } from "../subnets.ts";
import { genesisSchema } from "./genesis.ts";
import { inputSchema } from "./scenario.ts";
import { observationSchema } from "./trace.ts";
import { hashSchema, listOf } from "./units.ts";

const id = z.int().min(0);
const subnet = z.int().min(1).max(mostSubnets).exactOptional();
const name = z.string().regex(/^[a-z0-9-]{1,64}$/, "expected 1 to 64 of a-z, 0-9 and -");

export const vectorSchema = z.strictObject({
  format: z.literal("canon-vector/1"),
  rule: name,
  kind: z.enum(["when", "then"]),
  clause: name,
  sentence: z.string().max(1_024),
  tells: z.boolean(),
  session: listOf(
    z.union([
      z.strictObject({
        subnet,
        request: z.strictObject({ type: z.literal("boot"), id, genesis: genesisSchema }),
        response: z.strictObject({ type: z.literal("booted"), id }),
      }),
      z.strictObject({
        subnet,
        request: z.strictObject({ type: z.literal("apply"), id, input: inputSchema }),
        response: z.strictObject({ type: z.literal("applied"), id, observation: observationSchema }),
      }),
    ]),
  ),
}) satisfies z.ZodType<Vector>;

export const vectorManifestSchema = z.strictObject({
  format: z.literal("canon-vectors/1"),
  version: z.string().regex(/^\d+\.\d+\.\d+$/, "expected MAJOR.MINOR.PATCH"),
  catalogue: hashSchema,
  files: listOf(
    z.strictObject({
      file: z.string().regex(/^[a-z0-9-]{1,64}\/[a-z0-9-]{1,80}\.json$/, "expected rule/name.json"),
      sha256: hashSchema,
    }),
  ),
}) satisfies z.ZodType<VectorManifest>;
