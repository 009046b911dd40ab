/** The flows of events, against the ledgers of stories that were added up by hand. */
import { describe, expect, test } from "vitest";
import type { Event, Trace } from "../spec/index.ts";
import { changesOf, flowsOf, places, sidesOf, type Flow, type Known } from "./flows.ts";
import { absorb, anticipate } from "./tracking/absorb.ts";
import { openWorld } from "./tracking/world.ts";
import { model } from "../model/index.ts";
import { career, growth, offspring } from "./testing/scenes-of-code.ts";
import { tales, payment } from "./testing/tales.ts";
import { led } from "./testing/weak-machines.ts";

/** The flows of a trace of one subnet, event by event, with what an onlooker knows before each. */
const flowsAlong = ({ scenario, steps }: Trace): readonly Flow[] => {
  const world = openWorld(scenario.genesis);
  return steps.flatMap((step) => {
    world.previous = null;
    return step.observation.events.flatMap((event) => {
      anticipate(world, event, step);
      const flows = flowsOf(event, world);
      absorb(world, event, step);
      return flows;
    });
  });
};

const scenes = { career: led(model, career), growth: led(model, growth), offspring: led(model, offspring) };

describe.each(Object.entries({ ...tales, ...scenes }))("the flows of the story %s", (_name, tale) => {
  const { scenario, steps } = tale;

  test("make the ledger of its last step", () => {
    const minted = scenario.genesis.canisters.reduce((sum, { balance }) => sum + balance, 0n);
    const begun = { ...changesOf([]), balances: minted, minted };
    const changes = changesOf(flowsAlong(tale));
    const ledger = Object.fromEntries(places.map((place) => [place, begun[place] + changes[place]]));
    expect(ledger).toEqual(steps.at(-1)?.observation.ledger ?? begun);
  });

  test("lose nothing between the places", () => {
    const { there, come } = sidesOf(changesOf(flowsAlong(tale)));
    expect(there).toBe(come);
  });
});

const unknown: Known = {
  arrival: null,
  round: null,
  previous: null,
  canisters: new Map(),
  parameters: payment.scenario.genesis.parameters,
  time: 0n,
  management: [],
};
const told = (event: object): Event => event as Event;

test("flows that move nothing are not told", () => {
  expect(flowsAlong(payment).every(({ cycles }) => cycles > 0n)).toBe(true);
});

test("a top-up is minted onto a balance", () => {
  expect(changesOf(flowsOf(told({ kind: "topped-up", canister: "a", cycles: 5n, balance: 5n }), unknown))).toMatchObject({
    balances: 5n,
    minted: 5n,
  });
});

test.each([
  ["lost", { messages: -5n, lost: 5n }],
  ["returned", { messages: -5n, balances: 5n }],
  ["streamed", {}],
])("the cycles on a dropped message are %s", (fate, changes) => {
  expect(changesOf(flowsOf(told({ kind: "cycles-dropped", owner: "a", cycles: 5n, fate }), unknown))).toEqual({
    ...changesOf([]),
    ...changes,
  });
});

describe("what enters a stream", () => {
  const refund = told({ kind: "message-streamed", to: "south", index: 0, message: { kind: "refund", canister: "a", cycles: 5n } });

  test("comes from a message", () => expect(changesOf(flowsOf(refund, unknown))).toMatchObject({ messages: -5n, sent: 5n }));
  test("or is the reject of what came in", () =>
    expect(
      changesOf(flowsOf(refund, { ...unknown, previous: told({ kind: "message-refused", from: "south", index: 0, error: "IC0201" }) })),
    ).toMatchObject({ messages: 0n, received: 5n, sent: 5n }));
});
