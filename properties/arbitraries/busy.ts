/**
 * Busy worlds: the general arbitrary. A few canisters that call each other, pay, trap, wait for timers and for
 * randomness, in a network whose limits are met often, under bursts of messages. Every world first throws away a random
 * part of its vocabulary (swarm), so that what one instruction would hide behind another comes to light.
 * @source facts/messages.md MSG-11.1, MSG-11.3; facts/cycles.md CYC-H1, CYC-H2, CYC-H3, CYC-H5
 */
import type * as fc from "fast-check";
import {
  canisterId,
  cycles,
  hex,
  ingressId,
  nanoseconds,
  percent,
  seconds,
  type CanisterGenesis,
  type CanisterId,
  type Hex,
  type IngressId,
  type Input,
  type InputKind,
  type Parameters,
  type Scenario,
} from "../../spec/index.ts";
import { callFee, callReserve, freezingThreshold, prepayment, receptionFee } from "../money.ts";
import type { Vocabulary } from "../vocabulary.ts";
import { drawn, type Dice } from "./dice.ts";
import { feesDrawn, networkOf } from "./networks.ts";
import { levels, nobody, someBytes, type Op, type Terrain } from "./grammar.ts";
import { idioms, type IdiomName } from "./idioms.ts";
import { bodyOf, taskOf, within } from "./scripts.ts";

/** What a property needs to see. Everything else is left to chance. */
export interface Focus {
  /** Instructions that every world knows. */
  readonly always?: readonly Op[];
  /** Inputs that every world has. */
  readonly inputs?: readonly InputKind[];
  /** One of these programs is planted, with messages that call it. */
  readonly plant?: readonly IdiomName[];
  /** Whether most canisters have little more than they need, or less. */
  readonly scarce?: boolean;
  /** Whether execution always costs something. */
  readonly priced?: boolean;
  /** At least two canisters, so that there is something to order. */
  readonly crowded?: boolean;
  /** Networks of this kind alone. */
  readonly network?: (parameters: Parameters, dice: Dice) => Parameters;
}

export const busyWorlds = (vocabulary: Vocabulary, focus: Focus = {}): fc.Arbitrary<Scenario> =>
  drawn((dice) => busyWorld(dice, vocabulary, focus), withFewerInputs);

/** One busy world. */
export const busyWorld = (dice: Dice, vocabulary: Vocabulary, focus: Focus = {}): Scenario => {
  const network = networkOf(dice, feesDrawn(dice, focus.priced));
  const parameters = focus.network?.(network, dice) ?? network;
  const ids = dice.shuffle(names).slice(
    0,
    dice.weigh([
      [focus.crowded ? 0 : 1, 1],
      [3, 2],
      [4, 3],
      [3, 4],
      [2, 5],
      [2, 6],
    ]),
  );
  const words = swarm(dice, vocabulary.instructions, [...(focus.always ?? []), ...(dice.chance(95) ? (["reply"] as const) : [])]);
  const terrain: Terrain = {
    parameters,
    canisters: ids,
    words,
    randomness: vocabulary.randomness && words.has("call") && (focus.plant?.includes("throwDice") || dice.chance(75)),
    unit: unitOf(parameters),
  };
  const star = focus.plant === undefined ? null : { canister: dice.pick(ids), idiom: dice.pick(focus.plant) };
  const allocations = allocationsOf(dice, ids.length, parameters.cores);
  const canisters = ids.map((id, at) => canisterOf(dice, terrain, id, allocations[at]!, focus, star?.canister === id ? star.idiom : null));
  const kinds = swarm<InputKind>(dice, vocabulary.inputs, ["round", "ingress", ...(focus.inputs ?? [])]);
  const inputs = inputsOf(dice, terrain, kinds, star?.canister ?? null);
  return { genesis: { parameters, time: nanoseconds(dice.big(0n, 10n ** 18n)), canisters }, inputs };
};

/** A scenario with fewer inputs, large cuts first: every sub-list of a scenario is a scenario. */
export const withFewerInputs = function* ({ genesis, inputs }: Scenario): Iterable<Scenario> {
  for (let size = Math.ceil(inputs.length / 2); size >= 1; size = size === 1 ? 0 : Math.ceil(size / 2)) {
    for (let from = 0; from < inputs.length; from += size)
      yield { genesis, inputs: [...inputs.slice(0, from), ...inputs.slice(from + size)] };
  }
};

const names = ["a", "b", "c-1", "c0", "delta", "z"].map(canisterId);

/** Most of the words, each thrown away in one of four worlds unless it is needed. */
const swarm = <T>(dice: Dice, all: ReadonlySet<T>, needed: readonly T[]): ReadonlySet<T> =>
  new Set([...all].filter((word) => dice.chance(75) || needed.includes(word)));

/** About what one message that sends one call costs. @unit cycles */
const unitOf = (parameters: Parameters): bigint => {
  const unit = prepayment(parameters) + callFee(parameters, 4) + receptionFee(parameters, 4);
  return unit < 10n ? 10n : unit;
};

/** Allocations whose sum is allowed: several equal, most of them small. */
const allocationsOf = (dice: Dice, canisters: number, cores: number): readonly number[] => {
  const usual = dice.pick([0, 0, 5, 20, 33]);
  let left = 100 * cores;
  return Array.from({ length: canisters }, () => {
    const wanted = dice.weigh([
      [5, usual],
      [2, 0],
      [1, dice.whole(0, 100)],
    ]);
    const given = Math.min(wanted, left);
    left -= given;
    return given;
  });
};

const canisterOf = (
  dice: Dice,
  terrain: Terrain,
  id: CanisterId,
  allocation: number,
  focus: Focus,
  planted: IdiomName | null,
): CanisterGenesis => {
  const methods = levels.map((name, level) => ({
    name,
    body: planted !== null && level === 0 ? within(terrain.words, idioms[planted](dice, terrain, level)) : bodyOf(dice, terrain, level),
  }));
  const poor: CanisterGenesis = {
    id,
    computeAllocation: percent(allocation),
    freezingThreshold: seconds(dice.pick([0, 1, 1_000, 86_400, 2_592_000])),
    balance: cycles(0n),
    methods: dice.chance(4) ? methods.slice(0, 2) : methods,
    onTimer: taskOf(dice, terrain),
  };
  return { ...poor, balance: cycles(balanceOf(dice, terrain, poor, focus.scarce === true && planted === null)) };
};

/** Rich mostly; else at the edge of what one more message, call or page needs. @unit cycles */
const balanceOf = (dice: Dice, { parameters, unit }: Terrain, canister: CanisterGenesis, scarce: boolean): bigint => {
  const kind = scarce
    ? dice.weigh([
        [30, "rich"],
        [60, "edge"],
        [10, "poor"],
      ])
    : dice.weigh([
        [88, "rich"],
        [9, "edge"],
        [3, "poor"],
      ]);
  const largest = freezingThreshold(parameters, canister, parameters.maxPages);
  if (kind === "rich") return largest + (unit + callReserve(parameters)) * BigInt(dice.whole(20, 400)) + dice.big(0n, unit);
  const threshold = freezingThreshold(parameters, canister, dice.whole(0, parameters.maxPages));
  if (kind === "poor") return dice.big(0n, threshold + prepayment(parameters));
  const calls =
    BigInt(
      dice.weigh([
        [3, 0],
        [2, 1],
        [1, 2],
      ]),
    ) *
    (callFee(parameters, 4) + callReserve(parameters));
  const messages = BigInt(dice.whole(1, 3)) * (prepayment(parameters) + receptionFee(parameters, dice.whole(0, 6)));
  const edge = threshold + messages + calls + dice.pick([-1n, 0n, 1n, 0n]);
  return edge < 0n ? 0n : edge;
};

const inputsOf = (dice: Dice, terrain: Terrain, kinds: ReadonlySet<InputKind>, star: CanisterId | null): readonly Input[] => {
  const inputs: Input[] = [];
  const known: IngressId[] = [];
  const ingress = (canister: CanisterId | null): void => {
    if (!kinds.has("ingress")) return;
    const id = known.length > 0 && dice.chance(4) ? dice.pick(known) : ingressId(`x${known.length}`);
    known.push(id);
    inputs.push(ingressOf(dice, terrain, id, canister));
  };
  const wanted = dice.whole(4, 32);
  const starred = star === null ? 0 : dice.whole(1, 3);
  while (inputs.length < wanted) {
    if (star !== null && inputs.length < starred * 2) ingress(star);
    const kind = dice.weigh<InputKind>([
      [40, "ingress"],
      [30, "round"],
      [6, "top-up"],
      [5, "restart"],
    ]);
    if (kind === "ingress") dice.times(1, 4, () => ingress(null));
    if (kind === "round" || inputs.length === 0) inputs.push(roundOf(dice, inputs));
    if (kind === "top-up" && kinds.has(kind)) {
      inputs.push({
        kind,
        canister: dice.chance(8) ? nobody : dice.pick(terrain.canisters),
        cycles: cycles(dice.big(0n, terrain.unit * dice.pick([1n, 10n]))),
      });
    }
    if (kind === "restart" && kinds.has(kind)) inputs.push({ kind });
  }
  // Quiet rounds, so that calls come home and randomness arrives.
  return [...inputs, ...dice.times(3, 6, () => roundOf(dice, inputs))];
};

const ingressOf = (dice: Dice, { parameters, canisters }: Terrain, id: IngressId, canister: CanisterId | null): Input => {
  const size = dice.chance(2) ? parameters.maxPayload + 1 : dice.whole(0, 5);
  return {
    kind: "ingress",
    id,
    canister: canister ?? (dice.chance(3) ? nobody : dice.pick(canisters)),
    method:
      canister !== null
        ? levels[0]
        : dice.chance(3)
          ? "nowhere"
          : dice.weigh([
              [5, levels[0]],
              [3, levels[1]],
              [2, levels[2]],
            ]),
    payload: someBytes(dice, size),
  };
};

/** A round with a tape of its own, mostly. The first byte of a drawn tape is 0, so that another tape is easily made. */
const roundOf = (dice: Dice, before: readonly Input[]): Input & { kind: "round" } => ({
  kind: "round",
  elapsed: nanoseconds(
    dice.weigh([
      [2, 0n],
      [1, 1n],
      [4, 1_000_000_000n],
      [4, dice.big(0n, 3_000_000_000n)],
      [1, 10n ** 15n],
    ]),
  ),
  tape: tapeOf(dice, before),
});

export const tapeOf = (dice: Dice, before: readonly Input[]): Hex => {
  const earlier = dice.chance(5) ? before.find((input) => input.kind === "round") : undefined;
  if (earlier !== undefined) return earlier.tape;
  const word = dice.whole(0, 0x7fffffff).toString(16).padStart(8, "0");
  return hex(`00${word.slice(2)}${word.repeat(7)}`);
};
