/** What an onlooker writes down is what the reference machine, asked for its state, says of itself: after every input. */
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { byId, networkOf, type CanisterView, type Genesis, type Scenario, type Session, type StateView } from "../../spec/index.ts";
import { model } from "../../model/index.ts";
import { busyWorlds, networkedWorlds } from "../arbitraries/busy.ts";
import { chargedWorlds } from "../arbitraries/charged.ts";
import { codedWorlds } from "../arbitraries/coded.ts";
import { managedWorlds } from "../arbitraries/managed.ts";
import { outcallWorlds } from "../arbitraries/outcalls.ts";
import { queryWorlds } from "../arbitraries/queries.ts";
import { scheduledWorlds } from "../arbitraries/scheduled.ts";
import { billedWorlds, repricedWorlds, storedWorlds } from "../arbitraries/thrifty.ts";
import { firstDifference } from "../laws/comparison.ts";
import { everything } from "../vocabulary.ts";
import { absorb, anticipate } from "./absorb.ts";
import { usedNow } from "./budgets.ts";
import type { TrackedExecution } from "./executions.ts";
import { countInputs } from "./queues.ts";
import { openWorld, type TrackedCanister, type World } from "./world.ts";

/** What the notebook of the scheduler keeps. */
type Untold = "accumulatedPriority" | "queryInstructions" | "executedRounds" | "heapDebit";

const viewOf = (world: World): Omit<StateView, "canisters" | "heapDelta"> & { readonly canisters: readonly object[] } => ({
  height: world.height as StateView["height"],
  time: world.time as StateView["time"],
  canisters: [...world.canisters.values()].map((canister) => ({ ...canisterOf(canister), queryInstructions: usedNow(world, canister.id) })),
  ingress: [...world.ingress.values()]
    .sort((left, right) => byId(left.id, right.id))
    .map(({ id, status, result, answeredAt: time }) => {
      if (status === "answered") return [id, { kind: status, result, time }];
      return [id, status === "done" ? { kind: status, time } : { kind: status }];
    }) as StateView["ingress"],
  waitingForManagement: world.management.length,
  waitingForRandomness: world.waiting.length,
  waitingForConsensus: world.consensus.size,
  streams: [...world.streams]
    .filter(([, { begin, messages, signals }]) => begin + messages.length + signals > 0)
    .sort(([left], [right]) => byId(left, right))
    .map(([to, { begin, messages, signals }]) => ({ to, begin, messages: messages.length, signals })),
  prices: world.parameters.fees.name,
  tokens: null,
});

const canisterOf = (canister: TrackedCanister): Omit<CanisterView, Untold> => {
  const {
    id,
    status,
    stops,
    version,
    history,
    installDebit,
    snapshots,
    chunks,
    memoryAllocation,
    balance,
    reserved,
    chargedAt,
    pages,
    stablePages,
    timer,
    certifiedData,
    installed,
    hook,
    tasks,
    turn,
    queues,
    contexts,
    openCalls,
    execution,
    genesis,
  } = canister;
  const untyped: unknown = {
    id,
    computeAllocation: genesis.computeAllocation,
    memoryAllocation,
    status,
    stops: stops.length,
    version,
    changes: history.total,
    installDebit,
    snapshots: [...snapshots.keys()].sort((left, right) => left - right),
    chunks: [...chunks.keys()].sort(),
    balance,
    reserved,
    chargedAt,
    execution: execution === null ? null : executionOf(execution),
    pages: [...pages].sort(([left], [right]) => left - right),
    stablePages,
    timer,
    certifiedData,
    installed,
    tasks: [...(hook === "ready" ? ["low-memory"] : []), ...tasks],
    turn,
    source: queues.source,
    inputs: countInputs(queues),
    outputs: [...queues.outputs.values()].flat().length,
    contexts: [...contexts.values()]
      .sort((left, right) => left.id - right.id)
      .map(({ id: number, origin, status, available }) => ({ id: number, origin, status, available })),
    callbacks: [...openCalls]
      .sort((left, right) => left.callback - right.callback)
      .map(({ callback, context, callee, attached, deadline, reserve }) => ({
        id: callback,
        context,
        callee,
        attached,
        deadline,
        reserve,
      })),
  };
  return untyped as CanisterView;
};

const executionOf = ({ since, prepaid, attempt }: TrackedExecution): object => ({
  status: attempt === null ? "aborted" : "paused",
  since,
  prepaid,
  prices: attempt?.prices.fees.name ?? null,
  slices: attempt?.slices ?? 0,
  instructions: attempt?.instructions ?? 0,
  postponed: attempt?.postponed ?? 0n,
});

const told = ({ heapDelta: _delta, ...view }: StateView): object => ({
  ...view,
  streams: view.streams.filter(({ begin, messages, signals }) => begin + messages + signals > 0),
  canisters: view.canisters.map(({ accumulatedPriority: _, executedRounds: _rounds, heapDebit: _debit, ...canister }) => canister),
});

/** Where the notebook and the machine part first, over a whole scenario; and how much of what ran was not foreseen. */
const followed = (scenario: Scenario): { readonly difference: string | null; readonly ran: number; readonly unforeseen: number } => {
  const genesis: readonly Genesis[] = [scenario.genesis, ...(scenario.others ?? [])];
  const sessions = genesis.map((own) => model.boot(own) as Session);
  const worlds = genesis.map(openWorld);
  const network = networkOf(genesis);
  let [ran, unforeseen] = [0, 0];
  for (const [at, move] of scenario.inputs.entries()) {
    const { subnet, input } = network.arrange(move);
    const observation = sessions[subnet]!.apply(input) as Awaited<ReturnType<Session["apply"]>>;
    network.carry(subnet, observation);
    const world = worlds[subnet]!;
    world.previous = null;
    for (const event of observation.events) {
      anticipate(world, event, { input, observation });
      if (event.kind === "executed") {
        ran++;
        if (world.foreseen === null) unforeseen++;
      }
      absorb(world, event, { input, observation });
    }
    const difference = firstDifference(viewOf(world), told(sessions[subnet]!.view!() as StateView));
    if (difference !== null) return { difference: `input ${at} (${input.kind}), subnet ${subnet}: ${difference}`, ran, unforeseen };
  }
  return { difference: null, ran, unforeseen };
};

describe.each([
  ["one subnet", busyWorlds(everything), 60],
  ["several subnets", networkedWorlds(everything), 40],
  ["slices", scheduledWorlds(everything), 60],
  ["rents", chargedWorlds(everything), 45],
  ["scarce memory", storedWorlds(everything), 45],
  ["messages that are billed", billedWorlds(everything), 45],
  ["canisters that decide about each other", managedWorlds(everything), 45],
  ["code that comes and goes", codedWorlds(everything), 45],
  ["code that is long, and memory that is scarce", codedWorlds(everything, { long: true, stored: true, charged: true }), 40],
  ["what consensus answers", outcallWorlds(everything), 45],
  ["chunks that come and go", codedWorlds(everything, { chunked: true }), 45],
  ["queries", queryWorlds(everything), 45],
  ["prices that change", repricedWorlds(everything), 45],
] as const)("in worlds of %s, an onlooker", (_name, worlds, numRuns) => {
  const outcomes = fc.sample(worlds, { seed: 20_251_120, numRuns }).map(followed);

  test("knows the state after every input", () => expect(outcomes.flatMap(({ difference }) => difference ?? []).slice(0, 3)).toEqual([]));

  test("foresees every execution", () => {
    expect(outcomes.reduce((sum, { ran }) => sum + ran, 0)).toBeGreaterThan(numRuns);
    expect(outcomes.reduce((sum, { unforeseen }) => sum + unforeseen, 0)).toBe(0);
  });
});
