/** The state in which a machine boots, and a canister that just came into being. */
import {
  bytes,
  cycles,
  height,
  hex,
  instructions,
  loneSubnet,
  stableAtFirst,
  usualReservedLimit,
  type CanisterGenesis,
  type CodeGenesis,
  type Genesis,
  type Nanoseconds,
  type NodeNumber,
  type Parameters,
} from "../spec/index.ts";
import { nothingAsked } from "./asking.ts";
import { bareTree, blankCertificate } from "./certified.ts";
import { idleRound } from "./round-state.ts";
import type { Canister, Code, Node, State } from "./state.ts";
import { bootTokens } from "./token-state.ts";

/** The state at genesis. */
export const bootState = (genesis: Genesis): State => ({
  parameters: genesis.parameters,
  committee: genesis.committee ?? null,
  height: height(0),
  time: genesis.time,
  canisters: new Map(genesis.canisters.map((given) => [given.id, bootCanister(given, genesis.time, genesis.parameters)])),
  history: new Map(),
  pool: [],
  waiting: [],
  management: [],
  consensus: [],
  nextOutcall: 0,
  own: genesis.network?.own ?? loneSubnet,
  routes: new Map((genesis.network?.routes ?? []).map(({ canister, subnet }) => [canister, subnet])),
  streams: new Map([[genesis.network?.own ?? loneSubnet, { begin: 0, messages: [], signals: 0 }]]),
  nodes: new Map(
    Array.from({ length: genesis.committee?.nodes ?? 0 }, (_, k): [NodeNumber, Node] => [
      k + 1,
      { finalised: -1, released: new Set(), shares: new Map(), tapes: new Map() },
    ]),
  ),
  burned: cycles(0n),
  lost: cycles(0n),
  sent: cycles(0n),
  received: cycles(0n),
  minted: cycles(genesis.canisters.reduce((sum, { balance }) => sum + balance, 0n)),
  bitcoin: genesis.bitcoin ?? null,
  provisional: genesis.provisional ?? null,
  tokens: genesis.tokens === undefined ? null : bootTokens(genesis.tokens),
  heapDelta: bytes(0),
  modules: new Map((genesis.modules ?? []).map((module) => [module.name, codeOf(module)])),
  retired: new Set(),
  round: idleRound,
  running: null,
  tree: bareTree,
  certificate: blankCertificate,
  asking: nothingAsked,
  spent: new Map(),
  events: [],
});

/** A canister that just came into being. */
export const bootCanister = (
  { id, computeAllocation, freezingThreshold, balance, ...said }: CanisterGenesis,
  born: Nanoseconds,
  parameters: Parameters,
): Canister => ({
  id,
  computeAllocation,
  freezingThreshold,
  balance,
  reserved: cycles(0n),
  memoryAllocation: bytes(0),
  reservedLimit: said.reservedLimit ?? usualReservedLimit,
  chargedAt: born,
  code: codeOf(said),
  controllers: new Set(said.controllers ?? []),
  status: "running",
  stops: [],
  version: 0,
  history: { total: 0, changes: [] },
  installDebit: instructions(0),
  snapshots: new Map(),
  nextSnapshot: 0,
  chunks: new Map(),
  pages: new Map(),
  stablePages: stableAtFirst(parameters, said.stablePages),
  timer: null,
  certifiedData: hex(""),
  tasks: noTasks,
  turn: "timer",
  hook: "armed",
  ingress: [],
  local: [],
  remote: [],
  source: "local",
  outputs: new Map(),
  contexts: new Map(),
  callbacks: new Map(),
  nextContext: 0,
  nextCallback: 0,
  accumulatedPriority: 0n,
  executedRounds: 0,
  heapDebit: bytes(0),
  underway: null,
});

const codeOf = (given: CodeGenesis): Code => ({
  methods: new Map(given.methods.map((method) => [method.name, method])),
  onTimer: given.onTimer,
  onHeartbeat: given.onHeartbeat ?? null,
  inspect: given.inspect ?? null,
  lowMemory: given.lowMemory ?? null,
  onInit: given.onInit ?? [],
  onPreUpgrade: given.onPreUpgrade ?? [],
  onPostUpgrade: given.onPostUpgrade ?? [],
  persistentHeap: given.persistentHeap ?? false,
});

const noTasks: Canister["tasks"] = { timer: false, heartbeat: false, first: "timer" };
