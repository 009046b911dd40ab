/**
 * Worlds for the scheduler: short and long messages, much and little written, canisters that come, go and change what they
 * reserve, checkpoints and gates. Little else happens in them, so that hundreds of rounds cost little.
 */
import type * as fc from "fast-check";
import {
  bytes,
  canisterId,
  cycles,
  height,
  hex,
  ingressId,
  instructions,
  nanoseconds,
  percent,
  seconds,
  type CanisterGenesis,
  type Genesis,
  type Instruction,
  type Move,
  type Parameters,
  type Scenario,
  type Script,
} from "../../spec/index.ts";
import type { Vocabulary } from "../vocabulary.ts";
import { withFewerInputs } from "./busy.ts";
import { drawn, type Dice } from "./dice.ts";
import { feesDrawn, freeOfCharge, plenty } from "./networks.ts";
import { within } from "./scripts.ts";

export interface Scheduled {
  readonly scheduler?: Parameters["scheduler"];
  /** Messages of more than a slice. */
  readonly long?: boolean;
  /** Limits on what is written. */
  readonly heap?: boolean;
  readonly members?: boolean;
  /** Prices, and balances that are not always enough. */
  readonly priced?: boolean;
  readonly rounds?: readonly [least: number, most: number];
}

export const scheduledWorlds = (vocabulary: Vocabulary, wanted: Scheduled = {}): fc.Arbitrary<Scenario> =>
  drawn((dice) => scheduledWorld(dice, vocabulary, wanted), withFewerInputs);

export const scheduledWorld = (dice: Dice, vocabulary: Vocabulary, wanted: Scheduled): Scenario => {
  const { long = dice.chance(75), heap = dice.chance(40), members = dice.chance(40), priced = dice.chance(40) } = wanted;
  const scheduler = wanted.scheduler ?? dice.pick(["published", "current"] as const);
  const cores =
    scheduler === "current"
      ? dice.weigh([
          [5, 2],
          [3, 3],
          [1, 4],
        ])
      : dice.whole(1, 3);
  const parameters = networkOf(dice, { scheduler, cores, long, heap, priced });
  const count = dice.chance(85) ? cores + dice.whole(0, 4) : dice.whole(1, cores);
  const allocations = allocationsOf(dice, count, parameters);
  const newcomer = (at: number, allocation: number): CanisterGenesis =>
    canisterOf(dice, vocabulary, parameters, { at, count, allocation, long, heap, priced });
  const canisters = dice.shuffle(allocations.map((allocation, at) => newcomer(at, allocation)));
  const genesis: Genesis = { parameters, time: nanoseconds(0n), canisters };
  return { genesis, inputs: movesOf(dice, vocabulary, genesis, { rounds: wanted.rounds ?? [5, 24], long, members, newcomer }) };
};

interface Kind {
  readonly scheduler: Parameters["scheduler"];
  readonly cores: number;
  readonly long: boolean;
  readonly heap: boolean;
  readonly priced: boolean;
}

const networkOf = (dice: Dice, { scheduler, cores, long, heap, priced }: Kind): Parameters => {
  const slice = dice.whole(6, 30);
  const message = long ? slice * dice.whole(2, 7) + dice.whole(0, slice - 1) : slice;
  const overhead = dice.whole(1, 4);
  const room = (slice + overhead) * dice.whole(1, 3) + dice.whole(0, overhead);
  return {
    ...plenty,
    scheduler,
    cores,
    messageInstructionLimit: instructions(message),
    sliceInstructionLimit: instructions(slice),
    roundInstructionLimit: instructions(Math.max(room, slice + overhead)),
    messageOverhead: instructions(overhead),
    canisterOverhead: instructions(
      dice.weigh([
        [3, 0],
        [2, dice.whole(1, 8)],
      ]),
    ),
    finalisationOverhead: instructions(
      dice.weigh([
        [3, 0],
        [1, 1],
      ]),
    ),
    maxPausedExecutions: dice.weigh([
      [2, 1],
      [2, 2],
      [1, 4],
      [1, 0],
    ]),
    allocatable: dice.pick([50, 100, 100]),
    priority: {
      resetInterval: dice.weigh([
        [3, 86_400],
        [2, dice.whole(5, 20)],
      ]),
      ceiling: dice.pick([5, 2, 1]),
      floor: dice.pick([20, 3, 1]),
      decay: dice.pick([80, 50]),
    },
    cleanupReserve: dice.pick([0, 5, 20]),
    queueCapacity: dice.whole(1, 4),
    maxPayload: bytes(32),
    maxPages: 4,
    pageSize: bytes(8),
    ...(heap && {
      heapDeltaIterationLimit: bytes(
        dice.weigh([
          [2, 8],
          [2, 16],
          [2, 24],
          [3, 1_000],
        ]),
      ),
      heapDeltaRateLimit: bytes(dice.pick([5, 8, 12, 16])),
      heapDeltaCapacity: bytes(
        dice.weigh([
          [2, dice.whole(30, 120)],
          [2, 100_000],
        ]),
      ),
      heapDeltaReserve: bytes(dice.whole(8, 40)),
    }),
    fees: priced ? feesDrawn(dice, true) : freeOfCharge,
  };
};

/** Within what may be allocated, mostly with one canister that reserved much. */
const allocationsOf = (dice: Dice, count: number, { scheduler, cores, allocatable }: Parameters): readonly number[] => {
  let left = Math.max(0, Math.floor((scheduler === "current" ? cores - 1 : cores) * allocatable) - 1);
  const much = dice.whole(0, count - 1);
  return Array.from({ length: count }, (_, at) => {
    const wanted =
      at === much
        ? dice.whole(20, 100)
        : dice.weigh([
            [3, 0],
            [3, dice.pick([5, 10, 10, 20])],
            [1, dice.whole(1, 40)],
          ]);
    const given = Math.min(wanted, left, 100);
    left -= given;
    return given;
  });
};

interface Newcomer {
  readonly at: number;
  readonly count: number;
  readonly allocation: number;
  readonly long: boolean;
  readonly heap: boolean;
  readonly priced: boolean;
}

const idOf = (at: number) => canisterId(`c${String(at).padStart(2, "0")}`);

const canisterOf = (
  dice: Dice,
  { instructions: words, customs }: Vocabulary,
  { messageInstructionLimit: limit, sliceInstructionLimit: slice }: Parameters,
  { at, count, allocation, long, heap, priced }: Newcomer,
): CanisterGenesis => {
  const reply: Instruction = { op: "reply", payload: { kind: "time" } };
  const consume = (most: number): Instruction => ({ op: "consume", instructions: instructions(Math.max(1, most)) });
  const write = (): Instruction => ({
    op: "write",
    page: dice.whole(0, 3),
    value: dice.pick([{ kind: "time" } as const, { kind: "balance" } as const]),
  });
  const writes = heap || dice.chance(30) ? dice.times(1, 3, write) : [];
  const peer = idOf(dice.whole(0, count - 1));
  const call = (method: string): Instruction => ({
    op: "call",
    callee: peer,
    method,
    payload: { kind: "message" },
    attached: cycles(dice.chance(40) ? 5n : 0n),
    ...(customs.has("best-effort") && dice.chance(20) && { timeout: nanoseconds(2_000_000_000n) }),
    onReply: [
      consume(dice.chance(30) ? slice : 2),
      ...(dice.chance(40) ? [reply] : []),
      ...(dice.chance(15) ? [{ op: "trap" } as const] : []),
    ],
    onReject: [{ op: "reject" }],
    onCleanup: dice.chance(30) ? [consume(2), write()] : [],
    onRefused: [],
  });
  const scripts: Readonly<Record<string, Script>> = {
    short: [consume(dice.whole(1, Math.max(1, Math.floor(slice / 2)))), ...writes.slice(0, 1), reply],
    whole: [...writes, consume(slice - writes.length - 2), reply],
    long: long
      ? [...writes, consume(dice.whole(slice, Math.max(slice, limit - 4))), ...(dice.chance(20) ? [{ op: "trap" } as const] : []), reply]
      : [reply],
    endless: [consume(limit), reply],
    ask: [
      call(dice.pick(["short", "long"])),
      ...(dice.chance(50) ? [consume(dice.chance(50) && long ? slice : 1)] : []),
      ...(dice.chance(30) ? [reply] : []),
    ],
  };
  return {
    id: idOf(at),
    computeAllocation: percent(allocation),
    freezingThreshold: seconds(priced ? dice.pick([0, 0, 1_000]) : 0),
    balance: cycles(priced && dice.chance(30) ? dice.big(0n, 10n ** 12n) : 10n ** 30n),
    methods: Object.entries(scripts).map(([name, body]) => ({ name, body: within(words, body) })),
    onTimer: within(words, [consume(2), { op: "set-timer", after: nanoseconds(1_000_000_000n) }]),
    ...(customs.has("heartbeats") && dice.chance(15) && { onHeartbeat: within(words, [consume(dice.chance(30) && long ? slice + 1 : 2)]) }),
  };
};

interface Life {
  readonly rounds: readonly [least: number, most: number];
  readonly long: boolean;
  readonly members: boolean;
  readonly newcomer: (at: number, allocation: number) => CanisterGenesis;
}

const movesOf = (
  dice: Dice,
  { inputs: known }: Vocabulary,
  { canisters }: Genesis,
  { rounds: [least, most], long, members, newcomer }: Life,
): readonly Move[] => {
  const rounds = dice.whole(least, most);
  const greedy = new Set(canisters.filter(() => dice.chance(55)).map(({ id }) => id));
  const interval = dice.weigh([
    [3, 0],
    [2, dice.whole(3, 9)],
  ]);
  const gated = dice.chance(60);
  const moves: Move[] = [];
  let number = 0;
  let created = canisters.length;
  const ids = canisters.map(({ id }) => id);
  for (let round = 1; round <= rounds; round++) {
    for (const id of ids) {
      const messages = greedy.has(id) ? dice.whole(1, 2) : dice.chance(35) ? 1 : 0;
      for (let k = 0; k < messages; k++) {
        const method = dice.weigh([
          [4, "short"],
          [3, "whole"],
          [long ? 4 : 0, "long"],
          [1, "endless"],
          [2, "ask"],
        ]);
        moves.push({ kind: "ingress", id: ingressId(`i${number++}`), canister: id, method, payload: hex(dice.chance(50) ? "01" : "") });
      }
    }
    if (dice.chance(12)) moves.push({ kind: "top-up", canister: dice.pick(ids), cycles: cycles(BigInt(dice.whole(1, 1_000_000))) });
    if (members)
      moves.push(
        ...membership(
          dice,
          ids,
          () => newcomer(created, dice.pick([0, 0, 10, 40])),
          () => ids.push(idOf(created++)),
        ),
      );
    if (dice.chance(4)) moves.push({ kind: "restart" });
    const next = interval === 0 ? 0 : Math.ceil(round / interval) * interval;
    moves.push({
      kind: "round",
      elapsed: nanoseconds(1_000_000_000n),
      tape: hex(round.toString(16).padStart(64, "0")),
      ...(next === round && interval > 0 && { checkpoint: true }),
      ...(gated && interval > 0 && { summary: { nextCheckpoint: height(next), length: interval - 1 } }),
    });
  }
  return moves.filter(({ kind }) => known.has(kind));
};

const membership = (dice: Dice, ids: readonly CanisterGenesis["id"][], given: () => CanisterGenesis, came: () => void): readonly Move[] => {
  if (dice.chance(6)) {
    const canister = given();
    came();
    return [{ kind: "create-canister", canister }];
  }
  if (dice.chance(4)) return [{ kind: "delete-canister", canister: dice.chance(85) ? dice.pick(ids) : canisterId("nobody") }];
  if (dice.chance(10))
    return [
      {
        kind: "set-compute-allocation",
        canister: dice.chance(95) ? dice.pick(ids) : canisterId("nobody"),
        computeAllocation: percent(dice.pick([0, 0, 5, 10, 20, 50, 90])),
      },
    ];
  if (dice.chance(2)) return [{ kind: "uninstall", canister: dice.pick(ids) }];
  return [];
};
