/** Streams: what enters them and in which order, what comes out of them, and what is refused or ignored. */
import { createHash } from "node:crypto";
import { describe, expect, test } from "vitest";
import { bytes, canisterId, cycles, drive, nanoseconds, type Event, type Genesis, type Move, type Trace } from "../spec/index.ts";
import { boot } from "./engine.ts";
import { impl } from "./index.ts";
import { request, response, sliceOf } from "./small-streams.ts";
import { accept, call, ingress, message, networked, only, reply, round, roundWith, smallWorld, uninstall, write } from "./small-world.ts";

const within = (events: readonly Event[]) => events.slice(1, -1);
const routes = { x: "s1", y: "s1", z: "s2" };

describe("two subnets", () => {
  const here = networked(smallWorld({ a: { go: [call("x", { attached: 50n, onReply: [write(0, message), reply()] })] } }), "s0", {
    x: "s1",
  });
  const there = networked(smallWorld({ x: { go: [accept(20n), reply("09")] } }), "s1", { a: "s0" });
  const led = (...inputs: readonly Move[]) => (drive(impl, { genesis: here, others: [there], inputs }) as Trace).steps;
  const bring = (subnet: number, again = 0): Move => ({ ...round(0n), subnet, deliveries: [{ from: 1 - subnet, count: 9, again }] });

  test("serve a call across, at least two rounds long, and each lets go of what the other has seen", () => {
    const steps = led(ingress("i", "a"), bring(0), bring(1), bring(0), bring(1), bring(0));
    const kinds = steps.map(({ observation }) => within(observation.events).map(({ kind }) => kind));
    expect(kinds[1]!.slice(-1)).toEqual(["message-streamed"]);
    expect(kinds[2]!.filter((kind) => !kind.startsWith("turn"))).toEqual([
      "request-inducted",
      "slice-taken",
      "executed",
      "answered",
      "context-removed",
      "message-streamed",
    ]);
    expect(kinds[3]!.slice(0, 3)).toEqual(["stream-collected", "response-inducted", "slice-taken"]);
    expect(only(steps[3]!.observation.events, "executed")).toMatchObject([{ refunded: 30n, wrote: [[0, "09"]] }]);
    expect(kinds[4]).toEqual(["stream-collected"]);
    expect(kinds[5]).toEqual([]);
    expect(steps[3]!.observation.ledger).toMatchObject({ sent: 50n, received: 30n });
    expect(steps[4]!.observation.ledger).toMatchObject({ sent: 30n, received: 50n });
  });

  test("take every message once, however often it is delivered", () => {
    const steps = led(ingress("i", "a"), bring(0), bring(1), bring(1, 9), { ...bring(1, 9), subnet: 1 }, bring(0), bring(0, 9));
    const inducted = steps.flatMap(({ observation }) => [
      ...only(observation.events, "request-inducted"),
      ...only(observation.events, "response-inducted"),
    ]);
    expect(inducted).toHaveLength(2);
  });
});

describe("a slice is refused", () => {
  const session = () => {
    const booted = boot(networked(smallWorld({ a: { go: [call("x")] } }), "s0", routes));
    booted.apply(ingress("i", "a"));
    booted.apply(round());
    return booted;
  };
  test.each([
    ["comes from a subnet to which no route leads", sliceOf([], 0, 0, "s9"), "CN0012"],
    ["names this subnet itself", sliceOf([request("a", "a")], 0, 0, "s0"), "CN0012"],
    ["leaves something out", sliceOf([], 1), "CN0013"],
    ["has seen what was never sent", sliceOf([request("x", "a")], 0, 2), "CN0014"],
    ["does all of this", sliceOf([], 1, 2, "s9"), "CN0012"],
  ])("that %s, and nothing of it counts", (_, slice, error) => {
    const booted = session();
    const before = booted.view().streams;
    expect(within(booted.apply(roundWith([slice])).events)).toEqual([{ kind: "slice-refused", from: slice.from, error }]);
    expect(booted.view().streams).toEqual(before);
  });

  test("and the next one is looked at afresh: by subnet, and of one subnet in the order given", () => {
    const seen = [
      sliceOf([request("z", "nobody")], 0, 0, "s2"),
      sliceOf([], 5),
      sliceOf([request("x", "nobody")], 0, 1),
      sliceOf([request("y", "nobody")], 1, 1),
    ];
    const { events } = session().apply(roundWith(seen));
    const told = within(events).map((event) => [event.kind, "from" in event ? event.from : "to" in event ? event.to : ""].join(" "));
    expect(told).toEqual([
      "slice-refused s1",
      "stream-collected s1",
      "message-refused s1",
      "message-streamed s1",
      "slice-taken s1",
      "message-refused s1",
      "message-streamed s1",
      "slice-taken s1",
      "message-refused s2",
      "message-streamed s2",
      "slice-taken s2",
    ]);
  });
});

describe("a message of a stream", () => {
  const world = (limits = {}): Genesis =>
    networked(smallWorld({ a: { go: [call("x", { attached: 30n, timeout: 1n })] }, b: {} }, limits), "s0", routes);

  test.each([
    ["for nobody", request("x", "nobody", 3, 12n), {}, "IC0301"],
    ["without a slot", request("x", "b", 3, 12n), { queueCapacity: 1 }, "IC0201"],
    ["without memory for its response", request("x", "b", 3, 12n), { guaranteedResponseMemory: bytes(64) }, "IC0507"],
  ])("that is a request %s is rejected through the stream, full or not", (_, refused, limits, error) => {
    const session = boot(world({ ...limits, streamCapacity: 1 }));
    const { events, ledger } = session.apply(roundWith([sliceOf([request("x", "b"), refused, request("x", "nobody")])]));
    expect(only(events, "message-refused")[0]).toEqual({ kind: "message-refused", from: "s1", index: 1, error });
    expect(only(events, "message-streamed")[0]).toMatchObject({
      to: "s1",
      index: 0,
      message: {
        kind: "response",
        caller: "x",
        callback: 3,
        respondent: refused.callee,
        result: { kind: "reject", error },
        refund: 12n,
        deadline: null,
      },
    });
    expect(ledger).toMatchObject({ received: 12n, sent: 12n });
  });

  test.each([
    ["a request of a canister of another subnet", request("z", "b", 0, 5n)],
    ["a request of a canister that is here", request("a", "b", 0, 5n)],
    ["a response of a canister of another subnet", response("a", "z", 0, 5n)],
    ["a response to a canister that is not here", response("nobody", "x", 0, 5n)],
    ["cycles for a canister that is not here", { kind: "refund", canister: canisterId("nobody"), cycles: cycles(5n) } as const],
  ])("that is %s is ignored, and its cycles are lost", (_, strange) => {
    const { events, ledger } = boot(world()).apply(roundWith([sliceOf([strange])]));
    expect(within(events)).toEqual([
      { kind: "message-refused", from: "s1", index: 0, error: null },
      { kind: "slice-taken", from: "s1", signals: 1 },
    ]);
    expect(ledger).toMatchObject({ lost: 5n, received: 5n, sent: 0n });
  });

  test("that is a response nobody waits for gives its cycles to the caller, and so does a refund", () => {
    const session = boot(world());
    session.apply(ingress("i", "a"));
    session.apply(round());
    session.apply(round(5n)); // the deadline of the call has passed
    const refund = { kind: "refund", canister: canisterId("b"), cycles: cycles(7n) } as const;
    const { events, ledger } = session.apply(roundWith([sliceOf([response("a", "x", 0, 30n), refund], 0, 1)]));
    expect(within(events).slice(1, 3)).toMatchObject([
      { kind: "response-late", caller: "a", callback: 0, refund: 30n },
      { kind: "refund-inducted", canister: "b", cycles: 7n, balance: 100_007n },
    ]);
    expect(ledger).toMatchObject({ sent: 30n, received: 37n, messages: 0n });
  });

  test("that is a second response to the same call is late", () => {
    const session = boot(world());
    session.apply(ingress("i", "a"));
    session.apply(round(0n));
    const answer = { ...response("a", "x", 0, 30n), deadline: nanoseconds(1_001n) };
    const { events } = session.apply(roundWith([sliceOf([answer, answer])], 0n));
    expect(within(events).slice(0, 2)).toMatchObject([{ kind: "response-inducted" }, { kind: "response-late", refund: 30n }]);
  });
});

describe("a response that no honest subnet sends", () => {
  // A call of `a` to `x` with 30 cycles on it is open; a payload has at most 64 bytes.
  const session = () => {
    const booted = boot(networked(smallWorld({ a: { go: [call("x", { attached: 30n })] } }), "s0", routes));
    booted.apply(ingress("i", "a"));
    booted.apply(round());
    return booted;
  };
  const honest = response("a", "x", 0, 30n, "07".repeat(64));
  const ignored = (index: number) => ({ kind: "message-refused", from: "s1", index, error: null });

  test.each([
    ["returns more than was attached", response("a", "x", 0, 31n), 31n],
    ["returns that in the name of another canister", response("a", "y", 0, 31n), 31n],
    ["is larger than a payload may be", response("a", "x", 0, 30n, "07".repeat(65)), 30n],
    ["has a deadline, and the call has none", { ...response("a", "x", 0, 30n), deadline: nanoseconds(1_009n) }, 30n],
    ["is as large and answers no open call", response("a", "x", 7, 30n, "07".repeat(65)), 30n],
  ])("because it %s is ignored, and the call stays open for the honest one", (_, strange, lost) => {
    const booted = session();
    const { events, ledger } = booted.apply(roundWith([sliceOf([strange, honest], 0, 1)]));
    expect(within(events).slice(1, 3)).toMatchObject([ignored(0), { kind: "response-inducted", caller: "a", callback: 0 }]);
    expect(ledger).toMatchObject({ lost, received: lost + 30n });
  });

  test("because another canister answers what has not left is ignored", () => {
    const calls = [call("x", { attached: 1n }), call("y", { attached: 1n })];
    const booted = boot(networked({ ...smallWorld({ a: { go: calls } }, { streamCapacity: 1 }) }, "s0", routes));
    booted.apply(ingress("i", "a"));
    booted.apply(round());
    expect(within(booted.apply(roundWith([sliceOf([response("a", "x", 1, 0n)])])).events)[0]).toEqual(ignored(0));
  });

  test("is ignored also behind an honest one that waits, while its call is open", () => {
    const { events, ledger } = session().apply(roundWith([sliceOf([honest, response("a", "x", 0, 31n)], 0, 1)]));
    expect(within(events).slice(1, 3)).toMatchObject([{ kind: "response-inducted" }, ignored(1)]);
    expect(ledger).toMatchObject({ lost: 31n });
  });

  test("because it is not of the callee is late: its cycles are the caller's, and the call stays open", () => {
    const { events } = session().apply(roundWith([sliceOf([response("a", "y", 0, 30n), honest], 0, 1)]));
    expect(within(events).slice(1, 3)).toMatchObject([
      { kind: "response-late", caller: "a", callback: 0, refund: 30n },
      { kind: "response-inducted", caller: "a", callback: 0 },
    ]);
  });

  test("with more than was ever attached is late once the call is closed: nobody knows any more", () => {
    const booted = session();
    booted.apply(roundWith([sliceOf([honest], 0, 1)]));
    const { events } = booted.apply(roundWith([sliceOf([response("a", "x", 0, 31n)], 1, 1)]));
    expect(within(events)[0]).toMatchObject({ kind: "response-late", refund: 31n });
  });
});

describe("what goes out", () => {
  const indices = (events: readonly Event[]) =>
    only(events, "message-streamed").map(
      ({ to, message: said }) => `${to} ${said.kind === "request" ? `${said.caller}${said.callback}` : said.kind}`,
    );

  test.each([1n, 2n, 3n, 4n, 5n])(
    "at 1000 + %i is one message of each canister in turn, the first named by a hash, and of each queue in turn",
    (elapsed) => {
      const go = [call("x"), call("x"), call("z"), call("y")];
      const session = boot(networked(smallWorld({ a: { go }, b: { go }, c: { go: [call("y")] } }, { streamCapacity: 20 }), "s0", routes));
      for (const canister of ["a", "b", "c"]) session.apply(ingress(canister, canister));
      const time = Buffer.from((1000n + elapsed).toString(16).padStart(16, "0"), "hex");
      const first = Number(createHash("sha256").update("canon-stream").update(time).digest().readBigUInt64BE() % 3n);
      const order = [..."abc".slice(first), ..."abc".slice(0, first)];
      const taking = (given: Readonly<Record<string, string>>) => order.flatMap((canister) => given[canister] ?? []);
      expect(indices(session.apply(round(elapsed)).events)).toEqual([
        ...taking({ a: "s1 a0", b: "s1 b0", c: "s1 c0" }),
        ...taking({ a: "s1 a3", b: "s1 b3" }),
        ...taking({ a: "s2 a2", b: "s2 b2" }),
        ...taking({ a: "s1 a1", b: "s1 b1" }),
      ]);
    },
  );

  test("stays behind when its stream is full, and does not hold up what goes elsewhere", () => {
    const go = [call("x"), call("y"), call("z")];
    const session = boot(networked(smallWorld({ a: { go }, b: { go: [call("z"), call("x")] } }, { streamCapacity: 2 }), "s0", routes));
    session.apply(ingress("a", "a"));
    session.apply(ingress("b", "b"));
    expect(indices(session.apply(round()).events).sort()).toEqual(["s1 a0", "s1 b1", "s2 a2", "s2 b0"]);
    expect(session.view().canisters.map(({ outputs }) => outputs)).toEqual([1, 0]);
    session.apply({ kind: "restart" });
    expect(indices(session.apply(round()).events)).toEqual([]);
    expect(indices(session.apply(roundWith([sliceOf([], 0, 1)])).events)).toEqual(["s1 a1"]);
    expect(session.view().streams).toEqual([
      { to: "s0", begin: 0, messages: 0, signals: 0 },
      { to: "s1", begin: 1, messages: 2, signals: 0 },
      { to: "s2", begin: 0, messages: 2, signals: 0 },
    ]);
  });

  test("fills the queue of its caller in the end, who is then told so", () => {
    const session = boot(networked(smallWorld({ a: { go: [call("x")] } }, { streamCapacity: 1, queueCapacity: 3 }), "s0", routes));
    const told = ["1", "2", "3", "4"].map((id) => {
      session.apply(ingress(id, "a"));
      return only(session.apply(round()).events, "executed").map(({ refusedCalls }) => refusedCalls.map(({ error }) => error).join());
    });
    expect(told).toEqual([[""], [""], [""], ["IC0201"]]);
  });
});

test("what an uninstalled canister owes goes out with the next round, with the deadline of the call", () => {
  const session = boot(networked(smallWorld({ b: { go: [call("y")] } }), "s0", routes));
  session.apply(roundWith([sliceOf([{ ...request("x", "b", 4, 9n), deadline: nanoseconds(1009n) }])]));
  session.apply(uninstall("b"));
  expect(only(session.apply(round()).events, "message-streamed")).toMatchObject([
    { message: { kind: "response", caller: "x", callback: 4, refund: 9n, deadline: 1009n, result: { error: "IC0406" } } },
  ]);
});
