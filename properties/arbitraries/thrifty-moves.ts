/**
 * What happens in thrifty worlds: messages of users, rounds with and without checkpoints, prices that change, and cycles that
 * are given where they just help; canisters that come with as much as coming costs, and some that go.
 */
import {
  canisterId,
  cycles,
  hex,
  ingressId,
  nanoseconds,
  percent,
  type CanisterGenesis,
  type CanisterId,
  type FeeTable,
  type Move,
  type Parameters,
} from "../../spec/index.ts";
import {
  callReserve,
  creationFee,
  executionPrice,
  freezingThreshold,
  messagesDay,
  ofPages,
  prepayment,
  priceFor,
  receptionFee,
  setAsideFor,
} from "../money.ts";
import { tapeOf } from "./moves.ts";
import { elapsedDrawn } from "./rents.ts";
import { thriftyCanister, type Household } from "./thrifty-canisters.ts";

/** @param tables prices that may come, those of the genesis first */
export const thriftyMoves = (house: Household, canisters: readonly CanisterGenesis[], tables: readonly FeeTable[]): readonly Move[] => {
  const { dice, vocabulary, parameters, long } = house;
  const { inputs: known, customs } = vocabulary;
  const moves: Move[] = [];
  const here: CanisterId[] = canisters.map(({ id }) => id);
  let prices = parameters;
  let created = 0;
  const change = (): void => {
    const others = tables.filter((table) => table !== prices.fees);
    if (others.length === 0) return;
    const fees = dice.pick(others);
    moves.push({ kind: "set-fees", fees });
    const before = prices;
    prices = { ...prices, fees };
    // Somebody gets just what is needed now, or hardly.
    if (dice.chance(50)) give(shortfallOf(house, before, prices));
  };
  const give = (count: bigint): void => {
    if (count >= 0n) moves.push({ kind: "top-up", canister: dice.pick(here), cycles: cycles(count) });
  };
  for (let rounds = dice.whole(4, 12); rounds > 0; rounds--) {
    for (const canister of here) {
      const messages = dice.weigh([
        [2, 0],
        [4, 1],
        [2, 2],
        [1, 3],
      ]);
      for (let k = 0; k < messages; k++)
        moves.push({
          kind: "ingress",
          id: ingressId(`i${moves.length}`),
          canister,
          method: methodFor(house),
          payload: hex(dice.chance(60) ? "" : "0707"),
        });
    }
    if (dice.chance(45)) change();
    if (dice.chance(25)) give(neededFor(house, prices, canisters));
    if (dice.chance(4)) moves.push({ kind: "uninstall", canister: dice.pick(here) });
    if (dice.chance(5)) moves.push({ kind: "delete-canister", canister: dice.pick(here) });
    if (dice.chance(4))
      moves.push({ kind: "set-compute-allocation", canister: dice.pick(here), computeAllocation: percent(dice.pick([0, 1, 3])) });
    if (dice.chance(12)) {
      const id = canisterId(`new-${created++}`);
      const fee = creationFee(prices) + dice.pick([0n, 0n, -1n, 1n, prepayment(prices)]);
      const poor = thriftyCanister(house, id);
      const balance = dice.chance(80) ? (fee < 0n ? 0n : fee) : poor.balance;
      moves.push({ kind: "create-canister", canister: { ...poor, computeAllocation: percent(0), balance: cycles(balance) } });
      here.push(id);
    }
    if (dice.chance(6)) moves.push({ kind: "restart" });
    const checkpoint = long && customs.has("checkpoints") && dice.chance(30);
    const elapsed = dice.chance(60) ? nanoseconds(dice.pick([0n, 1n, 1_000_000_000n, 1_500_000_000n])) : elapsedDrawn(dice, parameters);
    moves.push({ kind: "round", elapsed, tape: tapeOf(dice, moves), ...(checkpoint && { checkpoint }) });
  }
  return moves.filter(({ kind }) => known.has(kind));
};

const methodFor = ({ dice, long, stored, billed }: Household): string =>
  dice.weigh([
    [stored ? 6 : 3, "grow"],
    [3, "more"],
    [stored ? 3 : 1, "spoil"],
    [4, "empty"],
    [2, "spree"],
    [long ? 8 : 1, "slow"],
    [long && stored ? 2 : 0, "ruin"],
    [4, "ask"],
    [4, "gamble"],
    [stored ? 3 : 1, "fail"],
    [long ? 4 : 1, "tarry"],
    [long ? 4 : 1, "send"],
    [billed ? 5 : 2, "crowd"],
    [3, "wait"],
    [1, "serve"],
    [1, "alarm"],
  ]);

/** What somebody lacks when prices have changed: for an execution, or for a callback. @unit cycles */
const shortfallOf = ({ dice }: Household, before: Parameters, after: Parameters): bigint =>
  prepayment(after) - prepayment(before) + dice.pick([-1n, -1n, 0n, 0n, 1n]) + dice.pick([0n, 0n, receptionFee(after, 0)]);

/** What somebody needs for the next thing that it may do, or a cycle less. @unit cycles */
const neededFor = ({ dice, parameters, ids }: Household, prices: Parameters, canisters: readonly CanisterGenesis[]): bigint => {
  const used = dice.whole(0, ids.length * parameters.maxPages) * parameters.pageSize;
  const page = setAsideFor(prices, Math.floor(used / parameters.cores));
  const canister = dice.pick(canisters);
  const kept = freezingThreshold(prices, canister, ofPages(dice.whole(1, parameters.maxPages)));
  const place = priceFor(messagesDay(prices, parameters.maxPayload), BigInt(canister.freezingThreshold));
  return (
    dice.pick([
      prepayment(prices),
      prepayment(prices) + page + kept,
      prepayment(prices) + callReserve(prices) + place,
      executionPrice(prices, 0) + receptionFee(prices, 0),
      page + kept,
      dice.big(0n, prepayment(prices) * 4n + kept + page),
    ]) + dice.pick([-1n, 0n, 0n, 1n])
  );
};
