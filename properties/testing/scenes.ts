/**
 * Scenes: worlds of which only the beginning is written by hand. A test leads a machine through one and so gets a true
 * tale, often of two subnets; what must be condemned is that tale doctored in one place. Prices are those of the stories.
 */
import {
  bytes,
  canisterId,
  cycles,
  hex,
  instructions,
  nanoseconds,
  subnetId,
  type CanisterGenesis,
  type Delivery,
  type Genesis,
  type Instruction,
  type Move,
  type Parameters,
  type Scenario,
  type Script,
  type Slice,
  type StreamMessage,
  type Value,
} from "../../spec/index.ts";
import { callTo, canister, ingress, network, reply, replyMessage, round, world } from "./stories.ts";

/** A subnet that knows where the canisters of others are. */
export const subnet = (
  own: string,
  canisters: readonly CanisterGenesis[],
  routes: Readonly<Record<string, string>>,
  parameters: Partial<Parameters> = {},
): Genesis => ({
  ...world(canisters, parameters),
  network: {
    own: subnetId(own),
    routes: Object.entries(routes).map(([id, at]) => ({ canister: canisterId(id), subnet: subnetId(at) })),
  },
});

/** A round of one of several subnets, in which it is handed what these others sent: at most `count` new messages of each. */
export const roundOf = (own: number, others: readonly number[] = [], count = 50, elapsed = 1n): Move => ({
  ...round(elapsed),
  subnet: own,
  deliveries: others.map((from): Delivery => ({ from, count })),
});

/** A payload of so many bytes. */
export const bytesOf = (count: number): Value => ({ kind: "bytes", bytes: hex("2a".repeat(count)) });

/** Takes 40 of what is attached, and says 07. */
export const serving: Script = [{ op: "accept", cycles: cycles(40n) }, reply("07")];

/** A round has time for one message. */
const oneByOne = { roundInstructionLimit: instructions(network.messageInstructionLimit + network.messageOverhead) };

/** Calls that wait for 3 nanoseconds, with payloads of so many bytes; the k-th, from 1, has k cycles. */
const hurried = (sizes: readonly number[]): readonly Instruction[] =>
  sizes.map((size, k) => callTo({ timeout: nanoseconds(3n), payload: bytesOf(size), attached: cycles(BigInt(k + 1)) }));

/** Canister a of subnet here, which runs this for its users, and b of subnet there, which runs that for a. */
const acrossSubnets = (asking: Script, answering: Script, inputs: readonly Move[], parameters: Partial<Parameters> = {}): Scenario => ({
  genesis: subnet("here", [canister("a", { m0: asking })], { b: "there" }, parameters),
  others: [subnet("there", [canister("b", { m1: answering })], { a: "here" }, parameters)],
  inputs,
});

const thereAndBack: readonly Move[] = [ingress("x", "a", "m0"), roundOf(0), roundOf(1, [0]), roundOf(0, [1]), roundOf(1, [0])];

/** A call to another subnet with 100 cycles, of which 60 come back; then nobody has anything more to say. */
export const exchange = acrossSubnets([callTo({ attached: cycles(100n), onReply: [replyMessage] })], serving, thereAndBack);

/** Two calls to another subnet, one behind the other. */
export const procession = acrossSubnets(
  [callTo({ attached: cycles(3n) }), callTo({ attached: cycles(4n) }), reply()],
  [reply()],
  thereAndBack,
);

/** The same where a stream holds one message. */
export const strait = acrossSubnets(
  [callTo({ attached: cycles(3n) }), callTo({ attached: cycles(4n) }), reply()],
  [reply()],
  [ingress("x", "a", "m0"), roundOf(0), roundOf(0), roundOf(1, [0]), roundOf(0, [1])],
  { streamCapacity: 1 },
);

/** Users ask a again and again, which each time makes two calls to b; and b gets no round in which to answer. */
export const flood = acrossSubnets(
  [callTo(), callTo(), reply()],
  [reply()],
  [1, 2, 3, 4, 5].flatMap((k) => [ingress(`x${k}`, "a", "m0"), roundOf(0)]),
  { streamCapacity: 1 },
);

/** One call to another subnet; from then on every round of both is handed all that there is, eight times over. */
export const calm = acrossSubnets(
  [callTo({ onReply: [replyMessage] })],
  [reply("07")],
  [ingress("x", "a", "m0"), ...Array.from({ length: 8 }, () => [roundOf(0, [1]), roundOf(1, [0])]).flat()],
);

/** A call to each of two other subnets, whose answers come in one round. */
export const fork: Scenario = {
  genesis: subnet("here", [canister("a", { m0: [callTo(), callTo({ callee: canisterId("c") }), reply()] })], { b: "there", c: "yonder" }),
  others: [
    subnet("there", [canister("b", { m1: [reply("0b")] })], { a: "here", c: "yonder" }),
    subnet("yonder", [canister("c", { m1: [reply("0c")] })], { a: "here", b: "there" }),
  ],
  inputs: [ingress("x", "a", "m0"), roundOf(0), roundOf(1, [0]), roundOf(2, [0]), roundOf(0, [1, 2])],
};

type Said<Kind extends StreamMessage["kind"]> = Extract<StreamMessage, { readonly kind: Kind }>;

/** A message of a stranger: a request of `far` to a, unless something else is said. */
export const strange = (more: Partial<Said<"request">> = {}): Said<"request"> => ({
  kind: "request",
  caller: canisterId("far"),
  callback: 0,
  callee: canisterId("a"),
  method: "m1",
  payload: hex(""),
  attached: cycles(5n),
  deadline: null,
  ...more,
});

/** What `far` says to call 0 of a. */
export const strangeAnswer = (refund: bigint, respondent = "far"): Said<"response"> => ({
  kind: "response",
  caller: canisterId("a"),
  callback: 0,
  respondent: canisterId(respondent),
  result: { kind: "reply", payload: hex("07") },
  refund: cycles(refund),
  deadline: null,
});

/** A slice of the stream of strangers. */
export const sliceOf = (messages: readonly StreamMessage[], more: Partial<Slice> = {}): Slice => ({
  from: subnetId("there"),
  begin: 0,
  messages,
  signals: 0,
  ...more,
});

/** Canister a asks `far`, of a subnet that is not in the scenario, with 3 cycles; then these slices come, each in a round. */
export const strangers = (slices: readonly (readonly Slice[])[], parameters: Partial<Parameters> = {}): Scenario => ({
  genesis: subnet(
    "here",
    [canister("a", { m0: [callTo({ callee: canisterId("far"), attached: cycles(3n) }), reply()], m1: [reply()] })],
    { far: "there", further: "yonder" },
    parameters,
  ),
  inputs: [ingress("x", "a", "m0"), round(), ...slices.map((handed) => round(1n, handed))],
});

/**
 * A jam: a makes four best-effort calls to b on its subnet, each with its number and one as cycles; a round has time for one message, and
 * the loopback stream has two places. Then it is late: one request never left, one waits at b, one is in the stream, and so is an answer.
 */
export const jam = (parameters: Partial<Parameters> = {}): Scenario => ({
  genesis: world([canister("a", { m0: [...hurried([0, 0, 0, 0]), reply()] }), canister("b", { m1: [reply("07")] })], {
    ...oneByOne,
    streamCapacity: 2,
    queueCapacity: 4,
    ...parameters,
  }),
  inputs: [ingress("x", "a", "m0"), round(), round(), round(9n), round(), round(), round()],
});

/** The same with b on another subnet, where two requests come at once, one is answered, and then it is late. */
export const farJam = (parameters: Partial<Parameters> = {}): Scenario =>
  acrossSubnets(
    [...hurried([0, 0]), reply()],
    [reply("07")],
    [ingress("x", "a", "m0"), roundOf(0), roundOf(1, [0]), roundOf(1, [], 0, 9n), roundOf(0, [1]), roundOf(1, [0])],
    { ...oneByOne, ...parameters },
  );

/** Best-effort calls with payloads of 1, 3, 3 and 2 bytes, where so many of them leave at once, and queues have memory for so many bytes. */
export const ballast = (memory: number, streamCapacity = 1): Scenario => ({
  genesis: world([canister("a", { m0: [...hurried([1, 3, 3, 2]), reply()] }), canister("b", { m1: [reply("07")] })], {
    ...oneByOne,
    streamCapacity,
    queueCapacity: 4,
    bestEffortMemory: bytes(memory),
  }),
  inputs: [ingress("x", "a", "m0"), round(), round()],
});

/** Two best-effort calls to another subnet, whose replies come back in one round, which has time for one of them; and there is no memory for the other. */
export const heap = acrossSubnets(
  [...hurried([0, 0]), reply()],
  [reply("07")],
  [ingress("x", "a", "m0"), roundOf(0), roundOf(1, [0]), roundOf(1), roundOf(0, [1]), roundOf(0)],
  { ...oneByOne, bestEffortMemory: bytes(0) },
);
