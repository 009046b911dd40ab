/** What canisters ask of Bitcoin: whom it goes to, where it is told, and what is not asked of Bitcoin though it looks like it. */
import { describe, expect, test } from "vitest";
import { bytes, canisterId, cycles, managementCanister, type Event, type Genesis, type Instruction, type Script } from "../spec/index.ts";
import { boot, type EngineSession } from "./engine.ts";
import { manager, order } from "./small-management.ts";
import { ask as query } from "./small-queries.ts";
import { response, sliceOf } from "./small-streams.ts";
import {
  accept,
  call,
  ingress,
  message,
  networked,
  only,
  reply,
  round,
  roundWith,
  setTimer,
  smallParameters,
  smallWorld,
  trap,
  write,
  type SmallCall,
  type SmallCanister,
} from "./small-world.ts";

const METHOD = "bitcoin_get_balance";
const keep: Pick<SmallCall, "onReply" | "onReject"> = { onReply: [write(0, message), reply()], onReject: [write(1, message), reply()] };

type Limits = Parameters<typeof smallWorld>[1];

/** Asks something of Bitcoin. */
const ask = (said: SmallCall = {}): Instruction => call(managementCanister, { method: METHOD, ...keep, ...said });

/** The Bitcoin canister is `btc` unless a test says another. */
const knowing = (genesis: Genesis, bitcoin = "btc"): Genesis => ({ ...genesis, bitcoin: canisterId(bitcoin) });
const answering = (...body: Script): SmallCanister => ({ methods: { [METHOD]: body } });

/** The session behind the round in which the canister `a` is asked to go, and the events of that round. */
const gone = (genesis: Genesis) => {
  const session = boot(genesis);
  session.apply(ingress("i", "a"));
  return [session, session.apply(round()).events] as const;
};
const sent = (events: readonly Event[]) =>
  only(events, "executed").flatMap(({ canister, calls }) => calls.map(({ callee, method }) => [canister, callee, method].join(" ")));
const refused = (events: readonly Event[]) => only(events, "executed").flatMap(({ refusedCalls }) => refusedCalls);
const bounced = (events: readonly Event[]) => only(events, "request-bounced").map(({ error }) => error);
const written = (events: readonly Event[]) =>
  only(events, "executed").flatMap(({ canister, wrote }) => wrote.map(([page, content]) => [canister, page, content].join(" ")));
const ends = (session: EngineSession, rounds = 3) => Array.from({ length: rounds }, () => session.apply(round()).events).flat();

describe("what is asked of Bitcoin goes to the Bitcoin canister", () => {
  test("of this subnet, which accepts cycles and answers whoever asked", () => {
    const [session, events] = gone(
      knowing(
        smallWorld({ a: { go: [ask({ payload: "0b", attached: 70n })] }, btc: answering(accept(40n), reply(message)) }, { cores: 1 }),
      ),
    );
    const all = [...events, ...ends(session, 1)];
    expect(sent(all)).toEqual([`a btc ${METHOD}`]);
    expect(only(all, "request-inducted")).toEqual([{ kind: "request-inducted", caller: "a", callback: 0, callee: "btc" }]);
    expect(only(all, "executed").find(({ canister }) => canister === "btc")).toMatchObject({ accepted: 40n, cause: { kind: "update" } });
    expect(only(all, "executed").find(({ cause }) => cause.kind === "response")).toMatchObject({ canister: "a", refunded: 30n });
    expect(written(all)).toEqual(["a 0 0b"]);
  });

  test("that asks itself", () => {
    const a = { go: [ask()], ...answering(reply("0c")) };
    const [session, events] = gone(knowing(smallWorld({ a }), "a"));
    const all = [...events, ...ends(session, 1)];
    expect(sent(all)).toEqual([`a a ${METHOD}`]);
    expect(written(all)).toEqual(["a 0 0c"]);
  });

  test("of another subnet, from which the answer comes, and from nobody else", () => {
    const world = networked(smallWorld({ a: { go: [ask({ attached: 9n })] } }), "s0", { btc: "s1", far: "s1" });
    const [session, events] = gone(knowing(world));
    expect(only(events, "message-streamed")).toMatchObject([
      { to: "s1", index: 0, message: { kind: "request", caller: "a", callback: 0, callee: "btc", method: METHOD, attached: 9n } },
    ]);
    const others = sliceOf([response("a", managementCanister, 0, 1n), response("a", "far", 0, 2n)], 0, 1);
    const late = session.apply(roundWith([others])).events;
    expect([...only(late, "message-refused"), ...only(late, "response-late")]).toMatchObject([
      { kind: "message-refused", index: 0, error: null },
      { kind: "response-late", refund: 2n },
    ]);
    const answered = session.apply(roundWith([sliceOf([response("a", "btc", 0, 4n, "0d")], 2, 1)])).events;
    expect(only(answered, "response-inducted")).toMatchObject([{ caller: "a", callback: 0, result: "reply" }]);
    expect(written(answered)).toEqual(["a 0 0d"]);
  });

  test("that is nowhere, so that it comes back", () => {
    const [session, events] = gone(knowing(smallWorld({ a: { go: [ask({ attached: 9n })] } })));
    expect(sent(events)).toEqual([`a btc ${METHOD}`]);
    expect(bounced(events)).toEqual(["IC0301"]);
    expect(only(ends(session, 1), "executed")).toMatchObject([{ refunded: 9n, wrote: [[1, "03"]] }]);
  });

  test("that was deleted, like to one that is nowhere, and to one that was created, like to any", () => {
    const genesis = knowing(smallWorld({ a: { go: [ask()] }, btc: answering(reply("0e")) }));
    const [btc] = genesis.canisters.filter(({ id }) => id === "btc");
    const without = boot({ ...genesis, canisters: genesis.canisters.filter(({ id }) => id === "a") });
    without.apply({ kind: "create-canister", canister: btc! });
    without.apply(ingress("i", "a"));
    expect(written(ends(without))).toEqual(["a 0 0e"]);
    const session = boot(genesis);
    session.apply({ kind: "delete-canister", canister: canisterId("btc") });
    session.apply(ingress("i", "a"));
    expect(bounced(session.apply(round()).events)).toEqual(["IC0301"]);
  });

  test("that was stopped, which refuses what any stopped canister does", () => {
    const btc = { ...answering(reply("0e")), controllers: ["boss"] };
    const session = boot(knowing(smallWorld({ a: { go: [ask()] }, boss: manager(), btc })));
    order(session, "stop_canister", "btc");
    session.apply(ingress("i", "a"));
    const events = ends(session);
    expect(only(events, "not-executed")).toMatchObject([{ canister: "btc", error: "IC0508" }]);
    expect(written(events)).toEqual(["a 1 05"]);
  });

  test("by a best-effort call, which is over when its deadline has passed", () => {
    const world = smallWorld({ a: { go: [ask({ timeout: 2n })] }, btc: answering(reply()) });
    const [session, events] = gone(knowing(networked(world, "s0", { far: "s1" }), "far"));
    expect(only(events, "message-streamed")).toMatchObject([{ message: { callee: "far", deadline: 1003n } }]);
    const expired = session.apply(round(3n)).events;
    expect(only(expired, "callback-expired")).toMatchObject([{ caller: "a", callback: 0 }]);
    expect(written(expired)).toEqual(["a 1 06"]);
  });

  test.each([
    ["a timer", { onTimer: [ask()], go: [setTimer(0n)] }],
    ["a heartbeat", { onHeartbeat: [ask()] }],
    ["a reply script", { go: [call("b", { onReply: [ask()] })] }],
    ["a refusal", { go: Array.from({ length: 3 }, () => call("far", { onRefused: [ask()] })) }],
  ] as const)("by %s, too", (_, a: SmallCanister) => {
    const session = boot(knowing(smallWorld({ a, b: {}, btc: answering(reply("0f")) })));
    session.apply(ingress("i", "a"));
    expect(sent(ends(session, 2))).toContain(`a btc ${METHOD}`);
  });

  test("also a method that it does not have, and one whose name is the beginning alone", () => {
    for (const method of ["bitcoin_gone", "bitcoin_"]) {
      const [session, events] = gone(knowing(smallWorld({ a: { go: [ask({ method })] }, btc: answering(reply()) }, { cores: 1 })));
      const all = [...events, ...ends(session, 1)];
      expect(only(all, "not-executed")).toMatchObject([{ canister: "btc", error: "IC0536" }]);
      expect(bounced(all)).toEqual([]);
      expect(written(all)).toEqual(["a 1 05"]);
    }
  });
});

describe("the Bitcoin canister is the callee from the instruction on", () => {
  const world = (go: Script, parameters: Limits = {}) => knowing(smallWorld({ a: { go }, btc: answering(reply("01")), c: {} }, parameters));

  test("what was asked of it by its name and what was asked of Bitcoin share its slots", () => {
    const go = [call("btc", { method: METHOD }), ask(), ask(), call("btc", { method: METHOD })];
    const [, events] = gone(world(go, { queueCapacity: 2 }));
    expect(sent(events)).toEqual([`a btc ${METHOD}`, `a btc ${METHOD}`]);
    expect(refused(events)).toEqual([
      { callee: "btc", error: "IC0201" },
      { callee: "btc", error: "IC0201" },
    ]);
  });

  test("what is asked of the management canister has its own slots", () => {
    const random = call(managementCanister, { method: "raw_rand" });
    const [, events] = gone(world([ask(), random, ask(), random], { queueCapacity: 1 }));
    expect(sent(events)).toEqual([`a btc ${METHOD}`, "a aaaaa-aa raw_rand"]);
    expect(refused(events)).toEqual([
      { callee: "btc", error: "IC0201" },
      { callee: managementCanister, error: "IC0201" },
    ]);
    expect(only(events, "randomness-asked")).toHaveLength(1);
  });

  test("the slot of a call is free again in its callback", () => {
    const again = ask({ onReply: [ask(), reply()] });
    const [session, events] = gone(world([again, again], { queueCapacity: 1 }));
    const all = [...events, ...ends(session, 1)];
    expect(sent(all)).toEqual([`a btc ${METHOD}`, `a btc ${METHOD}`]);
    expect(refused(all)).toEqual([{ callee: "btc", error: "IC0201" }]);
  });

  test("whatever else is missing is told of it, too", () => {
    const lacking = (parameters: Limits, said: SmallCall = {}) => refused(gone(world([ask(said)], parameters))[1]);
    expect(lacking({ guaranteedResponseMemory: bytes(0) })).toEqual([{ callee: "btc", error: "IC0507" }]);
    expect(lacking({ callbackLimit: 0, callbackQuota: 0 })).toEqual([{ callee: "btc", error: "IC0101" }]);
    const poor = (a: SmallCanister, limits: Limits = {}) =>
      refused(gone(knowing(smallWorld({ a: { go: [ask()], ...a }, btc: {} }, limits)))[1]);
    expect(poor({ balance: 2_000n })).toEqual([{ callee: "btc", error: "IC0207" }]);
    const fees = { ...smallParameters.fees, messageGibSecond: cycles(2n ** 40n) };
    expect(poor({ balance: 60_000n, freezing: 1 }, { fees })).toEqual([{ callee: "btc", error: "IC0535" }]);
  });

  test("a call costs what any call does, and traps where any call does", () => {
    const [, asking] = gone(world([ask({ payload: "0102" })], { cores: 1 }));
    const [, calling] = gone(world([call("btc", { method: METHOD, payload: "0102", ...keep })], { cores: 1 }));
    expect(asking).toEqual(calling);
    const [, trapping] = gone(world([ask({ payload: "00".repeat(65) })]));
    expect(only(trapping, "executed")).toMatchObject([{ trap: "IC0504", calls: [] }]);
  });

  test("the callbacks say so, and a restart changes nothing", () => {
    const go = [call("c"), ask(), ask({ timeout: 9n })];
    const told = (restarts: boolean) => {
      const session = boot(knowing(networked(smallWorld({ a: { go }, c: {} }, { streamCapacity: 1 }), "s0", { btc: "s1" })));
      session.apply(ingress("i", "a"));
      return Array.from({ length: 4 }, () => {
        const { events } = session.apply(round());
        if (restarts) session.apply({ kind: "restart" });
        return [events, session.view()] as const;
      });
    };
    const rounds = told(false);
    expect(told(true)).toEqual(rounds);
    const [, { canisters }] = rounds[1]!;
    expect(canisters.find(({ id }) => id === "a")!.callbacks).toMatchObject([{ callee: "btc" }, { callee: "btc" }]);
  });
});

describe("is a call to whom it names", () => {
  const btc = answering(reply("01"));

  test("in a composite query", () => {
    const tree = [ask({ onReject: [reply(message)] })];
    const session = boot(knowing(smallWorld({ a: { composites: { tree } }, btc: { queries: { [METHOD]: [reply("01")] } } })));
    expect(query(session, "a", "tree")).toMatchObject({
      result: { payload: "05" },
      nested: [{ callee: managementCanister, method: METHOD, result: { error: "IC0536" } }],
    });
  });

  test("where the genesis names no Bitcoin canister", () => {
    const [session, events] = gone(smallWorld({ a: { go: [ask({ attached: 9n })] }, btc }));
    expect(sent(events)).toEqual([`a aaaaa-aa ${METHOD}`]);
    expect(bounced(events)).toEqual(["IC0536"]);
    expect(only(ends(session, 1), "executed")).toMatchObject([{ refunded: 9n, wrote: [[1, "05"]] }]);
  });

  test.each(["bitcoin", "bitcoin-get", "bitcoins_get", "get_bitcoin_", ""])("where the method is called `%s`", (method) => {
    const [, events] = gone(knowing(smallWorld({ a: { go: [ask({ method })] }, btc: { methods: { [method]: [reply()] } } })));
    expect(sent(events)).toEqual([`a aaaaa-aa ${method}`]);
    expect(bounced(events)).toEqual(["IC0536"]);
  });

  test("where it names another canister, whatever its method is called", () => {
    const [session, events] = gone(
      knowing(smallWorld({ a: { go: [call("c", { method: METHOD, ...keep })] }, c: answering(reply("0c")), btc })),
    );
    const all = [...events, ...ends(session, 1)];
    expect(sent(all)).toEqual([`a c ${METHOD}`]);
    expect(written(all)).toEqual(["a 0 0c"]);
  });

  test("where it may not be sent: a query in a round and a cleanup trap", () => {
    const asking = { go: [call("b", { onReply: [trap], onCleanup: [ask()] })], queries: { ask: [ask()] } };
    const session = boot(knowing(smallWorld({ a: asking, b: {}, btc })));
    session.apply(ingress("i", "a"));
    session.apply(ingress("j", "a", "ask"));
    const executed = only(ends(session, 2), "executed");
    expect(executed.filter(({ trap }) => trap === "IC0504")).toHaveLength(1);
    expect(executed.filter(({ cleanup }) => cleanup === "trapped")).toHaveLength(1);
    expect(executed.flatMap(({ canister, calls }) => (canister === "a" ? calls.map(({ callee }) => callee) : []))).toEqual(["b"]);
  });
});
