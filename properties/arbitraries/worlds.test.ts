/** What holds of all pools, and what the worlds of several subnets, of backlogs and of slow consumers are made of. */
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { model } from "../../model/index.ts";
import { drive, faultsOf, type Event, type Genesis, type Ledger, type Scenario, type Trace } from "../../spec/index.ts";
import { sidesOf } from "../flows.ts";
import { everything, without, type Vocabulary } from "../vocabulary.ts";
import { backloggedWorlds } from "./backlogged.ts";
import { bitcoinWorlds } from "./bitcoin.ts";
import { certifyingWorlds } from "./certifying.ts";
import { codedWorlds } from "./coded.ts";
import { chargedWorlds, placedWorlds } from "./charged.ts";
import { networkedWorlds, withFewerInputs } from "./busy.ts";
import {
  allWorlds,
  crampedWorlds,
  forgetfulWorlds,
  inspectingWorlds,
  lateWorlds,
  providedWorlds,
  sheddingWorlds,
  taskedWorlds,
  uninstallingWorlds,
} from "./focuses.ts";
import { impatientWorlds } from "./impatient.ts";
import { slowConsumerWorlds } from "./slow.ts";
import { strangeWorlds } from "./strange.ts";
import { billedWorlds, repricedWorlds, storedWorlds } from "./thrifty.ts";

const drawnFrom = (worlds: (vocabulary: Vocabulary) => fc.Arbitrary<Scenario>, numRuns: number, seed = 11): readonly Scenario[] =>
  fc.sample(worlds(everything), { seed, numRuns });

const led = (world: Scenario): Trace => drive(model, world) as Trace;

const genesesOf = ({ genesis, others = [] }: Scenario): readonly Genesis[] => [genesis, ...others];

const eventsOf = ({ steps }: Trace): readonly Event[] => steps.flatMap(({ observation }) => observation.events);

/** What is in places less what came into being: nothing, where nothing got lost. */
const surplus = (ledger: Ledger): bigint => {
  const { there, come } = sidesOf(ledger);
  return there - come;
};

/** The last ledger of each subnet. */
const lastLedgers = ({ steps }: Trace): readonly Ledger[] => [
  ...new Map(steps.map(({ subnet = 0, observation }) => [subnet, observation.ledger])).values(),
];

const pools = {
  networkedWorlds,
  allWorlds,
  lateWorlds,
  sheddingWorlds,
  impatientWorlds,
  crampedWorlds,
  taskedWorlds,
  inspectingWorlds,
  forgetfulWorlds,
  uninstallingWorlds,
  strangeWorlds,
  backloggedWorlds,
  slowConsumerWorlds,
  chargedWorlds,
  storedWorlds,
  billedWorlds,
  repricedWorlds,
  certifyingWorlds,
  bitcoinWorlds,
  codedWorlds,
  providedWorlds,
  hurriedCode: (vocabulary: Vocabulary) => codedWorlds(vocabulary, { hurried: true, stored: true, charged: true, long: true }),
};

describe.each(Object.entries(pools))("%s", (_, worlds) => {
  const drawn = drawnFrom(worlds, 25);

  test("have no faults", () => expect(drawn.flatMap(genesesOf).flatMap(faultsOf)).toEqual([]));

  test("are the same for the same seed", () => expect(drawnFrom(worlds, 3)).toEqual(drawn.slice(0, 3)));

  test("lead the reference to the end, and no cycles get lost on the way", () => {
    for (const world of drawn) for (const { observation } of led(world).steps) expect(surplus(observation.ledger)).toBe(0n);
  });

  test("are smaller by their inputs alone", () => {
    for (const smaller of withFewerInputs(drawn[0]!)) {
      expect(smaller.inputs.length).toBeLessThan(drawn[0]!.inputs.length);
      expect({ ...smaller, inputs: [] }).toEqual({ ...drawn[0]!, inputs: [] });
    }
  });
});

describe("worlds of several subnets", () => {
  const drawn = drawnFrom(networkedWorlds, 150);
  const traces = drawn.map(led);

  test("have two or three, each with a name of its own, and nobody lives twice", () => {
    for (const world of drawn) {
      const geneses = genesesOf(world);
      const ids = geneses.flatMap(({ canisters }) => canisters.map(({ id }) => id));
      expect([2, 3]).toContain(geneses.length);
      expect(new Set(geneses.map(({ network }) => network?.own)).size).toBe(geneses.length);
      expect(new Set(ids).size).toBe(ids.length);
    }
  });

  test("agree on the largest payload", () => {
    for (const world of drawn) expect(new Set(genesesOf(world).map(({ parameters }) => parameters.maxPayload)).size).toBe(1);
  });

  test("know every other canister mostly, and some that are nowhere", () => {
    const kinds = drawn.map((world) => {
      const home = new Map(genesesOf(world).flatMap(({ network, canisters }) => canisters.map(({ id }) => [id, network!.own] as const)));
      const routes = genesesOf(world).flatMap(({ network }) => network!.routes);
      const strayed = routes.filter(({ canister, subnet }) => home.get(canister) !== subnet).length;
      return { strayed, missing: home.size * (genesesOf(world).length - 1) - (routes.length - strayed) };
    });
    expect(kinds.filter(({ missing }) => missing === 0).length / kinds.length).toBeGreaterThan(0.6);
    expect(kinds.filter(({ missing }) => missing > 0).length / kinds.length).toBeGreaterThan(0.1);
    expect(kinds.filter(({ strayed }) => strayed > 0).length / kinds.length).toBeGreaterThan(0.3);
  });

  test("hand over most of what is sent, and some of it again", () => {
    const events = traces.flatMap(eventsOf);
    const across = events.filter((event) => event.kind === "message-streamed" && event.to !== "atlantis").length;
    const seen = traces.flatMap(lastSignals).reduce((sum, signals) => sum + signals, 0);
    expect(seen / across).toBeGreaterThan(0.7);
    expect(
      drawn.filter(({ inputs }) => inputs.some((move) => "deliveries" in move && move.deliveries?.some(({ again }) => again))).length,
    ).toBeGreaterThan(drawn.length / 2);
  });

  test("come to rest, mostly", () => {
    const resting = traces.filter((trace) =>
      lastLedgers(trace).every(({ messages, contexts, callbacks }) => messages + contexts + callbacks === 0n),
    );
    expect(resting.length / traces.length).toBeGreaterThan(0.5);
  });

  test("are of one subnet for a machine that knows no others", () => {
    for (const { others, inputs, genesis } of fc.sample(networkedWorlds(without(new Set(["slice-admit"]))), { seed: 1, numRuns: 20 })) {
      expect(others).toBeUndefined();
      expect(genesis.network).toBeUndefined();
      expect(inputs.filter((move) => "deliveries" in move || "slices" in move)).toEqual([]);
    }
  });
});

/** How much each subnet has seen of each other one in the end. */
const lastSignals = ({ steps }: Trace): readonly number[] => {
  const seen = new Map<string, number>();
  for (const { subnet = 0, observation } of steps)
    for (const event of observation.events) if (event.kind === "slice-taken") seen.set(`${subnet} ${event.from}`, event.signals);
  return [...seen.values()];
};

test("a backlog has messages of users, of canisters here and of canisters elsewhere, mostly of several", () => {
  const served = drawnFrom(backloggedWorlds, 60).map((world) => {
    const near = new Set(world.genesis.canisters.map(({ id }) => id));
    const senders = eventsOf(led(world)).flatMap((event) =>
      event.kind === "executed" && event.canister === "m-sink" && event.cause.kind === "update" ? [event.cause.origin] : [],
    );
    const callers = senders.flatMap((origin) => (origin.kind === "canister" ? [origin.canister] : []));
    return {
      users: senders.filter(({ kind }) => kind === "ingress").length,
      near: new Set(callers.filter((id) => near.has(id))).size,
      far: new Set(callers.filter((id) => !near.has(id))).size,
    };
  });
  expect(served.filter(({ users, near, far }) => users > 2 && near > 0 && far > 0).length / served.length).toBeGreaterThan(0.8);
  expect(served.filter(({ near, far }) => near > 1 && far > 1).length / served.length).toBeGreaterThan(0.4);
});

test("producers of a slow consumer are told so, and in the end all is worked off", () => {
  for (const world of drawnFrom(slowConsumerWorlds, 40)) {
    const trace = led(world);
    for (const { messages, contexts, callbacks } of lastLedgers(trace)) expect(messages + contexts + callbacks).toBe(0n);
  }
  const told = drawnFrom(slowConsumerWorlds, 40).filter((world) =>
    eventsOf(led(world)).some((event) => event.kind === "executed" && event.refusedCalls.some(({ error }) => error === "IC0201")),
  );
  expect(told.length).toBeGreaterThan(30);
});

describe("worlds with rents", () => {
  const drawn = drawnFrom(placedWorlds, 80);
  const share = (holds: (world: Scenario) => boolean): number => drawn.filter(holds).length / drawn.length;

  test("have free subnets, both ways to scale ingress, both schedulers, and slices", () => {
    const having = (wanted: (parameters: Genesis["parameters"]) => boolean): number => share(({ genesis }) => wanted(genesis.parameters));
    expect(having(({ fees }) => fees.schedule === "free")).toBeGreaterThan(0);
    expect(having(({ fees }) => fees.ingressScaled === "apart")).toBeGreaterThan(0.25);
    expect(having(({ fees }) => fees.ingressScaled === "together")).toBeGreaterThan(0.25);
    expect(having(({ scheduler }) => scheduler === "current")).toBeGreaterThan(0.25);
    expect(having((parameters) => parameters.sliceInstructionLimit < parameters.messageInstructionLimit)).toBeGreaterThan(0.25);
  });

  test("have elapsed times of no second, of less than one, of days and of years", () => {
    const elapsed = drawn.flatMap(({ inputs }) => inputs.flatMap((move) => (move.kind === "round" ? [move.elapsed] : [])));
    for (const [least, most] of [
      [0n, 0n],
      [1n, 999_999_999n],
      [9_990_000_000n, 9_990_000_000n],
      [10n ** 14n, 10n ** 15n],
      [10n ** 16n, 10n ** 17n],
    ] as const)
      expect(elapsed.filter((passed) => passed >= least && passed <= most).length / elapsed.length).toBeGreaterThan(0.02);
  });

  test("pay more than a double can say, some of them", () => {
    const paid = drawn.map((world) => eventsOf(led(world)).map((event) => (event.kind === "resources-charged" ? event.memory : 0n)));
    expect(paid.filter((sums) => sums.some((sum) => sum > 2n ** 53n)).length / drawn.length).toBeGreaterThan(0.1);
  });

  test("charge nobody where a machine knows no charges", () => {
    for (const world of fc.sample(chargedWorlds(without(new Set(["memory-charge"]))), { seed: 2, numRuns: 40 }))
      expect(eventsOf(led(world)).filter(({ kind }) => kind === "resources-charged")).toEqual([]);
  });
});
