/**
 * Smaller neighbours of a case. A case is plain data and every sub-list of its inputs is a scenario, so making it
 * smaller is deleting and lowering; what would no longer be a valid genesis is not offered. The relation between the
 * two worlds is kept: when inputs or canisters go, its indices move with those that stay.
 */
import { cycles, faultsOf, feesOf2025, feesOfSystem, type Genesis, type Instruction, type Script } from "../spec/index.ts";
import type { Case, Relation } from "../properties/index.ts";
import { deletable, lowered, optional, scriptKeys } from "./edit-fields.ts";
import { publishedValue } from "./limit-edits.ts";
import { faultsBetween, genesesOf, subnetOf } from "./subnets.ts";

/** Where something lies in the tree of a case. */
export type Path = readonly (string | number)[];

/** Whether machines can be booted with the case. */
export const isValid = ({ scenario }: Case): boolean =>
  genesesOf(scenario).every((genesis) => faultsOf(genesis).length === 0) && faultsBetween(scenario).length === 0;

/** Without the inputs from `from` to before `to`; `null` when the relation would lose what it names. */
export const withoutInputs = ({ scenario, relation }: Case, from: number, to: number): Case | null => {
  const kept = relationWithoutInputs(
    scenario.inputs.map(({ kind }) => kind === "round"),
    relation,
    from,
    to,
  );
  return kept && { scenario: { ...scenario, inputs: scenario.inputs.filter((_, at) => at < from || at >= to) }, relation: kept };
};

/** Without a canister of a subnet, and without the inputs and the routes that lead to it when `alsoInputs`. */
export const withoutCanister = (tried: Case, subnet: number, index: number, alsoInputs: boolean): Case | null => {
  const { scenario, relation } = tried;
  const geneses = genesesOf(scenario);
  const gone = geneses[subnet]!.canisters[index]!.id;
  const [genesis, ...others] = geneses.map((before, at): Genesis => {
    if (at === subnet) return { ...before, canisters: before.canisters.filter((_, place) => place !== index) };
    if (!alsoInputs || before.network === undefined) return before;
    return { ...before, network: { ...before.network, routes: before.network.routes.filter(({ canister }) => canister !== gone) } };
  });
  let kept: Case | null = {
    scenario: { ...scenario, genesis: genesis!, ...(others.length > 0 && { others }) },
    relation:
      relation.kind === "reordered" && subnet === 0 ? { ...relation, keys: relation.keys.filter((_, at) => at !== index) } : relation,
  };
  if (!alsoInputs) return kept;
  for (let at = scenario.inputs.length - 1; at >= 0 && kept; at--) {
    const input = scenario.inputs[at]!;
    if ("canister" in input && input.canister === gone && subnetOf(scenario, input) === subnet) kept = withoutInputs(kept, at, at + 1);
  }
  return kept;
};

/** Without the items from `from` to before `to` of the list at a path. */
export const withoutItems = (tried: Case, path: Path, from: number, to: number): Case =>
  replaced(
    tried,
    path,
    (listAt(tried, path) ?? []).filter((_, at) => at < from || at >= to),
  );

/** With an instruction replaced by the instructions that it would run. */
export const unwrapped = (tried: Case, path: Path, at: number): readonly Case[] => {
  const script = (listAt(tried, path) ?? []) as Script;
  const instruction = script[at];
  if (!instruction) return [];
  return scriptsOf(instruction)
    .filter((inner) => inner.length > 0)
    .map((inner) => replaced(tried, path, [...script.slice(0, at), ...inner, ...script.slice(at + 1)]));
};

/** The lists that can be made shorter, but for inputs and canisters: methods, scripts at every depth, what a relation lists. */
export const listsOf = (tried: Case): readonly Path[] => {
  const found: Path[] = [];
  walk(tried, [], (value, path) => {
    if (Array.isArray(value) && deletable.has(String(path.at(-1)))) found.push(path);
  });
  return found;
};

/** The scripts of a case, outer ones first. */
export const scriptPathsOf = (tried: Case): readonly Path[] => listsOf(tried).filter((path) => scriptKeys.has(String(path.at(-1))));

export const lengthAt = (tried: Case, path: Path): number => listAt(tried, path)?.length ?? 0;

/** Without the first messages of a slice, as if it began behind them. */
export const laterSlice = (tried: Case, path: Path, count: number): Case => {
  const slice = path.slice(0, -1);
  const begin = valueAt(tried, [...slice, "begin"]);
  return typeof begin === "number" ? replaced(withoutItems(tried, path, 0, count), [...slice, "begin"], begin + count) : tried;
};

/** The lists of messages in the slices of a case. */
export const slicesOf = (tried: Case): readonly Path[] => listsOf(tried).filter((path) => path.at(-1) === "messages");

/** What may be left unsaid: for each name of a field all of them together, then each alone. */
export const optionalFields = (tried: Case): readonly (readonly Path[])[] => {
  const found: Path[] = [];
  walk(tried, [], (value, path) => {
    if (isOptional(value, path)) found.push(path);
  });
  const names = [...new Set(found.map((path) => path.at(-1)))];
  return [...names.map((name) => found.filter((path) => path.at(-1) === name)), ...found.map((path) => [path])];
};

/** Without the fields at these paths, as if they had never been said; the same case when none of them is there any more. */
export const withoutFields = (tried: Case, paths: readonly Path[]): Case =>
  paths.reduce((rest, path) => {
    const [key, above] = [String(path.at(-1)), path.slice(0, -1)];
    const owner = valueAt(rest, above);
    if (!isRecord(owner) || !(key in owner)) return rest;
    return replaced(rest, above, Object.fromEntries(Object.entries(owner).filter(([name]) => name !== key)));
  }, tried);

/** Paths of leaves that can be made simpler, each with its simpler values, the simplest first. */
export const simplerLeaves = (tried: Case): readonly (readonly [Path, readonly unknown[]])[] => {
  const found: (readonly [Path, readonly unknown[]])[] = [];
  walk(tried, [], (value, path) => {
    const simpler = simplerThan(value, path);
    if (simpler.length > 0) found.push([path, simpler]);
  });
  return found;
};

/** For each name of a field, the case in which all fields of the scenario with that name have their simplest value. */
export const allAlike = (tried: Case): readonly Case[] => {
  const leaves = simplerLeaves(tried).filter(([path]) => path[0] === "scenario");
  const names = [...new Set(leaves.map(([path]) => path.at(-1)))];
  return names.map((name) =>
    leaves.filter(([path]) => path.at(-1) === name).reduce((simpler, [path, values]) => replaced(simpler, path, values[0]), tried),
  );
};

/** The case with another value at a path; the same case when nothing lies there any more. */
export const replaced = (tried: Case, path: Path, value: unknown): Case => put(tried, path, value) as Case;

const relationWithoutInputs = (rounds: readonly boolean[], relation: Relation, from: number, to: number): Relation | null => {
  const removed = rounds.slice(from, to).filter(Boolean).length;
  switch (relation.kind) {
    case "restarted": {
      const before = relation.before.map((at) => (at >= to ? at - (to - from) : Math.min(at, from)));
      return { ...relation, before: [...new Set(before)] };
    }
    case "rounds-split": {
      const before = rounds.slice(0, from).filter(Boolean).length;
      return { ...relation, after: relation.after - Math.min(removed, Math.max(0, relation.after - before)) };
    }
    case "tape-replaced": {
      const until = rounds.slice(0, from).filter(Boolean).length;
      if (relation.round > until && relation.round <= until + removed) return null;
      return relation.round > until ? { ...relation, round: relation.round - removed } : relation;
    }
    default:
      return relation;
  }
};

/** The tokens of a transfer are not what may be left unsaid: without them nobody could say what is transferred. */
const isOptional = (value: unknown, path: Path): boolean =>
  optional.has(String(path.at(-1))) && (path.at(-1) !== "tokens" || isRecord(value));

const emptyValue = { kind: "bytes", bytes: "" };

const scriptsOf = (instruction: Instruction): readonly Script[] => {
  switch (instruction.op) {
    case "when-odd":
      return [instruction.then, instruction.otherwise];
    case "call":
      return [instruction.onReply, instruction.onReject, instruction.onCleanup, instruction.onRefused];
    default:
      return [];
  }
};

const simplerThan = (value: unknown, path: Path): readonly unknown[] => {
  const key = String(path.at(-1));
  const published = publishedValue(value, path);
  if (published !== null) return published;
  if (typeof value === "bigint") return path.includes("fees") ? [] : rounder(value).filter((less) => less > 0n || key !== "permyriad");
  if (typeof value === "number")
    return lowered.has(key) && !path.includes("fees") ? smaller(value).filter((count) => count > 0 || !atLeastOne.has(key)) : [];
  if (key === "tape" && value !== "00".repeat(32)) return ["00".repeat(32)];
  if (key === "payload" && typeof value === "string" && value !== "") return value === "00" ? [""] : ["", "00"];
  if (key === "bytes" && typeof value === "string" && value !== "")
    return ["", "00", "01"].filter((bytes) => bytes.length < value.length || bytes < value);
  if ((key === "value" || key === "payload") && isRecord(value) && value["kind"] !== "bytes") return [emptyValue];
  if (key === "fees" && isRecord(value)) {
    const named = [feesOfSystem, feesOf2025].findIndex(({ name }) => name === value["name"]);
    return named === 0 ? [] : named === 1 ? [feesOfSystem] : [feesOfSystem, feesOf2025, ...withoutLatest(value)];
  }
  if (key === "after" && value !== null) return [null];
  return [];
};

/** A fee table without the prices that few cases are about. */
const withoutLatest = (fees: Readonly<Record<string, unknown>>): readonly unknown[] => {
  const { messageGibSecond, creation, outcall, outcallNode, outcallRequestByte, outcallResponseByte } = feesOfSystem;
  const latest = { messageGibSecond, creation, signature: cycles(0n), outcall, outcallNode, outcallRequestByte, outcallResponseByte };
  return Object.entries(latest).every(([price, without]) => fees[price] === without) ? [] : [{ ...fees, ...latest }];
};

const atLeastOne = new Set(["cores", "tapeLag", "queueCapacity", "round"]);

const smaller = (count: number): readonly number[] =>
  [...new Set([0, 1, Math.floor(count / 2), count - 1])].filter((less) => less >= 0 && less < count);

/** Zero, one, or a power of ten: a reader counts digits, not digits' values. */
const rounder = (count: bigint): readonly bigint[] => {
  const digits = count.toString().length;
  const powers = [Math.floor(digits / 2), digits - 2, digits - 1].filter((power) => power > 0).map((power) => 10n ** BigInt(power));
  return [...new Set([0n, 1n, ...powers])].filter((less) => less < count);
};

const listAt = (tried: Case, path: Path): readonly unknown[] | null => {
  const found = valueAt(tried, path);
  return Array.isArray(found) ? found : null;
};

const valueAt = (tried: Case, path: Path): unknown => {
  let here: unknown = tried;
  for (const key of path) here = isRecord(here) || Array.isArray(here) ? (here as Record<string | number, unknown>)[key] : undefined;
  return here;
};

const walk = (value: unknown, path: Path, visit: (value: unknown, path: Path) => void): void => {
  visit(value, path);
  if (Array.isArray(value)) value.forEach((item, at) => walk(item, [...path, at], visit));
  else if (isRecord(value)) for (const [key, inner] of Object.entries(value)) walk(inner, [...path, key], visit);
};

const put = (tree: unknown, path: Path, value: unknown): unknown => {
  const [key, ...rest] = path;
  if (key === undefined) return value;
  if (Array.isArray(tree)) return (tree as readonly unknown[]).map((item, at) => (at === key ? put(item, rest, value) : item));
  return isRecord(tree) && key in tree ? { ...tree, [key]: put(tree[key], rest, value) } : tree;
};

const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === "object" && value !== null && !Array.isArray(value);
