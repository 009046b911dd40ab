/**
 * The state in which a machine boots. Plain data; everything that may differ between two networks is in it.
 */
import { isIdentifier, isPrincipal, managementCanister, type CanisterId, type ModuleName, type Principal } from "./identifiers.ts";
import type { Committee } from "./committee.ts";
import { allocatableOf, sliceOf, stableRoomOf, type Parameters } from "./parameters.ts";
import type { Network } from "./stream.ts";
import type { Method, Script } from "./script.ts";
import type { TokenGenesis } from "./tokens.ts";
import { isHex, type Cycles, type Nanoseconds, type Percent, type Seconds } from "./units.ts";

/** What of a canister runs. */
export interface CodeGenesis {
  readonly methods: readonly Method[];
  /** What the global timer runs. */
  readonly onTimer: Script;
  /** What runs when its turn comes, in every round; without one there is no heartbeat. */
  readonly onHeartbeat?: Script;
  /** Decides whether an ingress message is let in; without one every message is. */
  readonly inspect?: Script;
  readonly lowMemory?: LowMemory;
  /** Runs when the code is installed or reinstalled; the code of a genesis is there already. */
  readonly onInit?: Script;
  /** Runs on the old code, before an upgrade takes it away. */
  readonly onPreUpgrade?: Script;
  /** Runs on the new code, when an upgrade has put it in place. */
  readonly onPostUpgrade?: Script;
  /** Whether its heap can outlive an upgrade (enhanced orthogonal persistence). Without a word it cannot. */
  readonly persistentHeap?: boolean;
}

/** Code that can be installed. */
export interface Module extends CodeGenesis {
  readonly name: ModuleName;
}

export interface CanisterGenesis extends CodeGenesis {
  readonly id: CanisterId;
  /** The share of a core that the canister reserved. @unit percent */
  readonly computeAllocation: Percent;
  /** How long the canister must be able to pay for its idle life. @unit seconds */
  readonly freezingThreshold: Seconds;
  /** The balance, minted at genesis. @unit cycles */
  readonly balance: Cycles;
  /** Who may decide about it: whoever else asks the management canister is refused. Without a word, nobody. */
  readonly controllers?: readonly Principal[];
  /** The most cycles that the canister may set aside for its memory; `usualReservedLimit` when it is not said. @unit cycles */
  readonly reservedLimit?: Cycles;
  /** How many pages its stable memory has; without a word, none. */
  readonly stablePages?: number;
}

/** Bounds on the heap of a canister, and what runs when it becomes scarce. */
export interface LowMemory {
  /** Most pages of the heap that an update may leave in use; tasks and callbacks are not held to it. */
  readonly limit: number;
  /** Memory is low when fewer pages than these are left of the limit. */
  readonly threshold: number;
  readonly hook: Script;
}

export interface Genesis {
  readonly parameters: Parameters;
  /** The time before the first round. @unit nanoseconds */
  readonly time: Nanoseconds;
  /** The nodes that make the tape; without one, rounds take whatever tape they are given. */
  readonly committee?: Committee;
  /** The place of the subnet among others; without one it is alone. */
  readonly network?: Network;
  /** The canister, here or on another subnet, that answers what is asked of Bitcoin; without one nobody does. */
  readonly bitcoin?: CanisterId;
  /** Where canisters may be made with cycles from nothing: so many, when nobody says how many; without a word none are. @unit cycles */
  readonly provisional?: Cycles;
  /** The tokens from which cycles are made; without them there are none. */
  readonly tokens?: TokenGenesis;
  /** Code that canisters may install; without a word there is none. */
  readonly modules?: readonly Module[];
  /** In any order: the order has no meaning. */
  readonly canisters: readonly CanisterGenesis[];
}

/** What is wrong with a genesis, each line naming the field, what was expected and what came; empty when nothing is. */
export const faultsOf = (genesis: Genesis): readonly string[] => {
  const { parameters, canisters, committee, network } = genesis;
  const faults: string[] = [];
  const expect = (holds: boolean, field: string, expected: string, came: unknown) => {
    if (!holds) faults.push(`${field}: expected ${expected}, got ${String(came)}`);
  };
  const total = canisters.reduce((sum, { computeAllocation }) => sum + computeAllocation, 0);
  const ids = canisters.map(({ id }) => id);
  const slice = sliceOf(parameters) + parameters.messageOverhead;
  const current = parameters.scheduler === "current";
  expect(parameters.cores >= 1, "parameters.cores", "at least 1", parameters.cores);
  expect(
    parameters.messageOverhead >= 1,
    "parameters.messageOverhead",
    "at least 1, or a round might never end",
    parameters.messageOverhead,
  );
  expect(parameters.tapeLag >= 1, "parameters.tapeLag", "at least 1, or randomness could be predicted", parameters.tapeLag);
  expect(
    parameters.cleanupReserve >= 0 && parameters.cleanupReserve <= 100,
    "parameters.cleanupReserve",
    "0 to 100",
    parameters.cleanupReserve,
  );
  expect(parameters.maxPayload >= 32, "parameters.maxPayload", "at least 32, the bytes of a random answer", parameters.maxPayload);
  expect(
    parameters.roundInstructionLimit >= slice,
    "parameters.roundInstructionLimit",
    `at least a slice and messageOverhead = ${slice}`,
    parameters.roundInstructionLimit,
  );
  for (const field of ["sliceInstructionLimit", "heapDeltaIterationLimit", "heapDeltaRateLimit"] as const)
    expect(parameters[field] >= 1, `parameters.${field}`, "at least 1, or nothing would ever run", parameters[field]);
  expect(parameters.allocatable >= 0 && parameters.allocatable <= 100, "parameters.allocatable", "0 to 100", parameters.allocatable);
  expect(parameters.installInstructionLimit >= 1, "parameters.installInstructionLimit", "at least 1", parameters.installInstructionLimit);
  expect(parameters.installRateLimit >= 1, "parameters.installRateLimit", "at least 1, or a debit would stay", parameters.installRateLimit);
  expect(parameters.queryWindow >= 1n, "parameters.queryWindow", "at least 1", parameters.queryWindow);
  expect(
    parameters.queryTreeInstructionLimit + parameters.queryCallOverhead <= Number.MAX_SAFE_INTEGER,
    "parameters.queryCallOverhead",
    "with queryTreeInstructionLimit at most 2^53 - 1",
    parameters.queryCallOverhead,
  );
  expect(
    parameters.fees.referenceSubnetSize >= 1,
    "parameters.fees.referenceSubnetSize",
    "at least 1",
    parameters.fees.referenceSubnetSize,
  );
  expect(
    current || total <= 100 * parameters.cores,
    "canisters[].computeAllocation",
    `a sum of at most 100 · cores = ${100 * parameters.cores}`,
    total,
  );
  const roomy = stableRoomOf(parameters);
  for (const { id, stablePages = 0 } of canisters)
    expect(stablePages <= roomy, `canister ${id}: stablePages`, `at most the pages beside the heap = ${roomy}`, stablePages);
  const { threshold, capacity, period } = parameters.storage;
  const ofCore = (count: number): number => Math.floor(count / Math.max(1, parameters.cores));
  expect(
    period === 0 || ofCore(capacity) > ofCore(threshold),
    "parameters.storage.capacity",
    `so much above threshold = ${threshold} that a core's share of it is greater, too`,
    capacity,
  );
  if (current) {
    const { resetInterval, decay, ceiling, floor } = parameters.priority;
    expect(parameters.cores >= 2, "parameters.cores", "at least 2: one core is not part of the capacity", parameters.cores);
    expect(
      total < allocatableOf(parameters),
      "canisters[].computeAllocation",
      `a sum below what may be allocated = ${allocatableOf(parameters)}`,
      total,
    );
    expect(resetInterval >= 1, "parameters.priority.resetInterval", "at least 1", resetInterval);
    expect(decay >= 0 && decay <= 100, "parameters.priority.decay", "0 to 100", decay);
    expect(ceiling >= 0 && floor >= 0, "parameters.priority", "a ceiling and a floor of at least 0", `${ceiling}, ${floor}`);
  }
  expect(new Set(ids).size === ids.length, "canisters[].id", "each id once", ids.join(", "));
  for (const id of ids) {
    expect(isIdentifier(id), "canisters[].id", "1 to 32 of a-z, 0-9 and -", `"${id}"`);
    expect(id !== managementCanister, "canisters[].id", `any id but that of the management canister`, id);
  }
  for (const { id, controllers = [] } of canisters)
    for (const one of controllers)
      expect(isPrincipal(one), `canisters[${id}].controllers[]`, "1 to 32 of a-z, 0-9 and -, behind a @ for a user", `"${one}"`);
  if (committee !== undefined) {
    const { nodes, threshold, dealing, offset } = committee;
    const whole = (count: number) => Number.isSafeInteger(count);
    expect(whole(nodes) && nodes >= 1, "committee.nodes", "a whole number of at least 1", nodes);
    expect(
      whole(threshold) && threshold >= 1 && threshold <= nodes,
      "committee.threshold",
      `a whole number from 1 to nodes = ${nodes}`,
      threshold,
    );
    expect(isHex(dealing) && dealing.length === 64, "committee.dealing", "32 bytes", `"${dealing}"`);
    expect(offset === 0 || offset === 1, "committee.offset", "0 or 1", offset);
  }
  for (const field of ["queueCapacity", "streamCapacity", "historyCapacity"] as const)
    expect(parameters[field] >= 1, `parameters.${field}`, "at least 1", parameters[field]);
  expect(
    parameters.historyLifetime >= parameters.ingressLifetime,
    "parameters.historyLifetime",
    `at least ingressLifetime = ${parameters.ingressLifetime}, or a message could be executed twice`,
    parameters.historyLifetime,
  );
  if (genesis.bitcoin !== undefined) {
    expect(isIdentifier(genesis.bitcoin), "bitcoin", "1 to 32 of a-z, 0-9 and -", `"${genesis.bitcoin}"`);
    expect(genesis.bitcoin !== managementCanister, "bitcoin", "any id but that of the management canister", genesis.bitcoin);
  }
  if (genesis.provisional !== undefined) expect(genesis.provisional >= 0n, "provisional", "at least 0", genesis.provisional);
  if (genesis.tokens !== undefined) {
    const { accounts, permyriad } = genesis.tokens;
    const owners = accounts.map(({ account }) => account);
    expect(new Set(owners).size === owners.length, "tokens.accounts[].account", "each account once", owners.join(", "));
    for (const owner of owners) expect(isIdentifier(owner), "tokens.accounts[].account", "1 to 32 of a-z, 0-9 and -", `"${owner}"`);
    expect(permyriad >= 1n, "tokens.permyriad", "at least 1", permyriad);
  }
  if (network !== undefined) {
    const routed = network.routes.map(({ canister }) => canister);
    expect(isIdentifier(network.own), "network.own", "1 to 32 of a-z, 0-9 and -", `"${network.own}"`);
    expect(new Set(routed).size === routed.length, "network.routes[].canister", "each canister once", routed.join(", "));
    for (const { canister, subnet } of network.routes) {
      expect(isIdentifier(canister), "network.routes[].canister", "1 to 32 of a-z, 0-9 and -", `"${canister}"`);
      expect(isIdentifier(subnet), "network.routes[].subnet", "1 to 32 of a-z, 0-9 and -", `"${subnet}"`);
      expect(subnet !== network.own, "network.routes[].subnet", "another subnet than its own", subnet);
      expect(!ids.includes(canister), "network.routes[].canister", "no canister of this subnet", canister);
      expect(canister !== managementCanister, "network.routes[].canister", "any id but that of the management canister", canister);
    }
  }
  const modules = genesis.modules ?? [];
  const called = modules.map(({ name }) => name);
  expect(new Set(called).size === called.length, "modules[].name", "each name once", called.join(", "));
  for (const name of called) expect(isIdentifier(name), "modules[].name", "1 to 32 of a-z, 0-9 and -", `"${name}"`);
  for (const [where, { methods }] of [
    ...canisters.map((canister) => [`canisters[${canister.id}]`, canister] as const),
    ...modules.map((module) => [`modules[${module.name}]`, module] as const),
  ]) {
    const names = methods.map(({ name }) => name);
    expect(new Set(names).size === names.length, `${where}.methods[].name`, "each name once", names.join(", "));
  }
  return faults;
};
