/** The laws of charges, shown what they accept, what they pass over and what they must condemn. */
import { describe, expect, test } from "vitest";
import { model } from "../../model/index.ts";
import { canisterId, cycles, nanoseconds, percent, type Genesis, type Input, type Parameters, type Trace } from "../../spec/index.ts";
import { judged } from "../testing/judging.ts";
import { canister, edited, followed, ingress, repeated, reply, round, setIn, without, world } from "../testing/stories.ts";
import { rented } from "../testing/tales-of-rent.ts";
import { hoard, place } from "../testing/scenes-of-thrift.ts";
import { eviction, gluttony, greeting, marathon } from "../testing/tales.ts";
import { led } from "../testing/weak-machines.ts";
import { chargesAreDue, chargesAreExact } from "./charges.ts";

const second = 1_000_000_000n;
const charge = (canisters: number, memory = 0n, compute = 0n): object => ({
  kind: "resources-charged",
  canisters,
  memory,
  messages: 0n,
  compute,
});

/** The same world with other parameters. */
const under = ({ scenario: { genesis } }: Trace, parameters: Partial<Parameters>): Genesis => ({
  ...genesis,
  parameters: { ...genesis.parameters, ...parameters },
});

/** Two canisters that write a page, of which one has a part of a core; then this happens. */
const leased = (balance: bigint, inputs: readonly Input[], parameters: Partial<Parameters> = {}): Trace => {
  const write = [{ op: "write", page: 0, value: { kind: "time" } }, reply()] as const;
  const canisters = [
    canister("a", { m0: write }, { balance: cycles(balance), computeAllocation: percent(5) }),
    canister("b", { m0: write }),
  ];
  const begun: readonly Input[] = [ingress("x", "a", "m0"), ingress("y", "b", "m0"), round()];
  return led(model, { genesis: world(canisters, { ...rented, ...parameters }), inputs: [...begun, ...inputs] });
};
const restart: Input = { kind: "restart" };

describe("charges-are-due", () => {
  const always = led(model, { ...marathon.scenario, genesis: under(marathon, { chargePeriod: nanoseconds(0n) }) });
  const skipping = led(model, { ...gluttony.scenario, genesis: under(gluttony, { chargePeriod: nanoseconds(0n) }) });
  const restarted = leased(1_000n, [round(3n * second), restart, round(second), round(second)]);
  const created = leased(1_000n, [
    round(2n * second),
    round(second),
    { kind: "create-canister", canister: canister("c", {}) },
    round(second),
    round(second),
  ]);

  test("accepts an eviction", () => expect(judged(chargesAreDue, eviction)).toBe("holds"));
  test("accepts that nobody is charged while it executes something", () => expect(judged(chargesAreDue, always)).toBe("holds"));
  test("accepts that nobody is charged in a round that is skipped", () => expect(judged(chargesAreDue, skipping)).toBe("holds"));
  test("accepts that a restart changes nothing", () => expect(judged(chargesAreDue, restarted)).toBe("holds"));
  test("accepts that a new canister is charged later than the others", () => expect(judged(chargesAreDue, created)).toBe("holds"));
  test("passes over worlds in which no period ends", () => expect(judged(chargesAreDue, greeting)).toBe("vacuous"));

  test("condemns a round that forgets to charge", () =>
    expect(judged(chargesAreDue, without(eviction, "resources-charged"))).toBe(
      "a was last charged at 0, and the round of 2500000000 ended without a charge",
    ));
  test("condemns a canister that is left out", () =>
    expect(judged(chargesAreDue, edited(eviction, "resources-charged", 0, { canisters: 2 }))).toBe(
      "2 canisters were charged, and 3 were due: a, b, k",
    ));
  test("condemns a charge before its time", () =>
    expect(judged(chargesAreDue, setIn(eviction, under(eviction, { chargePeriod: nanoseconds(3n * second) })))).toBe(
      "3 canisters were charged, and nobody was due",
    ));
  test("condemns a charge within the period of the last one", () =>
    expect(judged(chargesAreDue, followed(eviction, "turn-ended", 3, charge(3)))).toBe("3 canisters were charged, and nobody was due"));
  test("condemns a charge for nobody", () =>
    expect(judged(chargesAreDue, followed(eviction, "turn-ended", 3, charge(0)))).toBe("0 canisters were charged, and nobody was due"));
  test("condemns that a restart forgets when the last charge was", () =>
    expect(judged(chargesAreDue, followed(restarted, "round-began", 2, charge(2)))).toBe("2 canisters were charged, and nobody was due"));
  test("condemns that a new canister is charged with the others", () =>
    expect(judged(chargesAreDue, edited(created, "resources-charged", 1, { canisters: 3 }))).toBe(
      "3 canisters were charged, and 2 were due: a, b",
    ));
  test("condemns a charge of a canister that executes something", () =>
    expect(judged(chargesAreDue, followed(always, "execution-paused", 0, charge(1)))).toBe("1 canisters were charged, and nobody was due"));
  test("condemns two charges in a round", () =>
    expect(judged(chargesAreDue, repeated(eviction, "resources-charged"))).toBe("canisters were charged twice in a round"));
  test("condemns a charge in a round that is skipped", () =>
    expect(judged(chargesAreDue, followed(skipping, "round-skipped", 0, charge(1)))).toBe(
      "canisters were charged in a round that was skipped",
    ));
  test("condemns a charge between two rounds", () =>
    expect(judged(chargesAreDue, followed(eviction, "topped-up", 0, charge(3)))).toBe("canisters were charged, and the input was top-up"));
});

describe("charges-are-exact", () => {
  // Of three seconds, memory costs 9 and the part of a core 45; a message and its execution cost 17 before.
  const short = leased(17n + 20n + 110n, [round(3n * second)]);
  const poor = leased(17n + 105n, [round(3n * second), round(300n * second)]);
  const free = led(model, {
    ...eviction.scenario,
    genesis: { ...greeting.scenario.genesis, canisters: eviction.scenario.genesis.canisters },
  });

  test("accepts an eviction", () => expect(judged(chargesAreExact, eviction)).toBe("holds"));
  test("accepts that somebody pays for its memory alone", () => {
    expect(judged(chargesAreExact, short)).toBe("holds");
    expect(judged(chargesAreExact, poor)).toBe("holds");
  });
  test("accepts what is due after an allocation was set", () => {
    const set: Input = { kind: "set-compute-allocation", canister: canisterId("b"), computeAllocation: percent(7) };
    expect(judged(chargesAreExact, leased(1_000n, [round(3n * second), set, restart, round(3n * second)]))).toBe("holds");
  });
  test("passes over worlds in which nobody owes anything", () => {
    for (const tale of [greeting, free]) expect(judged(chargesAreExact, tale)).toBe("vacuous");
  });

  test("condemns a cycle more for memory", () =>
    expect(judged(chargesAreExact, edited(eviction, "resources-charged", 0, { memory: 7n }))).toBe(
      "canisters paid 7 for their memory, and owed 6: a 6 for 2 s, b 0 for 2 s, k 0 for 2 s",
    ));
  test("condemns that the rest of a second is paid", () =>
    expect(judged(chargesAreExact, edited(eviction, "resources-charged", 1, { memory: 10n }))).toBe(
      "canisters paid 10 for their memory, and owed 9: a 9 for 3 s, b 0 for 3 s, k 0 for 3 s",
    ));
  test("condemns that somebody pays what it does not have", () =>
    expect(judged(chargesAreExact, edited(eviction, "resources-charged", 0, { compute: 126n }))).toBe(
      "canisters paid 126 for their compute, and owed 6: a 0 for 2 s, b 0 for 2 s, as it cannot pay 120, k 6 for 2 s",
    ));
  test("condemns that who ran dry still has its part of a core", () =>
    expect(judged(chargesAreExact, edited(eviction, "resources-charged", 1, { compute: 69n }))).toMatch(
      /paid 69 for their compute, and owed 9/,
    ));
  test("condemns another price for a page", () => {
    const dearer = under(eviction, { fees: { ...rented.fees, gibSecond: cycles(2n ** 26n) } });
    expect(judged(chargesAreExact, setIn(eviction, dearer))).toMatch(/paid 6 for their memory, and owed 8/);
  });
});

describe("charges-are-exact, where more is paid for than memory", () => {
  const waiting = led(model, place(1_000n));

  test("accepts what places for messages cost, and what was set aside pays", () => {
    for (const tale of [waiting, led(model, hoard())]) expect(judged(chargesAreExact, tale)).toBe("holds");
  });
  test("condemns a place that costs nothing", () =>
    expect(judged(chargesAreExact, edited(waiting, "resources-charged", 0, { messages: 8n }))).toBe(
      "canisters paid 8 for their messages, and owed 12: a 4 for 2 s, b 8 for 2 s",
    ));
  test("condemns that somebody pays twice", () =>
    expect(judged(chargesAreExact, edited(led(model, hoard()), "resources-charged", 1, { memory: 14n }))).toMatch(
      /paid 14 .*, and owed 8/,
    ));
});
