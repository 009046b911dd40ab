/**
 * Stories of the scheduler: a message that takes three slices and loses two, a canister that writes too much, and one
 * that comes and goes. Slices have 40 instructions; a page has 32 bytes.
 */
import { bytes, canisterId, hex, instructions, percent, type Input, type Instruction, type Trace } from "../../spec/index.ts";
import {
  answeredUser,
  began,
  canister,
  ended,
  executed,
  fromUser,
  ingress,
  rejected,
  removed,
  replied,
  reply,
  round,
  story,
  turn,
  world,
} from "./stories.ts";

export const consume = (count: number): Instruction => ({ op: "consume", instructions: instructions(count) });
const write = (page: number, text: string): Instruction => ({ op: "write", page, value: { kind: "bytes", bytes: hex(text) } });
export const narrow = { roundInstructionLimit: instructions(42), sliceInstructionLimit: instructions(40) };
const checkpoint: Input = { ...(round() as Input & { readonly kind: "round" }), checkpoint: true };

export const received = (id: string) => [{ kind: "ingress-received", ingress: id }];
export const inducted = (id: string, to: string, balance: bigint): object => ({
  kind: "ingress-inducted",
  ingress: id,
  canister: to,
  fee: 5n,
  balance,
});
export const turnOf = (core: number, id: string, used: number, drained: boolean, ...events: readonly object[]): readonly object[] => [
  { kind: "turn-began", iteration: 1, core, canister: id },
  ...events,
  { kind: "turn-ended", iteration: 1, core, canister: id, instructions: used, drained },
];
export const resumed = (id: string, afresh: boolean): object => ({ kind: "execution-resumed", canister: id, afresh });
export const paused = (slices: number, balance: bigint): object => ({
  kind: "execution-paused",
  canister: "a",
  cause: fromUser("x"),
  slices,
  instructions: slices * 40,
  prepaid: 110n,
  since: 1,
  balance,
});
export const finished = (slices: number): object => ({ kind: "execution-finished", canister: "a", slices, since: 1, postponed: 0n });
export const given = (id: string, context: number, user: string, result: object) => [
  ...answeredUser(id, context, user, result),
  removed(id, context),
];

/** A message of three slices is aborted after two by a checkpoint, and begins again; another one waits, and its fee too. */
export const marathon: Trace = story(world([canister("a", { m0: [consume(89), reply("aa")], m1: [reply("bb")] })], narrow), [
  { input: ingress("x", "a", "m0"), events: received("x") },
  {
    input: round(),
    events: [began(1, 1n), inducted("x", "a", 995n), ...turnOf(0, "a", 42, true, paused(1, 885n)), ended(1, 1, 42)],
    ledger: { balances: 885n, executions: 110n, burned: 5n },
  },
  { input: ingress("y", "a", "m1"), events: received("y"), ledger: { balances: 885n, executions: 110n, burned: 5n } },
  {
    input: checkpoint,
    events: [
      began(2, 2n),
      inducted("y", "a", 885n),
      ...turnOf(0, "a", 42, false, resumed("a", false), paused(2, 885n)),
      { kind: "execution-aborted", canister: "a", slices: 2, instructions: 80, postponed: 5n, balance: 880n },
      ended(2, 1, 42),
    ],
    ledger: { balances: 880n, executions: 110n, burned: 10n },
  },
  ...([3, 4] as const).map((height) => ({
    input: round(),
    events: [
      began(height, BigInt(height)),
      ...turnOf(0, "a", 42, false, resumed("a", height === 3), paused(height - 2, 880n)),
      ended(height, 1, 42),
    ],
    ledger: { balances: 880n, executions: 110n, burned: 10n },
  })),
  {
    input: round(),
    events: [
      began(5, 5n),
      ...turnOf(
        0,
        "a",
        12,
        false,
        resumed("a", false),
        executed("a", 0, { cause: fromUser("x"), instructions: 90, charged: 100n, balance: 890n }),
        finished(3),
        ...given("a", 0, "x", replied("aa")),
      ),
      ended(5, 1, 12),
    ],
    ledger: { balances: 890n, burned: 110n },
  },
  {
    input: round(),
    events: [
      began(6, 6n),
      ...turnOf(0, "a", 3, true, executed("a", 1, { cause: fromUser("y", "m1"), balance: 879n }), ...given("a", 1, "y", replied("bb"))),
      ended(6, 1, 3),
    ],
    ledger: { balances: 879n, burned: 121n },
  },
]);

const silent = rejected("IC0506");

/** Two pages are twice the limit of a canister, three the capacity of the subnet: a round is suspended, another one skipped. */
export const gluttony: Trace = story(
  world([canister("a", { m0: [write(0, "aa"), write(1, "bb")], m1: [write(0, "cc")] })], {
    heapDeltaRateLimit: bytes(32),
    heapDeltaCapacity: bytes(96),
    roundInstructionLimit: instructions(102),
  }),
  [
    { input: ingress("x", "a", "m0"), events: received("x") },
    {
      input: round(),
      events: [
        began(1, 1n),
        inducted("x", "a", 995n),
        ...turn(
          1,
          "a",
          4,
          executed("a", 0, {
            cause: fromUser("x"),
            instructions: 2,
            charged: 12n,
            wrote: [
              [0, "aa"],
              [1, "bb"],
            ],
            balance: 983n,
          }),
          ...given("a", 0, "x", silent),
        ),
        ended(1, 1, 4),
      ],
      ledger: { balances: 983n, burned: 17n },
    },
    { input: ingress("y", "a", "m1"), events: received("y"), ledger: { balances: 983n, burned: 17n } },
    {
      input: round(),
      events: [
        began(2, 2n),
        inducted("y", "a", 978n),
        { kind: "canister-suspended", iteration: 1, canister: "a", heapDebit: 32 },
        ended(2, 0, 0),
      ],
      ledger: { balances: 978n, burned: 22n },
    },
    {
      input: round(),
      events: [
        began(3, 3n),
        ...turn(
          1,
          "a",
          3,
          executed("a", 1, { cause: fromUser("y", "m1"), wrote: [[0, "cc"]], balance: 967n }),
          ...given("a", 1, "y", silent),
        ),
        ended(3, 1, 3),
      ],
      ledger: { balances: 967n, burned: 33n },
    },
    { input: ingress("z", "a", "m1"), events: received("z"), ledger: { balances: 967n, burned: 33n } },
    {
      input: checkpoint,
      events: [began(4, 4n), { kind: "round-skipped", height: 4, heapDelta: 96, limit: 96 }, inducted("z", "a", 962n), ended(4, 0, 0)],
      ledger: { balances: 962n, burned: 38n },
    },
    {
      input: round(),
      events: [
        began(5, 5n),
        ...turn(1, "a", 3, executed("a", 2, { cause: fromUser("z", "m1"), balance: 951n }), ...given("a", 2, "z", silent)),
        ended(5, 1, 3),
      ],
      ledger: { balances: 951n, burned: 49n },
    },
  ],
);

const b = canisterId("b");
const both = { balances: 2_000n, minted: 2_000n };
const alone = { balances: 1_000n, burned: 1_000n, minted: 2_000n };

/** A canister comes, is asked, and is gone before it can answer; its id stays its own. */
export const arrivals: Trace = story(world([canister("a", { m0: [reply("aa")] })]), [
  {
    input: { kind: "create-canister", canister: canister("b", { m0: [reply("bb")] }, { computeAllocation: percent(30) }) },
    events: [{ kind: "canister-created", canister: "b", computeAllocation: 30, balance: 1_000n }],
    ledger: both,
  },
  {
    input: { kind: "create-canister", canister: canister("b", {}) },
    events: [{ kind: "canister-create-refused", canister: "b", error: "IC0205" }],
    ledger: both,
  },
  {
    input: { kind: "set-compute-allocation", canister: canisterId("a"), computeAllocation: percent(70) },
    events: [{ kind: "allocation-refused", canister: "a", error: "IC0101" }],
    ledger: both,
  },
  {
    input: { kind: "set-compute-allocation", canister: canisterId("a"), computeAllocation: percent(60) },
    events: [{ kind: "allocation-set", canister: "a", computeAllocation: 60 }],
    ledger: both,
  },
  { input: ingress("x", "b", "m0"), events: received("x"), ledger: both },
  { input: { kind: "delete-canister", canister: b }, events: [{ kind: "canister-deleted", canister: "b", burned: 1_000n }], ledger: alone },
  {
    input: round(),
    events: [began(1, 1n), { kind: "ingress-answered", ingress: "x", result: rejected("IC0301") }, ended(1, 0, 0)],
    ledger: alone,
  },
  {
    input: { kind: "create-canister", canister: canister("b", {}) },
    events: [{ kind: "canister-create-refused", canister: "b", error: "IC0205" }],
    ledger: alone,
  },
  {
    input: { kind: "delete-canister", canister: b },
    events: [{ kind: "canister-delete-refused", canister: "b", error: "IC0301" }],
    ledger: alone,
  },
]);
