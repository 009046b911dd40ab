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
  callFee,
  callReserve,
  creationFee,
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
import { rich, thriftyCanister, type Household } from "./thrifty-canisters.ts";

/** @param tables prices that may come, those of the genesis first */
export const thriftyMoves = (house: Household, canisters: readonly CanisterGenesis[], tables: readonly FeeTable[]): readonly Move[] => {
  const { dice, vocabulary, parameters } = house;
  const moves: Move[] = [];
  const life: Life = { ...house, canisters, tables, moves, here: canisters.map(({ id }) => id), prices: parameters, created: 0 };
  if (house.meanwhile === "growth") growthMeanwhile(life);
  if (house.stored) say(life, canisters[0]!.id, "grow");
  for (let rounds = dice.whole(house.meanwhile === "calls" ? 6 : 4, 12); rounds > 0; rounds--) {
    if (house.repriced && (moves.length === 0 || dice.chance(house.meanwhile === "calls" ? 75 : 50))) dearerMeanwhile(life);
    if (house.long && dice.chance(house.meanwhile === "fees" ? 80 : 20)) feesMeanwhile(life);
    for (const canister of life.here) for (let k = dice.pick([0, 0, 1, 1, 1, 2, 3]); k > 0; k--) say(life, canister, methodFor(house));
    if (dice.chance(25)) change(life);
    if (dice.chance(25)) give(life, dice.pick(life.here), neededBy(life));
    comeAndGo(life);
    pass(life, dice.chance(25));
  }
  return moves.filter(({ kind }) => vocabulary.inputs.has(kind));
};

interface Life extends Household {
  readonly canisters: readonly CanisterGenesis[];
  readonly tables: readonly FeeTable[];
  readonly moves: Move[];
  readonly here: CanisterId[];
  /** Those of now. */
  prices: Parameters;
  created: number;
}

const say = ({ dice, moves }: Life, canister: CanisterId, method: string): void =>
  void moves.push({ kind: "ingress", id: ingressId(`i${moves.length}`), canister, method, payload: hex(dice.chance(60) ? "" : "0707") });

const pass = ({ dice, vocabulary, parameters, long, moves }: Life, checked: boolean): void => {
  const checkpoint = long && checked && vocabulary.customs.has("checkpoints");
  const elapsed = dice.chance(60) ? nanoseconds(dice.pick([0n, 1n, 1_000_000_000n, 1_500_000_000n])) : elapsedDrawn(dice, parameters);
  moves.push({ kind: "round", elapsed, tape: tapeOf(dice, moves), ...(checkpoint && { checkpoint }) });
};

const give = ({ moves }: Life, canister: CanisterId, count: bigint): void => {
  if (count >= 0n) moves.push({ kind: "top-up", canister, cycles: cycles(count) });
};

/** What was paid, or set aside, before prices changed; a negative number where they fell. */
const change = (life: Life): bigint => {
  const { dice, tables, moves, prices, meanwhile } = life;
  const others = tables.filter((table) => table !== prices.fees);
  const felt = others.filter((fees) => prepayment({ ...prices, fees }) !== prepayment(prices));
  if (others.length === 0) return 0n;
  const fees = dice.pick(felt.length > 0 && dice.chance(meanwhile === undefined ? 75 : 95) ? felt : others);
  moves.push({ kind: "set-fees", fees });
  life.prices = { ...prices, fees };
  return prepayment(life.prices) - prepayment(prices);
};

/** Somebody begins something that is not over when prices change, and gets what it lacks then, or a cycle less. */
const dearerMeanwhile = (life: Life): void => {
  const { dice, here, long, meanwhile } = life;
  const who = dice.chance(meanwhile === "executions" ? 50 : 65) ? here[0]! : dice.pick(here);
  const executed = long && dice.chance(meanwhile === undefined ? 60 : meanwhile === "executions" ? 90 : 5);
  if (who !== here[0]) prepared(life, who, executed ? 0n : callReserve(life.prices) + callFee(life.prices, 0));
  else if (meanwhile === "calls" && dice.chance(40)) give(life, who, rich);
  say(life, who, executed ? dice.pick(["slow", "slow", "send", "tarry"]) : dice.pick(["gamble", "gamble", "wait"]));
  pass(life, true);
  const lacking = change(life) + receptionFee(life.prices, 0) * dice.pick([0n, 0n, 1n]);
  if (dice.chance(60)) give(life, who, lacking + dice.pick([-1n, 0n, 0n, 1n]));
  pass(life, false);
};

/** Somebody spends all that it has at length, and meanwhile fees come to wait for it. */
const feesMeanwhile = (life: Life): void => {
  const { dice, here } = life;
  const who = dice.pick(here);
  prepared(life, who, dice.big(0n, 100n));
  say(life, who, "splurge");
  pass(life, false);
  for (let fees = dice.whole(1, 2); fees > 0; fees--) say(life, who, dice.pick(["empty", "more"]));
  pass(life, false);
};

/** Somebody is about to grow when others take more memory, or leave some; and others grow behind it. */
const growthMeanwhile = (life: Life): void => {
  const { dice, here, moves } = life;
  const [who, ...others] = here as [CanisterId, ...CanisterId[]];
  const leaving = others.length > 1 ? others[0]! : who;
  for (const other of others) give(life, other, rich);
  for (const other of others) say(life, other, other === leaving ? "grow" : "more");
  for (let rounds = dice.whole(1, 3); rounds > 0; rounds--) pass(life, false);
  say(life, who, "stretch");
  pass(life, false);
  if (leaving !== who) moves.push({ kind: "uninstall", canister: leaving });
  for (const other of others) if (other !== leaving) say(life, other, "grow");
  pass(life, false);
  pass(life, false);
};

/** Mostly, somebody has nothing left, and then just so much more than a message costs. */
const prepared = (life: Life, who: CanisterId, more: bigint): void => {
  const { dice } = life;
  if (dice.chance(35)) return;
  say(life, who, "empty");
  pass(life, false);
  give(life, who, prepayment(life.prices) + receptionFee(life.prices, 0) + more + dice.pick([0n, 0n, 0n, 3n]));
};

const comeAndGo = (life: Life): void => {
  const { dice, moves, here, prices } = life;
  if (dice.chance(4)) moves.push({ kind: "uninstall", canister: dice.pick(here) });
  if (dice.chance(5)) moves.push({ kind: "delete-canister", canister: dice.pick(here) });
  if (dice.chance(4))
    moves.push({ kind: "set-compute-allocation", canister: dice.pick(here), computeAllocation: percent(dice.pick([0, 1, 3])) });
  if (dice.chance(6)) moves.push({ kind: "restart" });
  if (!dice.chance(15)) return;
  const newcomer = thriftyCanister(life, canisterId(`new-${life.created++}`));
  const fee = creationFee(prices) + dice.pick([0n, -1n, -1n, 1n, prepayment(prices)]);
  const balance = dice.chance(80) ? (fee < 0n ? 0n : fee) : newcomer.balance;
  moves.push({ kind: "create-canister", canister: { ...newcomer, computeAllocation: percent(0), balance: cycles(balance) } });
  here.push(newcomer.id);
};

const methodFor = ({ dice, long, stored, billed }: Household): string =>
  dice.weigh([
    [stored ? 6 : 3, "grow"],
    [3, "more"],
    [stored ? 3 : 1, "spoil"],
    [stored ? 2 : 4, "empty"],
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

/** What somebody needs for the next thing that it may do, or a cycle less. @unit cycles */
const neededBy = ({ dice, parameters, ids, prices, canisters }: Life): bigint => {
  const used = dice.whole(0, ids.length * parameters.maxPages) * parameters.pageSize;
  const page = setAsideFor(prices, Math.floor(used / parameters.cores));
  const canister = dice.pick(canisters);
  const kept = freezingThreshold(prices, canister, ofPages(prices, dice.whole(1, parameters.maxPages)));
  const place = priceFor(messagesDay(prices, parameters.maxPayload), BigInt(canister.freezingThreshold));
  const needed = dice.pick([
    prepayment(prices),
    prepayment(prices) + page + kept,
    prepayment(prices) + callReserve(prices) + place,
    receptionFee(prices, 0),
    page + kept,
    dice.big(0n, prepayment(prices) * 4n + kept + page),
  ]);
  return needed + dice.pick([-1n, 0n, 0n, 1n]);
};
