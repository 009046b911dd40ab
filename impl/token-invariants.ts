/** What must hold of tokens and prices between any two inputs: sums that are kept are those of what they are kept of. */
import type { Canister, Engine } from "./state.ts";

type Says = (about: string, fact: string, kept: unknown, found: unknown) => void;

export const lookAtPrices = ({ canisters, totals }: Engine, says: Says): void => {
  const reserves = canisters.flatMap(({ callbacks }) => [...(callbacks?.values() ?? [])].map(({ reserve }) => reserve));
  says("ledger", "reserves", totals.reserves, sum(reserves.map(({ transmission, execution }) => transmission + execution)));
  for (const canister of canisters) lookAtExecution(canister, says);
};

/** Whatever holds now, an attempt holds what it costs; but what executes a response is held by the callback. */
const lookAtExecution = ({ id, execution }: Canister, says: Says): void => {
  if (execution === null) return;
  const { job, prepaid, attempt } = execution;
  if (job.kind === "response") says(id, "prepaid for a response", prepaid, 0n);
  else if (attempt !== null) says(id, "prepaid for the attempt", prepaid, attempt.run.start.prices.prepayment);
};

export const lookAtTokens = ({ tokens, time }: Engine, says: Says): void => {
  if (tokens === null) return;
  const { terms, accounts, payments, paid, float, mintings, counted, totals } = tokens;
  says("tokens", "on accounts", totals.accounts, sum(accounts.values()));
  says("tokens", "pending", totals.pending, sum([...payments.values()].map(({ tokens: held }) => held)));
  says("tokens", "everywhere", totals.accounts + totals.pending + totals.burned, totals.minted);
  says("tokens", "minting canister holds no debt", float >= 0n, true);
  says("tokens", "numbers of conversions", [...payments.keys()].filter((number) => number < 0 || number >= paid).length, 0);
  says("mintings", "counted", counted, sum(mintings.map(({ cycles }) => cycles)));
  mintings.forEach(({ time: minted }, at) => {
    says("mintings", "oldest first", at === 0 || mintings[at - 1]!.time <= minted, true);
    // No window that ends with a minting holds more than the limit.
    const window = mintings.slice(0, at + 1).filter((other) => other.time > minted - terms.mintWindow);
    says("mintings", `within the limit at ${minted}`, sum(window.map(({ cycles }) => cycles)) <= terms.mintLimit, true);
    says("mintings", "past", minted <= time, true);
  });
};

const sum = (items: Iterable<bigint>): bigint => [...items].reduce((total, item) => total + item, 0n);
