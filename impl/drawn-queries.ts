/**
 * Worlds drawn from a seed in which users ask. They are the worlds in which prices change, or those of canisters that come and go; every
 * canister has two queries and two composite queries more, which others call, too, also in rounds, where they may not, and an update that
 * writes what they read; and the users ask the same few things again and again. The management canister is asked, too.
 */
import {
  canisterId,
  cycles,
  hex,
  instructions,
  managementCanister,
  nanoseconds,
  type CanisterGenesis,
  type Genesis,
  type Instruction,
  type Method,
  type Move,
  type Scenario,
  type Script,
  type Value,
} from "../spec/index.ts";
import { withCertificates } from "./drawn-certificates.ts";
import { drawnPrices } from "./drawn-prices.ts";
import { drawnSchedule } from "./drawn-schedule.ts";
import { drawFrom, type Draw } from "./drawing.ts";
import { withStatuses } from "./drawn-statuses.ts";
import { withValues } from "./drawn-values.ts";

export const drawnQueries = (seed: number): Scenario => withCertificates(seed, withStatuses(seed, drawnQuestions(seed)));

/** The same, where only canisters are asked. */
export const drawnQuestions = (seed: number): Scenario => {
  const draw = drawFrom(seed ^ 0x5eed);
  const { genesis, others = [], inputs } = draw.chance(1, 2) ? drawnPrices(seed) : drawnSchedule(seed);
  const subnets = 1 + others.length;
  const limits = limitsFrom(draw);
  const asked = (one: Genesis): Genesis => ({
    ...one,
    parameters: { ...one.parameters, ...limits },
    canisters: one.canisters.map((canister) => answering(draw, canister)),
  });
  const scenario: Scenario = {
    genesis: asked(genesis),
    others: others.map(asked),
    inputs: inputs.flatMap((move): Move[] => [
      withQueries(draw, move),
      ...draw.list(0, 4, () => ({ ...questionFrom(draw), subnet: draw.below(subnets) })),
    ]),
  };
  return withValues(seed, scenario);
};

const names = ["ask", "read", "tree", "deep"] as const;
const known = ["a", "a", "a", "b", "b", "c", "c", "d"];
const askable = [...known, "x", "far", "nobody", managementCanister];

const limitsFrom = (draw: Draw) => ({
  queryInstructionLimit: instructions(draw.of([6, 60, 1000])),
  queryTreeInstructionLimit: instructions(draw.of([30, 200, 2000])),
  queryCallOverhead: instructions(draw.of([0, 3, 40])),
  queryDepth: draw.of([0, 1, 2, 4]),
  queryBudget: instructions(draw.of([20, 400, Number.MAX_SAFE_INTEGER])),
  queryWindow: nanoseconds(draw.of([3n, 50n, 10n ** 10n])),
  replicatedQueryAccepts: draw.chance(1, 2),
});

const answering = (draw: Draw, canister: CanisterGenesis): CanisterGenesis => ({
  ...canister,
  methods: [
    ...canister.methods.map((method): Method =>
      draw.chance(1, 6) ? { ...method, mode: draw.of(["query", "composite"] as const) } : method,
    ),
    ...names.map((name): Method => ({ name, mode: mayCall(name) ? "composite" : "query", body: scriptFrom(draw, name, 0) })),
    { name: "set", body: [{ op: "write", page: draw.below(4), value: { kind: "message" } }, reply(draw)] },
  ],
});

/** Some of the messages go to queries, others to what these read; and whoever is created can be asked, too. */
const withQueries = (draw: Draw, move: Move): Move => {
  if (move.kind === "create-canister") return { ...move, canister: answering(draw, move.canister) };
  if (move.kind === "ingress" && draw.chance(2, 3))
    return { ...move, ...draw.of([{ method: draw.of(names) }, { method: "set", payload: hex(`0${draw.below(10)}`) }]) };
  return move;
};

const questionFrom = (draw: Draw): Extract<Move, { kind: "query" }> => ({
  kind: "query",
  canister: canisterId(draw.chance(1, 12) ? draw.of(askable) : draw.of(known.slice(0, 5))),
  method: draw.chance(1, 12) ? draw.of(["go", "gone"]) : draw.of(names),
  payload: hex(draw.of(["", "", "01", draw.chance(1, 12) ? "ab".repeat(33) : "02"])),
});

/** Most of them end with an answer, or with calls. */
const scriptFrom = (draw: Draw, name: (typeof names)[number], depth: number): Script => [
  ...draw.list(0, 3 - depth, () => instructionFrom(draw, name, depth)),
  ...(draw.chance(3, 4) ? [!mayCall(name) || draw.chance(1, 3) ? reply(draw) : callFrom(draw, name, depth)] : []),
];

const reply = (draw: Draw): Instruction => ({ op: "reply", payload: valueFrom(draw) });

const instructionFrom = (draw: Draw, name: (typeof names)[number], depth: number): Instruction => {
  const cut = draw.below(32);
  if (cut < 16) return { op: "write", page: draw.below(4), value: valueFrom(draw) };
  if (cut < 20) return { op: "consume", instructions: instructions(draw.of([1, 5, 50, 400])) };
  if (cut < 21) return draw.of<Instruction>([{ op: "trap" }, { op: "reject" }, { op: "accept-message" }, { op: "set-timer", after: null }]);
  if (cut < 22) return { op: draw.of(["accept", "burn"] as const), cycles: cycles(draw.of([0n, 7n, 500n])) };
  if (cut < 26) return { op: "when-odd", value: valueFrom(draw), then: deeper(draw, name, depth), otherwise: deeper(draw, name, depth) };
  if (cut < 27) return reply(draw);
  return mayCall(name) || draw.chance(1, 12) ? callFrom(draw, name, depth) : { op: "consume", instructions: instructions(2) };
};

const mayCall = (name: (typeof names)[number]): boolean => name === "tree" || name === "deep";

const callFrom = (draw: Draw, name: (typeof names)[number], depth: number): Instruction => ({
  op: "call",
  ...(draw.chance(1, 4) ? { timeout: nanoseconds(1n) } : {}),
  callee: canisterId(draw.chance(1, 4) ? draw.of(askable) : draw.of(known)),
  method: draw.chance(1, 8) ? draw.of(["go", "gone"]) : draw.of(names),
  payload: valueFrom(draw),
  attached: cycles(draw.chance(1, 24) ? 5n : 0n),
  onReply: deeper(draw, name, depth),
  onReject: deeper(draw, name, depth),
  onCleanup: draw.chance(1, 2) ? deeper(draw, name, depth) : [],
  onRefused: [],
});

const deeper = (draw: Draw, name: (typeof names)[number], depth: number): Script => (depth >= 3 ? [] : scriptFrom(draw, name, depth + 1));

const valueFrom = (draw: Draw): Value =>
  draw.of<Value>([
    { kind: "message" },
    { kind: "page", page: draw.below(4) },
    { kind: "page", page: draw.below(4) },
    { kind: "page", page: draw.below(4) },
    { kind: "time" },
    { kind: "balance" },
    { kind: "available" },
    { kind: "deadline" },
    { kind: "refunded" },
    { kind: "version" },
    { kind: "instructions" },
    { kind: "bytes", bytes: hex(draw.of(["", "01", "1f2e", "cd".repeat(40)])) },
  ]);
