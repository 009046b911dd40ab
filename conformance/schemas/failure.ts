/** A stored failure, at the border. */
import * as z from "zod";
import type { StoredFailure } from "../failure.ts";
import { caseSchema } from "./scenario.ts";
import { hashSchema } from "./units.ts";

const text = z.string().max(65_536);

export const storedFailureSchema = z.strictObject({
  format: z.literal("canon-failure/1"),
  id: z.string().regex(/^[a-z0-9-]{1,120}$/, "expected 1 to 120 of a-z, 0-9 and -"),
  property: z.string().max(100),
  subject: z.discriminatedUnion("kind", [
    z.strictObject({ kind: z.literal("built-in") }),
    z.strictObject({ kind: z.literal("command"), command: z.array(text).min(1).max(1_000).readonly() }),
  ]),
  machine: text,
  catalogue: hashSchema,
  seed: z.int(),
  path: z.string().max(10_000),
  outcome: z.enum(["FAIL", "CRASH", "TIMEOUT", "PROTOCOL_ERROR", "FLAKY"]),
  at: z.int().min(0).nullable(),
  because: text,
  status: z.enum(["failing", "fixed"]),
  drawnInputs: z.int().min(0),
  tries: z.int().min(0),
  case: caseSchema,
}) satisfies z.ZodType<StoredFailure>;
