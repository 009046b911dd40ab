/** The flows of events, against the ledgers of stories that were added up by hand. */
import { describe, expect, test } from "vitest";
import { changesOf, flowsOf, places } from "./flows.ts";
import { tales, payment } from "./testing/tales.ts";

describe.each(Object.entries(tales))("the flows of the story %s", (_name, { scenario, steps }) => {
  test("make the ledger of its last step", () => {
    const flows = steps.flatMap(({ observation }) => observation.events.flatMap(flowsOf));
    const minted = scenario.genesis.canisters.reduce((sum, { balance }) => sum + balance, 0n);
    const begun = { balances: minted, messages: 0n, contexts: 0n, callbacks: 0n, burned: 0n, minted };
    const changes = changesOf(flows);
    const ledger = Object.fromEntries(places.map((place) => [place, begun[place] + changes[place]]));
    expect(ledger).toEqual(steps.at(-1)?.observation.ledger ?? begun);
  });

  test("lose nothing between the places", () => {
    const { minted, ...kept } = changesOf(steps.flatMap(({ observation }) => observation.events.flatMap(flowsOf)));
    expect(Object.values(kept).reduce((sum, change) => sum + change, 0n)).toBe(minted);
  });
});

test("flows that move nothing are not told", () => {
  expect(payment.steps.flatMap(({ observation }) => observation.events.flatMap(flowsOf)).every(({ cycles }) => cycles > 0n)).toBe(true);
});

test("a top-up is minted onto a balance", () => {
  const untyped: unknown = { kind: "topped-up", canister: "a", cycles: 5n, balance: 5n };
  expect(changesOf(flowsOf(untyped as Parameters<typeof flowsOf>[0]))).toMatchObject({ balances: 5n, minted: 5n });
});
