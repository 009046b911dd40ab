/**
 * Worlds in which canisters decide about each other: whoever controls somebody, or would like to, asks the management canister
 * for all that it does, with right names and wrong ones, once, twice, in a hurry, or at once with the opposite. Those whom it is
 * about have open calls, execute in slices, have tasks and hooks, and go on to call while they are being stopped.
 * @source facts/messages.md MSG-P11, F17, F18, F19, F20, F21, F22, F23, F24, F25, F43, MSG-11.1; facts/scheduler.md SCH-P21
 */
import type * as fc from "fast-check";
import {
  bytes,
  canisterId,
  cycles,
  instructions,
  nanoseconds,
  percent,
  seconds,
  subnetId,
  type CanisterGenesis,
  type CanisterId,
  type Genesis,
  type Move,
  type Parameters,
  type Scenario,
} from "../../spec/index.ts";
import { callReserve } from "../money.ts";
import type { Vocabulary } from "../vocabulary.ts";
import { withFewerInputs } from "./busy.ts";
import { unitOf } from "./canisters.ts";
import { drawn, type Dice } from "./dice.ts";
import { nobody, someBytes } from "./grammar.ts";
import { methodsOf, tasksOf, type Court } from "./courtly.ts";
import { feesDrawn, freeOfCharge, homeward, networkOf, periodDrawn } from "./networks.ts";
import { openDiary } from "./plain.ts";
import { senderDrawn } from "./reads.ts";
import { statusQuestion } from "./statuses.ts";

/** What a property needs of such a world. */
export interface Reign {
  /** Whether messages are mostly executed in slices. */
  readonly long?: boolean;
  /** Whether most calls are slow to come home. */
  readonly slow?: boolean;
  /** Whether nobody comes, goes or loses its code. */
  readonly lasting?: boolean;
}

export const managedWorlds = (vocabulary: Vocabulary, wanted: Reign = {}): fc.Arbitrary<Scenario> =>
  drawn((dice) => managedWorld(dice, vocabulary, wanted), withFewerInputs);

/** One world of the kind. */
export const managedWorld = (dice: Dice, vocabulary: Vocabulary, wanted: Reign = {}): Scenario => {
  const { customs, inputs } = vocabulary;
  const parameters = parametersOf(dice, vocabulary, wanted);
  const ids = dice.shuffle(names).slice(0, dice.whole(2, 4));
  const routed = customs.has("networks") && dice.chance(20);
  const court: Court = { dice, vocabulary, parameters, ids, strays: [nobody, ...(routed ? [far] : [])], lasting: wanted.lasting === true };
  const chief = dice.pick(ids);
  const canisters = ids.map((id) => canisterOf(court, id, chief));
  const genesis: Genesis = {
    parameters,
    time: nanoseconds(dice.pick([0n, 1n, dice.big(0n, 10n ** 18n)])),
    ...(routed && { network: { own: subnetId("here"), routes: [{ canister: far, subnet: subnetId("there") }] } }),
    ...(customs.has("provision") && dice.chance(60) && { provisional: cycles(dice.pick([0n, 100n])) }),
    canisters,
  };
  const diary = openDiary(dice, vocabulary);
  const round = (): void =>
    diary.round(elapsedOf(dice, parameters), { ...(customs.has("checkpoints") && dice.chance(25) && { checkpoint: true }) });
  const anybody = (): CanisterId => (dice.chance(65) ? chief : dice.pick(ids));
  // Somebody is stopped, if that may be.
  if (customs.has("management") && dice.chance(85)) diary.ingress(chief, "ask0");
  for (let rounds = dice.whole(8, 16); rounds > 0; rounds--) {
    dice.times(1, 4, () => {
      const one = anybody();
      const { methods } = canisters.find(({ id }) => id === one)!;
      const asking = methods.filter(({ name }) => name.startsWith("ask"));
      const method = asking.length > 0 && dice.chance(60) ? dice.pick(asking).name : dice.pick(methods).name;
      // Who toils is being decided about meanwhile.
      if (dice.chance(wanted.long === true ? 60 : 25)) diary.ingress(dice.pick(ids), "toil");
      if (dice.chance(25)) diary.ingress(dice.pick(ids), "linger");
      diary.ingress(one, dice.chance(3) ? "nowhere" : method);
    });
    diary.moves.push(...interventionsOf(court));
    if (customs.has("queries") && inputs.has("query")) diary.moves.push(...dice.times(0, 2, () => questionOf(court)));
    diary.restart(10);
    round();
  }
  // Quiet rounds, in which calls come home, and those who wait for a stop hear of it.
  dice.times(3, parameters.tapeLag + 5, round);
  return { genesis, inputs: diary.moves };
};

const names = ["a", "c0", "m", "z"].map(canisterId);
const far = canisterId("far");

const canisterOf = (court: Court, id: CanisterId, chief: CanisterId): CanisterGenesis => {
  const { dice, ids, parameters, vocabulary } = court;
  const controllers = dice.weigh<() => readonly CanisterId[]>([
    [20, () => [chief]],
    [3, () => ids.filter(() => dice.chance(50))],
    [2, () => [id]],
    [2, () => ids],
    [1, () => []],
  ])();
  const canister: CanisterGenesis = {
    id,
    computeAllocation: percent(0),
    freezingThreshold: seconds(0),
    balance: cycles(unitOf(parameters) * 2_000n + callReserve(parameters) * 100n),
    ...(dice.chance(95) && { controllers }),
    methods: methodsOf(court, id),
    ...tasksOf(court),
  };
  // Who has little is frozen, and can be given to all the same.
  return dice.chance(6) && vocabulary.inputs.has("top-up") ? { ...canister, balance: cycles(dice.big(0n, unitOf(parameters))) } : canister;
};

const parametersOf = (dice: Dice, vocabulary: Vocabulary, { long, slow }: Reign): Parameters => {
  const { customs, limits } = vocabulary;
  const network = networkOf(dice, dice.chance(60) ? freeOfCharge : feesDrawn(dice), new Set());
  const sliced = customs.has("slices") && limits.has("roundInstructionLimit") && dice.chance(long === true ? 100 : 50);
  const slice = dice.whole(12, 30);
  const gated = customs.has("heap-limits") && customs.has("checkpoints") && dice.chance(8);
  const current = customs.has("current-scheduler") && dice.chance(30);
  return {
    ...network,
    ...homeward(vocabulary),
    queueCapacity: vocabulary.limits.has("roundInstructionLimit") ? 8 : 200,
    cleanupReserve: Math.min(network.cleanupReserve, 20),
    pageSize: network.maxPayload,
    tapeLag: dice.pick(slow === true ? [3, 4, 6] : [1, 3, 4, 4, 6]),
    stopTimeout: nanoseconds(dice.pick([0n, 1n, second, second, 2n * second, 2_500_000_000n, 300n * second])),
    ...(current && { scheduler: "current", cores: dice.whole(2, 3) }),
    ...(sliced && {
      sliceInstructionLimit: instructions(slice),
      messageInstructionLimit: instructions(slice * dice.whole(3, 8)),
      roundInstructionLimit: instructions((slice + network.messageOverhead) * dice.pick([1, 2, 2, 2, 3])),
      cores: current ? dice.whole(2, 3) : dice.pick([1, 2, 3, 3]),
      maxPausedExecutions: dice.pick([0, 1, 2]),
    }),
    ...(gated && { heapDeltaCapacity: bytes(network.maxPayload * dice.whole(1, 4)), heapDeltaReserve: bytes(0) }),
    ...(limits.has("chargePeriod") && dice.chance(15) && { chargePeriod: periodDrawn(dice) }),
  };
};

const second = 1_000_000_000n;

/** Around the longest wait for a stop, mostly about a second. */
const elapsedOf = (dice: Dice, { stopTimeout }: Parameters): bigint =>
  dice.weigh<bigint>([
    [6, second],
    [2, 0n],
    [1, 1n],
    [2, stopTimeout],
    [1, stopTimeout + 1n],
    [1, stopTimeout / 2n],
    [2, dice.big(0n, 2n * second)],
  ]);

/** What is done to canisters from outside, whatever they are doing. */
const interventionsOf = ({ dice, vocabulary: { inputs }, ids, lasting }: Court): readonly Move[] => {
  const canister = dice.chance(4) ? nobody : dice.pick(ids);
  return dice.weigh<() => readonly Move[]>([
    [12, () => []],
    [inputs.has("top-up") ? 2 : 0, () => [{ kind: "top-up", canister, cycles: cycles(dice.big(0n, 50n)) }]],
    [inputs.has("uninstall") && !lasting ? 1 : 0, () => [{ kind: "uninstall", canister }]],
    [inputs.has("delete-canister") && !lasting ? 1 : 0, () => [{ kind: "delete-canister", canister }]],
  ])();
};

const questionOf = ({ dice, ids, vocabulary }: Court): Move => ({
  kind: "query",
  ...senderDrawn(dice, vocabulary),
  canister: dice.pick(ids),
  method: dice.pick(["read", "read", "inquire", "keep"]),
  payload: someBytes(dice, dice.whole(0, 2)),
  ...(vocabulary.customs.has("status-queries") && dice.chance(40) && statusQuestion(dice, ids)),
});
