/** Equal keys have equal futures: what the key leaves out can change nothing but the names under which things are told. */
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { createStepper, type State } from "../../model/index.ts";
import { busyWorlds, without } from "../../properties/index.ts";
import { hex, nanoseconds, type CanisterGenesis, type Genesis, type Hex, type Input } from "../../spec/index.ts";
import { anyClock, clockOf, keyOf, observationKey, type Clock } from "./canonical.ts";
import { modelSystem, type Situation } from "./model-system.ts";
import { smallWorld, usualScopes, type Move, type SmallWorld, type WorldName } from "./worlds.ts";

interface Pair {
  readonly left: Situation;
  readonly right: Situation;
}

/** Pairs of states with equal keys that were reached in different ways, from a walk of so many states. */
const pairsIn = (world: SmallWorld, clock: (genesis: Genesis) => Clock, most: number): readonly Pair[] => {
  const system = modelSystem(world);
  const key = ({ genesis, state }: Situation) => keyOf(state, clock(genesis)).join("\n");
  const seen = new Map<string, Situation>();
  const pairs: Pair[] = [];
  let level = system.initial;
  for (const situation of level) seen.set(key(situation), situation);
  while (level.length > 0 && seen.size < most) {
    const next: Situation[] = [];
    for (const situation of level)
      for (const move of system.movesOf(situation)) {
        const after = system.step(situation, move).state;
        const known = seen.get(key(after));
        if (known === undefined) {
          seen.set(key(after), after);
          next.push(after);
        } else if (known.state.height !== after.state.height || known.state.history.size !== after.state.history.size) {
          pairs.push({ left: known, right: after });
        }
      }
    level = next;
  }
  return pairs;
};

/** What is seen of a move, with the names of the states before, and the key of what comes of it. */
const futureOf = (world: SmallWorld, clock: Clock, situation: Situation, move: Move): readonly string[] => {
  const system = modelSystem(world);
  const told: string[] = [];
  let now = situation;
  for (const act of move) {
    const { state, observation } = system.step(now, [act]);
    for (const { observation: seen } of observation.steps) told.push(observationKey(seen, now.state, clock));
    now = state;
  }
  return [...told, ...keyOf(now.state, clock)];
};

/** In how many of the pairs some move tells the two apart. */
const partings = (world: SmallWorld, clock: (genesis: Genesis) => Clock, pairs: readonly Pair[]): number => {
  const system = modelSystem(world);
  return pairs.filter(({ left, right }) =>
    system.movesOf(left).some((move) => {
      const [one, other] = [left, right].map((situation) => futureOf(world, clock(left.genesis), situation, move).join("\n"));
      return one !== other;
    }),
  ).length;
};

/** With a query that tells this. */
const telling = (canister: CanisterGenesis, kind: "version" | "certificate" | "certified"): CanisterGenesis => ({
  ...canister,
  methods: [...canister.methods, { name: kind, mode: "query", body: [{ op: "reply", payload: { kind } }] }],
});

const kindsOf = ({ moves }: SmallWorld) => new Set(moves.flatMap((move) => move.map(({ kind }) => kind)));
const every = <T>(items: readonly T[], most: number): readonly T[] => items.filter((_, at) => at % Math.ceil(items.length / most) === 0);

describe("states with equal keys cannot be told apart", () => {
  test.each([
    ["calls", {}],
    ["timers", {}],
    ["scheduler", { canisters: 2, cores: 2, allocations: [0], slices: 2 }],
    ["scheduler", { scheduler: "current", canisters: 3, cores: 3, allocations: [50], inputs: 1, slices: 2 }],
  ] as const)("in the world %s %j", (name: WorldName, more) => {
    const world = smallWorld(name, { ...usualScopes[name], ...more });
    const clock = (genesis: Genesis) => clockOf(genesis, kindsOf(world));
    const pairs = every(pairsIn(world, clock, 400), 60);
    expect(pairs.length).toBeGreaterThan(20);
    expect(partings(world, clock, pairs)).toBe(0);
  });
  test("and a key that leaves out too much is found out: without the time, timers part", () => {
    const world = smallWorld("timers", usualScopes.timers);
    const careless = (): Clock => ({ reads: "nothing", period: 1, versions: false, callers: false });
    expect(partings(world, careless, every(pairsIn(world, careless, 200), 60))).toBeGreaterThan(0);
  });
  test("nor can priorities go without the height: their reset shows", () => {
    const world = smallWorld("scheduler", { ...usualScopes.scheduler, canisters: 2, cores: 1, allocations: [0, 80], inputs: 1 });
    const [, , uneven] = world.geneses;
    expect(clockOf(uneven!, kindsOf(world)).period).toBe(200);
    expect(clockOf({ ...uneven!, parameters: { ...uneven!.parameters, cores: 2 } }, kindsOf(world)).period).toBe(1);
    expect(clockOf(uneven!, new Set([...kindsOf(world), "create-canister"])).period).toBe(0);
  });
  test("nor can versions, where a script names its own", () => {
    const world = smallWorld("scheduler", { ...usualScopes.scheduler, canisters: 2, cores: 2, allocations: [0], slices: 2 });
    const open: SmallWorld = {
      ...world,
      geneses: world.geneses.map((genesis) => ({ ...genesis, canisters: genesis.canisters.map((one) => telling(one, "version")) })),
      moves: [...world.moves, [{ kind: "query", canister: world.geneses[0]!.canisters[0]!.id, method: "version", payload: hex("") }]],
    };
    const [genesis] = open.geneses;
    expect(clockOf(genesis!, kindsOf(open)).versions).toBe(true);
    expect(clockOf(world.geneses[0]!, kindsOf(world)).versions).toBe(false);
    const blind = (): Clock => ({ ...clockOf(genesis!, kindsOf(open)), versions: false });
    expect(partings(open, blind, every(pairsIn(open, blind, 200), 60))).toBeGreaterThan(0);
  });
  test("nor can anything that the root tells, where a query hands it out", () => {
    const world = smallWorld("scheduler", { ...usualScopes.scheduler, canisters: 2, cores: 2, allocations: [0], slices: 2 });
    const [genesis] = world.geneses;
    const asking = (kind: "certificate" | "certified") =>
      clockOf({ ...genesis!, canisters: genesis!.canisters.map((one) => telling(one, kind)) }, new Set(["round", "query"]));
    expect(asking("certificate")).toMatchObject({ reads: "state", period: 0 });
    expect(asking("certified").period).toBe(0);
    expect(clockOf(genesis!, new Set(["round", "query"])).period).toBeGreaterThan(0);
  });
  test("nor can answers, where users read the state", () => {
    const world = smallWorld("calls", usualScopes.calls);
    const read: SmallWorld = { ...world, moves: [...world.moves, [{ kind: "read-state", paths: [["request_status", "i0"]] }]] };
    const [genesis] = world.geneses;
    expect(clockOf(genesis!, kindsOf(read))).toEqual({ reads: "state", period: 0, versions: false, callers: false });
    const blind = (): Clock => clockOf(genesis!, kindsOf(world));
    expect(partings(read, blind, every(pairsIn(world, blind, 200), 60))).toBeGreaterThan(0);
  });
});

test("chunks are the same in whatever order they came", () => {
  const [genesis] = smallWorld("timers", usualScopes.timers).geneses;
  const { initial } = createStepper(genesis!);
  const keeping = (...chunks: readonly (readonly [digest: Hex, text: string])[]): string => {
    const canisters = new Map([...initial.canisters].map(([id, canister]) => [id, { ...canister, chunks: new Map(chunks) }]));
    return keyOf({ ...initial, canisters }, anyClock).join();
  };
  const [one, other] = [[hex("0f"), "a"] as const, [hex("01"), "b"] as const];
  expect(keeping(one, other)).toBe(keeping(other, one));
  expect(keeping(one)).not.toBe(keeping(other));
});

/** Worlds with a core for everybody, in which published priorities do not matter. */
const roomyWorlds = busyWorlds(without(new Set(["tape-make"])), {
  network: (network) => ({ ...network, scheduler: "published", cores: 16 }),
});

/** The same input in another calendar. */
const laterBy = (shift: bigint, input: Input): Input =>
  input.kind === "ingress" && input.expiry !== undefined ? { ...input, expiry: nanoseconds(input.expiry + shift) } : input;

describe("in worlds as the properties draw them", () => {
  const after = (genesis: Genesis, inputs: readonly Input[]): readonly State[] => {
    const stepper = createStepper(genesis);
    let state = stepper.initial;
    return inputs.map((input) => (state = stepper.step(state, input).state));
  };
  test("a restart keeps the key", () =>
    fc.assert(
      fc.property(busyWorlds(without(new Set(["restart"]))), ({ genesis, inputs }) => {
        const stepper = createStepper(genesis);
        for (const state of after(genesis, inputs))
          expect(keyOf(stepper.step(state, { kind: "restart" }).state, anyClock)).toEqual(keyOf(state, anyClock));
      }),
      { numRuns: 15, seed: 7 },
    ));
  test("rounds without work before everything change no key, and neither does another calendar", () => {
    let compared = 0;
    fc.assert(
      fc.property(roomyWorlds, ({ genesis, inputs }) => {
        const clock = clockOf(genesis, new Set(inputs.map(({ kind }) => kind)));
        if (clock.reads === "time" || clock.period !== 1) return;
        // A charge moves the time of the last one, and a heartbeat is work.
        if (genesis.parameters.chargePeriod < 2n ** 52n) return;
        if (genesis.canisters.some(({ onHeartbeat }) => onHeartbeat !== undefined)) return;
        const tape = inputs.find((input) => input.kind === "round")?.tape;
        if (tape === undefined) return;
        const idle: Input = { kind: "round", elapsed: nanoseconds(5n), tape };
        const shifted: Genesis = { ...genesis, time: nanoseconds(genesis.time + 1_000_000n) };
        const plain = after(genesis, inputs).map((state) => keyOf(state, clock));
        const later = after(shifted, [idle, idle, idle, ...inputs.map((input) => laterBy(1_000_015n, input))]).slice(3);
        expect(later.map((state) => keyOf(state, clock))).toEqual(plain);
        compared++;
      }),
      { numRuns: 300, seed: 3 },
    );
    expect(compared).toBeGreaterThan(5);
  });
});
