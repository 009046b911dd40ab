/**
 * The border: text from a file, a process or a user becomes a value of the specification here, or a `BorderError` that
 * names the field, what was expected and what came. Nothing else of a stranger's text gets further.
 */
import type * as z from "zod";

/** Deepest nesting of brackets in a text; the deepest script and the deepest witness need less. */
export const deepestJson = 400;

/** Thrown where text from outside is not what it must be; each fault names a field, what was expected and what came. */
export class BorderError extends Error {
  readonly faults: readonly string[];

  constructor(what: string, faults: readonly string[]) {
    super(`${what}: ${faults.slice(0, 5).join("; ")}${faults.length > 5 ? `; and ${faults.length - 5} more` : ""}`);
    this.name = "BorderError";
    this.faults = faults;
  }
}

/** A value as a schema reads it. @throws BorderError */
export const read = <T>(schema: z.ZodType<T>, value: unknown, what: string): T => {
  let result: z.ZodSafeParseResult<T>;
  try {
    result = schema.safeParse(value);
  } catch (reason) {
    throw new BorderError(what, [reason instanceof Error ? reason.message : String(reason)]);
  }
  if (result.success) return result.data;
  throw new BorderError(
    what,
    result.error.issues.flatMap((issue) => faultsOfIssue(issue, [], value)),
  );
};

/** A JSON text as a schema reads it. @throws BorderError */
export const readText = <T>(schema: z.ZodType<T>, text: string, what: string): T => {
  if (tooDeep(text)) throw new BorderError(what, [`expected at most ${deepestJson} nested brackets`]);
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new BorderError(what, [`expected JSON, got ${excerpt(text)}`]);
  }
  return read(schema, value, what);
};

/** The beginning of a text, quoted, with control characters escaped. */
export const excerpt = (text: string, length = 120): string => {
  const quoted = JSON.stringify(text.slice(0, length));
  return text.length > length ? `${quoted}... (${text.length} characters)` : quoted;
};

const faultsOfIssue = (issue: z.core.$ZodIssue, above: readonly PropertyKey[], whole: unknown): readonly string[] => {
  const path = [...above, ...issue.path];
  if (issue.code === "invalid_union" && issue.errors.length > 0) {
    const nearest = [...issue.errors].sort((left, right) => deepest(right) - deepest(left))[0]!;
    return nearest.flatMap((inner) => faultsOfIssue(inner, path, whole));
  }
  if (issue.code === "custom" && issue.message.includes(", got ")) return [`${fieldOf(path)}: ${issue.message}`];
  return [`${fieldOf(path)}: ${expectedOf(issue)}, got ${shown(at(whole, path))}`];
};

const deepest = (issues: readonly z.core.$ZodIssue[]): number => Math.max(0, ...issues.map(({ path }) => path.length));

const expectedOf = (issue: z.core.$ZodIssue): string => {
  switch (issue.code) {
    case "unrecognized_keys":
      return `expected no field ${issue.keys.map((key) => JSON.stringify(key)).join(", ")}`;
    case "invalid_union":
      return `expected a known ${issue.discriminator ?? "kind"}`;
    case "invalid_type":
      return `expected ${issue.expected}`;
    case "invalid_value":
      return `expected ${issue.values.map((value) => JSON.stringify(value)).join(" or ")}`;
    case "too_small":
      return `expected at least ${issue.minimum}`;
    case "too_big":
      return `expected at most ${issue.maximum}`;
    default:
      return issue.message;
  }
};

const fieldOf = (path: readonly PropertyKey[]): string =>
  path.length === 0
    ? "the whole"
    : path.reduce<string>((text, key) => (typeof key === "number" ? `${text}[${key}]` : text ? `${text}.${String(key)}` : String(key)), "");

const at = (value: unknown, path: readonly PropertyKey[]): unknown =>
  path.reduce<unknown>(
    (here, key) => (typeof here === "object" && here !== null ? (here as Record<PropertyKey, unknown>)[key] : undefined),
    value,
  );

const shown = (value: unknown): string => {
  if (value === undefined) return "nothing";
  if (typeof value === "bigint") return value.toString();
  const text = JSON.stringify(value, (_, inner: unknown) => (typeof inner === "bigint" ? inner.toString() : inner)) ?? typeof value;
  return text.length > 60 ? `${text.slice(0, 60)}...` : text;
};

/** Counted without parsing, so that a hostile text cannot exhaust the stack. */
const tooDeep = (text: string): boolean => {
  let depth = 0;
  let quoted = false;
  for (let index = 0; index < text.length; index++) {
    const code = text.charCodeAt(index);
    if (quoted) {
      if (code === 92) index++;
      else if (code === 34) quoted = false;
    } else if (code === 34) quoted = true;
    else if (code === 91 || code === 123) {
      if (++depth > deepestJson) return true;
    } else if (code === 93 || code === 125) depth--;
  }
  return false;
};
