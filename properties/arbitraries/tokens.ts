/**
 * Worlds of tokens: who has how many, what they are paid for, and who asks that it be carried out. Amounts are placed where a
 * unit decides: at the balance and the fee, at the penalty, at what a creation costs, at what the minting canister holds, and at
 * what may still be minted in the window, the end of which falls between rounds. So the one who draws keeps the books himself.
 * @source facts/cycles.md CYC-7.1, CYC-7.2, CYC-7.3, CYC-P19, CYC-P20, CYC-P21
 */
import type * as fc from "fast-check";
import {
  accountId,
  canisterId,
  cycles,
  e8s,
  nanoseconds,
  percent,
  subnetId,
  type CanisterGenesis,
  type Genesis,
  type Parameters,
  type Scenario,
  type TokenGenesis,
} from "../../spec/index.ts";
import { among, type Vocabulary } from "../vocabulary.ts";
import { withFewerInputs } from "./busy.ts";
import { drawn, type Dice } from "./dice.ts";
import { freeOfCharge, networkOf } from "./networks.ts";
import { answer, callTo, plainCanister } from "./plain.ts";
import { rentsDrawn } from "./rents.ts";
import { newcomers, routed, spendingsOf } from "./spendings.ts";

/** Worlds in which tokens change hands and become cycles; without any where a machine knows none. */
export const tokenWorlds = (vocabulary: Vocabulary): fc.Arbitrary<Scenario> =>
  drawn((dice) => tokenWorld(dice, vocabulary), withFewerInputs);

/** One world of the kind. */
export const tokenWorld = (dice: Dice, vocabulary: Vocabulary): Scenario => {
  const { customs } = vocabulary;
  const permyriad = dice.weigh([
    [3, 1n],
    [4, dice.big(2n, 9n)],
    [3, dice.big(10n, 100_000n)],
    [2, dice.big(2n ** 34n, 2n ** 36n - 1n)],
  ]);
  const unit = dice.weigh([
    [5, dice.big(20n, 400n)],
    [2, dice.big(10n ** 6n, 10n ** 10n)],
    [2, dice.big(2n ** 54n, 2n ** 58n)],
  ]);
  const genesis: Genesis = {
    parameters: parametersOf(dice, vocabulary, unit * permyriad),
    time: nanoseconds(dice.pick([0n, 1n, dice.big(0n, 10n ** 18n)])),
    ...(customs.has("networks") &&
      dice.chance(40) && { network: { own: subnetId("here"), routes: [{ canister: routed, subnet: subnetId("there") }] } }),
    ...(customs.has("tokens") && { tokens: termsOf(dice, unit, permyriad) }),
    canisters: residentsOf(dice, vocabulary),
  };
  return { genesis, inputs: spendingsOf(dice, vocabulary, genesis, unit) };
};

/** A creation costs what some conversions are worth, or nothing. @param worth of a usual conversion, in cycles */
const parametersOf = (dice: Dice, { customs, limits }: Vocabulary, worth: bigint): Parameters => {
  const charged = limits.has("chargePeriod") && dice.chance(30);
  const fees = charged ? rentsDrawn(dice) : { ...freeOfCharge, name: "tokens", subnetSize: dice.pick([1, 13, 34]) };
  const creation = dice.chance(75) ? dice.big(0n, worth) : 0n;
  const network = networkOf(dice, { ...fees, creation: cycles(creation) }, among(limits, charged ? ["chargePeriod"] : []));
  // Where nothing uses an instruction the current scheduler ends a round, and what is left goes out in the loopback stream.
  const current = customs.has("current-scheduler") && limits.has("roundInstructionLimit") && dice.chance(20);
  return { ...network, ...(current && { scheduler: "current", cores: 2 }) };
};

/** The limit is a few usual conversions, so that some reach it; now and then it is so high that none does. */
const termsOf = (dice: Dice, unit: bigint, permyriad: bigint): TokenGenesis => {
  const part = (): bigint => dice.pick([0n, 1n, dice.big(0n, unit / 4n), dice.big(0n, unit)]);
  return {
    accounts: ["alice", "bob", "carol"].map((name) => ({
      account: accountId(name),
      balance: e8s(dice.pick([0n, unit, 6n * unit, 10n * unit, dice.big(0n, 10n * unit)])),
    })),
    permyriad,
    transferFee: e8s(dice.pick([0n, 1n, unit / 20n])),
    penalties: { topUp: e8s(part()), create: e8s(part()) },
    mintLimit: cycles(dice.chance(15) ? 2n ** 99n : (dice.big(0n, 4n * unit) + unit) * permyriad + dice.pick([-1n, 0n, 1n])),
    mintWindow: nanoseconds(dice.pick([0n, 1n, 3n, 1_000_000_000n, 3_600_000_000_000n])),
  };
};

/** Somebody who can call those who come later, and somebody who only has a balance. */
const residentsOf = (dice: Dice, vocabulary: Vocabulary): readonly CanisterGenesis[] => {
  const later = callTo(dice.pick(newcomers), "serve", { attached: cycles(3n), onReply: [answer()], onReject: [{ op: "reject" }] });
  return [
    plainCanister(vocabulary, canisterId("a"), [
      { name: "ask", body: [later] },
      { name: "serve", body: [answer()] },
    ]),
    { ...plainCanister(vocabulary, canisterId("k"), []), computeAllocation: percent(dice.pick([0, 1])) },
  ];
};
