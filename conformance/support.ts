/**
 * What a machine says that it follows: patterns of rule ids, with `*` as a wildcard, made into the rules that are left out;
 * and whether a scenario keeps to the words that are then left to speak to it.
 */
import { certificateKinds, identityKinds, managementCanister, rules, type Move, type Scenario } from "../spec/index.ts";
import type { Custom, Vocabulary } from "../properties/index.ts";
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

/** Whether a scenario says nothing that is not in a vocabulary. */
export const isWithin = (scenario: Scenario, { inputs, instructions, customs, committee }: Vocabulary): boolean => {
  let within = true;
  const expect = (holds: boolean): void => {
    if (!holds) within = false;
  };
  const visit = (value: unknown): void => {
    if (Array.isArray(value)) return value.forEach(visit);
    if (typeof value !== "object" || value === null) return;
    for (const [name, inner] of Object.entries(value)) {
      if (name === "op") expect((instructions as ReadonlySet<unknown>).has(inner));
      if (name === "committee") expect(committee);
      if (name === "kind" && typeof inner === "string" && identityKinds.has(inner)) expect(customs.has("identities"));
      if (name === "kind" && typeof inner === "string" && certificateKinds.has(inner)) expect(customs.has("data-certificates"));
      if (name === "mode" && inner === "query") expect(inputs.has("query") || customs.has("replicated-queries"));
      if (name === "mode" && inner === "composite")
        expect(customs.has("composite-queries") && (customs.has("status-queries") || !callsManagement(value)));
      const wanted = inner === null ? undefined : customsOf[name];
      if (wanted !== undefined) expect(wanted.some((custom) => customs.has(custom)));
      visit(inner);
    }
  };
  visit(scenario);
  const known = (input: Move): boolean =>
    inputs.has(input.kind) && (input.kind !== "query" || input.canister !== managementCanister || customs.has("status-queries"));
  return within && scenario.inputs.every(known);
};

/** Whether there is a call to the management canister at any depth. */
const callsManagement = (value: unknown): boolean =>
  typeof value === "object" &&
  value !== null &&
  (("callee" in value && value.callee === managementCanister) || Object.values(value).some(callsManagement));

/** By the name of a field, the customs of which one must be known for it to be said. */
const customsOf: Readonly<Record<string, readonly Custom[]>> = {
  others: ["networks"],
  deliveries: ["networks"],
  network: ["networks", "strangers"],
  slices: ["networks", "strangers"],
  timeout: ["best-effort"],
  onHeartbeat: ["heartbeats"],
  inspect: ["inspections"],
  lowMemory: ["hooks"],
  reservedLimit: ["reservations"],
  tokens: ["tokens"],
  bitcoin: ["bitcoin"],
  provisional: ["provision"],
  sender: ["users"],
};
