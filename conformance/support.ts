/** What a machine says that it follows: patterns of rule ids, with `*` as a wildcard, made into the rules that are left out. */
import { rules } from "../spec/index.ts";
import { MachineFault } from "./fault.ts";

export interface Exclusion {
  readonly rule: string;
  readonly reason: string;
}

/** The rules that a machine does not follow, each with its reason. @throws MachineFault when a pattern names no rule. */
export const exclusionsOf = (supports: readonly string[], excludes: readonly Exclusion[]): readonly Exclusion[] => {
  const ids = rules.map(({ id }) => id);
  supports.forEach((pattern, at) => known(ids, pattern, `supports[${at}]`));
  excludes.forEach(({ rule }, at) => known(ids, rule, `excludes[${at}].rule`));
  return ids.flatMap((id): readonly Exclusion[] => {
    const excluded = excludes.find(({ rule }) => matches(rule, id));
    if (excluded) return [{ rule: id, reason: excluded.reason }];
    return supports.some((pattern) => matches(pattern, id)) ? [] : [{ rule: id, reason: "not among what the machine supports" }];
  });
};

const known = (ids: readonly string[], pattern: string, field: string): void => {
  if (ids.some((id) => matches(pattern, id))) return;
  throw new MachineFault("PROTOCOL_ERROR", `${field}: expected a rule id, or a pattern that matches one, got "${pattern}"`);
};

/** Split at the wildcards and looked for in order, so that no pattern costs more than its length. */
const matches = (pattern: string, id: string): boolean => {
  const [first = "", ...rest] = pattern.split("*");
  if (rest.length === 0) return pattern === id;
  if (!id.startsWith(first)) return false;
  let from = first.length;
  for (const part of rest.slice(0, -1)) {
    const found = id.indexOf(part, from);
    if (found < 0) return false;
    from = found + part.length;
  }
  const last = rest.at(-1)!;
  return id.length - last.length >= from && id.endsWith(last);
};
