/** What happens in the worlds of the scheduler: messages of users, rounds, checkpoints, and canisters that come and go. */
import {
  canisterId,
  cycles,
  height,
  hex,
  ingressId,
  managementCanister,
  nanoseconds,
  percent,
  type CanisterGenesis,
  type CanisterId,
  type Genesis,
  type Move,
} from "../../spec/index.ts";
import type { Vocabulary } from "../vocabulary.ts";
import type { Dice } from "./dice.ts";
import { elapsedDrawn } from "./rents.ts";
import { idOf } from "./scheduled-canisters.ts";

export interface Life {
  readonly rounds: readonly [least: number, most: number];
  readonly long: boolean;
  readonly members: boolean;
  readonly busy: boolean;
  readonly calm: boolean;
  readonly gated: boolean;
  readonly steady: boolean;
  readonly aborting: boolean;
  readonly charged: boolean;
  readonly newcomer: (at: number, allocation: number) => CanisterGenesis;
}

export const movesOf = (
  dice: Dice,
  { inputs: known, customs }: Vocabulary,
  { canisters, parameters }: Genesis,
  life: Life,
): readonly Move[] => {
  const { long, members, busy, calm, steady, newcomer } = life;
  const rounds = dice.whole(...life.rounds);
  const greedy = new Set(canisters.filter(() => dice.chance(busy ? 80 : members ? 45 : 55)).map(({ id }) => id));
  const interval = customs.has("checkpoints")
    ? dice.weigh<number>([
        [life.aborting || life.gated ? 1 : 3, 0],
        [steady ? 0 : life.aborting ? 4 : 2, dice.whole(3, 9)],
      ])
    : 0;
  const gated = customs.has("heap-limits") && (life.gated || dice.chance(60));
  const ids: CanisterId[] = canisters.map(({ id }) => id);
  const visitor = members && dice.chance(90) ? visitorIn(dice, canisters, rounds) : null;
  const moves: Move[] = [];
  let number = 0;
  let created = canisters.length;
  const say = (canister: CanisterId, method: string): void =>
    void moves.push({ kind: "ingress", id: ingressId(`i${number++}`), canister, method, payload: hex(dice.chance(50) ? "01" : "") });
  const pass = (round: number): void => {
    const next = interval === 0 ? 0 : Math.ceil(round / interval) * interval;
    moves.push({
      kind: "round",
      elapsed: life.charged ? elapsedDrawn(dice, parameters) : nanoseconds(1_000_000_000n),
      tape: hex(round.toString(16).padStart(64, "0")),
      ...(next === round && interval > 0 && !(calm && round > rounds) && { checkpoint: true }),
      ...(gated && interval > 0 && { summary: { nextCheckpoint: height(next), length: interval - 1 } }),
    });
  };
  for (let round = 1; round <= rounds; round++) {
    for (const id of ids) {
      if (id === visitor?.canister || (id === visitor?.host && round >= visitor.begins - 1)) continue;
      const messages = steady ? 1 : greedy.has(id) ? dice.whole(1, calm ? 1 : 2) : dice.chance(35) ? 1 : 0;
      for (let k = 0; k < messages; k++) say(id, methodFor(dice, long, calm, steady));
    }
    if (visitor !== null) {
      if (visitor.begins === round) say(visitor.canister, "visit");
      if (visitor.leaves.includes(round) && dice.chance(20)) say(visitor.canister, "short");
      if (visitor.leaves.includes(round)) moves.push({ kind: "delete-canister", canister: visitor.canister });
    }
    if (dice.chance(12)) moves.push({ kind: "top-up", canister: dice.pick(ids), cycles: cycles(BigInt(dice.whole(1, 1_000_000))) });
    if (members) {
      const given = (): CanisterGenesis => newcomer(created, dice.pick([0, 0, 10, 40]));
      const quiet = ids.filter((id) => !greedy.has(id));
      moves.push(...membership(dice, { ids, quiet }, given, () => ids.push(idOf(created++))));
    }
    if (dice.chance(4)) moves.push({ kind: "restart" });
    pass(round);
  }
  // Rounds in which nothing new comes, until everything is over.
  if (calm) for (let round = rounds + 1; round <= rounds * 8 + 24; round++) pass(round);
  return moves.filter(({ kind }) => known.has(kind));
};

const methodFor = (dice: Dice, long: boolean, calm: boolean, steady: boolean): string =>
  dice.weigh([
    [steady ? 1 : 4, "short"],
    [steady ? 1 : 3, "whole"],
    [long ? (steady ? 8 : 4) : 0, "long"],
    [1, "endless"],
    [calm || steady ? 0 : 2, "ask"],
    [calm || steady ? 0 : 2, "plan"],
  ]);

/** Somebody who asks another one, is told that it takes too long, and goes before the answer comes. */
const visitorIn = (dice: Dice, canisters: readonly CanisterGenesis[], rounds: number) => {
  const candidates = canisters.flatMap(({ id, methods }) => {
    const asks = methods.find(({ name }) => name === "visit")?.body[0];
    return asks?.op === "call" && asks.callee !== id ? [{ canister: id, host: asks.callee }] : [];
  });
  if (candidates.length === 0) return null;
  const begins = dice.whole(2, Math.max(2, rounds - 8));
  return { ...dice.pick(candidates), begins, leaves: [2, 3, 4, 5, 6, 7].map((later) => begins + later) };
};

/** Somebody comes, goes or changes what it reserved; whoever has little to do can go more often than others. */
const membership = (
  dice: Dice,
  { ids, quiet }: { readonly ids: readonly CanisterId[]; readonly quiet: readonly CanisterId[] },
  given: () => CanisterGenesis,
  came: () => void,
): readonly Move[] => {
  const leaving = quiet.length > 0 && dice.chance(70) ? quiet : ids;
  if (dice.chance(6)) {
    const canister = given();
    came();
    return [{ kind: "create-canister", canister }];
  }
  if (dice.chance(3))
    return [{ kind: "create-canister", canister: { ...given(), id: dice.chance(20) ? managementCanister : dice.pick(ids) } }];
  if (dice.chance(12)) return [{ kind: "delete-canister", canister: dice.chance(95) ? dice.pick(leaving) : canisterId("nobody") }];
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
