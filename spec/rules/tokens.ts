/**
 * Tokens: what mints them, what burns them, and how they become cycles. There is no way back: cycles that exist are only
 * ever burned, by execution first of all, and that is what the burning of tokens buys.
 */
import { rule } from "../rule.ts";

export const tokensTransfer = rule({
  id: "tokens-transfer",
  chapter: "tokens",
  title: "Tokens change hands",
  intent: "Each transfer burns a fee, once.",
  source: "facts/cycles.md CYC-7.5, CYC-P21",
  fidelity: "faithful",
  when: {
    funded: ["the account of the sender covers the tokens and the fee", "CN0016"],
  },
  then: {
    debit: "the tokens and the fee leave the account of the sender",
    credit: "the tokens go to the account of the receiver",
    burn: "the fee is burned",
  },
});

export const conversionPay = rule({
  id: "conversion-pay",
  chapter: "tokens",
  title: "Tokens are paid for a conversion",
  intent: "The minting canister holds them until somebody asks for what they were paid for.",
  source: "facts/cycles.md CYC-7.2",
  fidelity: { simplified: "the purpose is said in words, not by a memo and a subaccount; so none is meaningless" },
  when: {
    funded: ["the account of the sender covers the tokens and the fee", "CN0016"],
  },
  then: {
    debit: "the tokens and the fee leave the account of the sender",
    hold: "the next conversion, which is not settled, holds the tokens, with sender and purpose",
    burn: "the fee is burned",
  },
});

export const conversionNotify = rule({
  id: "conversion-notify",
  chapter: "tokens",
  title: "A conversion is carried out once",
  intent: "Whoever asks, and however often, tokens are turned into cycles once or returned once.",
  source: "facts/cycles.md CYC-7.2, CYC-P20",
  fidelity: { simplified: "to ask again is refused; the network tells the outcome again" },
  when: {
    paid: ["tokens were paid for a conversion of that number", "CN0017"],
    unsettled: ["the conversion is not settled", "CN0018"],
  },
  then: {
    settle: "the conversion is settled",
  },
});

export const cyclesMint = rule({
  id: "cycles-mint",
  chapter: "tokens",
  title: "Cycles are minted for tokens",
  intent:
    "A token makes as many cycles as it is worth, to the last one. The minting canister uses first what it holds from conversions that failed; and no more than a limit comes into being in a window of time, however the rate moves.",
  source: "facts/cycles.md CYC-7.1, CYC-7.2, CYC-7.3, T53, CYC-P19, CYC-P20",
  fidelity: "faithful",
  when: {
    within: ["what the minting canister lacks of the cycles, with all that was minted in the window, is within the limit", "CN0019"],
  },
  then: {
    mint: "what the minting canister lacks of the cycles is minted",
    hold: "the minting canister holds it",
    count: "it counts against the limit for the length of the window",
  },
});

export const conversionTopUp = rule({
  id: "conversion-top-up",
  chapter: "tokens",
  title: "A conversion tops up a canister",
  intent: "All cycles of the conversion arrive.",
  source: "facts/cycles.md CYC-7.2, T52",
  fidelity: "faithful",
  when: {
    exists: ["the canister exists", "IC0301"],
  },
  then: {
    take: "the cycles of the conversion leave the minting canister",
    credit: "they go to the balance",
  },
});

export const conversionCreate = rule({
  id: "conversion-create",
  chapter: "tokens",
  title: "A conversion creates a canister",
  intent: "It is empty: without code, without memory, without a share of a core.",
  source: "facts/cycles.md CYC-7.2, CYC-C12, T50, T51; facts/messages.md F1",
  fidelity: { simplified: "the payer names the id; the network assigns one" },
  when: {
    fresh: ["no canister, the management canister included, has or had the id, and no route leads to it", "IC0205"],
    funded: ["the cycles of the conversion cover the fee of a creation", "IC0403"],
  },
  then: {
    take: "the cycles of the conversion leave the minting canister",
    create: "the canister exists, without code, with the cycles less the fee",
    burn: "the fee is burned",
  },
});

export const conversionBurn = rule({
  id: "conversion-burn",
  chapter: "tokens",
  title: "Converted tokens are burned",
  intent: "What cycles were made of is gone. This is the deflation that the burning of cycles pays for.",
  source: "facts/cycles.md CYC-7.2, CYC-7.6; seed 000, the token economics",
  fidelity: "faithful",
  when: {},
  then: {
    burn: "the tokens that the conversion held are burned",
  },
});

export const conversionRefund = rule({
  id: "conversion-refund",
  chapter: "tokens",
  title: "The tokens of a conversion that failed are returned",
  intent: "Less a penalty, which is burned. Cycles that were minted for it stay with the minting canister.",
  source: "facts/cycles.md CYC-7.2, CYC-P20",
  fidelity: "faithful",
  when: {},
  then: {
    refund: "the tokens that the conversion held, less the penalty, go to the account of the sender",
    burn: "the penalty, at most the tokens, is burned",
  },
});

export const rewardMint = rule({
  id: "reward-mint",
  chapter: "tokens",
  title: "A reward is minted",
  intent: "Node providers are rewarded in XDR at the rate of the day, rounded down; neurons in tokens. Nothing else mints tokens.",
  source: "facts/cycles.md CYC-7.5, CYC-7.6, CYC-P21; seed 000, the token economics",
  fidelity: { simplified: "how large a reward is comes from outside; the rate is that of the moment, not an average of thirty days" },
  when: {},
  then: {
    mint: "the tokens are minted",
    credit: "they go to the account",
  },
});

export const rateSet = rule({
  id: "rate-set",
  chapter: "tokens",
  title: "The worth of a token changes",
  intent: "A conversion is made at the rate of the moment in which it is carried out.",
  source: "facts/cycles.md CYC-7.1",
  fidelity: "faithful",
  when: {},
  then: {
    set: "the rate is the given one",
  },
});
