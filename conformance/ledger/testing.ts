/** Scenes and traces for the tests of this folder: those of the reference, and the same with a lie in one place. */
import { createModel } from "../../model/index.ts";
import {
  canisterId,
  cycles,
  drive,
  feesOf2025,
  hex,
  instructions,
  managementCanister,
  nanoseconds,
  percent,
  type Event,
  type EventKind,
  type Input,
  type Instruction,
  type Ledger,
  type Scenario,
  type Step,
  type Trace,
} from "../../spec/index.ts";
import { callTo, canister, genesisOf, ingress, round, topUp } from "../testing/worlds.ts";

const later = (seconds: bigint): Input => ({ kind: "round", elapsed: nanoseconds(seconds * 1_000_000_000n), tape: hex("ab".repeat(32)) });
const replying: Instruction = { op: "reply", payload: { kind: "bytes", bytes: hex("") } };

/** A byte costs a cycle a second, and a page has 32 of them; a percent of a core costs 3 cycles a second. One canister cannot pay. */
export const charged: Scenario = {
  genesis: genesisOf(
    [
      canister("writer", { go: [{ op: "write", page: 1, value: { kind: "bytes", bytes: hex("01") } }] }),
      canister("busy", {}, { computeAllocation: percent(10) }),
      canister("poor", {}, { computeAllocation: percent(1), balance: cycles(50n) }),
      canister("idle"),
    ],
    { fees: { ...feesOf2025, gibSecond: cycles(2n ** 30n), percentSecond: cycles(3n) } },
  ),
  inputs: [ingress("m", "writer", "go"), later(1n), later(9n), later(4n), later(7n), topUp("poor", 5n), later(10n)],
};

/** A call whose callee loses its code while it waits for randomness. */
export const parted: Scenario = {
  genesis: genesisOf([
    canister("alpha", { go: [callTo("beta", "serve", { attached: cycles(500n) })] }),
    canister("beta", { serve: [callTo(managementCanister, "raw_rand", { onReply: [replying] })] }),
  ]),
  inputs: [ingress("m", "alpha", "go"), round(), { kind: "uninstall", canister: canisterId("beta") }, round(), round(), round()],
};

const lengthy: Instruction = { op: "consume", instructions: instructions(150) };

/** A call of which both ends are executed in slices; in between a user writes to the callee. */
export const sliced: Scenario = {
  genesis: genesisOf(
    [
      canister("alpha", { go: [callTo("beta", "serve", { attached: cycles(500n), onReply: [lengthy, replying] })] }),
      canister("beta", { serve: [lengthy, { op: "accept", cycles: cycles(300n) }, replying] }),
    ],
    { sliceInstructionLimit: instructions(100), roundInstructionLimit: instructions(210) },
  ),
  inputs: [ingress("m", "alpha", "go"), round(), ingress("n", "beta", "serve"), ...Array.from({ length: 8 }, () => round())],
};

/** What the reference does. */
export const traced = (scenario: Scenario): Trace => drive(createModel(), scenario) as Trace;

type Told<Kind extends EventKind> = Extract<Event, { readonly kind: Kind }>;

/** The same trace in which the first event of a kind is told otherwise; `null` leaves it out. */
export const retold = <Kind extends EventKind>(
  trace: Trace,
  kind: Kind,
  change: (event: Told<Kind>) => Partial<Told<Kind>> | null,
): Trace => {
  const at = trace.steps.findIndex(({ observation }) => observation.events.some((event) => event.kind === kind));
  let done = false;
  return withStep(trace, at, (step) => ({
    ...step,
    observation: {
      ...step.observation,
      events: step.observation.events.flatMap((event): readonly Event[] => {
        if (done || event.kind !== kind) return [event];
        done = true;
        const lie = change(event as Told<Kind>);
        return lie === null ? [] : [{ ...event, ...lie }];
      }),
    },
  }));
};

/** The same trace with another ledger after one of its steps. */
export const withLedger = (trace: Trace, at: number, change: (ledger: Ledger) => Partial<Ledger>): Trace =>
  withStep(trace, at, (step) => {
    const { ledger } = step.observation;
    return { ...step, observation: { ...step.observation, ledger: { ...ledger, ...change(ledger) } } };
  });

const withStep = (trace: Trace, at: number, change: (step: Step) => Step): Trace => ({
  ...trace,
  steps: trace.steps.map((step, index) => (index === at ? change(step) : step)),
});
