/**
 * What must hold of those who are charged together, between any two inputs: everybody is charged who is to be, by the prices that
 * are theirs, and nobody can run dry unseen. Nothing is settled by looking: balances are added up here anew.
 */
import { memoryOf } from "./canister.ts";
import type { Cohort, Payer } from "./cohorts.ts";
import { longest, type Rate } from "./rates.ts";
import type { Canister, Engine } from "./state.ts";

type Says = (about: string, fact: string, kept: unknown, found: unknown) => void;

export const lookAtCohorts = (engine: Engine, says: Says): void => {
  const { canisters, cohorts, stirred } = engine;
  for (const canister of canisters) lookAtPayer(engine, canister, says);
  says("charges", "stirred canisters stand there once, and are there", new Set(stirred).size, stirred.length);
  says(
    "charges",
    "stirred canisters are there",
    stirred.filter((canister) => engine.byId.get(canister.id) === canister).length,
    stirred.length,
  );
  const payers = [...cohorts.byTime.values()].flatMap((cohort) => cohort.payers);
  const grouped = canisters.filter(({ cohort }) => cohort !== null);
  says("charges", "payers of all cohorts", payers.length, grouped.length);
  for (const [chargedAt, cohort] of cohorts.byTime) {
    says("charges", `time of the cohort of ${chargedAt}`, cohort.chargedAt, chargedAt);
    says("charges", `the cohort of ${chargedAt} can come due`, cohorts.next.items.includes(cohort), true);
    lookAtCohort(cohort, says);
  }
  for (const rate of cohorts.rates.values())
    says("charges", `payers of ${nameOf(rate)}`, rate.payers, grouped.filter((canister) => canister.rate === rate).length);
};

/** The balance, without a trace. */
export const balanceBy = (payer: Payer): bigint => payer.stated - (payer.rate?.isDrawn === true ? 0n : paidSince(payer));

/** What is set aside, without a trace. */
export const reservedBy = (payer: Payer): bigint => payer.statedReserve - (payer.rate?.isDrawn === true ? paidSince(payer) : 0n);

const paidSince = ({ cohort, mark, rate }: Payer): bigint => {
  let paid = 0n;
  for (const [seconds, times] of cohort?.tally.times ?? [])
    paid += BigInt(times - (mark!.times.get(seconds) ?? 0)) * sumOfParts(rate!, seconds);
  return paid;
};

const lookAtPayer = (engine: Engine, canister: Canister, says: Says): void => {
  const { prices } = engine;
  const { id, cohort, rate, execution, isStirred } = canister;
  says(id, "stands among the stirred", engine.stirred.includes(canister), isStirred);
  says(id, "has a balance of at least 0", balanceBy(canister) >= 0n, true);
  says(id, "has set aside at least 0", reservedBy(canister) >= 0n, true);
  if (execution === null) {
    const chargedAt = cohort === null ? canister.chargedAt : cohort.chargedAt;
    says(id, "is not overlooked when charges come due", engine.chargedSince <= chargedAt, true);
  }
  if (cohort === null) return says(id, "is charged with nobody for a reason", isStirred || execution !== null, true);
  says(id, "stands in its place of the cohort", cohort.payers[canister.place], canister);
  if (isStirred) return;
  says(id, "has no execution under way and is charged", execution, null);
  says(id, "pays for its memory", rate!.memoryDay, prices.memoryDay(memoryOf(canister)));
  says(id, "pays for its messages", rate!.messagesDay, prices.messagesDay(canister.messageBytes));
  says(id, "pays for its allocation", rate!.computeDay, prices.computeDay(canister.allocation));
  if (!rate!.isDrawn) says(id, "pays out of its balance and set nothing aside", reservedBy(canister), 0n);
  const ofDay = rate!.memoryDay + rate!.messagesDay + rate!.computeDay;
  const purse = rate!.isDrawn ? reservedBy(canister) : balanceBy(canister);
  const left = ofDay === 0n ? Infinity : Number((purse * 86_400n) / ofDay);
  const last = left > longest ? Infinity : cohort.tally.seconds + left;
  says(id, "is looked at before it runs dry", canister.key <= last, true);
};

const lookAtCohort = ({ chargedAt, payers, rates, sums }: Cohort, says: Says): void => {
  const about = `the cohort of ${chargedAt}`;
  payers.forEach(({ key, place }, at) => {
    says(about, "place of a payer", place, at);
    says(about, "the heap is one", at === 0 || payers[(at - 1) >> 1]!.key <= key, true);
  });
  for (const [rate, count] of rates) says(about, `payers of ${nameOf(rate)}`, count, payers.filter((payer) => payer.rate === rate).length);
  says(about, "rates", rates.size, new Set(payers.map(({ rate }) => rate)).size);
  for (const [seconds, kept] of sums) {
    const found = (part: (rate: Rate) => bigint): bigint => payers.reduce((total, { rate }) => total + part(rate!), 0n);
    const of = `of ${seconds} seconds`;
    says(
      about,
      `memory ${of}`,
      kept.memory,
      found(({ memoryDay }) => priceOf(memoryDay, seconds)),
    );
    says(
      about,
      `messages ${of}`,
      kept.messages,
      found(({ messagesDay }) => priceOf(messagesDay, seconds)),
    );
    says(
      about,
      `compute ${of}`,
      kept.compute,
      found(({ computeDay }) => priceOf(computeDay, seconds)),
    );
    says(
      about,
      `drawn ${of}`,
      kept.drawn,
      found((rate) => (rate.isDrawn ? sumOfParts(rate, seconds) : 0n)),
    );
  }
};

const priceOf = (ofDay: bigint, seconds: number): bigint => (ofDay * BigInt(seconds)) / 86_400n;
const sumOfParts = ({ memoryDay, messagesDay, computeDay }: Rate, seconds: number): bigint =>
  priceOf(memoryDay, seconds) + priceOf(messagesDay, seconds) + priceOf(computeDay, seconds);
const nameOf = ({ memoryDay, messagesDay, computeDay, isDrawn }: Rate): string =>
  `${memoryDay}, ${messagesDay} and ${computeDay}${isDrawn ? " out of what is set aside" : ""}`;
