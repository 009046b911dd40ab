/** Requests that leave the layer in small stories: they are paid for, wait, and are answered once, by a block. */
import { describe, expect, test } from "vitest";
import {
  bytes,
  cycles,
  feesOf2025,
  feesOfFree,
  hex,
  keyName,
  type ConsensusAnswer,
  type Input,
  type Instruction,
  type Parameters,
  type Trace,
} from "../spec/index.ts";
import { asks, balanced, canister, eventsOfKind as find, ingress, literal, replyWith, round, run, world } from "./testing.ts";

const hash = "ab".repeat(32);
const fees = { ...feesOf2025, signature: cycles(1_000n), outcall: cycles(3n), outcallNode: cycles(2n), subnetSize: 13 };

const pays = (said: string, attached = 5_000n, more: Partial<Instruction & { op: "call" }> = {}): Instruction =>
  asks(said, { attached: cycles(attached), onReply: [replyWith({ kind: "message" })], ...more });

const genesis = (asked: readonly Instruction[], parameters: Partial<Parameters> = {}) =>
  world([canister("a", Object.fromEntries(asked.map((one, k) => [`go${k}`, [one]])))], {
    queueCapacity: 9,
    maxPayload: bytes(128),
    keys: [keyName("key-1")],
    fees,
    ...parameters,
  });

/** What the k-th ingress message asks for, in a round of its own. */
const go = (k: number): readonly Input[] => [ingress(`g${k}`, "a", `go${k}`), round(k + 1)];
const answer = (request: number, reply: string | null = "07"): ConsensusAnswer => ({ request, reply: reply === null ? null : hex(reply) });
const later = (...answers: readonly ConsensusAnswer[]): Input => round(50, 1n, { answers });
const errors = (trace: Trace) => find(trace, "management-answered").map(({ result }) => (result.kind === "reply" ? "" : result.error));
const drawsOf = ({ steps }: Trace) =>
  steps.map(({ observation }) => observation.draws.map(({ purpose, index, asked }) => `${purpose} ${index} of ${asked}`));

describe("a signature", () => {
  test("takes an id, a round later a nonce, and is answered with what was left of the cycles", () => {
    const trace = run(genesis([pays(`sign_with_ecdsa key-1 ${hash}`)]), [
      ...go(0),
      round(2),
      round(3),
      round(4, 1n, { answers: [answer(0)] }),
    ]);
    expect(find(trace, "consensus-asked")).toEqual([
      { kind: "consensus-asked", request: 0, caller: "a", callback: 0, method: "sign_with_ecdsa", fee: 1_000n, kept: 4_000n },
    ]);
    expect(drawsOf(trace)).toEqual([[], [], ["id 0 of 1"], ["nonce 0 of 1"], []]);
    expect(find(trace, "management-answered")).toMatchObject([{ refund: 4_000n, result: { payload: "07" } }]);
    expect(find(trace, "ingress-answered")).toMatchObject([{ result: { payload: "07" } }]);
    expect(balanced(trace)).toBe(true);
  });

  test("is not answered before it has its nonce, and not twice", () => {
    const trace = run(genesis([pays(`sign_with_schnorr key-1 text`)]), [
      ...go(0),
      round(2, 1n, { answers: [answer(0)] }),
      round(3, 1n, { answers: [answer(0)] }),
      later(answer(0), answer(0, null)),
    ]);
    expect(find(trace, "consensus-refused").map(({ error }) => error)).toEqual(["CN0024", "CN0025", "CN0024"]);
    expect(errors(trace)).toEqual(["CN0212"]);
  });

  test("shares the count of draws with those who asked for randomness", () => {
    const trace = run(genesis([pays(`sign_with_ecdsa key-1 ${hash}`), pays("raw_rand", 0n)]), [
      ingress("g0", "a", "go0"),
      ingress("g1", "a", "go1"),
      round(1),
      round(2),
    ]);
    expect(drawsOf(trace).at(-1)).toEqual(["randomness 0 of 1", "id 1 of 1"]);
  });

  test.each([
    ["a key that the subnet does not hold", `sign_with_ecdsa key-2 ${hash}`, 5_000n, {}],
    ["a cycle less than the price", "vetkd_derive_key key-1 text", 999n, {}],
    ["a queue without room", "vetkd_derive_key key-1 text", 5_000n, { signatureQueue: 0 }],
    ["outcalls without room", "http_request https://a", 10n ** 11n, { outcallLimit: 0 }],
  ])("is refused for %s", (_what, said, attached, parameters) => {
    const trace = run(genesis([pays(said, attached)], parameters), [...go(0), round(2)]);
    expect(errors(trace)).toEqual(["IC0406"]);
    expect(find(trace, "management-answered")).toMatchObject([{ refund: attached }]);
    expect(drawsOf(trace).flat()).toEqual([]);
  });

  test("has a queue for each method and key", () => {
    const keys = ["key-1", "key-2"].map(keyName);
    const said = ["key-1 x", "key-1 x", "key-2 x"].map((one) => pays(`vetkd_derive_key ${one}`));
    const trace = run(genesis([...said, pays("sign_with_schnorr key-1 x")], { keys, signatureQueue: 1 }), [
      ...[0, 1, 2, 3].flatMap(go),
      round(9),
    ]);
    expect(find(trace, "consensus-asked").map(({ request, callback }) => [request, callback])).toEqual([
      [0, 0],
      [1, 2],
      [2, 3],
    ]);
    expect(errors(trace)).toEqual(["IC0406"]);
  });
});

describe("a derived key", () => {
  test("has an id and no nonce, and may be answered in the next round", () => {
    const trace = run(genesis([pays("vetkd_derive_key key-1 text")]), [...go(0), round(2), later(answer(0)), round(9)]);
    expect(drawsOf(trace).flat()).toEqual(["id 0 of 1"]);
    expect(errors(trace)).toEqual([""]);
  });
});

describe("an outcall", () => {
  test("is paid for by the longest answer, and for all nodes", () => {
    const trace = run(genesis([pays("http_request https://a 10", 10n ** 9n)]), [...go(0), round(2)]);
    const price = 13n * (3n + 2n * 13n + 400n * BigInt("https://a 10".length) + 800n * 10n);
    expect(find(trace, "consensus-asked")).toMatchObject([{ fee: price, kept: 10n ** 9n - price }]);
    expect(drawsOf(trace).flat()).toEqual([]);
  });

  test("costs nothing where nothing does", () => {
    const trace = run(genesis([pays("http_request https://a", 1n)], { fees: feesOfFree }), [...go(0), round(2)]);
    expect(find(trace, "consensus-asked")).toMatchObject([{ fee: 0n, kept: 1n }]);
  });

  test("is answered with no more bytes than it allows", () => {
    const asked = genesis([pays("http_request https://a 1", 10n ** 9n)]);
    const trace = run(asked, [...go(0), round(2), later(answer(0, "01"), answer(0, "0102"))]);
    expect(find(trace, "consensus-refused")).toEqual([{ kind: "consensus-refused", request: 0, error: "CN0026" }]);
    expect(find(trace, "management-answered")).toMatchObject([{ result: { payload: "01" } }]);
  });
});

describe("the answers of a block", () => {
  const both = [pays("vetkd_derive_key key-1 x"), pays("vetkd_derive_key key-1 y")];

  test("are taken from the last to the first", () => {
    const trace = run(genesis(both), [...go(0), ...go(1), round(3), later(answer(0), answer(1))]);
    expect(find(trace, "consensus-answered").map(({ request }) => request)).toEqual([1, 0]);
  });

  test("come also in rounds that are skipped", () => {
    const writes = canister("w", { go: [{ op: "write", page: 0, value: literal("01") }, replyWith(literal(""))] });
    const asking = genesis(both, { heapDeltaCapacity: bytes(32), heapDeltaReserve: bytes(32) });
    const trace = run({ ...asking, canisters: [...asking.canisters, writes] }, [
      ...go(0),
      ingress("w", "w", "go"),
      round(2),
      later(answer(0)),
    ]);
    expect(find(trace, "round-skipped")).toHaveLength(1);
    expect(errors(trace)).toEqual([""]);
  });

  test("find a caller that is gone", () => {
    const best = pays("vetkd_derive_key key-1 x", 5_000n, { timeout: 3n as never });
    const trace = run(genesis([best]), [...go(0), round(2), round(3, 10_000_000_000n), later(answer(0))]);
    expect(find(trace, "response-late")).toMatchObject([{ caller: "a", refund: 4_000n }]);
    expect(balanced(trace)).toBe(true);
  });

  test("are not lost over a restart", () => {
    const trace = run(genesis(both), [...go(0), round(2), { kind: "restart" }, ...go(1), round(3), later(answer(1), answer(0))]);
    expect(find(trace, "consensus-asked").map(({ request }) => request)).toEqual([0, 1]);
    expect(errors(trace)).toEqual(["", ""]);
  });
});

test.each([
  ["sign_with_ecdsa key-1 AB", "IC0408"],
  ["sign_with_schnorr key-1", "IC0408"],
  ["vetkd_derive_key key_1 x", "IC0408"],
  ["http_request http://a", "IC0408"],
  ["http_request https://", "IC0408"],
  ["http_request https://a 2000001", "IC0408"],
  [`http_request https://${"a".repeat(60)} 0 0`, "IC0408"],
])("%s is not understood", (said, error) => {
  const trace = run(genesis([pays(said)]), [...go(0), round(2)]);
  expect(find(trace, "request-bounced")).toMatchObject([{ error }]);
});
