/** Books in words: what they come to, and where a machine and the postings disagree. */
import { inGroups } from "../wording/words.ts";
import type { Account, Disagreement, LedgerReport, Suspect, TokenDisagreement, Total } from "./data.ts";

/** What came of a session, in one line. */
export const summaryOf = ({ machine, balanced, subnets }: LedgerReport): string => {
  const [steps, postings] = [count(subnets, "steps"), count(subnets, "postings")];
  const wrong = count(subnets, "disagreements") + subnets.reduce((sum, { tokens }) => sum + (tokens?.disagreements.length ?? 0), 0);
  const session = `${postings} postings in ${steps} step${steps === 1 ? "" : "s"} of ${machine}`;
  return balanced
    ? `balanced: ${session}, and after each of them the accounts are what the machine says, to the cycle`
    : `NOT BALANCED: ${session}, and ${wrong} time${wrong === 1 ? "" : "s"} an account is not what the machine says`;
};

const count = (subnets: LedgerReport["subnets"], field: "steps" | "postings" | "disagreements"): number =>
  subnets.reduce((sum, subnet) => {
    const told = subnet[field];
    return sum + (typeof told === "number" ? told : told.length);
  }, 0);

/** Step, account, expected, derived and difference, and the flows that may be the reason. */
export const disagreementInWords = ({ step, of, account, expected, derived, difference, suspects }: Disagreement): string =>
  `input ${step + 1}: ${accountInWords(of, account)}: the machine says ${inGroups(expected)}, the postings come to ${inGroups(derived)}: difference ${signed(difference)}; ${suspectsInWords(suspects)}`;

/** The same of tokens. */
export const tokenDisagreementInWords = ({ step, place, expected, derived, difference }: TokenDisagreement): string =>
  `input ${step + 1}: tokens, ${place}: the machine says ${inGroups(expected)}, the postings come to ${inGroups(derived)}: difference ${signed(difference)}`;

const accountInWords = (of: Disagreement["of"], { place, owner }: Account): string =>
  of === "term" ? place : `balance of ${owner ?? "nobody"}`;

export const signed = (cycles: bigint): string => `${cycles > 0n ? "+" : ""}${inGroups(cycles)}`;

/** Most suspects of a line; more would say nothing. */
const mostSuspects = 6;

const suspectsInWords = (suspects: readonly Suspect[]): string => {
  if (suspects.length === 0) return "no flow of this step touches it";
  const named = suspects.map(({ event, flow, cycles }) => `${flow} of ${inGroups(cycles)} (event ${event + 1})`);
  const list = [...named.slice(0, mostSuspects), ...(named.length > mostSuspects ? [`${named.length - mostSuspects} more`] : [])].join(
    ", ",
  );
  return suspects[0]?.exact === true ? `as large as ${list}` : `flows of this step on it: ${list}`;
};

/** The sum over all accounts: nothing, or cycles came from nowhere. */
export const sumOf = (totals: readonly Total[], side: "opening" | "closing"): bigint =>
  totals.reduce((sum, total) => sum + total[side], 0n);
