/** What busy worlds reach, counted on the optimized machine: a property can only see what happens. */
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { drive, faultsOf, type Event, type Scenario, type Trace } from "../../spec/index.ts";
import { impl } from "../../impl/index.ts";
import { everything } from "../vocabulary.ts";
import { busyWorlds, withFewerInputs } from "./busy.ts";

const worlds = fc.sample(busyWorlds(everything), { seed: 7, numRuns: 1_000 });
const traces = worlds.map((world) => drive(impl, world) as Trace);
const eventsOf = ({ steps }: Trace): readonly Event[] => steps.flatMap(({ observation }) => observation.events);

/** What an event is called in the counts below. */
const namesOf = (event: Event): readonly string[] => {
  switch (event.kind) {
    case "executed": {
      const traps = event.trap === null ? [] : [`trap ${event.trap}`];
      const cleanups = event.cleanup === "none" ? [] : [`cleanup ${event.cleanup}`];
      const moved = [
        event.accepted > 0n ? "accepted" : "",
        event.burned > 0n ? "burned" : "",
        event.refunded > 0n ? "refunded" : "",
        event.timer === null ? "" : "timer",
      ];
      return [`executed ${event.cause.kind}`, ...traps, ...cleanups, ...moved.filter((name) => name !== "")];
    }
    case "not-executed":
    case "ingress-refused":
    case "request-bounced":
      return [`${event.kind} ${event.error}`];
    case "answered":
      return [`answered ${event.result.kind === "reply" ? "reply" : event.result.error}`];
    default:
      return [event.kind];
  }
};

/** In how many of a hundred worlds something happens. */
const shareOf = (name: string): number =>
  (100 * traces.filter((trace) => eventsOf(trace).some((event) => namesOf(event).includes(name))).length) / traces.length;

describe("busy worlds", () => {
  test("have no faults", () => expect(worlds.flatMap(({ genesis }) => faultsOf(genesis))).toEqual([]));

  test.each([
    ["executed response", 40],
    ["executed timer", 15],
    ["accepted", 8],
    ["burned", 20],
    ["refunded", 25],
    ["timer", 25],
    ["trap IC0532", 0.5],
    ["trap IC0502", 4],
    ["trap IC0503", 20],
    ["trap IC0504", 15],
    ["trap IC0520", 6],
    ["trap IC0522", 8],
    ["cleanup completed", 4],
    ["cleanup trapped", 3],
    ["not-executed IC0207", 6],
    ["not-executed IC0536", 20],
    ["ingress-refused CN0001", 15],
    ["ingress-refused CN0002", 10],
    ["ingress-refused IC0301", 15],
    ["ingress-refused IC0207", 3],
    ["request-bounced IC0301", 4],
    ["request-bounced IC0408", 2],
    ["request-bounced IC0536", 1],
    ["answered reply", 80],
    ["answered IC0406", 10],
    ["answered IC0506", 20],
    ["request-inducted", 40],
    ["response-inducted", 40],
    ["randomness-answered", 10],
    ["tasks-chosen", 40],
    ["executed heartbeat", 15],
    ["topped-up", 15],
    ["top-up-refused", 1],
    ["restarted", 15],
  ])("reach %s in at least %d of a hundred", (name, least) => expect(shareOf(name)).toBeGreaterThanOrEqual(least));

  test("lead most messages of users to an execution that completes", () => {
    const received = traces.flatMap(eventsOf).filter(({ kind }) => kind === "ingress-received").length;
    const completed = traces
      .flatMap(eventsOf)
      .filter(
        (event) =>
          event.kind === "executed" && event.trap === null && event.cause.kind === "update" && event.cause.origin.kind === "ingress",
      ).length;
    expect(completed / received).toBeGreaterThan(0.55);
  });

  test("come to rest, mostly", () => {
    const resting = traces.filter(({ steps }) => {
      const ledger = steps.at(-1)?.observation.ledger;
      return ledger !== undefined && ledger.messages + ledger.contexts + ledger.callbacks === 0n;
    });
    expect(resting.length / traces.length).toBeGreaterThan(0.75);
  });

  test("are the same for the same seed", () => {
    const again = fc.sample(busyWorlds(everything), { seed: 7, numRuns: 5 });
    expect(again).toEqual(worlds.slice(0, 5));
  });

  test("are shrunk by leaving inputs out", () => {
    const [world] = worlds as [Scenario];
    const smaller = [...withFewerInputs(world)];
    expect(smaller.length).toBeGreaterThan(world.inputs.length);
    for (const { genesis, inputs } of smaller) {
      expect(genesis).toBe(world.genesis);
      expect(inputs.length).toBeLessThan(world.inputs.length);
    }
  });

  test("are shrunk by fast-check to the inputs that matter", () => {
    const found = fc.check(
      fc.property(busyWorlds(everything), ({ inputs }) => !inputs.some(({ kind }) => kind === "top-up")),
      { seed: 7 },
    );
    expect(found.counterexample?.[0].inputs.map(({ kind }) => kind)).toEqual(["top-up"]);
  });
});
