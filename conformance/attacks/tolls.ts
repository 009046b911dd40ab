/**
 * What an attack costs whom, measured: the reference is driven through the scenario with the attack and through the same
 * without it, the books of both must balance, everything must have come to rest, and every cycle that was burned must be
 * missing from the balance of the attacker or of the victim. What the two scenarios differ in is the attack.
 */
import { createModel } from "../../model/index.ts";
import { drive, feesOf2025, feesOf2026, type FeeTable, type Ledger, type Scenario, type Trace } from "../../spec/index.ts";
import { ledgerOf } from "../ledger/books.ts";
import { makeAttacks, type Attack } from "./attacks.ts";
import { attacker, victim } from "./worlds.ts";

/** @unit cycles */
export interface Toll {
  /** By how much the balance of the attacker is smaller. */
  readonly spent: bigint;
  /** By how much the balance of the victim is smaller; negative when it gains. */
  readonly lost: bigint;
}

/** The fees for which attacks are measured: those of 2025, and those of 2026 on a small and on a large subnet. */
export const tollFees: readonly FeeTable[] = [feesOf2025, feesOf2026, { ...feesOf2026, subnetSize: 34 }];

export interface AttackEntry {
  readonly attack: Attack;
  /** One for each of `tollFees`, in their order. */
  readonly tolls: readonly Toll[];
}

/** Every attack at all fees. */
export const measureAttacks = (): readonly AttackEntry[] =>
  makeAttacks().map((attack) => ({ attack, tolls: tollFees.map((fees) => tollOf(attack, fees)) }));

/** @throws Error when a cycle cannot be accounted for. */
export const tollOf = ({ id, world }: Attack, fees: FeeTable): Toll => {
  const { attacked, spared } = world(fees);
  const [made, left] = [settle(id, attacked), settle(id, spared)];
  return { spent: made.spent - left.spent, lost: made.lost - left.lost };
};

/** What both parties paid from the beginning of a scenario to its end. */
const settle = (id: string, scenario: Scenario): Toll => {
  const trace = drive(createModel(), scenario) as Trace;
  const { balanced, subnets } = ledgerOf(trace);
  const { ledger } = trace.steps.at(-1)!.observation;
  const paidBy = (canister: string): bigint => {
    const book = subnets[0]!.canisters.find((entry) => entry.canister === canister);
    return book === undefined ? 0n : book.opening - book.closing;
  };
  const toll = { spent: paidBy(attacker), lost: paidBy(victim) };
  const expect = (holds: boolean, fact: string): void => {
    if (!holds) throw new Error(`attack ${id}: ${fact}`);
  };
  expect(balanced, "the books do not balance");
  for (const place of underWay) expect(ledger[place] === 0n, `${ledger[place]} cycles are still in ${place}`);
  expect(ledger.burned === toll.spent + toll.lost, `${ledger.burned} cycles are burned, but ${toll.spent} and ${toll.lost} are missing`);
  return toll;
};

/** Where nothing may be at the end. */
const underWay = ["messages", "contexts", "callbacks", "executions", "lost", "sent"] as const satisfies readonly (keyof Ledger)[];
