/**
 * Worlds drawn at random, in which every instruction, refusal and limit comes up often: few canisters with short
 * scripts, balances near the freezing threshold, limits that a handful of messages reaches. They are drawn from the
 * types of `spec` alone, so that the example is tried in worlds that nobody who wrote a machine has chosen.
 */
import fc from "fast-check";
import {
  bytes,
  canisterId,
  cycles,
  hex,
  ingressId,
  instructions,
  managementCanister,
  nanoseconds,
  percent,
  publishedParameters,
  seconds,
  stableRoomOf,
  type CanisterGenesis,
  type CanisterId,
  type FeeTable,
  type Genesis,
  type Input,
  type Instruction,
  type Nanoseconds,
  type Parameters,
  type Scenario,
  type Script,
  type Value,
} from "../../spec/index.ts";

const ids = ["alice", "bob", "bo-1", "carol"].map(canisterId);
const [alice, bob] = ids as [CanisterId, CanisterId]; // who are in every world
const anyone = fc.constantFrom(alice, bob, alice, bob, alice, bob, ...ids, canisterId("nobody"));
const method = fc.constantFrom("m", "n", "o", "m", "n", "o", "missing");
const some = (most: number) => fc.integer({ min: 0, max: most });
const someCycles = (most: number) => some(most).map((count) => cycles(BigInt(count)));
const someTime = (most: number) => some(most).map((count) => nanoseconds(BigInt(count)));
const someSeconds = (most: number) => some(most).map((count) => nanoseconds(BigInt(count) * 1_000_000_000n));
const someBytes = (most: number) => fc.uint8Array({ maxLength: most, size: "max" }).map((drawn) => hex(Buffer.from(drawn).toString("hex")));

/** What may be read in most places. */
const given = ["message", "message", "time", "balance", "available", "deadline", "version", "stable-size", "instructions"] as const;

const value: fc.Arbitrary<Value> = fc.oneof(
  fc.oneof(someBytes(2), someBytes(2), someBytes(18), someBytes(70)).map((drawn) => ({ kind: "bytes" as const, bytes: drawn })),
  some(4).map((page) => ({ kind: "page" as const, page })),
  fc.constantFrom(...([...given, ...given, ...given, "refunded"] as const)).map((kind) => ({ kind })),
);
const nothing: fc.Arbitrary<Value> = fc.constant({ kind: "bytes", bytes: hex("") });

const just = <const T>(said: T) => fc.constant(said);

/** An instruction that holds no scripts. Answers come often, or most calls would be given up. */
const plain: fc.Arbitrary<Instruction> = fc.oneof(
  fc.record({ op: just("consume"), instructions: fc.oneof(some(30), some(30), some(1100)).map(instructions) }),
  fc.record({ op: just("write"), page: some(4), value }),
  fc.record({ op: just("write"), page: some(4), value: fc.oneof(nothing, just<Value>({ kind: "bytes", bytes: hex("aa") })) }),
  fc.record({ op: just("stable-grow"), pages: some(3) }),
  fc.record({ op: just("stable-grow"), pages: just(1) }),
  fc.record({ op: just("accept"), cycles: someCycles(600) }),
  fc.record({ op: just("reply"), payload: value }),
  fc.record({ op: just("reply"), payload: nothing }),
  fc.constantFrom<Instruction>({ op: "reject" }, { op: "trap" }),
  fc.record({ op: just("burn"), cycles: fc.oneof(someCycles(90), someCycles(90_000)) }),
  fc.record({ op: just("set-timer"), after: fc.option(someTime(15), { freq: 5 }) }),
);

/** What is called: a canister, or the management canister for randomness. Most of the time it makes sense. */
const target = fc.oneof(
  { weight: 4, arbitrary: fc.record({ callee: anyone, method }) },
  {
    weight: 1,
    arbitrary: fc.record({ callee: just(managementCanister), method: fc.constantFrom("raw_rand", "raw_rand", "raw_rand", "m") }),
  },
);

const branch = (inner: fc.Arbitrary<Script>): fc.Arbitrary<Instruction> =>
  fc.record({ op: just("when-odd"), value, then: inner, otherwise: inner });

const call = (inner: fc.Arbitrary<Script>): fc.Arbitrary<Instruction> =>
  fc
    .record({
      target,
      payload: fc.oneof(nothing, nothing, value),
      attached: fc.oneof(someCycles(900), someCycles(900), someCycles(9000)),
      onReply: inner,
      onReject: inner,
      onCleanup: inner,
      onRefused: inner,
    })
    .map(({ target: to, ...said }) => ({ op: "call", ...to, ...said }));

const scriptOf = (depth: number): fc.Arbitrary<Script> => {
  if (depth === 0) return fc.array(plain, { maxLength: 3, size: "max" });
  const inner = scriptOf(depth - 1);
  const instruction = fc.oneof(
    { weight: 5, arbitrary: plain },
    { weight: 1, arbitrary: branch(inner) },
    { weight: 3, arbitrary: call(inner) },
  );
  return fc.array(instruction, { maxLength: 4, size: "max" });
};
const script = scriptOf(3);

/** A task has nobody to answer: a script that tries ends in a trap, so most do not. */
const task = fc.oneof(script, ...Array<typeof script>(3).fill(script.map((said) => said.filter(({ op }) => !answering.has(op)))));
const answering = new Set(["accept", "reply", "reject"]);

/** Plenty of it in most worlds, so that one limit does not hide the others. */
const limited = <T, U>(scarce: fc.Arbitrary<T>, plenty: U) =>
  fc.oneof({ weight: 1, arbitrary: scarce }, { weight: 2, arbitrary: fc.constant(plenty) });

/** Longer than a scenario takes. */
const month = nanoseconds(2_592_000_000_000_000n);

const price = (most: number) => fc.oneof(fc.constant(cycles(0n)), someCycles(most));
/** Of no day's charge alone: it can be felt in a world of bytes and seconds. */
const felt = (min: number, max: number) => fc.bigInt({ min: BigInt(min), max: BigInt(max) }).map(cycles);
const fees: fc.Arbitrary<FeeTable> = fc.record({
  name: fc.constant("drawn"),
  subnetSize: fc.integer({ min: 1, max: 40 }),
  referenceSubnetSize: fc.constantFrom(1, 7, 13),
  execution: price(200),
  tenInstructions: price(23),
  ingress: price(90),
  ingressByte: price(5),
  ingressScaled: fc.constantFrom("apart", "together"),
  call: price(50),
  transmissionByte: price(5),
  gibSecond: fc.oneof(price(2 ** 28), felt(2 ** 26, 2 ** 32)),
  baseSecond: price(30),
  messageGibSecond: fc.oneof(just(cycles(0n)), price(2 ** 28), felt(2 ** 24, 2 ** 31)),
  percentSecond: price(3),
  creation: price(1000),
  signature: just(cycles(0n)),
  outcall: just(cycles(0n)),
  outcallNode: just(cycles(0n)),
  outcallRequestByte: just(cycles(0n)),
  outcallResponseByte: just(cycles(0n)),
  schedule: fc.constantFrom("free", "normal", "normal", "normal", "normal", "normal"),
});

/** Memory that is scarce from the first page on, or from a later one; of a subnet whose memory is soon full, or is large. */
const storage = fc.oneof(
  fc
    .constantFrom(0, 1_000_000, 1_000_000, 1_000_000)
    .map((capacity) => ({ threshold: bytes(0), capacity: bytes(capacity), period: seconds(0) })),
  fc
    .record({ threshold: fc.oneof(just(0), some(60)), room: fc.integer({ min: 4, max: 100 }), period: fc.integer({ min: 2, max: 5000 }) })
    .map(({ threshold, room, period }) => ({ threshold: bytes(threshold), capacity: bytes(threshold + room), period: seconds(period) })),
);

/** Prices that hold later. When they rise a lot, few can pay for what they began. */
const laterFees = fc.oneof(
  fees,
  fees.map((drawn) => ({ ...drawn, execution: cycles(drawn.execution * 5000n) })),
);

const parameters: fc.Arbitrary<Parameters> = fc
  .record({
    scheduler: just("published"),
    cores: fc.integer({ min: 1, max: 4 }),
    roundInstructionLimit: fc.oneof(some(9), some(500), some(9000)),
    messageInstructionLimit: fc.integer({ min: 1, max: 1000 }).map(instructions),
    sliceInstructionLimit: limited(fc.oneof(fc.integer({ min: 1, max: 5 }), fc.integer({ min: 1, max: 500 })), 1000).map(instructions),
    maxPausedExecutions: some(2),
    allocatable: limited(some(60), 100),
    messageOverhead: fc.integer({ min: 1, max: 20 }).map(instructions),
    cleanupReserve: fc.oneof(some(100), fc.constantFrom(0, 5, 100)),
    queueCapacity: some(3),
    guaranteedResponseMemory: limited(some(900), 1_000_000).map(bytes),
    bestEffortMemory: just(bytes(0)),
    callbackLimit: limited(some(5), 1000),
    callbackQuota: some(2),
    streamCapacity: limited(fc.integer({ min: 1, max: 2 }), 100),
    requestLifetime: limited(someTime(9), month),
    bestEffortLifetime: just(nanoseconds(0n)),
    droppedCycles: just("lost"),
    ingressLifetime: limited(someTime(15), month),
    historyLifetime: limited(someTime(15), month),
    historyCapacity: limited(fc.integer({ min: 1, max: 6 }), 100),
    historyMemory: limited(some(9), 1_000_000).map(bytes),
    inspectionInstructionLimit: just(instructions(0)),
    maxPayload: fc.oneof(some(60), just(40)).map(bytes),
    maxPages: limited(some(4), 5),
    heapPages: fc.oneof(some(2), some(2), just(5)),
    pageSize: limited(some(18), 18).map(bytes),
    tapeLag: fc.integer({ min: 1, max: 3 }),
    storage,
    chargePeriod: fc.oneof(someSeconds(5), just(nanoseconds(2n ** 61n))),
    fees,
  })
  .map((drawn) => ({
    ...publishedParameters,
    ...drawn,
    maxPayload: bytes(Math.max(drawn.maxPayload, 32)), // a reply with randomness has 32 bytes
    queueCapacity: drawn.queueCapacity === 0 ? 100 : drawn.queueCapacity,
    // What is drawn is what a round has left behind a slice and its overhead.
    roundInstructionLimit: instructions(
      Math.min(drawn.sliceInstructionLimit, drawn.messageInstructionLimit) + drawn.messageOverhead + drawn.roundInstructionLimit,
    ),
    // An answer is kept at least for as long as its message could come again.
    historyLifetime: nanoseconds(drawn.ingressLifetime + drawn.historyLifetime),
  }));

/** One of three says more. */
const perhaps = <Said extends object, More extends object>(all: fc.Arbitrary<Said>, more: fc.Arbitrary<More>) =>
  fc.tuple(all, fc.oneof(more, just({}), just({}))).map(([one, other]): Said & Partial<More> => ({ ...one, ...other }));

const canister = (at: number): fc.Arbitrary<CanisterGenesis> =>
  perhaps(
    fc.record({
      id: fc.constant(ids[at]!),
      computeAllocation: fc.oneof(just(0), some(25)).map(percent),
      freezingThreshold: fc.oneof(just(0), some(100), some(5000)).map(seconds),
      balance: fc.oneof(someCycles(3000), someCycles(200_000), someCycles(2_000_000), someCycles(2_000_000)),
      methods: fc.tuple(script, script, script).map((bodies) => bodies.map((body, number) => ({ name: "mno"[number]!, body }))),
      onTimer: task,
    }),
    fc.oneof(fc.record({ onHeartbeat: task }), fc.record({ reservedLimit: someCycles(500) }), fc.record({ stablePages: some(3) })),
  );

/** The expiry that a user names may have passed, come in time, or lie further ahead than is allowed. */
const ingressAfter = (genesis: Nanoseconds): fc.Arbitrary<Input> =>
  perhaps(
    fc.record({
      kind: just("ingress"),
      id: some(40).map((number) => ingressId(`i${number}`)),
      canister: anyone,
      method,
      payload: fc.oneof(someBytes(4), someBytes(4), someBytes(4), someBytes(70)),
    }),
    fc.record({ expiry: someTime(60).map((later) => nanoseconds(genesis + later)) }),
  );

/** Mostly so little that nothing is late yet; sometimes seconds, for which canisters are charged, or a day, for which few can pay. */
const passing = fc.oneof(
  { weight: 12, arbitrary: someTime(9) },
  { weight: 2, arbitrary: someTime(3_500_000_000) },
  { weight: 1, arbitrary: someSeconds(86_400) },
);

const round: fc.Arbitrary<Input> = perhaps(
  fc.record({
    kind: just("round"),
    elapsed: passing,
    tape: fc.uint8Array({ minLength: 32, maxLength: 32 }).map((drawn) => hex(Buffer.from(drawn).toString("hex"))),
  }),
  fc.record({ coreOrder: fc.array(some(5), { maxLength: 4 }) }),
);

const inputAfter = (genesis: Nanoseconds): fc.Arbitrary<Input> =>
  fc.oneof(
    { weight: 12, arbitrary: ingressAfter(genesis) },
    { weight: 10, arbitrary: round },
    { weight: 2, arbitrary: fc.record({ kind: just("top-up"), canister: anyone, cycles: someCycles(50_000) }) },
    { weight: 2, arbitrary: fc.record({ kind: just("set-fees"), fees: laterFees }) },
    { weight: 1, arbitrary: fc.record({ kind: just("create-canister"), canister: fc.constantFrom(0, 2, 3, 3).chain(canister) }) },
    {
      weight: 1,
      arbitrary: fc.record({ kind: just("set-compute-allocation"), canister: anyone, computeAllocation: some(40).map(percent) }),
    },
    { weight: 2, arbitrary: fc.constant<Input>({ kind: "restart" }) },
    { weight: 1, arbitrary: fc.record({ kind: just("uninstall"), canister: anyone }) },
  );

/** A genesis says no more pages of stable memory than there are. */
const withinRoom = (genesis: Genesis): Genesis => ({
  ...genesis,
  canisters: genesis.canisters.map((one) =>
    one.stablePages === undefined ? one : { ...one, stablePages: Math.min(one.stablePages, stableRoomOf(genesis.parameters)) },
  ),
});

/** A scenario of two to four canisters and up to thirty inputs. */
export const worlds: fc.Arbitrary<Scenario> = fc
  .constantFrom(0n, 1_700_000_000_000_000_000n)
  .map(nanoseconds)
  .chain((time) =>
    fc.record({
      genesis: fc
        .record({
          parameters,
          time: fc.constant(time),
          canisters: fc
            .shuffledSubarray([2, 3])
            .chain((more) => fc.shuffledSubarray([0, 1, ...more], { minLength: 2 + more.length }))
            .chain((chosen) => fc.tuple<CanisterGenesis[]>(...chosen.map(canister))),
        })
        .map(withinRoom),
      inputs: fc.array(inputAfter(time), { minLength: 4, maxLength: 30, size: "max" }),
    }),
  );
