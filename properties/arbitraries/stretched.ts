/**
 * Stretched worlds: stable memory has little room, on the canister or on the subnet, and whatever runs asks for more of it, looks how
 * much there is, and writes and reads near its end; in bodies, callbacks, cleanups, tasks, hooks, inspections and queries, which complete
 * or trap behind it.
 * @source facts/messages.md X13, MSG-10.1.15, MSG-10.4.16
 */
import type * as fc from "fast-check";
import {
  bytes,
  canisterId,
  cycles,
  ingressId,
  instructions,
  nanoseconds,
  percent,
  seconds,
  type CanisterGenesis,
  type CanisterId,
  type FeeTable,
  type Instruction,
  type Method,
  type Move,
  type Parameters,
  type Scenario,
  type Script,
  type Value,
} from "../../spec/index.ts";
import { freezingThreshold, ofPages, prepayment, setAsideFor } from "../money.ts";
import { mayAnswer, mayRead, type Mode } from "../tracking/modes.ts";
import type { Vocabulary } from "../vocabulary.ts";
import { withFewerInputs } from "./busy.ts";
import { drawn, type Dice } from "./dice.ts";
import { someBytes } from "./grammar.ts";
import { freeOfCharge, homeward, networkOf, periodDrawn } from "./networks.ts";
import { answer, callTo, message, openDiary } from "./plain.ts";
import { senderDrawn } from "./reads.ts";
import { within } from "./scripts.ts";

export const stretchedWorlds = (vocabulary: Vocabulary): fc.Arbitrary<Scenario> =>
  drawn((dice) => stretchedWorld(dice, vocabulary), withFewerInputs);

/** What the scripts are drawn into. */
interface Frame {
  readonly dice: Dice;
  readonly vocabulary: Vocabulary;
  readonly parameters: Parameters;
  readonly ids: readonly CanisterId[];
  /** How many pages stable memory can have. */
  readonly room: number;
}

const stretchedWorld = (dice: Dice, vocabulary: Vocabulary): Scenario => {
  const ids = ["a", "b", "m"].map(canisterId).slice(0, dice.whole(1, 3));
  const parameters = parametersOf(dice, vocabulary, ids.length);
  const room = parameters.maxPages - parameters.heapPages;
  const frame: Frame = { dice, vocabulary, parameters, ids, room };
  const canisters = ids.map((id) => canisterOf(frame, id));
  return { genesis: { parameters, time: nanoseconds(dice.big(0n, 10n ** 12n)), canisters }, inputs: movesOf(frame) };
};

const pageSize = bytes(32);

const parametersOf = (dice: Dice, vocabulary: Vocabulary, count: number): Parameters => {
  const { customs, limits, instructions: words } = vocabulary;
  const stored = customs.has("reservations") && words.has("write") && dice.chance(35);
  const network = networkOf(dice, feesOf(dice, stored), new Set());
  const sliced = customs.has("slices") && limits.has("roundInstructionLimit") && dice.chance(20);
  const slice = dice.whole(8, 16);
  const [heapPages, room] = [dice.whole(0, 2), dice.whole(2, 8)];
  // All that they can have, or about half of it.
  const some = count * (heapPages + room);
  const capacity = pageSize * dice.whole(Math.ceil(some / 2), some) + network.cores;
  return {
    ...network,
    ...homeward(vocabulary),
    queueCapacity: 200,
    pageSize,
    maxPages: heapPages + room,
    heapPages,
    messageInstructionLimit: instructions(sliced ? slice * 4 : 60),
    inspectionInstructionLimit: instructions(50),
    cleanupReserve: 20,
    ...((stored || dice.chance(50)) && {
      storage: { threshold: bytes(0), capacity: bytes(capacity), period: seconds(stored ? dice.pick([60, 400]) : 0) },
    }),
    ...(sliced && {
      sliceInstructionLimit: instructions(slice),
      roundInstructionLimit: instructions((slice + network.messageOverhead) * dice.whole(2, 4)),
    }),
    ...(limits.has("chargePeriod") && dice.chance(20) && { chargePeriod: periodDrawn(dice) }),
  };
};

const gibibyte = 2n ** 30n;

const feesOf = (dice: Dice, stored: boolean): FeeTable => ({
  ...freeOfCharge,
  name: "drawn",
  subnetSize: 13,
  execution: cycles(dice.big(0n, 5n)),
  tenInstructions: cycles(dice.pick([0n, 10n])),
  gibSecond: cycles(dice.pick([stored ? gibibyte : 0n, gibibyte / 16n, gibibyte])),
});

/** Rich, mostly, or at the edge of what some pages need. */
const canisterOf = (frame: Frame, id: CanisterId): CanisterGenesis => {
  const { dice, vocabulary, parameters, room } = frame;
  const { customs, instructions: words } = vocabulary;
  const task = (): Script => within(words, [growOf(frame), ...deedsOf(frame, "task", 2)]);
  const heap = parameters.heapPages;
  const poor: CanisterGenesis = {
    id,
    computeAllocation: percent(0),
    freezingThreshold: seconds(dice.pick([0, 1, 100])),
    balance: cycles(0n),
    stablePages: dice.weigh([
      [6, 0],
      [2, dice.whole(0, room)],
      [1, room],
    ]),
    methods: methodsOf(frame),
    onTimer: task(),
    ...(customs.has("heartbeats") && dice.chance(15) && { onHeartbeat: task() }),
    ...(customs.has("inspections") && words.has("accept-message") && dice.chance(25) && { inspect: within(words, inspectionOf(frame)) }),
    ...(customs.has("hooks") &&
      dice.chance(45) && { lowMemory: { limit: dice.whole(0, heap + 1), threshold: dice.whole(0, heap + 1), hook: task() } }),
  };
  const { memory } = ofPages(parameters, dice.whole(0, parameters.maxPages));
  const few = prepayment(parameters) * dice.big(1n, 4n);
  const edge = freezingThreshold(parameters, poor, ofPages(parameters, 0)) + setAsideFor(parameters, 0, memory) + few;
  const kept = freezingThreshold(parameters, poor, { memory, messages: 0, reserved: 0n }) + few;
  return {
    ...poor,
    balance: cycles(dice.chance(70) ? 10n ** 15n : dice.pick([edge, kept])),
    ...(dice.chance(15) && { reservedLimit: cycles(setAsideFor(parameters, 0, memory)) }),
  };
};

const methodsOf = (frame: Frame): readonly Method[] => {
  const { dice, vocabulary, ids } = frame;
  const { customs, instructions: words } = vocabulary;
  const told = answer({ kind: "stable-size" });
  const visit = (more: Partial<Instruction & { op: "call" }>): Instruction =>
    callTo(dice.pick(ids), dice.pick(["stretch", "size", "spoil", "nowhere"]), {
      payload: message,
      onRefused: [{ op: "reject" }],
      ...more,
    });
  const callback = (): Script => [growOf(frame), ...dice.times(0, 1, () => deedOf(frame, "callback")), told];
  const survey = callTo(dice.pick(ids), dice.pick(["look", "survey", "nowhere"]), {
    payload: message,
    onReply: [...deedsOf(frame, "query-callback", 2), ...(dice.chance(25) ? ([{ op: "trap" }] as const) : []), told],
    onReject: [told],
    onCleanup: deedsOf(frame, "query-cleanup", 1),
  });
  const methods: readonly Method[] = [
    { name: "size", body: [told] },
    { name: "stretch", body: [growOf(frame), told] },
    { name: "work", body: [...deedsOf(frame, "update", 4), told] },
    { name: "spoil", body: [growOf(frame), ...deedsOf(frame, "update", 2), { op: "trap" }] },
    { name: "show", body: [answer({ kind: "page", page: pageOf(frame) })] },
    { name: "alarm", body: [{ op: "set-timer", after: nanoseconds(0n) }, told] },
    { name: "visit", body: [...deedsOf(frame, "update", 1), visit({ onReply: callback(), onReject: callback() })] },
    {
      name: "regret",
      body: [
        visit({
          onReply: [growOf(frame), { op: "trap" }],
          onReject: [growOf(frame), { op: "trap" }],
          onCleanup: [
            growOf(frame),
            ...dice.times(0, 1, () => deedOf(frame, "cleanup")),
            ...(dice.chance(30) ? ([{ op: "trap" }] as const) : []),
          ],
        }),
      ],
    },
    ...(customs.has("queries") || customs.has("replicated-queries")
      ? ([
          { name: "look", mode: "query", body: [...deedsOf(frame, "query", 3), told] },
          { name: "glance", mode: "query", body: [told] },
        ] as const)
      : []),
    ...(customs.has("composite-queries")
      ? [{ name: "survey", mode: "composite" as const, body: [...deedsOf(frame, "composite-query", 2), survey] }]
      : []),
  ];
  return methods.map((method) => ({ ...method, body: within(words, method.body) }));
};

/** Lets a message in behind deeds of its own, or for how much there is. */
const inspectionOf = (frame: Frame): Script => {
  const letIn: Instruction = { op: "accept-message" };
  return frame.dice.chance(60)
    ? [...deedsOf(frame, "inspection", 2), letIn]
    : [growOf(frame), { op: "when-odd", value: { kind: "stable-size" }, then: [letIn], otherwise: frame.dice.chance(60) ? [letIn] : [] }];
};

const deedsOf = (frame: Frame, mode: Mode, most: number): Script => frame.dice.times(1, most, () => deedOf(frame, mode));

const deedOf = (frame: Frame, mode: Mode): Instruction => {
  const { dice, parameters } = frame;
  const { sliceInstructionLimit: slice, messageInstructionLimit: limit } = parameters;
  return dice.weigh<() => Instruction>([
    [6, () => growOf(frame)],
    [6, () => ({ op: "write", page: pageOf(frame), value: valueOf(frame, mode) })],
    [2, () => ({ op: "when-odd", value: valueOf(frame, mode), then: [growOf(frame)], otherwise: [] })],
    [1, () => ({ op: "consume", instructions: instructions(slice < limit ? slice : 2) })],
    [mayAnswer(mode) ? 0 : 1, () => ({ op: "trap" })],
  ])();
};

/** Mostly by a page; now and then by none, by more than one, or by more than there can be. */
const growOf = ({ dice, room }: Frame): Instruction => ({
  op: "stable-grow",
  pages: dice.weigh([
    [1, 0],
    [8, 1],
    [3, 2],
    [1, room],
    [1, room + 1],
  ]),
});

/** Mostly one of stable memory, as far as that may go, and seldom one beyond. */
const pageOf = ({ dice, parameters: { heapPages, maxPages } }: Frame): number =>
  dice.weigh([
    [3, dice.whole(0, Math.max(0, heapPages - 1))],
    [6, heapPages],
    [2, dice.whole(heapPages, maxPages - 1)],
    [1, maxPages],
  ]);

const valueOf = (frame: Frame, mode: Mode): Value =>
  frame.dice.weigh<() => Value>([
    [4, () => ({ kind: "stable-size" })],
    [3, () => ({ kind: "page", page: pageOf(frame) })],
    [mayRead("message", mode) ? 2 : 0, () => message],
  ])();

const movesOf = (frame: Frame): readonly Move[] => {
  const { dice, vocabulary, parameters, ids } = frame;
  const { inputs, customs, instructions: words } = vocabulary;
  const diary = openDiary(dice, vocabulary);
  const known = [
    ...["size", "stretch", "work", "work", "spoil", "show", "alarm", "alarm", "alarm"],
    ...(words.has("call") ? ["visit", "visit", "visit", "visit", "regret", "regret", "regret"] : []),
    ...(customs.has("replicated-queries") ? ["look", "glance"] : []),
  ];
  const asked = ["glance", "look", ...(customs.has("composite-queries") ? ["survey", "survey"] : [])];
  for (let rounds = dice.whole(4, 8); rounds > 0; rounds--) {
    dice.times(1, 4, () => diary.ingress(dice.pick(ids), dice.pick(known)));
    if (customs.has("queries") && inputs.has("query"))
      dice.times(0, 2, () =>
        diary.moves.push({
          kind: "query",
          ...senderDrawn(dice, vocabulary),
          canister: dice.pick(ids),
          method: dice.pick(asked),
          payload: someBytes(dice, 1),
        }),
      );
    if (inputs.has("uninstall") && dice.chance(4)) diary.moves.push({ kind: "uninstall", canister: dice.pick(ids) });
    if (inputs.has("create-canister") && dice.chance(4)) diary.moves.push({ kind: "create-canister", canister: canisterOf(frame, late) });
    diary.restart(15);
    const long = parameters.chargePeriod < 10n ** 12n && dice.chance(15);
    diary.round(long ? 10n ** 15n : dice.pick([0n, 1n, 10n ** 9n]));
  }
  for (const id of ids)
    if (inputs.has("ingress"))
      diary.moves.push({ kind: "ingress", id: ingressId(`end-${id}`), canister: id, method: "size", payload: someBytes(dice, 0) });
  dice.times(2, 3, () => diary.round(1n));
  return diary.moves;
};

/** One that is not there at first. */
const late = canisterId("late");
