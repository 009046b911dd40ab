/** Books: of whatever world, they come to what the machine says of itself, and a lie in one place is found in that place. */
import * as fc from "fast-check";
import { beforeAll, describe, expect, test } from "vitest";
import { allWorlds, everything, managedWorlds, networkedWorlds, thriftyWorlds, tokenWorlds } from "../../properties/index.ts";
import { cycles, drive, type CanisterView, type Event, type Machine, type Scenario, type StateView, type Trace } from "../../spec/index.ts";
import { createModel } from "../../model/index.ts";
import { stateAfter } from "../recording.ts";
import { conversation, neighbours } from "../testing/worlds.ts";
import { ledgerOf } from "./books.ts";
import type { LedgerReport, Owner, SubnetBook } from "./data.ts";
import { flowNames } from "./flows.ts";
import { charged, chunked, converted, dearer, parted, retold, scarce, sliced, traced, withLedger } from "./testing.ts";
import { disagreementInWords, sumOf, summaryOf } from "./words.ts";

const bookOf = (trace: Trace): SubnetBook => ledgerOf(trace).subnets[0]!;
const complaints = (trace: Trace): readonly string[] =>
  ledgerOf(trace).subnets.flatMap(({ disagreements }) => disagreements.map(disagreementInWords));

const drawn = (): readonly Scenario[] => [
  conversation,
  neighbours,
  charged,
  parted,
  sliced,
  dearer,
  scarce,
  chunked,
  converted,
  ...fc.sample(allWorlds(everything), { seed: 8, numRuns: 110 }),
  ...fc.sample(networkedWorlds(everything), { seed: 8, numRuns: 70 }),
  ...fc.sample(thriftyWorlds(everything), { seed: 8, numRuns: 60 }),
  ...fc.sample(tokenWorlds(everything), { seed: 8, numRuns: 30 }),
  ...fc.sample(managedWorlds(everything), { seed: 8, numRuns: 30 }),
];

describe("the books of drawn worlds", () => {
  let worlds: readonly Scenario[] = [];
  let reports: readonly LedgerReport[] = [];
  beforeAll(() => {
    worlds = drawn();
    reports = worlds.map((world) => ledgerOf(traced(world)));
  }, 120_000);

  test("come to the ledger of every step, and to every balance that is told", () => {
    expect(reports.flatMap(({ subnets }) => subnets.flatMap(({ disagreements }) => disagreements.map(disagreementInWords)))).toEqual([]);
    expect(reports.every(({ balanced }) => balanced)).toBe(true);
  });

  test("add up to nothing, at the beginning and at the end", () => {
    for (const { totals } of reports.flatMap(({ subnets }) => subnets))
      expect([sumOf(totals, "opening"), sumOf(totals, "closing")]).toEqual([0n, 0n]);
  });

  test("close each canister with what went in and out of it", () => {
    const sum = (entries: readonly { readonly cycles: bigint }[]): bigint => entries.reduce((total, entry) => total + entry.cycles, 0n);
    for (const { canisters } of reports.flatMap(({ subnets }) => subnets))
      for (const { opening, in: ins, out, closing } of canisters) expect(opening + sum(ins) - sum(out)).toBe(closing);
  });

  test("know every flow that there is", () => {
    const met = new Set(reports.flatMap(({ subnets }) => subnets.flatMap(({ flows }) => flows.map(({ flow }) => flow))));
    expect(flowNames.filter((flow) => !met.has(flow))).toEqual([]);
  });

  test("give every canister what the state of the reference gives it", async () => {
    const machine: Machine = createModel();
    let seen = 0;
    for (const [at, world] of worlds.entries()) {
      const state = (await stateAfter(machine, world, world.inputs.length)) as StateView;
      if (world.others !== undefined) continue;
      const held = heldIn(reports[at]!.subnets[0]!);
      for (const view of state.canisters) {
        expect(held("balances", view.id), `balance of ${view.id}`).toBe(view.balance);
        expect(held("reserved", view.id), `set aside by ${view.id}`).toBe(view.reserved);
        expect(held("callbacks", view.id), `callbacks of ${view.id}`).toBe(sumBy(view.callbacks, ({ reserve }) => reserve));
        expect(held("contexts", view.id), `contexts paid by ${view.id}`).toBe(sumBy(state.canisters, availableOf(view.id)));
        seen++;
      }
    }
    expect(seen).toBeGreaterThan(100);
  });
});

const sumBy = <T>(items: readonly T[], part: (item: T) => bigint): bigint => items.reduce((sum, item) => sum + part(item), 0n);

/** What call contexts of a canister hold of the cycles of a payer. */
const availableOf =
  (payer: string) =>
  ({ contexts }: CanisterView): bigint =>
    sumBy(contexts, ({ origin, available }) => (origin.kind === "canister" && origin.canister === payer ? available : 0n));

const heldIn = ({ postings }: SubnetBook) => {
  const held = new Map<string, bigint>();
  const add = (key: string, count: bigint): void => void held.set(key, (held.get(key) ?? 0n) + count);
  for (const { from, to, cycles: moved } of postings) {
    add(`${from.place} ${from.owner}`, -moved);
    add(`${to.place} ${to.owner}`, moved);
  }
  return (place: string, owner: Owner): bigint => held.get(`${place} ${owner}`) ?? 0n;
};

describe("the books of a conversation", () => {
  const book = bookOf(traced(conversation));
  const entry = (flow: string) => book.flows.find((each) => each.flow === flow);

  test("name what it moved", () => {
    expect(entry("genesis")).toEqual({ flow: "genesis", count: 2, cycles: 2_000_000_000_000n });
    expect(entry("top-up")).toEqual({ flow: "top-up", count: 1, cycles: 7n });
    expect(entry("attached")?.cycles).toBe(500n);
    expect(entry("accepted")?.cycles).toBe(300n);
    expect(entry("answer refund")?.cycles).toBe(200n);
    expect(entry("refunded")?.cycles).toBe(200n);
    expect(entry("call fee")?.cycles).toBe(260_000n);
    expect(entry("request transmission")).toBeUndefined();
    expect(entry("response transmission")?.cycles).toBe(2_000n);
  });

  test("put what was attached back where it came from, or to the one who accepted it", () => {
    const paid = book.postings.find(({ flow }) => flow === "accepted");
    expect(paid).toMatchObject({
      canister: "beta",
      from: { place: "contexts", owner: "alpha" },
      to: { place: "balances", owner: "beta" },
      cycles: 300n,
    });
  });

  test("are balanced, and say so", () => {
    expect(summaryOf(ledgerOf(traced(conversation)))).toMatch(/^balanced: [0-9]+ postings in 7 steps of /);
  });
});

describe("the books of two subnets", () => {
  const report = ledgerOf(traced(neighbours));
  const [left, right] = report.subnets as [SubnetBook, SubnetBook];
  const total = ({ totals }: SubnetBook, place: string): bigint => totals.find((each) => each.place === place)!.closing;

  test("are two, with the streams between them", () => {
    expect(report.balanced).toBe(true);
    expect([left.subnet, right.subnet]).toEqual(["left", "right"]);
    expect(total(left, "sent")).toBe(500n);
    expect(total(right, "received")).toBe(-500n);
    expect(right.postings.find(({ flow }) => flow === "received")).toMatchObject({
      canister: "beta",
      from: { place: "received", owner: "left" },
      to: { place: "messages", owner: "alpha" },
    });
  });
});

describe("a lie", () => {
  const honest = traced(conversation);

  test("about a fee is found in its step, on its accounts, with its size", () => {
    const lying = retold(honest, "executed", ({ calls }) => ({ calls: calls.map((call) => ({ ...call, fee: cycles(call.fee - 1n) })) }));
    const { disagreements } = bookOf(lying);
    expect(disagreements.map(({ step, of, account, difference }) => [step, of, account.place, account.owner, difference])).toEqual([
      [2, "term", "balances", null, 1n],
      [2, "term", "burned", null, -1n],
      [2, "account", "balances", "alpha", 1n],
    ]);
    expect(complaints(lying)[2]).toMatch(/^input 3: balance of alpha: the machine says .*: difference \+1; flows of this step on it: /);
    expect(summaryOf(ledgerOf(lying))).toContain("NOT BALANCED");
  });

  test("by silence is a difference as large as what was kept silent", () => {
    const lying = retold(honest, "answered", () => null);
    expect(complaints(lying)).toContainEqual(
      expect.stringMatching(/^input 3: contexts: .* 0, the postings come to 200: difference \+200; .*opened of 500/),
    );
  });

  test("that is told twice is named by its flow", () => {
    const twice: Trace = {
      ...honest,
      steps: honest.steps.map((step) => ({
        ...step,
        observation: {
          ...step.observation,
          events: step.observation.events.flatMap((event): readonly Event[] => (event.kind === "topped-up" ? [event, event] : [event])),
        },
      })),
    };
    expect(complaints(twice)[0]).toBe(
      "input 2: balances: the machine says 2_000_000_000_007, the postings come to 2_000_000_000_014: difference +7; as large as top-up of 7 (event 1), top-up of 7 (event 2)",
    );
  });

  test("about a balance alone names the canister", () => {
    const lying = retold(honest, "topped-up", ({ balance }) => ({ balance: cycles(balance + 1n) }));
    expect(complaints(lying)[0]).toMatch(/^input 2: balance of beta: .*: difference -1; flows of this step on it: top-up of 7/);
  });

  test("of the ledger is told once where it begins, and once where it ends", () => {
    const lying = withLedger(honest, 3, ({ lost }) => ({ lost: cycles(lost + 5n) }));
    expect(complaints(lying)).toEqual([
      "input 4: lost: the machine says 5, the postings come to 0: difference -5; no flow of this step touches it",
      "input 5: lost: the machine says 0, the postings come to 5: difference +5; no flow of this step touches it",
    ]);
  });

  test("that nobody can follow is a fault of the machine", () => {
    const absurd = retold(honest, "executed", () => ({ calls: undefined as unknown as [] }));
    expect(() => ledgerOf(absurd)).toThrow(/^the events of input 3 make no sense: /);
  });
});

test("a machine that is driven says what the books are of", () => {
  const machine: Machine = { ...createModel(), name: "somebody" };
  expect(ledgerOf(drive(machine, conversation) as Trace).machine).toBe("somebody");
});
