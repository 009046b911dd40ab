/** What limits a call: slots for each pair, memory for guaranteed responses with a share for each core, callbacks. */
import { describe, expect, test } from "vitest";
import { bytes, canisterId, cycles, hex, subnetId } from "../spec/index.ts";
import { boot } from "./engine.ts";
import { call, consume, ingress, networked, only, reply, round, roundWith, smallWorld, trap, type SmallCanister } from "./small-world.ts";

type Limits = Parameters<typeof smallWorld>[1];

/** How the calls of the canister `a` end in the first round in which it has this many ingress messages. */
const sending = (canisters: Readonly<Record<string, SmallCanister>>, limits: Limits, messages = 1) => {
  const session = boot(smallWorld(canisters, limits));
  for (let number = 0; number < messages; number++) session.apply(ingress(`i${number}`, "a"));
  return session.apply(round());
};
const sentBy = (events: Parameters<typeof only>[0], canister = "a") =>
  only(events, "executed")
    .filter((executed) => executed.canister === canister)
    .map(({ calls, refusedCalls }) => [...calls.map(({ callee }) => callee), ...refusedCalls.map(({ error }) => error)].join(" "));

describe("a call finds no slot", () => {
  test("beyond the capacity of one callee, and finds one towards another", () => {
    const go = [call("b"), call("b"), call("b"), call("c")];
    expect(sentBy(sending({ a: { go }, b: {}, c: {} }, { cores: 1 }).events)[0]).toBe("b b c IC0201");
  });

  test("while earlier calls to the callee are open, whatever became of their requests", () => {
    const { events } = sending({ a: { go: [call("far")] } }, { queueCapacity: 2 }, 3);
    expect(sentBy(events)).toEqual(["far", "far", "IC0201"]);
  });
});

describe("a request waits in the queue of its caller", () => {
  test("while the callee still holds an open call of the caller, and the loopback stream brings a reject", () => {
    // b answers nobody before far answers it. For a the first call is over when its deadline has passed, for b it is not.
    const world = smallWorld({ a: { go: [call("b", { timeout: 1n })] }, b: { go: [call("far")] } }, { queueCapacity: 1 });
    const session = boot(networked(world, "s0", { far: "s1" }));
    session.apply(ingress("i", "a"));
    session.apply(round());
    session.apply(ingress("j", "a"));
    const waiting = session.apply(round(2n)).events;
    expect(only(waiting, "callback-expired")).toHaveLength(1);
    expect(sentBy(waiting)).toEqual(["", "b"]);
    expect(only(waiting, "request-inducted")).toEqual([]);
    expect(only(waiting, "message-streamed")).toMatchObject([
      { to: "s0", index: 0, message: { kind: "request", caller: "a", callback: 1 } },
    ]);
    const rejecting = session.apply(round(0n)).events;
    expect(only(rejecting, "message-refused")).toEqual([{ kind: "message-refused", from: "s0", index: 0, error: "IC0201" }]);
    expect(only(session.apply(round(0n)).events, "response-inducted")).toMatchObject([{ caller: "a", callback: 1, result: "reject" }]);
  });

  test("and those behind it for the same callee with it, but not those for others", () => {
    const go = [call("b", { payload: "01" }), call("b", { timeout: 5n }), call("c", { timeout: 5n })];
    // There is memory for the response at the caller, and none at the callee.
    const session = boot(smallWorld({ a: { go }, b: {}, c: {} }, { cores: 1, guaranteedResponseMemory: bytes(64) }));
    session.apply(ingress("i", "a"));
    const { events } = session.apply(round());
    expect(only(events, "request-inducted")).toMatchObject([{ caller: "a", callee: "c" }]);
    expect(only(events, "message-streamed").map(({ message }) => message)).toMatchObject([
      { kind: "request", callee: "b", callback: 0 },
      { kind: "request", callee: "b", callback: 1 },
    ]);
  });
});

describe("memory for guaranteed responses", () => {
  const go = [call("b"), call("c"), call("d")];
  const callees = { b: {}, c: {}, d: {} };

  test("is shared by the cores: each gets an even share of what is free, rounded down", () => {
    const half = { cores: 2, guaranteedResponseMemory: bytes(64 * 4 + 63) };
    expect(sentBy(sending({ a: { go }, ...callees }, half).events)[0]).toBe("b c IC0507");
  });

  test("is not taken by best-effort calls", () => {
    const patient = [call("b", { timeout: 5n }), call("c", { timeout: 5n }), call("d")];
    expect(sentBy(sending({ a: { go: patient }, ...callees }, { cores: 1, guaranteedResponseMemory: bytes(64) }).events)[0]).toBe("b c d");
    expect(sentBy(sending({ a: { go: patient }, ...callees }, { cores: 1, guaranteedResponseMemory: bytes(63) }).events)[0]).toBe(
      "b c IC0507",
    );
  });

  test("that one execution took is not there for the next one on the core, in this iteration", () => {
    const limits = { cores: 1, guaranteedResponseMemory: bytes(64) };
    expect(sentBy(sending({ a: { go: [call("b")] }, b: {} }, limits, 2).events).slice(0, 2)).toEqual(["b", "IC0507"]);
    expect(
      sentBy(sending({ a: { go: [call("b")] }, b: {} }, { cores: 1, callbackLimit: 1, callbackQuota: 0 }, 2).events).slice(0, 2),
    ).toEqual(["b", "IC0101"]);
  });

  test("that a trap gave back is there for the next execution on the core", () => {
    const world = { a: { go: [call("b"), trap], methods: { again: [call("b")] } }, b: {} };
    const session = boot(smallWorld(world, { cores: 1, guaranteedResponseMemory: bytes(64) }));
    session.apply(ingress("i", "a"));
    session.apply(ingress("j", "a", "again"));
    expect(sentBy(session.apply(round()).events)).toEqual(["", "b"]);
  });

  test("is needed at the callee too: a request waits until another one was answered", () => {
    // One call takes 64 at its caller; 64 more are there for one callee, so the second request finds nothing until the first is answered.
    const world = smallWorld(
      { a: { go: [call("b")] }, b: { go: [consume(5), reply()] }, c: { go: [call("b")] } },
      { cores: 1, guaranteedResponseMemory: bytes(64 * 3) },
    );
    const session = boot(world);
    session.apply(ingress("i", "a"));
    session.apply(ingress("j", "c"));
    const { events } = session.apply(round());
    expect(only(events, "request-inducted").map(({ caller }) => caller)).toEqual(["a", "c"]);
    const kinds = events.filter(({ kind }) => kind === "request-inducted" || kind === "response-inducted").map(({ kind }) => kind);
    expect(kinds).toEqual(["request-inducted", "response-inducted", "request-inducted", "response-inducted"]);
  });

  test.each([
    [10, "while it is in the stream", "d"],
    [11, "while it is in the stream", "IC0507"],
    [11, "until it was seen", "d"],
  ])("holds the %i bytes of a reply %s", (held, until, end) => {
    const limits = { cores: 1, guaranteedResponseMemory: bytes(64 + 10) };
    const world = smallWorld({ b: { go: [reply("00".repeat(held))] }, c: { go: [call("d")] }, d: {} }, limits);
    const session = boot(networked(world, "s0", { far: "s1" }));
    const request = {
      kind: "request",
      caller: canisterId("far"),
      callback: 0,
      callee: canisterId("b"),
      method: "go",
      payload: hex(""),
      attached: cycles(0n),
      deadline: null,
    } as const;
    session.apply(roundWith([{ from: subnetId("s1"), begin: 0, messages: [request], signals: 0 }]));
    session.apply({ kind: "restart" });
    session.apply(ingress("i", "c"));
    const seen = { from: subnetId("s1"), begin: 1, messages: [], signals: until === "until it was seen" ? 1 : 0 };
    expect(sentBy(session.apply(roundWith([seen])).events, "c")[0]).toBe(end);
  });
});

describe("callbacks", () => {
  const go = [call("b"), call("c"), call("d")];
  const canisters = { a: { go }, b: {}, c: {}, d: {} };

  test("of the subnet are given out until there are none left, and then every canister still has its quota", () => {
    expect(sentBy(sending(canisters, { callbackLimit: 2, callbackQuota: 0 }).events)[0]).toBe("b c IC0101");
    expect(sentBy(sending(canisters, { callbackLimit: 0, callbackQuota: 1 }).events)[0]).toBe("b IC0101 IC0101");
    expect(sentBy(sending(canisters, { callbackLimit: 2, callbackQuota: 3 }).events)[0]).toBe("b c d");
  });

  test("are counted by each core for itself", () => {
    const session = boot(smallWorld({ ...canisters, e: { go } }, { cores: 2, callbackLimit: 2, callbackQuota: 0 }));
    session.apply(ingress("i", "a"));
    session.apply(ingress("j", "e"));
    const { events } = session.apply(round());
    expect([sentBy(events)[0], sentBy(events, "e")[0]]).toEqual(["b c IC0101", "b c IC0101"]);
  });

  test("are looked at after slots and memory, and before the funds", () => {
    const none = { callbackLimit: 0, callbackQuota: 0 };
    const poor = { a: { go: [call("b")], balance: 50n + 1100n }, b: {} };
    expect(sentBy(sending(poor, none).events)[0]).toBe("IC0101");
    expect(sentBy(sending(poor, { ...none, guaranteedResponseMemory: bytes(0) }).events)[0]).toBe("IC0507");
    expect(sentBy(sending(poor, {}).events)[0]).toBe("IC0207");
  });
});
