/** Requests that leave the layer: what they cost, how long they wait, which answers are taken, and who hears of them. */
import { describe, expect, test } from "vitest";
import {
  asciiOf,
  bytes,
  canisterId,
  hex,
  instructions,
  keyName,
  type ConsensusAnswer,
  type Event,
  type Input,
  type Observation,
  type Parameters,
} from "../spec/index.ts";
import { boot, type EngineSession } from "./engine.ts";
import { ask, manage, manager, order, told } from "./small-management.ts";
import { consume, ingress, only, reply, round, smallParameters, smallWorld, write, type SmallCanister } from "./small-world.ts";

const hash = `k1 ${"ab".repeat(32)}`;
/** Of 13 nodes: 13 · (2 + 13 · 1 + 11 + 8). */
const outcall = "https://a 8";
const outcallPrice = 442n;

const wide = { maxPayload: bytes(128), queueCapacity: 10 };
const led = (said: Record<string, SmallCanister> = {}, parameters: Partial<Parameters> = {}): EngineSession =>
  boot(smallWorld({ boss: manager({ attached: 500n }), other: manager({ attached: 500n }), ...said }, { ...wide, ...parameters }));

/** What comes back: a reply, or nothing. */
const answer = (request: number, text: string | null = "5a"): ConsensusAnswer => ({ request, reply: text === null ? null : hex(text) });
const roundWith = (...answers: readonly ConsensusAnswer[]): Input => ({
  ...(round(0n) as Extract<Input, { kind: "round" }>),
  answers,
});
const consensus = (events: readonly Event[]): Event[] => events.filter(({ kind }) => kind.startsWith("consensus-"));
const purposes = ({ draws }: Observation): string[] => draws.map(({ purpose, index, callback }) => `${index} ${purpose} ${callback}`);
const waiting = (session: EngineSession): number => session.view().waitingForConsensus;

describe("a signature", () => {
  test("is paid at once, gets its id, a round later its nonce, and comes back with the rest of the cycles", () => {
    const session = led();
    ask(session, "sign_with_ecdsa", hash);
    const asked = session.view().height;
    const before = session.apply({ kind: "restart" }).ledger;
    const taken = session.apply(round(0n));
    expect(consensus(taken.events)).toEqual([
      { kind: "consensus-asked", request: 0, caller: "boss", callback: 0, method: "sign_with_ecdsa", fee: 40n, kept: 460n },
    ]);
    expect(told(taken.events)).toEqual([]);
    expect([before.messages, taken.ledger.messages, taken.ledger.burned - before.burned]).toEqual([500n, 460n, 40n]);
    expect(session.view()).toMatchObject({ waitingForManagement: 0, waitingForConsensus: 1 });
    expect(taken.draws).toMatchObject([{ tape: 2, index: 0, purpose: "id", asked, canister: "boss", callback: 0 }]);
    const prepared = session.apply(round(0n));
    expect(prepared.draws).toMatchObject([{ tape: 3, index: 0, purpose: "nonce", asked, canister: "boss", callback: 0 }]);
    expect(session.apply(round(0n)).draws).toEqual([]);
    const answered = session.apply(roundWith(answer(0)));
    expect(answered.events.slice(1, 3)).toEqual([
      { kind: "consensus-answered", request: 0 },
      { kind: "management-answered", caller: "boss", callback: 0, result: { kind: "reply", payload: "5a" }, refund: 460n },
    ]);
    expect(only(answered.events, "ingress-answered")).toMatchObject([{ result: { kind: "reply", payload: "5a" } }]);
    expect([waiting(session), answered.ledger.messages]).toEqual([0, 0n]);
  });

  test("of an unknown key, one too many, or one that is not paid for, is refused, in this order", () => {
    const refused = (words: string, attached: bigint, parameters: Partial<Parameters>) => {
      const session = led({ boss: manager({ attached }) }, parameters);
      const events = order(session, "sign_with_schnorr", words);
      return [...told(events), waiting(session)];
    };
    expect(refused("k9 t", 500n, {})).toEqual([["boss", "IC0406", 500n], 0]);
    expect(refused("k1 t", 500n, { keys: [] })).toEqual([["boss", "IC0406", 500n], 0]);
    expect(refused("k1 t", 500n, { keys: [keyName("k1")], signatureQueue: 0 })).toEqual([["boss", "IC0406", 500n], 0]);
    expect(refused("k1 t", 39n, {})).toEqual([["boss", "IC0406", 39n], 0]);
    expect(refused("k1 t", 40n, {})).toEqual([1]);
  });

  test("waits in a queue of its method and its key, which has room again behind an answer", () => {
    const session = led();
    const asked = (method: "sign_with_ecdsa" | "sign_with_schnorr" | "vetkd_derive_key", words: string): string =>
      told(order(session, method, words))[0]?.[1] ?? "waits";
    expect([1, 2, 3].map(() => asked("sign_with_schnorr", "k1 t"))).toEqual(["waits", "waits", "IC0406"]);
    expect([1, 2, 3].map(() => asked("vetkd_derive_key", "k1 t"))).toEqual(["waits", "waits", "IC0406"]);
    expect([1, 2, 3].map(() => asked("sign_with_schnorr", "k2 t"))).toEqual(["waits", "waits", "IC0406"]);
    session.apply(round(0n));
    session.apply(roundWith(answer(0)));
    expect([1, 2].map(() => asked("sign_with_schnorr", "k1 t"))).toEqual(["waits", "IC0406"]);
    expect([asked("sign_with_ecdsa", hash), waiting(session)]).toEqual(["waits", 7]);
  });

  test("costs more on a greater subnet, and what it costs when it is taken up", () => {
    const session = led();
    ask(session, "vetkd_derive_key", "k1 t");
    session.apply({ kind: "set-fees", fees: { ...smallParameters.fees, subnetSize: 26 } });
    expect(consensus(session.apply(round(0n)).events)).toMatchObject([{ fee: 80n, kept: 420n }]);
    session.apply({ kind: "set-fees", fees: { ...smallParameters.fees, schedule: "free" } });
    expect(told(session.apply(roundWith(answer(0))).events)).toEqual([["boss", "5a", 420n]]);
    expect(consensus(order(session, "vetkd_derive_key", "k1 t"))).toMatchObject([{ request: 1, fee: 0n, kept: 500n }]);
  });
});

describe("an outcall", () => {
  test("is paid for by the bytes of its argument and of the longest answer, on each node", () => {
    const session = led();
    const events = order(session, "http_request", outcall);
    expect(consensus(events)).toMatchObject([{ method: "http_request", fee: outcallPrice, kept: 500n - outcallPrice }]);
    expect(told(order(led({ boss: manager({ attached: outcallPrice - 1n }) }), "http_request", outcall))).toMatchObject([
      ["boss", "IC0406", outcallPrice - 1n],
    ]);
    // 13 · (2 + 13 + 9 + 2,000,000)
    const rich = led({ boss: { ...manager({ attached: 26_000_312n }), balance: 30_000_000n } });
    expect(consensus(order(rich, "http_request", "https://a"))).toMatchObject([{ fee: 26_000_312n, kept: 0n }]);
  });

  test("draws nothing, and is answered as soon as a block says what came of it", () => {
    const session = led();
    ask(session, "http_request", outcall);
    expect(session.apply(round(0n)).draws).toEqual([]);
    const { draws, events } = session.apply(roundWith(answer(0, "ee".repeat(8))));
    expect([draws, told(events)]).toEqual([[], [["boss", "ee".repeat(8), 58n]]]);
  });

  test("is refused when too many are under way", () => {
    const session = led();
    const asked = [1, 2, 3].map(() => told(order(session, "http_request", outcall)));
    expect(asked).toEqual([[], [], [["boss", "IC0406", 500n]]]);
    session.apply(roundWith(answer(1)));
    expect(consensus(order(session, "http_request", outcall))).toMatchObject([{ request: 2 }]);
  });
});

describe("an answer", () => {
  const refused = (session: EngineSession, ...answers: readonly ConsensusAnswer[]): readonly (readonly [number, string])[] =>
    only(session.apply(roundWith(...answers)).events, "consensus-refused").map(({ request, error }) => [request, error]);

  test("to a request that nobody made, or that has one already, is left aside: of two, the last one counts", () => {
    const session = led();
    order(session, "http_request", outcall);
    expect(refused(session, answer(1), answer(-1))).toEqual([
      [-1, "CN0024"],
      [1, "CN0024"],
    ]);
    const { events } = session.apply(roundWith(answer(0, "01"), answer(7), answer(0, "02")));
    expect(events.slice(1, 5)).toMatchObject([
      { kind: "consensus-answered", request: 0 },
      { kind: "management-answered", result: { payload: "02" } },
      { kind: "consensus-refused", request: 7, error: "CN0024" },
      { kind: "consensus-refused", request: 0, error: "CN0024" },
    ]);
  });

  test("that comes before the nonce is left aside, also one that says that nothing came of it; a key needs none", () => {
    const session = led();
    order(session, "sign_with_schnorr", "k1 t");
    expect(refused(session, answer(0), answer(0, null))).toEqual([
      [0, "CN0025"],
      [0, "CN0025"],
    ]);
    expect([refused(session, answer(0)), waiting(session)]).toEqual([[], 0]);
    order(session, "vetkd_derive_key", "k1 t");
    expect([refused(session, answer(1)), waiting(session)]).toEqual([[], 0]);
  });

  test("has no more bytes than were paid for, and no more than a payload may have", () => {
    const session = led({ boss: { ...manager({ attached: 30_000n }), balance: 1_000_000n } });
    order(session, "http_request", outcall);
    order(session, "http_request", "https://a 129");
    order(session, "vetkd_derive_key", "k1 t");
    const long = (count: number): string => "ee".repeat(count);
    expect(refused(session, answer(0, long(9)), answer(1, long(129)), answer(2, long(129)))).toEqual([
      [2, "CN0026"],
      [1, "CN0026"],
      [0, "CN0026"],
    ]);
    expect(waiting(session)).toBe(3);
    expect(refused(session, answer(0, long(8)), answer(1, long(128)), answer(2, long(128)))).toEqual([]);
    expect(waiting(session)).toBe(0);
  });

  test("may be that consensus gave up", () => {
    const session = led();
    order(session, "http_request", outcall);
    const { events } = session.apply(roundWith(answer(0, null)));
    expect(only(events, "management-answered")).toMatchObject([{ result: { kind: "reject", code: 2, error: "CN0212" }, refund: 58n }]);
  });

  test("comes in also in a round that executes nothing, in which no nonce is drawn", () => {
    const session = led(
      { b: { methods: { grow: [write(0, "01"), reply()] } } },
      { heapDeltaCapacity: bytes(1_000), heapDeltaReserve: bytes(0) },
    );
    order(session, "http_request", outcall);
    ask(session, "sign_with_schnorr", "k1 t");
    session.apply(ingress("grow", "b", "grow"));
    expect(consensus(session.apply(round(0n)).events)).toMatchObject([{ kind: "consensus-asked", request: 1 }]);
    const skipped = session.apply(roundWith(answer(1), answer(0)));
    expect(skipped.events.slice(1).map(({ kind }) => kind)).toEqual([
      "consensus-answered",
      "management-answered",
      "consensus-refused",
      "round-skipped",
      "round-ended",
    ]);
    expect([skipped.draws, waiting(session)]).toEqual([[], 1]);
    const open = session.apply({ ...(round(0n) as Extract<Input, { kind: "round" }>), checkpoint: true });
    expect([only(open.events, "round-skipped").length, open.draws]).toEqual([1, []]);
    const next = session.apply(round(0n));
    expect([purposes(next), only(next.events, "executed").length]).toEqual([["0 nonce 1"], 1]);
  });

  test("is late when nobody waits for it any more, and dropped when the caller is gone", () => {
    const go = [manage("http_request", outcall, { attached: 500n, timeout: 1n, onReject: [reply()] })];
    const session = led({ a: { go }, b: { go } });
    session.apply(ingress("i", "a"));
    session.apply(ingress("j", "b"));
    session.apply(round(0n));
    const asked = only(session.apply(round(2n)).events, "consensus-asked");
    const numberOf = (canister: string): number => asked.find(({ caller }) => caller === canister)!.request;
    expect(session.view()).toMatchObject({ waitingForConsensus: 2, canisters: [{ id: "a", callbacks: [] }, { callbacks: [] }, {}, {}] });
    session.apply({ kind: "delete-canister", canister: canisterId("b") });
    const { balance } = session.view().canisters[0]!;
    const { events } = session.apply(roundWith(answer(numberOf("b")), answer(numberOf("a"))));
    expect(events.slice(1, 8)).toMatchObject([
      { kind: "consensus-answered", request: numberOf("a") },
      { kind: "management-answered", caller: "a", refund: 58n },
      { kind: "response-late", caller: "a", refund: 58n, balance: balance + 58n },
      { kind: "consensus-answered", request: numberOf("b") },
      { kind: "management-answered", caller: "b", refund: 58n },
      { kind: "message-dropped", reason: "orphaned", canister: "aaaaa-aa", caller: "b" },
      { kind: "cycles-dropped", owner: "b", cycles: 58n, fate: "lost" },
    ]);
  });
});

describe("whoever waits for consensus", () => {
  test("holds back nobody, but does not come to rest", () => {
    const session = led({ a: { ...manager({ attached: 500n }), controllers: ["boss"] } });
    order(session, "sign_with_schnorr", "k1 t", "a");
    expect(told(order(session, "canister_status", "a", "boss"))).toEqual([["boss", asciiOf("running"), 500n]]);
    expect(consensus(order(session, "vetkd_derive_key", "k1 t", "a"))).toMatchObject([{ request: 1 }]);
    order(session, "stop_canister", "a", "boss");
    for (const number of [1, 0]) {
      expect(session.view().canisters[0]!.status).toBe("stopping");
      session.apply(roundWith(answer(number)));
    }
    expect(session.view().canisters[0]!.status).toBe("stopped");
  });

  test("was taken up behind what it asked before, which waited for an execution", () => {
    const both = [manage("canister_status", "b"), manage("http_request", outcall, { attached: 500n }), reply()];
    const slow = { sliceInstructionLimit: instructions(100), roundInstructionLimit: instructions(300) };
    const session = led({ a: { go: both }, b: { controllers: ["a"], go: [consume(900), reply()] } }, slow);
    session.apply(ingress("i", "b"));
    session.apply(ingress("j", "a"));
    session.apply(round(0n));
    order(session, "http_request", outcall);
    expect(session.view()).toMatchObject({ waitingForManagement: 2, waitingForConsensus: 1 });
    let events: readonly Event[] = [];
    for (let waited = 0; consensus(events).length === 0; waited++) {
      expect(waited).toBeLessThan(6);
      events = session.apply(round(0n)).events;
    }
    expect(told(events)).toEqual([["a", asciiOf("running"), 0n]]);
    expect(consensus(events)).toMatchObject([{ request: 1, caller: "a", fee: outcallPrice }]);
  });
});
