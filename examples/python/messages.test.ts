/**
 * Messages under way as a reader of `docs/machine.md` works them out with pencil and paper: whose turn it is, what a queue, a
 * stream and the memory for responses hold, what comes too late, and what becomes of a canister's calls when its code is gone.
 */
import { afterAll, describe, expect, test } from "vitest";
import { converse } from "./conversation.ts";
import { call, canister, consume, ingress, kinds, observing, of, only, rejected, reply, round, uninstall, write } from "./pencil.ts";

const conversation = converse("machine.py");
const observe = observing(conversation);
afterAll(async () => {
  expect(await conversation.end()).toBe(0);
});

/** Long enough that a round of 1500 instructions, with a counter of 491, ends behind it. */
const long = consume(900);
const short = { roundInstructionLimit: 1500 };

describe("the loopback stream", () => {
  const asked = call("bob", "m", { attached: "7" });
  const world = (calls: object[]) => [canister("alice", { ask: [long, ...calls] }), canister("bob", { m: [reply("01")] })];

  test("carries what a round left in its queues to the next one", async () => {
    const [, sent, taken] = await observe(world([asked]), [ingress("a", "alice", "ask"), round(), round()], short);
    const names = { caller: "alice", callback: 0 };
    const request = { ...names, kind: "request", callee: "bob", method: "m", payload: "", attached: "7", deadline: null };
    expect(sent!.events.at(-2)).toEqual({ kind: "message-streamed", to: "subnet", index: 0, message: request });
    expect(sent!.ledger).toMatchObject({ messages: "0", sent: "7", received: "0" });
    expect(taken!.events.slice(1, 4)).toEqual([
      { kind: "stream-collected", to: "subnet", begin: 1 },
      { kind: "request-inducted", caller: "alice", callback: 0, callee: "bob" },
      { kind: "slice-taken", from: "subnet", signals: 1 },
    ]);
    expect(taken!.ledger).toMatchObject({ sent: "7", received: "7" });
  });

  test("takes no more than it has room for; what waited too long comes back", async () => {
    const inputs = [ingress("a", "alice", "ask"), round(), round()];
    const observed = await observe(world([asked, asked]), inputs, { ...short, streamCapacity: 1, requestLifetime: "4" });
    expect(of(observed[1], "message-streamed")).toHaveLength(1);
    expect(observed[1]!.ledger["messages"]).toBe("7");
    expect(observed[2]!.events[1]).toEqual({ kind: "request-bounced", caller: "alice", callback: 1, error: "CN0210" });
  });

  test("answers a request that finds no memory with a reject that goes the same way", async () => {
    // Each of two cores may promise half of 128 bytes; what the callbacks took of them is missing at the other end.
    const asking = { ask: [long, call("bob", "m", { attached: "7" })] };
    const world = ["alice", "carol"].map((id) => canister(id, asking));
    const changed = { ...short, guaranteedResponseMemory: 128 };
    const inputs = [ingress("a", "alice", "ask"), ingress("c", "carol", "ask"), round(), round()];
    const [, , sent, taken] = await observe([...world, canister("bob", { m: [reply("01")] })], inputs, { ...changed, cores: 2 });
    expect(sent!.ledger["sent"]).toBe("14");
    expect(of(taken, "message-refused")).toEqual(
      [0, 1].map((index) => ({ kind: "message-refused", from: "subnet", index, error: "IC0507" })),
    );
    expect(of(taken, "message-streamed").map(({ index }) => index)).toEqual([2, 3]);
    expect(taken!.ledger).toMatchObject({ sent: "28", received: "14" });
  });
});

describe("inputs", () => {
  test("come in turns, from canisters and from users", async () => {
    const asking = { ask: [call("carol", "m", {}), call("carol", "m", {})] };
    const world = [canister("alice", asking), canister("bob", asking), canister("carol", { m: [reply("")] })];
    const users = ["c-1", "c-2"].map((id) => ingress(id, "carol", "m"));
    const crowded = { cores: 1, roundInstructionLimit: 1031 }; // counter: 22, for two messages of carol
    const inputs = [ingress("a", "alice", "ask"), ingress("b", "bob", "ask"), round(), ...users, round(), round(), round(), round()];
    const observed = await observe(world, inputs, crowded);
    const origins = observed
      .flatMap((one) => of(one, "executed"))
      .filter(({ canister: id }) => id === "carol")
      .map(({ cause }) => (cause as { origin: { canister?: string; ingress?: string } }).origin)
      .map((origin) => origin.canister ?? origin.ingress);
    expect(origins).toEqual(["alice", "c-1", "bob", "c-2", "alice", "bob"]);
  });
});

describe("a call is not sent", () => {
  const calls = [call("bob", "m", {}), call("bob", "m", { onRefused: [reply("ee")] })];
  const world = [canister("alice", { ask: calls }), canister("bob", { m: [] })];

  test.each([
    ["IC0201", { queueCapacity: 1 }],
    ["IC0507", { guaranteedResponseMemory: 255, cores: 2 }], // of 255 bytes a core has 127, for one response of 64
    ["IC0101", { callbackLimit: 1, callbackQuota: 1 }],
  ])("and told %s at once", async (error, changed) => {
    const [, taken] = await observe(world, [ingress("a", "alice", "ask"), round()], changed);
    expect(of(taken, "executed")[0]).toMatchObject({ trap: null, refusedCalls: [{ callee: "bob", error }] });
    expect(only(taken, "ingress-answered")).toMatchObject({ result: { kind: "reply", payload: "ee" } });
  });

  test("is what a trap takes back, too", async () => {
    const trapping = [canister("alice", { ask: [...calls.map((one) => ({ ...one, onRefused: [{ op: "trap" }] }))] }), world[1]!];
    const [, taken] = await observe(trapping, [ingress("a", "alice", "ask"), round()], { queueCapacity: 1 });
    expect(only(taken, "executed")).toMatchObject({ trap: "IC0503", calls: [], refusedCalls: [] });
    expect(taken!.ledger["callbacks"]).toBe("0");
  });
});

describe("tasks", () => {
  test("take turns with messages, and the one brings the other along", async () => {
    const world = [
      { ...canister("alice", { m: [{ op: "set-timer", after: "1" }] }), onTimer: [write(0, "aa")], onHeartbeat: [write(1, "bb")] },
    ];
    const inputs = [ingress("a", "alice", "m"), round(), round(), round(), round()];
    const observed = (await observe(world, inputs)).slice(1);
    const ran = observed.map((one) => of(one, "executed").map(({ cause }) => (cause as { kind: string }).kind));
    expect(ran).toEqual([["heartbeat", "update"], ["timer", "heartbeat"], ["heartbeat"], ["heartbeat"]]);
    expect(of(observed[0], "tasks-chosen")).toEqual([{ kind: "tasks-chosen", canister: "alice", turn: "heartbeat" }]);
  });

  test("that got no core are dropped, and the timer is due again", async () => {
    const setTimer = { op: "set-timer", after: "1" };
    const world = ["alice", "bob"].map((id) => ({ ...canister(id, { m: [setTimer] }), onTimer: [long] }));
    const inputs = [...world.map(({ id }) => ingress(id, id, "m")), round(), round(), round()];
    const [, , , second, third] = await observe(world, inputs, { ...short, cores: 1 });
    // Alice paid for the first round, so that bob has the second.
    expect(only(second, "executed")).toMatchObject({ canister: "bob", cause: { kind: "timer" } });
    expect(of(second, "tasks-dropped")).toEqual([{ kind: "tasks-dropped", canister: "alice" }]);
    expect(only(third, "executed")).toMatchObject({ canister: "alice", cause: { kind: "timer" } });
  });
});

describe("an ingress message", () => {
  const world = [canister("alice", { m: [reply("0102")] })];

  test.each([
    ["CN0010", { expiry: "999" }, {}],
    ["CN0011", { expiry: "1301" }, { ingressLifetime: "300" }],
    ["IC0204", {}, { historyCapacity: 1 }],
  ])("is refused with %s", async (error, said, changed) => {
    const last = { ...ingress("b", "nobody", "m"), ...said };
    const observed = await observe(world, [ingress("a", "alice", "m"), last], changed);
    expect(observed[1]!.events).toEqual([{ kind: "ingress-refused", ingress: "b", error }]);
  });

  test("expires when nobody began to execute it in time, and costs nothing then", async () => {
    const [, taken] = await observe(world, [{ ...ingress("a", "alice", "m"), expiry: "1004" }, round()]);
    expect(taken!.events.slice(1, 3)).toEqual([
      { kind: "ingress-expired", ingress: "a" },
      { kind: "ingress-answered", ingress: "a", result: rejected("IC0202", 2) },
    ]);
    expect(taken!.ledger["balances"]).toBe("10000");
  });

  test("is forgotten when replies fill the history, and unknown when it is old", async () => {
    const inputs = [ingress("b", "alice", "m"), ingress("a", "alice", "m"), round(), round(), round()];
    const changed = { historyMemory: 3, historyLifetime: "5", ingressLifetime: "5" };
    const [, , answered, kept, pruned] = await observe(world, inputs, changed);
    expect(answered!.events.at(-2)).toEqual({ kind: "ingress-forgotten", ingress: "a" });
    expect(kinds(kept)).toEqual(["round-began", "round-ended"]);
    expect(pruned!.events.slice(1, 3)).toEqual(["a", "b"].map((id) => ({ kind: "ingress-pruned", ingress: id })));
  });
});

describe("a canister without code", () => {
  test("owes nothing any more, and takes back what its calls held", async () => {
    const world = [canister("alice", { ask: [write(0, "aa"), call("bob", "m", { attached: "7" }), long] }), canister("bob", { m: [long] })];
    const inputs = [ingress("a", "alice", "ask"), round(), uninstall("alice"), ingress("b", "alice", "ask"), round(), round()];
    const [, , gone, refused, , discarded] = await observe(world, inputs, short);
    expect(gone!.events).toEqual([
      { kind: "uninstalled", canister: "alice" },
      {
        kind: "answered",
        canister: "alice",
        context: 0,
        origin: { kind: "ingress", ingress: "a" },
        result: rejected("IC0406", 4),
        refund: "0",
      },
      { kind: "ingress-answered", ingress: "a", result: rejected("IC0406", 4) },
      { kind: "context-deleted", canister: "alice", context: 0 },
    ]);
    expect(refused!.events).toEqual([{ kind: "ingress-refused", ingress: "b", error: "IC0537" }]);
    expect(only(discarded, "response-discarded")).toMatchObject({ callback: 0, refunded: "7", released: "1164", transmissionFee: "0" });
    expect(only(discarded, "context-removed")).toMatchObject({ canister: "alice", remaining: 0 });
    expect(discarded!.ledger).toMatchObject({ messages: "0", contexts: "0", callbacks: "0", sent: "14", received: "14" });
  });

  test("is found out by who calls it, and cannot be named when there is none", async () => {
    const world = [canister("alice", { ask: [call("bob", "m", {})] }), canister("bob", { m: [reply("")] })];
    const inputs = [uninstall("nobody"), uninstall("bob"), ingress("a", "alice", "ask"), round()];
    const [nowhere, , , taken] = await observe(world, inputs);
    expect(nowhere!.events).toEqual([{ kind: "uninstall-refused", canister: "nobody", error: "IC0301" }]);
    expect(only(taken, "not-executed")).toMatchObject({ canister: "bob", error: "IC0537", charged: "100" });
  });
});
