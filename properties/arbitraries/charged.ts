/**
 * Charged worlds: canisters that pay for what they occupy until they no longer can, to the cycle. Some only exist; others are
 * asked something in every round, and then contexts and calls of theirs are open, or a message is half executed, when
 * the charge is due. What is done to a canister that ran dry is what is done to the others.
 * @source facts/cycles.md CYC-4.1, CYC-4.4, CYC-5.4, CYC-H1, CYC-H2
 */
import * as fc from "fast-check";
import {
  allocatableOf,
  canisterId,
  cycles,
  hex,
  ingressId,
  instructions,
  managementCanister,
  nanoseconds,
  percent,
  seconds,
  type CanisterGenesis,
  type CanisterId,
  type FeeTable,
  type Instruction,
  type Method,
  type Move,
  type Nanoseconds,
  type Parameters,
  type Scenario,
} from "../../spec/index.ts";
import { among, type Limit, type Vocabulary } from "../vocabulary.ts";
import { mixedWorlds, withFewerInputs } from "./busy.ts";
import { unitOf } from "./canisters.ts";
import { drawn, type Dice } from "./dice.ts";
import type { Focus } from "./focus.ts";
import { tapeOf } from "./moves.ts";
import { networkOf } from "./networks.ts";
import { answer, callTo, message, nothing } from "./plain.ts";
import { balanceFor, elapsedDrawn, rentsDrawn, richFor, type Lease } from "./rents.ts";
import { scheduledWorlds } from "./scheduled.ts";
import { within } from "./scripts.ts";

/** Worlds in which charges are due, and mostly somebody runs dry. */
export const chargedWorlds = (vocabulary: Vocabulary): fc.Arbitrary<Scenario> =>
  fc.oneof(
    { arbitrary: placedWorlds(vocabulary), weight: 9 },
    { arbitrary: scheduledWorlds(vocabulary, { charged: true, long: true, busy: true, rounds: [6, 16] }), weight: 2 },
    { arbitrary: scheduledWorlds(vocabulary, { charged: true, heap: true, gated: true, busy: true, rounds: [6, 16] }), weight: 1 },
    { arbitrary: mixedWorlds(vocabulary, busy), weight: 1 },
  );

/** Those of them in which balances are placed where a charge just fits, or just does not; on a free subnet nothing is charged. */
export const placedWorlds = (vocabulary: Vocabulary, schedule?: FeeTable["schedule"]): fc.Arbitrary<Scenario> =>
  drawn((dice) => chargedWorld(dice, vocabulary, schedule), withFewerInputs);

const busy: Focus = {
  always: ["write", "reply"],
  limits: ["chargePeriod"],
  ample: ["ingressLifetime", "historyLifetime"],
  network: (network, dice) => ({ ...network, fees: rentsDrawn(dice) }),
};

/** One world of the kind. */
export const chargedWorld = (dice: Dice, vocabulary: Vocabulary, schedule?: FeeTable["schedule"]): Scenario => {
  const parameters = parametersOf(dice, vocabulary, schedule);
  const elapsed = dice.times(7, 15, () => elapsedDrawn(dice, parameters));
  const ids = names.slice(0, dice.whole(2, 5));
  const place: Place = { dice, vocabulary, parameters, ids };
  let reserved = allocatableOf(parameters) - 1;
  const allocations = ids.map(() => {
    const allocation = Math.max(0, Math.min(reserved, dice.pick([0, 0, 1, 5, 20, 60])));
    reserved -= allocation;
    return allocation;
  });
  const tenants = ids.map((id, at) => tenantOf(place, id, allocations[at]!, elapsed, at === 0));
  const genesis = {
    parameters,
    time: nanoseconds(dice.big(0n, 10n ** 18n)),
    canisters: dice.shuffle(tenants.map(({ canister }) => canister)),
  };
  return { genesis, inputs: movesOf(place, tenants, elapsed) };
};

interface Place {
  readonly dice: Dice;
  readonly vocabulary: Vocabulary;
  readonly parameters: Parameters;
  readonly ids: readonly CanisterId[];
}

interface Tenant {
  readonly canister: CanisterGenesis;
  /** Whether somebody asks it for anything but to write its pages. */
  readonly idle: boolean;
}

const parametersOf = (dice: Dice, { limits, customs }: Vocabulary, schedule?: FeeTable["schedule"]): Parameters => {
  const narrow = limits.has("roundInstructionLimit") && dice.chance(60);
  const scarce = among<Limit>(limits, ["chargePeriod", ...(narrow ? (["roundInstructionLimit"] as const) : [])]);
  const drawn = networkOf(dice, rentsDrawn(dice, schedule), scarce);
  // Where nothing uses an instruction the current scheduler ends a round, and what is left goes out in the loopback stream.
  const current = customs.has("current-scheduler") && limits.has("roundInstructionLimit") && dice.chance(45);
  const sliced = customs.has("slices") && narrow && dice.chance(80);
  const slice = dice.whole(5, Math.max(5, Math.floor(drawn.messageInstructionLimit / 2)));
  const { messageOverhead } = drawn;
  return {
    ...drawn,
    ...(current && { scheduler: "current", cores: dice.whole(2, 3) }),
    ...(sliced && {
      sliceInstructionLimit: instructions(slice),
      roundInstructionLimit: instructions((slice + messageOverhead) * dice.whole(1, 3)),
      maxPausedExecutions: dice.pick([0, 1, 2]),
    }),
    queueCapacity: dice.whole(2, 5),
    tapeLag: dice.pick([1, 2, 3, 4, 4]),
  };
};

const names = ["a", "c0", "k", "m", "z", "new-0", "new-1", "new-2"].map(canisterId);

/** A canister with so much to its name that it can pay for some rounds; now and then one can pay for all, unless it is doomed. */
const tenantOf = (place: Place, id: CanisterId, allocation: number, elapsed: readonly bigint[], doomed: boolean): Tenant => {
  const { dice, vocabulary, parameters } = place;
  const { instructions: words, customs } = vocabulary;
  const pages = words.has("write") && vocabulary.inputs.has("ingress") ? dice.whole(doomed ? 1 : 0, parameters.maxPages) : 0;
  const lease: Lease = { pages, computeAllocation: allocation };
  const idle = dice.chance(30);
  const runs = parameters.fees.execution > 0n && parameters.fees.schedule === "normal" ? unitOf(parameters) * dice.big(2n, 9n) : 0n;
  const rent = doomed || dice.chance(75) ? balanceFor(dice, parameters, lease, elapsed) : richFor(parameters, lease, elapsed);
  const kept = within(words, [{ op: "write", page: 0, value: { kind: "time" } }]);
  const canister: CanisterGenesis = {
    id,
    computeAllocation: percent(allocation),
    freezingThreshold: seconds(
      dice.weigh([
        [8, 0],
        [1, 1],
        [1, 30],
        [1, 86_400],
      ]),
    ),
    balance: cycles(rent + runs),
    methods: methodsOf(place, id, pages).map(({ name, body }) => ({ name, body: within(words, body) })),
    onTimer: kept,
    ...(!idle &&
      customs.has("heartbeats") &&
      dice.chance(15) && { onHeartbeat: within(words, [{ op: "consume", instructions: instructions(1) }]) }),
    ...(customs.has("inspections") && words.has("accept-message") && dice.chance(15) && { inspect: [{ op: "accept-message" } as const] }),
    ...(customs.has("hooks") && dice.chance(15) && { lowMemory: { limit: parameters.maxPages, threshold: 1, hook: kept } }),
  };
  return { canister, idle };
};

const methodsOf = ({ dice, vocabulary, parameters, ids }: Place, id: CanisterId, pages: number): readonly Method[] => {
  const { messageInstructionLimit: limit } = parameters;
  const [first = id, second = id] = dice.shuffle(ids);
  const peer = first === id ? second : first;
  const write = (page: number): Instruction => ({ op: "write", page, value: { kind: "bytes", bytes: hex("01") } });
  const late: Instruction = vocabulary.randomness
    ? callTo(managementCanister, "raw_rand", {
        attached: cycles(dice.pick([0n, 2n])),
        onReply: [answer(message)],
        onReject: [{ op: "reject" }],
      })
    : callTo(peer, "serve", { onReply: [answer()], onReject: [{ op: "reject" }] });
  const asked = { payload: message, attached: cycles(dice.pick([0n, 5n, 9n])) };
  return [
    { name: "fill", body: [...Array.from({ length: pages }, (_, page) => write(page)), answer()] },
    { name: "more", body: [write(dice.whole(0, parameters.maxPages - 1)), answer(nothing)] },
    { name: "wait", body: [{ op: "accept", cycles: cycles(2n) }, late] },
    {
      name: "ask",
      body: [callTo(peer, "wait", { ...asked, onReply: [answer(message)], onReject: [answer(message)], onRefused: [answer()] })],
    },
    { name: "leave", body: [callTo(peer, "wait", asked), answer()] },
    { name: "serve", body: [{ op: "accept", cycles: cycles(2n) }, answer()] },
    { name: "long", body: [{ op: "consume", instructions: instructions(Math.max(0, limit - 4)) }, answer()] },
    { name: "alarm", body: [{ op: "set-timer", after: nanoseconds(dice.pick([1n, 5n * 10n ** 9n, 10n ** 15n])) }, answer()] },
    { name: "burn", body: [{ op: "burn", cycles: cycles(3n) }, answer()] },
  ];
};

const movesOf = (place: Place, tenants: readonly Tenant[], elapsed: readonly Nanoseconds[]): readonly Move[] => {
  const { dice, vocabulary, parameters } = place;
  const moves: Move[] = [];
  const here: Tenant[] = [...tenants];
  const sliced = parameters.sliceInstructionLimit < parameters.messageInstructionLimit;
  const say = (canister: CanisterId, method: string): void =>
    void moves.push({ kind: "ingress", id: ingressId(`i${moves.length}`), canister, method, payload: hex(dice.chance(50) ? "" : "07") });
  const something = (): CanisterId => dice.pick(here).canister.id;
  elapsed.forEach((passed, round) => {
    for (const { canister, idle } of here) {
      if (round === 0 && dice.chance(96)) say(canister.id, "fill");
      else if (!idle && dice.chance(65)) say(canister.id, methodFor(dice, sliced));
    }
    if (dice.chance(8)) moves.push({ kind: "top-up", canister: something(), cycles: cycles(dice.big(0n, 2n * unitOf(parameters))) });
    if (dice.chance(6)) moves.push({ kind: "uninstall", canister: something() });
    if (dice.chance(10))
      moves.push({ kind: "set-compute-allocation", canister: something(), computeAllocation: percent(dice.pick([0, 1, 5, 30])) });
    if (dice.chance(4)) moves.push({ kind: "delete-canister", canister: something() });
    const newcomer = names[here.length];
    if (newcomer !== undefined && round > 0 && dice.chance(6)) {
      const tenant = tenantOf(place, newcomer, 0, elapsed.slice(round), false);
      here.push(tenant);
      moves.push({ kind: "create-canister", canister: tenant.canister });
      say(newcomer, "fill");
    }
    if (dice.chance(8)) moves.push({ kind: "restart" });
    const checkpoint = vocabulary.customs.has("checkpoints") && dice.chance(12);
    moves.push({ kind: "round", elapsed: passed, tape: tapeOf(dice, moves), ...(checkpoint && { checkpoint }) });
  });
  return moves.filter(({ kind }) => vocabulary.inputs.has(kind));
};

const methodFor = (dice: Dice, sliced: boolean): string =>
  dice.weigh([
    [8, "wait"],
    [4, "ask"],
    [2, "leave"],
    [1, "serve"],
    [sliced ? 5 : 1, "long"],
    [3, "alarm"],
    [1, "more"],
    [1, "burn"],
    [1, "fill"],
  ]);
