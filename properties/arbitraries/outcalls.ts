/**
 * Worlds in which canisters ask for what execution cannot answer: signatures, keys, and what a server says. They offer the price, one
 * cycle less, or more; for keys that are held and such that are not; for short answers and long ones; in queues with room for
 * one or two. Blocks answer what waits in any order, too early, twice, at too great a length, or nobody; and meanwhile whoever asked
 * is uninstalled or gone, prices change, and rounds are skipped.
 * @source facts/messages.md F28, F29, J5, MSG-P3, MSG-P6, MSG-P22, MSG-11.1
 */
import * as fc from "fast-check";
import {
  bytes,
  canisterId,
  cycles,
  keyName,
  nanoseconds,
  percent,
  seconds,
  type CanisterGenesis,
  type CanisterId,
  type ConsensusAnswer,
  type FeeTable,
  type Parameters,
  type Scenario,
} from "../../spec/index.ts";
import type { Vocabulary } from "../vocabulary.ts";
import { withFewerInputs } from "./busy.ts";
import { drawn, type Dice } from "./dice.ts";
import { nobody, someBytes } from "./grammar.ts";
import { managedWorld } from "./managed.ts";
import { freeOfCharge, homeward, networkOf } from "./networks.ts";
import { openDiary } from "./plain.ts";
import { petitionsTo, type Counter } from "./petitions.ts";

/** What a property needs of such a world. */
export interface Bureau {
  /** Whether rounds are skipped once much was written. */
  readonly gated?: boolean;
  /** Whether who asked does not wait for its answer, and is gone when it comes. */
  readonly deserted?: boolean;
}

/** Worlds, and among them some in which canisters ask consensus; none of these where a machine asks nothing of it. */
export const orAsking = (worlds: fc.Arbitrary<Scenario>, vocabulary: Vocabulary, wanted: Bureau = {}): fc.Arbitrary<Scenario> =>
  vocabulary.customs.has("outcalls")
    ? fc.oneof({ arbitrary: worlds, weight: 4 }, { arbitrary: outcallWorlds(vocabulary, wanted), weight: 1 })
    : worlds;

export const outcallWorlds = (vocabulary: Vocabulary, wanted: Bureau = {}): fc.Arbitrary<Scenario> =>
  drawn((dice) => outcallWorld(dice, vocabulary, wanted), withFewerInputs);

/** One world of the kind; where a machine asks nothing of consensus, one in which canisters decide about each other. */
export const outcallWorld = (dice: Dice, vocabulary: Vocabulary, wanted: Bureau = {}): Scenario => {
  const { customs, inputs, randomness } = vocabulary;
  if (!customs.has("outcalls")) return managedWorld(dice, vocabulary);
  const parameters = parametersOf(dice, vocabulary, wanted);
  const ids = dice.shuffle(names).slice(0, dice.whole(2, 3));
  const counter: Counter = { dice, vocabulary, parameters };
  const canisters = ids.map((id) => canisterOf(counter, id));
  const diary = openDiary(dice, vocabulary);
  // As many as may have left the layer by now: a block can name any of them.
  let asked = 0;
  const round = (answers: readonly ConsensusAnswer[]): void =>
    diary.round(dice.pick([0n, 1n, second, second]), {
      ...(answers.length > 0 && { answers }),
      ...(customs.has("checkpoints") && dice.chance(40) && { checkpoint: true }),
    });
  const ask = (id: CanisterId, method: string): void => {
    diary.ingress(id, method);
    asked += method === "several" ? 2 : 1;
  };
  const deserted = wanted.deserted ?? dice.chance(25);
  if (deserted && customs.has("best-effort")) {
    // It asks in a hurry, is rid of its code, hears that it was too late, and goes.
    const [leaver] = ids as [CanisterId];
    ask(leaver, "hurry");
    dice.times(2, 2, () => round([]));
    if (inputs.has("uninstall")) diary.moves.push({ kind: "uninstall", canister: leaver });
    dice.times(1, 2, () => diary.round(second, {}));
    if (inputs.has("delete-canister")) diary.moves.push({ kind: "delete-canister", canister: leaver });
    diary.restart(20);
    round(answersOf(dice, parameters, asked));
  }
  // Somebody signs, if that may be.
  for (const id of ids.slice(1)) if (dice.chance(70)) ask(id, "sign");
  for (let rounds = dice.whole(7, 12); rounds > 0; rounds--) {
    if (asked < 14)
      dice.times(0, 3, () => ask(dice.pick(ids), dice.chance(12) ? "several" : dice.chance(12) ? "hurry" : `ask-${dice.whole(0, 7)}`));
    if (randomness && dice.chance(45)) diary.ingress(dice.pick(ids), "throw");
    if (dice.chance(wanted.gated === true ? 60 : 15)) diary.ingress(dice.pick(ids), "keep");
    if (inputs.has("uninstall") && dice.chance(4))
      diary.moves.push({ kind: "uninstall", canister: dice.chance(5) ? nobody : dice.pick(ids) });
    if (inputs.has("delete-canister") && dice.chance(5)) diary.moves.push({ kind: "delete-canister", canister: dice.pick(ids) });
    if (inputs.has("set-fees") && dice.chance(10)) diary.moves.push({ kind: "set-fees", fees: moved(dice, parameters.fees) });
    diary.restart(15);
    round(dice.chance(70) ? answersOf(dice, parameters, asked) : []);
  }
  // In the end most of what waits is answered, and calls come home.
  dice.times(2, 2, () => round([]));
  const all = Array.from({ length: asked }, (_, request) => answerTo(dice, parameters, request));
  round(dice.shuffle(all).filter(() => dice.chance(90)));
  dice.times(2, 2 + parameters.tapeLag, () => round([]));
  return { genesis: { parameters, time: nanoseconds(dice.pick([0n, dice.big(0n, 10n ** 18n)])), canisters }, inputs: diary.moves };
};

const names = ["a", "k", "m", "z"].map(canisterId);
const second = 1_000_000_000n;

const canisterOf = (counter: Counter, id: CanisterId): CanisterGenesis => ({
  id,
  computeAllocation: percent(0),
  freezingThreshold: seconds(0),
  balance: cycles(10n ** 16n),
  methods: petitionsTo(counter),
  onTimer: [],
});

const parametersOf = (dice: Dice, vocabulary: Vocabulary, wanted: Bureau): Parameters => {
  const { customs } = vocabulary;
  const network = networkOf(dice, feesOf(dice), new Set());
  const gated = customs.has("heap-limits") && customs.has("checkpoints") && (wanted.gated ?? dice.chance(15));
  return {
    ...network,
    ...homeward(vocabulary),
    queueCapacity: 12,
    cleanupReserve: Math.min(network.cleanupReserve, 20),
    // A hash has 64 characters, and its key as many as it likes.
    maxPayload: bytes(dice.pick([80, 80, 120])),
    pageSize: bytes(32),
    tapeLag: dice.pick([1, 1, 2]),
    keys: [keyName("key-1"), ...(dice.chance(60) ? [keyName("key-2")] : [])],
    signatureQueue: dice.weigh([
      [1, 0],
      [16, 1],
      [12, 2],
      [6, 20],
    ]),
    outcallLimit: dice.weigh([
      [1, 0],
      [12, 1],
      [12, 2],
      [6, 20],
    ]),
    ...(gated && { heapDeltaCapacity: bytes(32), heapDeltaReserve: bytes(0) }),
  };
};

const feesOf = (dice: Dice): FeeTable => ({
  ...freeOfCharge,
  name: `drawn-${dice.whole(0, 3)}`,
  subnetSize: dice.pick([1, 7, 13, 13, 34]),
  execution: cycles(dice.pick([0n, 5n])),
  call: cycles(dice.pick([0n, 5n])),
  signature: cycles(dice.pick([1n, 7n, 26n, 10_000_000_000n])),
  outcall: cycles(dice.pick([0n, 3n, 3_000_000n])),
  outcallNode: cycles(dice.pick([0n, 1n, 60_000n])),
  outcallRequestByte: cycles(dice.pick([0n, 1n, 400n])),
  outcallResponseByte: cycles(dice.pick([1n, 2n, 800n])),
  schedule: dice.chance(6) ? "free" : "normal",
});

/** Prices around those that were known when canisters were written. */
const moved = (dice: Dice, fees: FeeTable): FeeTable => {
  const near = (price: bigint): FeeTable["call"] => cycles(dice.pick([price, price + 1n, price > 0n ? price - 1n : price, price + 40n]));
  return { ...fees, name: `moved-${dice.whole(0, 3)}`, signature: near(fees.signature), outcall: near(fees.outcall) };
};

/** A block that speaks of some requests, now and then of one twice, or of one that there is not. */
const answersOf = (dice: Dice, parameters: Parameters, asked: number): readonly ConsensusAnswer[] =>
  dice.times(1, 4, () =>
    answerTo(dice, parameters, asked === 0 || dice.chance(8) ? asked + dice.whole(0, 5) : dice.whole(0, Math.min(asked - 1, 9))),
  );

const answerTo = (dice: Dice, { maxPayload }: Parameters, request: number): ConsensusAnswer => {
  const length = dice.weigh([
    [4, 0],
    [6, 1],
    [6, 2],
    [6, 3],
    [3, dice.whole(4, 40)],
    [3, maxPayload],
    [3, maxPayload + 1],
  ]);
  return { request, reply: dice.chance(15) ? null : someBytes(dice, length) };
};
