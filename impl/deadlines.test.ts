/** What time does to messages: requests that come back, best-effort messages that vanish, callbacks that wait no longer. */
import { describe, expect, test } from "vitest";
import { canisterId, cycles, hex, instructions, nanoseconds, subnetId, type Event, type Slice, type StreamMessage } from "../spec/index.ts";
import { boot } from "./engine.ts";
import { accept, call, ingress, message, networked, only, reply, round, roundWith, smallWorld, write } from "./small-world.ts";

/** Without an iteration that ends before its induction: what is sent goes out at the end of the round. */
const oneMessage = { cores: 1, roundInstructionLimit: instructions(1010) };

const request = (callee: string, deadline: bigint | null, attached = 0n): StreamMessage => ({
  kind: "request",
  caller: canisterId("x"),
  callback: 0,
  callee: canisterId(callee),
  method: "go",
  payload: hex(""),
  attached: cycles(attached),
  deadline: deadline === null ? null : nanoseconds(deadline),
});
const slice = (...messages: readonly StreamMessage[]): Slice => ({ from: subnetId("s1"), begin: 0, messages, signals: 0 });

/** The events between the first and the last of a round. */
const within = (events: readonly Event[]) => events.slice(1, -1);

describe("a best-effort call", () => {
  test("has the time of its round plus its timeout as its deadline, at most the longest", () => {
    const go = [call("b", { timeout: 4n }), call("b", { timeout: 99n })];
    const session = boot(smallWorld({ a: { go }, b: { go: [write(0, { kind: "deadline" }), reply()] } }));
    session.apply(ingress("i", "a"));
    const { events } = session.apply(round(5n));
    expect(only(events, "executed")[0]!.calls.map(({ deadline }) => deadline)).toEqual([1009n, 1015n]);
    expect(session.view().canisters[1]!.pages).toEqual([[0, (1015).toString(16).padStart(16, "0")]]);
  });

  test("is answered by the platform when its deadline has passed, once, and its response is then a late one", () => {
    const go = [call("b", { timeout: 3n, attached: 40n, onReject: [write(0, message)] })];
    const answering = { go: [accept(15n), call("x", { timeout: 6n, onReject: [reply("01")] })] };
    const session = boot(networked(smallWorld({ a: { go }, b: answering }), "s0", { x: "s1" }));
    session.apply(ingress("i", "a"));
    session.apply(round()); // deadlines 1004 and 1007
    expect(within(session.apply(round(3n)).events)).toEqual([]);
    session.apply({ kind: "restart" });
    const expired = session.apply(round(1n)).events;
    expect(expired[1]).toEqual({ kind: "callback-expired", caller: "a", callback: 0 });
    expect(only(expired, "executed")).toMatchObject([{ cause: { kind: "response", result: "reject" }, refunded: 0n, wrote: [[0, "06"]] }]);
    expect(session.view().canisters[1]!.contexts).toMatchObject([{ status: "open", available: 25n }]);
    const late = session.apply(round(3n)).events;
    // b was answered at 1008, one too late for its own caller: its reply stays in b's queue until induction, where nobody waits for it.
    expect(only(late, "response-late")).toMatchObject([{ caller: "a", callback: 0, refund: 25n }]);
    expect(session.view().canisters.map(({ callbacks }) => callbacks)).toEqual([[], []]);
  });

  test("whose response waits in the queue of its caller does not expire any more", () => {
    const one = call("b", { timeout: 1n });
    const session = boot(smallWorld({ a: { go: [one, one], methods: { more: [] } }, b: {} }, { ...oneMessage, cores: 2 }));
    session.apply(ingress("i", "a"));
    for (let number = 0; number < 3; number++) session.apply(round(0n)); // both requests go, one response comes back and is executed
    session.apply(ingress("j", "a", "more")); // it is the turn of users: the other response waits
    session.apply(round(0n));
    expect(session.view().canisters[0]).toMatchObject({ inputs: 1, callbacks: [{ id: 1 }] });
    const { events } = session.apply(round(9n));
    expect(only(events, "callback-expired")).toEqual([]);
    expect(only(events, "executed")).toMatchObject([{ cause: { kind: "response", callback: 1, result: "reply" } }]);
  });
});

describe("a request that does not leave", () => {
  // The stream to s1 has room for one message, and s1 never says that it saw it.
  const world = networked(smallWorld({ a: { go: [call("x"), call("x", { timeout: 3n, attached: 40n })] } }, { streamCapacity: 1 }), "s0", {
    x: "s1",
  });

  test("comes back with all cycles when it is late, each by its own measure", () => {
    const session = boot({ ...world, parameters: { ...world.parameters, queueCapacity: 4 } });
    session.apply(ingress("i", "a"));
    session.apply(ingress("j", "a"));
    session.apply(round()); // sent at 1001; the first is in the stream; guaranteed ones may wait until 1021, the others until 1004
    expect(session.view().canisters[0]!.outputs).toBe(3);
    expect(within(session.apply(round(3n)).events)).toEqual([]);
    session.apply({ kind: "restart" });
    const { events, ledger } = session.apply(round(1n));
    expect(events.slice(1, 3)).toEqual([
      { kind: "request-bounced", caller: "a", callback: 1, error: "CN0210" },
      { kind: "request-bounced", caller: "a", callback: 3, error: "CN0210" },
    ]);
    expect(only(events, "executed")).toMatchObject([{ refunded: 40n }, { refunded: 40n }]);
    expect(ledger.messages).toBe(0n);
    expect(only(session.apply(round(16n)).events, "request-bounced")).toEqual([]); // 1021: the last moment
    expect(only(session.apply(round(1n)).events, "request-bounced")).toMatchObject([{ callback: 2 }]);
  });

  test("is rejected at once, so that its callback does not expire on top", () => {
    const session = boot(world);
    session.apply(ingress("i", "a"));
    session.apply(round());
    const { events } = session.apply(round(9n));
    expect(only(events, "callback-expired")).toEqual([]);
    expect(only(events, "request-bounced")).toHaveLength(1);
  });
});

describe("a best-effort message that comes too late", () => {
  const inQueue = (droppedCycles: "lost" | "returned") => {
    // The request is in the queue of b, behind the message of a user that takes the only turn.
    const session = boot(networked(smallWorld({ b: { go: [] } }, { ...oneMessage, droppedCycles }), "s0", { x: "s1" }));
    session.apply(ingress("i", "b"));
    session.apply(ingress("j", "b"));
    session.apply(roundWith([slice(request("b", 1005n, 70n))]));
    session.apply({ kind: "restart" });
    return session;
  };

  test("leaves the queue of the callee, and its cycles go home through the stream, or are lost", () => {
    for (const droppedCycles of ["lost", "returned"] as const) {
      const session = inQueue(droppedCycles);
      const { events, ledger } = session.apply(round(9n));
      const streamed = { kind: "message-streamed", to: "s1", index: 0, message: { kind: "refund", canister: "x", cycles: 70n } };
      const fate = { kind: "cycles-dropped", owner: "x", cycles: 70n, fate: droppedCycles === "lost" ? "lost" : "streamed" };
      const dropped = {
        kind: "message-dropped",
        reason: "expired",
        message: "request",
        canister: "b",
        queue: "input",
        caller: "x",
        callback: 0,
      };
      expect(events.slice(1, droppedCycles === "lost" ? 3 : 4)).toEqual([dropped, fate, ...(droppedCycles === "lost" ? [] : [streamed])]);
      expect(ledger).toMatchObject(droppedCycles === "lost" ? { lost: 70n, sent: 0n } : { lost: 0n, sent: 70n });
    }
  });

  test("gives the slot that it took back", () => {
    const world = networked(smallWorld({ b: { go: [] } }, { ...oneMessage, queueCapacity: 1 }), "s0", { x: "s1" });
    const session = boot(world);
    session.apply(ingress("i", "b"));
    session.apply(ingress("j", "b"));
    session.apply(roundWith([slice(request("b", 1002n))]));
    const again = { ...slice(request("b", null), request("b", null)), begin: 1 };
    const { events } = session.apply(roundWith([again], 5n));
    expect(only(events, "message-dropped")).toHaveLength(1);
    expect(only(events, "request-inducted")).toHaveLength(1);
    expect(only(events, "message-refused")).toMatchObject([{ index: 2, error: "IC0201" }]);
  });

  test("as a response leaves the queue of its respondent, and the cycles go to a caller that is here at once", () => {
    // Both streams are full: x asked, and the answer of b stays; a asked b, whose answer stays too.
    const go = [accept(1n), reply("01")];
    const limits = { ...oneMessage, streamCapacity: 1 };
    const session = boot(
      networked(smallWorld({ a: { go: [call("b", { timeout: 4n, attached: 20n })] }, b: { go } }, limits), "s0", { x: "s1" }),
    );
    session.apply(roundWith([slice(request("b", 1009n, 7n), request("b", 1009n, 7n))]));
    session.apply(round(0n));
    session.apply(round(0n));
    expect(session.view()).toMatchObject({ streams: [{}, { to: "s1", messages: 1 }] });
    expect(session.view().canisters[1]!.outputs).toBe(1);
    const { events, ledger } = session.apply(round(9n));
    expect(events.slice(1, 4)).toMatchObject([
      { kind: "message-dropped", reason: "expired", message: "response", canister: "b", queue: "output", caller: "x" },
      { kind: "cycles-dropped", owner: "x", cycles: 6n, fate: "streamed" },
      { kind: "message-streamed", to: "s1", index: 1, message: { kind: "refund", cycles: 6n } },
    ]);
    expect(ledger.messages).toBe(0n);
  });
});

test("lateness is met canister by canister: outputs, inputs, callbacks", () => {
  const limits = { ...oneMessage, streamCapacity: 1, queueCapacity: 4 };
  const go = [call("x", { timeout: 2n }), call("x", { timeout: 3n })];
  const session = boot(networked(smallWorld({ b: { go }, a: { go } }, limits), "s0", { x: "s1" }));
  session.apply(ingress("i", "a"));
  session.apply(ingress("j", "b"));
  session.apply(roundWith([slice(request("b", 1003n), request("a", 1003n))], 0n));
  session.apply(round(0n));
  session.apply({ kind: "restart" });
  // One of their four requests found room in the stream, and its callback is all that is left of it: here the first one of a.
  const { events } = session.apply(round(99n));
  const seen = events.flatMap((event) => {
    if (event.kind === "request-bounced" || event.kind === "callback-expired") return [`${event.kind} ${event.caller}${event.callback}`];
    return event.kind === "message-dropped" ? [`${event.kind} ${event.canister}`] : [];
  });
  expect(seen).toEqual([
    "request-bounced a1",
    "message-dropped a",
    "callback-expired a0",
    "request-bounced b0",
    "request-bounced b1",
    "message-dropped b",
  ]);
});
