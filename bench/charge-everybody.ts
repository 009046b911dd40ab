/**
 * Charging as one would first write it: whenever charges are due, look at every canister and take from its balance what it owes.
 * What its memory and its allocation cost in a day is known beforehand. It is the baseline beside which the engine is shown.
 */

export interface Debtor {
  balance: bigint;
  /** @unit nanoseconds */
  chargedAt: bigint;
  /** @unit cycles */
  readonly memoryDay: bigint;
  readonly computeDay: bigint;
}

export interface Taken {
  readonly canisters: number;
  readonly memory: bigint;
  readonly compute: bigint;
  /** Who could not pay. */
  readonly dry: readonly Debtor[];
}

/** Charges all of them for the whole seconds since their last charge, where that is a period ago. */
export const chargeEverybody = (debtors: readonly Debtor[], now: bigint, period: bigint): Taken => {
  const dry: Debtor[] = [];
  let canisters = 0;
  let [memory, compute] = [0n, 0n];
  for (const debtor of debtors) {
    const elapsed = now - debtor.chargedAt;
    if (elapsed < period) continue;
    const seconds = elapsed / 1_000_000_000n;
    const forMemory = (debtor.memoryDay * seconds) / 86_400n;
    const forCompute = (debtor.computeDay * seconds) / 86_400n;
    canisters++;
    debtor.chargedAt = now;
    if (debtor.balance >= forMemory) {
      debtor.balance -= forMemory;
      memory += forMemory;
      if (debtor.balance >= forCompute) {
        debtor.balance -= forCompute;
        compute += forCompute;
        continue;
      }
    }
    dry.push(debtor);
  }
  return { canisters, memory, compute, dry };
};
