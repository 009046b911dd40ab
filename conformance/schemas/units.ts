/**
 * Numbers and names at the border: what JSON may carry, and how it becomes a unit of the specification. Each is a
 * codec, so the same schema reads and writes; each enters through the checked constructor of its unit.
 */
import * as z from "zod";
import {
  accountId,
  bytes,
  canisterId,
  cycles,
  e8s,
  errorCodes,
  height,
  hex,
  ingressId,
  instructions,
  isHex,
  isIdentifier,
  keyName,
  moduleName,
  nanoseconds,
  isPrincipal,
  isUser,
  percent,
  principal,
  seconds,
  subnetId,
  userId,
  type ErrorCode,
  type Hex,
} from "../../spec/index.ts";

/** Longest list of anything in a message. */
export const longestList = 100_000;
/** Longest byte string, in bytes: the largest payload of the network, twice. */
export const longestBytes = 4_194_304;

const decimalText = z
  .string()
  .max(40)
  .regex(/^(0|[1-9][0-9]*)$/, "expected a whole number of at least 0 as a decimal string");
const signedText = z
  .string()
  .max(60)
  .regex(/^(0|-?[1-9][0-9]*)$/, "expected a whole number as a decimal string");
const whole = z.int().min(0);

const decimal = <T extends bigint>(unit: (count: bigint) => T) =>
  z.codec(
    decimalText,
    z.custom<T>((value) => typeof value === "bigint"),
    { decode: (text) => unit(BigInt(text)), encode: (count) => count.toString() },
  );

const counted = <T extends number>(unit: (count: number) => T, range = whole) =>
  z.codec(
    range,
    z.custom<T>((value) => typeof value === "number"),
    { decode: (count) => unit(count), encode: (count): number => count },
  );

const text = <T extends string>(base: z.ZodString, unit: (text: string) => T) =>
  z.codec(
    base,
    z.custom<T>((value) => typeof value === "string"),
    { decode: (came) => unit(came), encode: (named): string => named },
  );

export const cyclesSchema = decimal(cycles);
export const e8sSchema = decimal(e8s);
export const nanosecondsSchema = decimal(nanoseconds);
export const naturalSchema = decimal((count) => count);
/** What is said to a machine stays so far below what it answers with that sums of it fit its values. */
export const saidCyclesSchema = cyclesSchema.refine((said) => said < 2n ** 100n, "expected less than 2^100 cycles");
export const saidE8sSchema = e8sSchema.refine((said) => said < 2n ** 64n, "expected less than 2^64 e8s");
/** Ten-thousandths of an XDR. */
export const saidPermyriadSchema = naturalSchema.refine((said) => said < 2n ** 64n, "expected less than 2^64 ten-thousandths of an XDR");
/** What a token is worth: so little that one conversion makes fewer cycles than may be said at once. */
export const rateSchema = naturalSchema
  .refine((said) => said >= 1n, "expected at least 1")
  .refine((said) => said < 2n ** 36n, "expected less than 2^36 ten-thousandths of an XDR");
export const saidNanosecondsSchema = nanosecondsSchema.refine((said) => said < 2n ** 62n, "expected less than 2^62 nanoseconds");
export const signedSchema = z.codec(signedText, z.bigint(), { decode: (came) => BigInt(came), encode: (count) => count.toString() });

export const wholeSchema = whole;
export const instructionsSchema = counted(instructions);
export const percentSchema = counted(percent, z.int().min(0).max(100));
export const heightSchema = counted(height);
export const bytesSchema = counted(bytes);
export const secondsSchema = counted(seconds);

export const hexSchema = text<Hex>(
  z
    .string()
    .max(2 * longestBytes)
    .refine(isHex, "expected pairs of lower-case hexadecimal digits"),
  hex,
);
export const hashSchema = text<Hex>(z.string().regex(/^[0-9a-f]{64}$/, "expected 32 bytes as 64 lower-case hexadecimal digits"), hex);

/** A share as its node made it: a signature in G1, compressed. */
export const shareSchema = text<Hex>(z.string().regex(/^[0-9a-f]{96}$/, "expected 48 bytes as 96 lower-case hexadecimal digits"), hex);

const identifier = z.string().max(32).refine(isIdentifier, "expected 1 to 32 of a-z, 0-9 and -");
export const canisterIdSchema = text(identifier, canisterId);
export const userIdSchema = text(z.string().max(33).refine(isUser, "expected @ and 1 to 32 of a-z, 0-9 and -"), userId);
export const principalSchema = text(
  z.string().max(33).refine(isPrincipal, "expected 1 to 32 of a-z, 0-9 and -, behind a @ for a user"),
  principal,
);
export const accountIdSchema = text(identifier, accountId);
export const ingressIdSchema = text(identifier, ingressId);
export const subnetIdSchema = text(identifier, subnetId);
export const moduleNameSchema = text(identifier, moduleName);
export const keyNameSchema = text(identifier, keyName);
export const methodNameSchema = z.string().regex(/^[a-z0-9_-]{1,64}$/, "expected 1 to 64 of a-z, 0-9, _ and -");

export const errorCodeSchema = z.enum(Object.keys(errorCodes) as [ErrorCode, ...ErrorCode[]]);
export const rejectCodeSchema = z.union([z.literal(1), z.literal(2), z.literal(3), z.literal(4), z.literal(5), z.literal(6)]);

/** A list of at most `longestList` items. */
export const listOf = <T extends z.ZodType>(item: T) => z.array(item).max(longestList).readonly();
