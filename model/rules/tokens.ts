/** Tokens: the clauses of `spec/rules/tokens.ts`, one line each. */
import { castDraft, type Draft } from "immer";
import {
  conversionBurn,
  conversionCreate,
  conversionNotify,
  conversionPay,
  conversionRefund,
  conversionTopUp,
  cycles,
  cyclesMint,
  e8s,
  percent,
  rateSet,
  rewardMint,
  seconds,
  tokensTransfer,
  type AccountId,
  type CanisterId,
  type Cycles,
  type E8s,
  type Purpose,
} from "../../spec/index.ts";
import { known, move } from "../reading.ts";
import { bootCanister } from "../boot.ts";
import type { Paid, State, Tokens } from "../state.ts";
import { transition } from "../transition.ts";
import { creationFee, isFresh } from "./canisters.ts";

/** Tokens that leave an account, with the fee. */
interface Spent {
  readonly from: AccountId;
  readonly tokens: E8s;
}

export const transferTokens = transition(tokensTransfer)<Spent & { to: AccountId }>({
  when: {
    funded: (before, spent) => holds(before, spent.from) >= costOf(before, spent),
  },
  then: {
    debit: (after, before, spent) => hand(after, spent.from, -costOf(before, spent)),
    credit: (after, _before, { to, tokens }) => hand(after, to, tokens),
    burn: (after, before) => void (draftTokens(after).burned = e8s(tokensOf(before).burned + tokensOf(before).said.transferFee)),
  },
});

export const payConversion = transition(conversionPay)<Spent & { purpose: Purpose }>({
  when: {
    funded: (before, spent) => holds(before, spent.from) >= costOf(before, spent),
  },
  then: {
    debit: (after, before, spent) => hand(after, spent.from, -costOf(before, spent)),
    hold: (after, _before, { from, tokens, purpose }) =>
      void draftTokens(after).conversions.push({ from, tokens, purpose, settled: false }),
    burn: (after, before) => void (draftTokens(after).burned = e8s(tokensOf(before).burned + tokensOf(before).said.transferFee)),
  },
});

export const notifyConversion = transition(conversionNotify)<{ conversion: number }>({
  when: {
    paid: (before, { conversion }) => tokensOf(before).conversions[conversion] !== undefined,
    unsettled: (before, { conversion }) => !(tokensOf(before).conversions[conversion]?.settled ?? false),
  },
  then: {
    settle: (after, _before, { conversion }) => {
      const paid = draftTokens(after).conversions[conversion];
      if (paid !== undefined) paid.settled = true;
    },
  },
});

export const mintCycles = transition(cyclesMint)<{ wanted: Cycles }>({
  when: {
    within: (before, { wanted }) => mintedLately(before) + lacking(before, wanted) <= tokensOf(before).said.mintLimit,
  },
  then: {
    mint: (after, before, { wanted }) => void (after.minted = cycles(before.minted + lacking(before, wanted))),
    hold: (after, before, { wanted }) => void (draftTokens(after).float = cycles(tokensOf(before).float + lacking(before, wanted))),
    count: (after, before, { wanted }) => void draftTokens(after).mintings.push({ time: before.time, cycles: lacking(before, wanted) }),
  },
});

/** Cycles of a conversion, on their way to a canister. */
interface Delivery {
  readonly canister: CanisterId;
  readonly wanted: Cycles;
}

export const topUpByConversion = transition(conversionTopUp)<Delivery>({
  when: {
    exists: (before, { canister }) => before.canisters.has(canister),
  },
  then: {
    take: (after, before, { wanted }) => void (draftTokens(after).float = cycles(tokensOf(before).float - wanted)),
    credit: (after, _before, { canister, wanted }) => move(after, canister, wanted),
  },
});

export const createByConversion = transition(conversionCreate)<Delivery>({
  when: {
    fresh: (before, { canister }) => isFresh(before, canister),
    funded: (before, { wanted }) => wanted >= creationFee(before),
  },
  then: {
    take: (after, before, { wanted }) => void (draftTokens(after).float = cycles(tokensOf(before).float - wanted)),
    create: (after, before, { canister, wanted }) => {
      const balance = cycles(wanted - creationFee(before));
      after.canisters.set(
        canister,
        castDraft({ ...bootCanister({ ...emptyCanister, id: canister, balance }, before.time, before.parameters), code: null }),
      );
    },
    burn: (after, before) => void (after.burned = cycles(before.burned + creationFee(before))),
  },
});

export const burnConverted = transition(conversionBurn)<{ paid: Paid }>({
  when: {},
  then: {
    burn: (after, before, { paid }) => void (draftTokens(after).burned = e8s(tokensOf(before).burned + paid.tokens)),
  },
});

export const refundConversion = transition(conversionRefund)<{ paid: Paid }>({
  when: {},
  then: {
    refund: (after, before, { paid }) => hand(after, paid.from, returned(before, paid)),
    burn: (after, before, { paid }) =>
      void (draftTokens(after).burned = e8s(tokensOf(before).burned + paid.tokens - returned(before, paid))),
  },
});

export const mintReward = transition(rewardMint)<{ account: AccountId; tokens: E8s }>({
  when: {},
  then: {
    mint: (after, before, { tokens }) => void (draftTokens(after).minted = e8s(tokensOf(before).minted + tokens)),
    credit: (after, _before, { account, tokens }) => hand(after, account, tokens),
  },
});

export const setRate = transition(rateSet)<{ permyriad: bigint }>({
  when: {},
  then: {
    set: (after, _before, { permyriad }) => void (draftTokens(after).permyriad = permyriad),
  },
});

/** What the minting canister does not hold of the cycles that it has to deliver. @source facts/cycles.md CYC-7.2 */
export const lacking = (before: State, wanted: Cycles): Cycles => {
  const { float } = tokensOf(before);
  return cycles(wanted > float ? wanted - float : 0n);
};

/** What comes back of a conversion that failed. */
export const returned = (before: State, { tokens, purpose }: Paid): E8s => {
  const { penalties } = tokensOf(before).said;
  const penalty = purpose.kind === "top-up" ? penalties.topUp : penalties.create;
  return e8s(tokens > penalty ? tokens - penalty : 0n);
};

/** @throws Error in a world without tokens. */
export const tokensOf = (state: State): Tokens => known(state.tokens, "tokens");

const draftTokens = (after: Draft<State>): Draft<Tokens> => known(after.tokens, "tokens");

const holds = (before: State, account: AccountId): bigint => tokensOf(before).accounts.get(account) ?? 0n;

const costOf = (before: State, { tokens }: Spent): bigint => tokens + tokensOf(before).said.transferFee;

/** Moves tokens onto an account, or off it: a sender may be its own receiver. */
const hand = (after: Draft<State>, account: AccountId, moved: bigint): void => {
  const { accounts } = draftTokens(after) as unknown as { accounts: Map<AccountId, bigint> };
  accounts.set(account, (accounts.get(account) ?? 0n) + moved);
};

/** What was minted in the window that ends now. */
const mintedLately = (before: State): bigint => {
  const { mintings, said } = tokensOf(before);
  return mintings.reduce((sum, minting) => sum + (minting.time > before.time - said.mintWindow ? minting.cycles : 0n), 0n);
};

/** @source facts/cycles.md CYC-C35 */
const emptyCanister = { computeAllocation: percent(0), freezingThreshold: seconds(2_592_000), methods: [], onTimer: [] };
