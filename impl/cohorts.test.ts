/** Cohorts against the loop over all payers, one by one, that they stand for. */
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { cycles, nanoseconds } from "../spec/index.ts";
import { balanceOf, chargeDue, chargedAtOf, earliestOf, joinCohort, leaveCohort, noCohorts, reservedOf, type Payer } from "./cohorts.ts";
import type { Upkeep } from "./rates.ts";
import { ofMemory, payerOf } from "./small-payers.ts";

/** Somebody who pays at once whatever is due. */
interface Eager extends Upkeep {
  balance: bigint;
  reserved: bigint;
  chargedAt: bigint;
  /** Whether it is to be charged. */
  isThere: boolean;
}

interface EagerBill {
  payers: number;
  memory: bigint;
  messages: bigint;
  compute: bigint;
  dry: number[];
}

const chargeEagerly = (all: readonly Eager[], now: bigint, period: bigint): EagerBill => {
  const bill: EagerBill = { payers: 0, memory: 0n, messages: 0n, compute: 0n, dry: [] };
  all.forEach((one, index) => {
    if (!one.isThere || now - one.chargedAt < period) return;
    const seconds = (now - one.chargedAt) / 1_000_000_000n;
    one.chargedAt = now;
    bill.payers++;
    for (const part of ["memory", "messages", "compute"] as const) {
      const price = (one[`${part}Day`] * seconds) / 86_400n;
      if (price > one.balance + one.reserved) {
        one.isThere = false;
        one.balance += one.reserved; // all of it is going to be burned
        one.reserved = 0n;
        bill.dry.push(index);
        return;
      }
      const drawn = price < one.reserved ? price : one.reserved;
      one.reserved -= drawn;
      one.balance -= price - drawn;
      bill[part] += price;
    }
  });
  return bill;
};

/** Small numbers, numbers that a double cannot hold, and numbers that hardly fit 16 bytes. */
const amount = fc.oneof(
  fc.bigInt(0n, 5_000n),
  fc.bigInt(2n ** 53n - 3n, 2n ** 53n + 1_000_000n),
  fc.bigInt(2n ** 120n - 2n ** 70n, 2n ** 120n),
);
const ofDay = fc.oneof(
  { weight: 2, arbitrary: fc.constantFrom(0n, 1n, 86_399n, 86_400n, 5_000_000n) },
  { weight: 1, arbitrary: fc.bigInt(0n, 2n ** 25n) },
  { weight: 1, arbitrary: fc.bigInt(2n ** 60n, 2n ** 119n) },
);
const elapsed = fc.oneof(
  { weight: 3, arbitrary: fc.constantFrom(0n, 1n, 999_999_999n, 1_000_000_000n, 2_500_000_000n, 10_000_000_000n) },
  { weight: 1, arbitrary: fc.bigInt(0n, 100n).map((seconds) => seconds * 1_000_000_000n) },
  { weight: 1, arbitrary: fc.bigInt(0n, 2n ** 48n) },
);
const reserved = fc.oneof(fc.constant(0n), amount);
const upkeep = fc.record({ memoryDay: ofDay, messagesDay: ofDay, computeDay: ofDay });
const who = fc.nat(11);
const step = fc.oneof(
  { weight: 6, arbitrary: fc.record({ kind: fc.constant("charge" as const), elapsed }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant("pay" as const), who, amount }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant("get" as const), who, amount }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant("set aside" as const), who, amount }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant("change" as const), who, upkeep }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant("leave" as const), who }) },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant("join" as const), who }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant("come" as const), balance: amount, reserved, upkeep }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("look" as const), who }) },
);
type Step = typeof step extends fc.Arbitrary<infer T> ? T : never;

/** How often something happened. */
interface Met {
  dry: number;
  charged: number;
  /** Charges in which what is set aside paid; in which it was too little. */
  drawn: number;
  released: number;
}

/** Leads both through the steps; after each, what can be seen of both is the same. */
const compare = (steps: readonly Step[], period: bigint): Met => {
  const cohorts = noCohorts();
  const lazy: Payer[] = [];
  const eager: Eager[] = [];
  let now = 5_000_000_000n;
  const met: Met = { dry: 0, charged: 0, drawn: 0, released: 0 };
  /** What a ledger would say, which is told of sums alone. */
  const ledger = { balances: 0n, reserved: 0n };
  const rejoin = (index: number): void => {
    if (eager[index]!.isThere) joinCohort(cohorts, lazy[index]!, eager[index]!);
  };
  const give = (index: number, more: bigint): void => {
    eager[index]!.balance += more;
    ledger.balances += more;
    lazy[index]!.stated = cycles(balanceOf(lazy[index]!) + more);
    rejoin(index);
  };
  const setAside = (index: number, more: bigint): void => {
    eager[index]!.reserved += more;
    ledger.reserved += more;
    lazy[index]!.statedReserve = cycles(reservedOf(lazy[index]!) + more);
    give(index, -more);
  };
  for (const one of steps) {
    if (one.kind === "come") {
      const { balance } = one;
      lazy.push(payerOf(lazy.length, balance, now, one.reserved));
      eager.push({ balance, reserved: one.reserved, chargedAt: now, ...one.upkeep, isThere: true });
      ledger.balances += balance;
      ledger.reserved += one.reserved;
      rejoin(lazy.length - 1);
    } else if (one.kind === "charge") {
      now += one.elapsed;
      const expected = chargeEagerly(eager, now, period);
      const bill = chargeDue(cohorts, nanoseconds(now), nanoseconds(period));
      const { payers, memory, messages, compute, drawn, released, dry } = bill;
      const indices = dry.map(({ index }) => index).sort((left, right) => left - right);
      expect({ payers, memory, messages, compute, dry: indices }).toEqual(expected);
      ledger.reserved -= drawn + released;
      ledger.balances -= memory + messages + compute - drawn - released;
      expect(ledger).toEqual({ balances: total(eager, "balance"), reserved: total(eager, "reserved") });
      if (drawn > 0n) met.drawn++;
      if (released > 0n) met.released++;
      met.dry += dry.length;
      met.charged += payers;
    } else {
      if (lazy.length === 0) continue;
      const index = one.who % lazy.length;
      switch (one.kind) {
        case "get":
          give(index, one.amount);
          break;
        case "pay":
          give(index, -(one.amount < eager[index]!.balance ? one.amount : eager[index]!.balance));
          break;
        case "set aside":
          setAside(index, one.amount < eager[index]!.balance ? one.amount : eager[index]!.balance);
          break;
        case "change":
          Object.assign(eager[index]!, one.upkeep);
          rejoin(index);
          break;
        case "leave":
          eager[index]!.isThere = false;
          leaveCohort(cohorts, lazy[index]!);
          break;
        case "join":
          eager[index]!.isThere = true;
          rejoin(index);
          break;
        case "look":
          expect([reservedOf(lazy[index]!), balanceOf(lazy[index]!)]).toEqual([eager[index]!.reserved, eager[index]!.balance]);
          break;
      }
    }
    const waiting = eager.flatMap(({ isThere, chargedAt }) => (isThere ? [chargedAt] : []));
    const earliest = earliestOf(cohorts);
    expect(waiting.every((chargedAt) => earliest !== null && earliest <= chargedAt)).toBe(true);
  }
  expect(lazy.map((payer) => ({ balance: balanceOf(payer), reserved: reservedOf(payer), chargedAt: chargedAtOf(payer) }))).toEqual(
    eager.map(({ balance, reserved: aside, chargedAt }) => ({ balance, reserved: aside, chargedAt })),
  );
  expect([...cohorts.rates.values()].reduce((sum, { payers }) => sum + payers, 0)).toBe(
    lazy.filter(({ cohort }) => cohort !== null).length,
  );
  return met;
};

const total = (all: readonly Eager[], what: "balance" | "reserved"): bigint => all.reduce((sum, one) => sum + one[what], 0n);

describe("cohorts", () => {
  const period = fc.constantFrom(0n, 1n, 1_000_000_000n, 10_000_000_000n, 60_000_000_000n);

  test("charge as a loop over all payers does: the same sums, the same payers run dry, the same balances", () => {
    const all: Met = { dry: 0, charged: 0, drawn: 0, released: 0 };
    fc.assert(
      fc.property(fc.array(step, { minLength: 20, maxLength: 120, size: "max" }), period, (steps, seconds) => {
        const met = compare(steps, seconds);
        for (const what of ["dry", "charged", "drawn", "released"] as const) all[what] += met[what];
      }),
      { numRuns: 400 },
    );
    expect(all.dry).toBeGreaterThan(400); // or it would say nothing about running dry
    expect(all.charged).toBeGreaterThan(4_000);
    expect(all.drawn).toBeGreaterThan(1_000);
    expect(all.released).toBeGreaterThan(200);
  });

  test("charge as the loop does over thousands of charges of a few lengths, when a cent too much or too little shows", () => {
    const comers = fc.array(fc.record({ balance: amount, reserved, upkeep }), { minLength: 1, maxLength: 12 });
    fc.assert(
      fc.property(comers, fc.array(elapsed, { minLength: 1, maxLength: 20 }), (some, lengths) => {
        const arrivals = some.map((one): Step => ({ kind: "come", ...one }));
        const charges = Array.from({ length: 600 }, (_, at): Step => ({ kind: "charge", elapsed: lengths[at % lengths.length]! }));
        compare([...arrivals, ...charges], 0n);
      }),
      { numRuns: 25 },
    );
  });

  test("that are charged at the same moment become one, and those that are empty are forgotten", () => {
    const cohorts = noCohorts();
    const payers = [0n, 3n, 5n, 7n].map((at, index) => payerOf(index, 1_000n, at));
    for (const payer of payers) joinCohort(cohorts, payer, ofMemory(0n));
    expect(cohorts.byTime.size).toBe(4);
    leaveCohort(cohorts, payers[0]!);
    chargeDue(cohorts, nanoseconds(15n), nanoseconds(10n));
    expect([...cohorts.byTime.keys()]).toEqual([7n, 15n]);
    expect(payers.map((payer) => payer.cohort?.chargedAt)).toEqual([undefined, 15n, 15n, 7n]);
    expect(cohorts.next.items).toHaveLength(2);
  });
});

describe("cohorts that become one", () => {
  const seconds = (count: bigint) => nanoseconds(count * 1_000_000_000n);

  test("leave each payer as many seconds as it had, whichever of the two counted more", () => {
    for (const youngster of [0, 1]) {
      const cohorts = noCohorts();
      const payers = [9n, 9n, 9n, 9n].map((balance, index) => payerOf(index, balance, 0n));
      const join = (index: number): void => joinCohort(cohorts, payers[index]!, ofMemory(86_400n));
      const [old, young] = youngster === 0 ? [[1, 2, 3], [0]] : [[0], [1, 2, 3]];
      for (const index of old) join(index);
      chargeDue(cohorts, seconds(5n), seconds(5n));
      for (const index of young) {
        payers[index]!.chargedAt = seconds(3n);
        join(index);
      }
      expect(chargeDue(cohorts, seconds(8n), seconds(1n))).toMatchObject({ payers: 4, memory: BigInt(3 * old.length + 5 * young.length) });
      expect(new Set(payers.map(({ cohort }) => cohort)).size).toBe(1);
      const next = chargeDue(cohorts, seconds(10n), seconds(1n)); // the old ones had a single cycle left
      expect(next.dry.map(({ index }) => index).sort((left, right) => left - right)).toEqual(old);
      expect(next.memory).toBe(BigInt(2 * young.length));
    }
  });

  test("are found, too, when the smaller one was charged at that moment in an earlier round", () => {
    const cohorts = noCohorts();
    const payers = [10n, 0n, 0n].map((at, index) => payerOf(index, 100n, seconds(at)));
    for (const payer of payers) joinCohort(cohorts, payer, ofMemory(86_400n));
    expect(chargeDue(cohorts, seconds(10n), seconds(10n)).payers).toBe(2);
    expect(new Set(payers.map(({ cohort }) => cohort)).size).toBe(1);
    expect(chargeDue(cohorts, seconds(20n), seconds(10n))).toMatchObject({ payers: 3, memory: 30n });
    expect(payers.map(balanceOf)).toEqual([90n, 80n, 80n]);
  });
});
