/** Scenes and traces for the tests of this folder: those of the reference, and the same with a lie in one place. */
import { createModel } from "../../model/index.ts";
import {
  accountId,
  asciiOf,
  bytes,
  canisterId,
  cycles,
  drive,
  e8s,
  feesOf2025,
  hex,
  instructions,
  managementCanister,
  nanoseconds,
  percent,
  seconds,
  type Event,
  type EventKind,
  type Input,
  type Instruction,
  type Ledger,
  type Scenario,
  type Step,
  type TokenGenesis,
  type Trace,
} from "../../spec/index.ts";
import { callTo, canister, genesisOf, ingress, round, topUp } from "../testing/worlds.ts";

const later = (seconds: bigint): Input => ({ kind: "round", elapsed: nanoseconds(seconds * 1_000_000_000n), tape: hex("ab".repeat(32)) });
const replying: Instruction = { op: "reply", payload: { kind: "bytes", bytes: hex("") } };

const [alice, bob] = [accountId("alice"), accountId("bob")];

/** A token is worth 2 ten-thousandths of an XDR: so many cycles are worth one e8. */
const tokensOfAlice: TokenGenesis = {
  accounts: [{ account: alice, balance: e8s(10_000n) }],
  permyriad: 2n,
  transferFee: e8s(10n),
  penalties: { topUp: e8s(20n), create: e8s(30n) },
  mintLimit: cycles(1_000_000n),
  mintWindow: nanoseconds(1_000n),
};

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

/** A callee that is executed in slices begins again when prices have risen, and cannot pay; then its caller cannot either. */
export const dearer: Scenario = {
  genesis: genesisOf(
    [
      canister("alpha", { go: [callTo("beta", "serve", { attached: cycles(500n), onReject: [replying] })] }),
      canister("beta", { serve: [lengthy, replying] }),
    ],
    { sliceInstructionLimit: instructions(100), roundInstructionLimit: instructions(105) },
  ),
  inputs: [
    ingress("m", "alpha", "go"),
    round(),
    { ...round(), checkpoint: true } as Input,
    { kind: "set-fees", fees: { ...feesOf2025, name: "dear", execution: cycles(10n ** 14n) } },
    ...Array.from({ length: 4 }, () => round()),
  ],
};

/** Memory is scarce: a byte sets aside for hours what it costs, and that pays for memory, and for the place of a response, by the second. */
export const scarce: Scenario = {
  genesis: genesisOf(
    [
      canister("writer", {
        go: [{ op: "write", page: 0, value: { kind: "bytes", bytes: hex("01") } }, callTo(managementCanister, "raw_rand")],
      }),
      canister("leaver", { go: [{ op: "write", page: 0, value: { kind: "bytes", bytes: hex("01") } }] }),
    ],
    {
      tapeLag: 100,
      storage: { threshold: bytes(0), capacity: bytes(1_024), period: seconds(864_000) },
      fees: { ...feesOf2025, gibSecond: cycles(2n ** 30n), messageGibSecond: cycles(2n ** 30n) },
    },
  ),
  inputs: [
    ingress("m", "writer", "go"),
    ingress("n", "leaver", "go"),
    later(1n),
    later(10n),
    { kind: "delete-canister", canister: canisterId("leaver") },
  ],
};

const asking = (method: string, words: string): Instruction =>
  callTo(managementCanister, method, { payload: { kind: "bytes", bytes: asciiOf(words) } });

/** A canister keeps a chunk, once, where memory is scarce; it is no cheaper for being cleared away. */
export const chunked: Scenario = {
  genesis: genesisOf(
    [
      canister("keeper", {
        go: [asking("upload_chunk", "keeper m"), asking("upload_chunk", "keeper m"), asking("clear_chunk_store", "keeper")],
      }),
    ],
    { storage: { threshold: bytes(0), capacity: bytes(2 ** 24), period: seconds(864_000) } },
  ),
  inputs: [ingress("m", "keeper", "go"), round(), round(), round()],
};

/** Tokens become cycles on a canister that is there, on one that is created, and not on one that is nowhere; what was minted for that one is used then. */
export const converted: Scenario = {
  genesis: { ...genesisOf([canister("alpha")], { fees: { ...feesOf2025, creation: cycles(300n) } }), tokens: tokensOfAlice },
  inputs: [
    { kind: "transfer", from: alice, to: bob, tokens: e8s(1_000n) },
    { kind: "pay", from: alice, tokens: e8s(100n), purpose: { kind: "top-up", canister: canisterId("ghost") } },
    { kind: "notify", conversion: 0 },
    { kind: "pay", from: alice, tokens: e8s(150n), purpose: { kind: "top-up", canister: canisterId("alpha") } },
    { kind: "notify", conversion: 1 },
    { kind: "pay", from: bob, tokens: e8s(200n), purpose: { kind: "create", canister: canisterId("gamma") } },
    { kind: "notify", conversion: 2 },
    { kind: "set-rate", permyriad: 2n },
    { kind: "reward", account: bob, reward: { unit: "xdr", permyriad: 7n } },
    { kind: "pay", from: alice, tokens: e8s(1n), purpose: { kind: "create", canister: canisterId("delta") } },
  ],
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
