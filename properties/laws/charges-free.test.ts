/** The law of free subnets, shown what it accepts, what it passes over and what it must condemn. */
import { describe, expect, test } from "vitest";
import { model } from "../../model/index.ts";
import { canisterId, cycles, nanoseconds, type EventKind, type Scenario, type Trace } from "../../spec/index.ts";
import { judged, moved } from "../testing/judging.ts";
import { canister, edited, followed, ingress, reply, round, sent, world } from "../testing/stories.ts";
import { consume } from "../testing/tales-of-slices.ts";
import { eviction, farewell, marathon, payment, quiet } from "../testing/tales.ts";
import { led } from "../testing/weak-machines.ts";
import { freeSubnetsChargeNothing } from "./charges-free.ts";

/** What happens in this world, were it free. */
const freed = ({ genesis, inputs }: Scenario): Trace => {
  const { parameters } = genesis;
  return led(model, { genesis: { ...genesis, parameters: { ...parameters, fees: { ...parameters.fees, schedule: "free" } } }, inputs });
};
const about = (tale: Trace): string => judged(freeSubnetsChargeNothing, tale);

const burning = freed({
  genesis: world([canister("a", { m0: [{ op: "burn", cycles: cycles(300n) }, consume(1), reply()] })]),
  inputs: [ingress("x", "a", "m0"), round(), { kind: "delete-canister", canister: canisterId("a") }],
});
const [paid, paused, parted, tenancy] = [payment, marathon, farewell, eviction].map(({ scenario }) => freed(scenario)) as [
  Trace,
  Trace,
  Trace,
  Trace,
];

describe("free-subnets-charge-nothing", () => {
  test("accepts calls, slices, partings and rents that cost nothing", () => {
    for (const tale of [paid, paused, parted, tenancy]) expect(about(tale)).toBe("holds");
  });
  test("accepts that canisters burn their cycles, and that these go with a canister", () => {
    expect(burning.steps.at(-1)?.observation.ledger.burned).toBe(1_000n);
    expect(about(burning)).toBe("holds");
  });
  test("passes over subnets that are not free", () => {
    for (const tale of [payment, eviction]) expect(about(tale)).toBe("vacuous");
  });
  test("passes over a free subnet on which nothing is executed", () => expect(about(freed(quiet.scenario))).toBe("vacuous"));

  test.each<readonly [what: string, tale: Trace, kind: EventKind, change: Readonly<Record<string, unknown>>]>([
    ["a prepayment", paid, "executed", { prepaid: 1n }],
    ["a charge", paid, "executed", { charged: 1n }],
    ["a transmission reserve", paid, "executed", { transmissionReserve: 1n }],
    ["a transmission fee", paid, "executed", { transmissionFee: 1n }],
    ["the fee of a call", paid, "executed", { calls: [sent(0, { fee: 1n, reserve: 0n })] }],
    ["the reserve of a call", paid, "executed", { calls: [sent(0, { fee: 0n, reserve: 1n })] }],
    ["a reception fee", paid, "ingress-inducted", { fee: 1n }],
    ["a prepayment of a long execution", paused, "execution-paused", { prepaid: 1n }],
    ["a postponed fee of a long execution", paused, "execution-finished", { postponed: 1n }],
    ["a postponed fee of one that is aborted", paused, "execution-aborted", { postponed: 1n }],
    ["what is released for nobody", parted, "response-discarded", { released: 1n }],
    ["what is burned for a response to nobody", parted, "response-discarded", { transmissionFee: 1n }],
    ["a charge for memory", tenancy, "resources-charged", { memory: 1n }],
    ["a charge for an allocation", tenancy, "resources-charged", { compute: 1n }],
  ])("condemns %s", (_, tale, kind, change) => expect(about(edited(tale, kind, 0, change))).toMatch(/^the subnet is free, and .* is 1$/));
  test("condemns the charge for a message that is not executed", () => {
    const cause = { kind: "timer" };
    const refused = { kind: "not-executed", canister: "a", cause, error: "IC0207", charged: 1n, balance: 0n };
    expect(about(followed(paid, "turn-began", 0, refused))).toMatch(/^the subnet is free, and the charge of a message/);
  });
  test("condemns that somebody runs dry", () =>
    expect(about(followed(tenancy, "resources-charged", 0, { kind: "ran-dry", canister: "b", burned: 0n }))).toBe(
      "b ran dry, and its subnet is free",
    ));
  test("condemns cycles that are burned for nothing", () =>
    expect(about(moved(paid, 1, { burned: 1n, balances: -1n }))).toBe(
      "the subnet is free, 1 cycles were burned, and canisters destroyed 0 of them",
    ));
  test("is about the schedule, not about prices", () =>
    expect(about(led(model, { ...eviction.scenario, genesis: { ...eviction.scenario.genesis, time: nanoseconds(9n) } }))).toBe("vacuous"));
});
