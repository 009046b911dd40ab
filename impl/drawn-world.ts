/**
 * Worlds drawn from a seed, for the tests of this room: one subnet or two, with limits so low that each of them is met, users, rounds
 * that deliver much or little, and slices of a third subnet that nobody drives, not all of them honest. The same seed gives
 * the same world for ever.
 */
import {
  bytes,
  canisterId,
  cycles,
  hex,
  instructions,
  managementCanister,
  nanoseconds,
  subnetId,
  type Genesis,
  type Instruction,
  type Move,
  type Parameters,
  type Scenario,
  type Script,
  type Slice,
  type StreamMessage,
  type Value,
} from "../spec/index.ts";
import { drawFrom, type Draw } from "./drawing.ts";
import { withValues } from "./drawn-values.ts";
import { acceptMessage, ingress, networked, smallWorld, tapeOf, uninstall, type SmallCanister } from "./small-world.ts";

export const drawnWorld = (seed: number): Scenario => {
  const draw = drawFrom(seed);
  const joined = draw.chance(1, 2);
  const limits = limitsFrom(draw);
  const world = (names: readonly string[]): Genesis =>
    smallWorld(Object.fromEntries(names.map((name) => [name, canisterFrom(draw)])), limits);
  const routes = (names: readonly string[], subnet: string): Record<string, string> => ({
    far: "s9",
    ...(Object.fromEntries(names.map((name) => [name, subnet])) as Record<string, string>),
  });
  const genesis = joined ? networked(world(own), "s0", routes(other, "s1")) : world(own);
  return withValues(seed, {
    genesis,
    others: joined ? [networked(world(other), "s1", routes(own, "s0"))] : [],
    inputs: draw.list(5, 40, () => moveFrom(draw, joined)),
  });
};

const own = ["a", "b", "c"];
const other = ["x", "y"];
const all = [...own, ...other];

export const limitsFrom = ({ of, below }: Draw): Partial<Parameters> => {
  const lifetime = nanoseconds(of([2n, 20n]));
  return {
    cores: 1 + below(3),
    roundInstructionLimit: instructions(of([1010, 1800, 5000])),
    tapeLag: 1 + below(3),
    queueCapacity: 1 + below(3),
    streamCapacity: of([1, 2, 5]),
    guaranteedResponseMemory: bytes(of([31, 64, 200, 2000, 2000])),
    bestEffortMemory: bytes(of([0, 10, 40, 1000])),
    callbackLimit: of([0, 3, 50]),
    callbackQuota: of([1, 2, 50]),
    requestLifetime: nanoseconds(of([0n, 2n, 20n])),
    bestEffortLifetime: nanoseconds(of([2n, 10n])),
    droppedCycles: of(["lost", "returned"] as const),
    ingressLifetime: lifetime,
    historyLifetime: lifetime,
    historyCapacity: of([3, 50]),
    historyMemory: bytes(of([0, 20, 1000])),
    maxPayload: bytes(32),
  };
};

export const canisterFrom = (draw: Draw): SmallCanister => ({
  balance: draw.of([3000n, 30_000n, 1_000_000n, 1_000_000n]),
  allocation: draw.of([0, 0, 5, 20]),
  freezing: draw.of([0, 0, 10, 300]),
  go: scriptFrom(draw, 0),
  onTimer: scriptFrom(draw, 0),
  ...(draw.chance(1, 4) ? { onHeartbeat: scriptFrom(draw, 0) } : {}),
  ...(draw.chance(1, 4) ? { inspect: [...draw.of<Script>([[acceptMessage], []]), ...draw.of<Script>([[], scriptFrom(draw, 2)])] } : {}),
  ...(draw.chance(1, 3) ? { lowMemory: { limit: draw.below(5), threshold: draw.below(4), hook: scriptFrom(draw, 0) } } : {}),
});

const scriptFrom = (draw: Draw, depth: number): Script => draw.list(0, 4 - depth, () => instructionFrom(draw, depth));

const instructionFrom = (draw: Draw, depth: number): Instruction => {
  const deeper = (): Script => (depth >= 3 ? [] : scriptFrom(draw, depth + 1));
  const cut = draw.below(24);
  if (cut < 4) return { op: "reply", payload: valueFrom(draw) };
  if (cut < 7) return { op: "write", page: draw.below(5), value: valueFrom(draw) };
  if (cut < 8) return { op: "consume", instructions: instructions(draw.of([1, 50, 400, 950])) };
  if (cut < 9) return draw.of<Instruction>([{ op: "trap" }, { op: "reject" }, acceptMessage]);
  if (cut < 11) return { op: draw.of(["accept", "burn"] as const), cycles: amountFrom(draw) };
  if (cut < 13) return { op: "set-timer", after: draw.of([null, nanoseconds(0n), nanoseconds(1n), nanoseconds(5n)]) };
  if (cut < 14) return { op: "when-odd", value: valueFrom(draw), then: deeper(), otherwise: deeper() };
  return {
    op: "call",
    ...(draw.chance(1, 2) ? { timeout: nanoseconds(draw.of([0n, 1n, 3n, 6n])) } : {}),
    callee: canisterId(draw.of([...all, ...all, "far", "far", "nobody", managementCanister, managementCanister])),
    method: draw.of(["go", "go", "go", "raw_rand", "raw_rand", "gone"]),
    payload: draw.chance(1, 2) ? { kind: "bytes", bytes: hex("") } : valueFrom(draw),
    attached: amountFrom(draw),
    onReply: deeper(),
    onReject: deeper(),
    onCleanup: deeper(),
    onRefused: deeper(),
  };
};

const valueFrom = (draw: Draw): Value =>
  draw.of<Value>([
    { kind: "message" },
    { kind: "time" },
    { kind: "balance" },
    { kind: "available" },
    { kind: "refunded" },
    { kind: "deadline" },
    { kind: "version" },
    { kind: "page", page: draw.below(4) },
    { kind: "bytes", bytes: hex("") },
    { kind: "bytes", bytes: hex(draw.of(["01", "0002", "ff".repeat(17), "aa".repeat(30)])) },
  ]);

export const amountFrom = ({ of, below }: Draw) => cycles(BigInt(below(of([1, 50, 5000]))));

export const moveFrom = (draw: Draw, joined: boolean): Move => {
  const subnet = joined ? draw.below(2) : 0;
  const cut = draw.below(24);
  if (cut < 8) {
    const id = draw.chance(1, 8) ? "i-again" : `i${draw.below(1000)}`;
    const expiry = draw.chance(1, 4) ? [1000n + BigInt(draw.below(30))] : [];
    return { ...ingress(id, draw.of(all), draw.of(["go", "go", "go", "gone"]), draw.of(["", "01", "ab".repeat(33)]), ...expiry), subnet };
  }
  if (cut < 21) {
    return {
      kind: "round",
      elapsed: nanoseconds(BigInt(draw.below(4))),
      tape: tapeOf(draw.of(["00", "5a", "ff"])),
      deliveries: draw.list(0, 2, () => ({ from: draw.below(3), count: draw.below(5), again: draw.below(3) })),
      ...(draw.chance(1, 4) ? { slices: draw.list(1, 2, () => sliceFrom(draw)) } : {}),
      subnet,
    };
  }
  if (cut < 23) return { kind: "top-up", canister: canisterId(draw.of([...all, "nobody"])), cycles: amountFrom(draw), subnet };
  return { ...uninstall(draw.of([...all, "nobody"])), subnet };
};

const sliceFrom = (draw: Draw): Slice => ({
  from: subnetId(draw.of(["s9", "s9", "s9", "s9", "s0", "s7"])),
  begin: draw.below(3),
  signals: draw.below(2),
  messages: draw.list(0, 3, () => streamMessageFrom(draw)),
});

const streamMessageFrom = (draw: Draw): StreamMessage => {
  const deadline = draw.of([null, nanoseconds(1003n), nanoseconds(1010n)]);
  const cut = draw.below(6);
  if (cut === 0) return { kind: "refund", canister: canisterId(draw.of(["a", "x", "nobody"])), cycles: amountFrom(draw) };
  if (cut === 1) {
    const result = { kind: "reply", payload: hex("07") } as const;
    const respondent = canisterId(draw.of(["far", "b"]));
    return {
      kind: "response",
      caller: canisterId(draw.of(["a", "nobody"])),
      callback: 1000,
      respondent,
      result,
      refund: amountFrom(draw),
      deadline,
    };
  }
  return {
    kind: "request",
    caller: canisterId(draw.of(["far", "far", "far", "x"])),
    callback: draw.below(9),
    callee: canisterId(draw.of(["a", "x", "nobody"])),
    method: "go",
    payload: hex(draw.of(["", "01", "bb".repeat(20)])),
    attached: amountFrom(draw),
    deadline,
  };
};
