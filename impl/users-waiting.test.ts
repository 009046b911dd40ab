/** What users ask of the management canister, and what cannot be done yet: who waits behind whom, for how long, and who is told in the end. */
import { describe, expect, test } from "vitest";
import { asciiOf, bytes, cycles, instructions, type Event, type Input, type Parameters } from "../spec/index.ts";
import { boot, type EngineSession } from "./engine.ts";
import { of } from "./small-code.ts";
import { ask, asked, manager, told, toldUsers } from "./small-management.ts";
import { call, consume, ingress, networked, only, reply, round, smallWorld, write, type SmallCanister } from "./small-world.ts";

const STATUS = "canister_status";
const running = asciiOf("running");
const both: SmallCanister = { controllers: ["@ann", "@bob", "boss"] };
/** Two slices of 100 fit into a round, so that `b` takes five. */
const sliced = { sliceInstructionLimit: instructions(100), roundInstructionLimit: instructions(300) };
const long: SmallCanister = { ...both, go: [consume(900), reply("07")] };

/** `b` has an execution under way. */
const busy = (b = long, said: Partial<Parameters> = {}): EngineSession => {
  const world = smallWorld({ b, boss: manager({ attached: 9n }), c: both }, { ...sliced, ...said });
  const session = boot({ ...world, provisional: cycles(500n) });
  session.apply(ingress("long", "b"));
  session.apply(round(0n));
  expect(of(session).execution).toMatchObject({ status: "paused" });
  return session;
};
const until = (session: EngineSession, kind: Event["kind"]): readonly Event[] => {
  for (let waited = 0; waited < 8; waited++) {
    session.apply({ kind: "restart" });
    const { events } = session.apply(round(0n));
    if (only(events, kind).length > 0) return events;
  }
  throw new Error(`there was no ${kind}`);
};
const statusOf = (session: EngineSession, id: string) => session.view().ingress.find(([one]) => one === id)![1].kind;

describe("what is asked about a canister with an execution under way", () => {
  test("waits, and so does what any user asks about that canister later, but nothing else", () => {
    const session = busy();
    session.apply(asked("i", "@ann", STATUS, "b"));
    session.apply(asked("j", "@bob", "provisional_top_up_canister", "b 5"));
    session.apply(asked("k", "@ann", STATUS, "c"));
    session.apply(asked("l", "@ann", "provisional_top_up_canister", "c 5"));
    session.apply(asked("m", "@ann", "provisional_create_canister_with_cycles", ""));
    expect(toldUsers(session.apply(round(0n)).events)).toEqual([
      ["k", running],
      ["l", ""],
      ["m", asciiOf("canister-0")],
    ]);
    expect([session.view().waitingForManagement, statusOf(session, "i")]).toEqual([2, "processing"]);
    until(session, "execution-finished");
    session.apply({ kind: "restart" });
    expect(toldUsers(session.apply(round(0n)).events)).toEqual([
      ["i", running],
      ["j", ""],
    ]);
  });

  test("need not wait where it leaves the canister as it is", () => {
    const session = busy();
    session.apply(asked("j", "@bob", "provisional_top_up_canister", "b 5"));
    expect(toldUsers(session.apply(round(0n)).events)).toEqual([["j", ""]]);
    expect(of(session).execution).not.toBe(null);
  });

  test("by users does not hold back what canisters ask, nor that what users do", () => {
    const session = busy({ ...long, go: [consume(990), reply()] });
    session.apply(asked("i", "@ann", STATUS, "b"));
    ask(session, "deposit_cycles", "b");
    ask(session, STATUS, "b");
    session.apply(asked("j", "@bob", "provisional_top_up_canister", "c 5"));
    expect(session.view().waitingForManagement).toBe(2);
    expect(toldUsers(session.apply(round(0n)).events)).toContainEqual(["j", ""]);
    until(session, "execution-finished");
    const { events } = session.apply(round(0n));
    expect(events.filter(({ kind }) => kind === "management-answered" || kind === "ingress-answered").slice(0, 2)).toMatchObject([
      { kind: "ingress-answered", ingress: "i" },
      { kind: "management-answered", caller: "boss", result: { payload: running } },
    ]);
  });

  test("stands behind the requests that wait already", () => {
    const session = boot(smallWorld({ b: both, boss: manager(), c: both }));
    ask(session, STATUS, "b");
    session.apply(asked("i", "@ann", STATUS, "b"));
    const { events } = session.apply(round(0n));
    const answers = events.filter(({ kind }) => kind === "management-answered" || kind === "ingress-answered");
    expect(answers.slice(0, 2)).toMatchObject([{ kind: "management-answered" }, { kind: "ingress-answered", ingress: "i" }]);
  });
});

describe("who pays while its execution is paused", () => {
  test("pays when that is over", () => {
    const session = busy();
    const { balance } = of(session);
    session.apply(asked("i", "@ann", STATUS, "b"));
    const { events, ledger } = session.apply(round(0n));
    expect(only(events, "ingress-inducted")).toEqual([
      { kind: "ingress-inducted", ingress: "i", canister: "b", asked: STATUS, fee: 52n, balance },
    ]);
    expect([of(session).balance, ledger.burned]).toEqual([balance, 50n]);
    expect(of(session).execution).toMatchObject({ postponed: 52n });
    expect(only(until(session, "execution-finished"), "execution-finished")).toMatchObject([{ canister: "b", postponed: 52n }]);
  });

  test("or at once when that was aborted, with what was postponed by then", () => {
    const session = busy();
    session.apply(asked("i", "@ann", STATUS, "b"));
    const aborted = session.apply({ ...(round(0n) as Extract<Input, { kind: "round" }>), checkpoint: true });
    expect(only(aborted.events, "execution-aborted")).toMatchObject([{ canister: "b", postponed: 52n }]);
    const { balance } = of(session);
    session.apply(asked("j", "@ann", STATUS, "b"));
    expect(only(session.apply(round(0n)).events, "ingress-inducted")).toMatchObject([{ ingress: "j", fee: 52n, balance: balance - 52n }]);
  });

  test("is rejected when it cannot pay for all that was postponed", () => {
    const poor = busy({ ...long, balance: 1_150n + 103n });
    poor.apply(asked("i", "@ann", STATUS, "b"));
    poor.apply(asked("j", "@bob", STATUS, "b"));
    expect(toldUsers(poor.apply(round(0n)).events)).toEqual([["j", "IC0207"]]);
    expect(toldUsers(until(poor, "execution-finished"))).toContainEqual(["long", "07"]);
  });
});

describe("a message that waits", () => {
  test("expires behind those of the pool and before those in queues, and nobody is paid back", () => {
    const session = busy(long, { roundInstructionLimit: instructions(110) });
    session.apply(ingress("queued", "b", "go", "", 1003n));
    session.apply(asked("waits", "@ann", STATUS, "b", 1003n));
    session.apply(asked("longer", "@bob", STATUS, "b", 1004n));
    session.apply(round(3n));
    expect(session.view().waitingForManagement).toBe(2);
    session.apply(asked("pooled", "@ann", STATUS, "c", 1003n));
    session.apply({ kind: "restart" });
    const { events } = session.apply(round(1n));
    expect(only(events, "ingress-expired").map(({ ingress: id }) => id)).toEqual(["pooled", "waits", "queued"]);
    expect(toldUsers(events)).toEqual(["pooled", "waits", "queued"].map((id) => [id, "IC0202"]));
    expect(session.view().waitingForManagement).toBe(1);
    expect(toldUsers(until(session, "execution-finished"))).toEqual([["long", "07"]]);
    expect(toldUsers(session.apply(round(0n)).events)).toEqual([["longer", running]]);
  });

  test("came with a block, also in a round that executes nothing", () => {
    const b = { ...both, methods: { grow: [write(0, "01"), reply()] } };
    const session = boot(smallWorld({ b }, { heapDeltaCapacity: bytes(1_000), heapDeltaReserve: bytes(0) }));
    session.apply(ingress("grows", "b", "grow"));
    session.apply(round(0n));
    session.apply(asked("i", "@ann", STATUS, "b"));
    const { events } = session.apply(round(0n));
    expect(events.map(({ kind }) => kind)).toEqual(["round-began", "round-skipped", "ingress-inducted", "round-ended"]);
    expect([session.view().waitingForManagement, statusOf(session, "i")]).toEqual([1, "processing"]);
  });
});

describe("a user who stops a canister", () => {
  /** `b` waits for somebody who never answers. */
  const world = networked(smallWorld({ b: { ...both, go: [call("far")] }, boss: manager({ attached: 9n }) }), "s0", { far: "s1" });
  const waiting = (): EngineSession => {
    const session = boot(world);
    session.apply(ingress("call", "b"));
    session.apply(round(0n));
    return session;
  };

  test("is told when it has come to rest, at the end of the round", () => {
    const session = boot(smallWorld({ b: both }));
    session.apply(asked("i", "@ann", "stop_canister", "b"));
    const { events } = session.apply(round(0n));
    expect(events.slice(1, -1)).toMatchObject([
      { kind: "ingress-inducted", ingress: "i" },
      { kind: "canister-stopping", canister: "b" },
      { kind: "canister-stopped", canister: "b" },
      { kind: "ingress-answered", ingress: "i", result: { kind: "reply", payload: "" } },
    ]);
    session.apply(asked("j", "@bob", "stop_canister", "b"));
    expect(toldUsers(session.apply(round(0n)).events)).toEqual([["j", ""]]);
  });

  test("waits with it as long as others do, whatever the expiry of the message", () => {
    const session = waiting();
    session.apply(asked("i", "@ann", "stop_canister", "b", 1003n));
    session.apply(round(0n)); // since 1000
    session.apply(asked("j", "@bob", "stop_canister", "b"));
    session.apply(round(1n)); // since 1001
    expect([of(session).stops, session.view().waitingForManagement]).toEqual([2, 0]);
    session.apply({ kind: "restart" });
    expect(toldUsers(session.apply(round(9n)).events)).toEqual([]);
    expect(toldUsers(session.apply(round(1n)).events)).toEqual([["i", "IC0206"]]);
    expect([of(session).status, of(session).stops, statusOf(session, "j")]).toEqual(["stopping", 1, "processing"]);
    expect(toldUsers(session.apply(round(1n)).events)).toEqual([["j", "IC0206"]]);
  });

  test("is told that it was started instead, beside canisters in the order in which they asked, and then the one who started it", () => {
    const session = waiting();
    session.apply(asked("i", "@ann", "stop_canister", "b"));
    session.apply(round(0n));
    ask(session, "stop_canister", "b");
    session.apply(asked("j", "@bob", "stop_canister", "b"));
    session.apply(asked("k", "@bob", "start_canister", "b"));
    session.apply({ kind: "restart" });
    const { events, ledger } = session.apply(round(0n));
    const at = events.findIndex(({ kind }) => kind === "canister-started");
    expect(events.slice(at, at + 5)).toMatchObject([
      { kind: "canister-started", canister: "b" },
      { kind: "ingress-answered", ingress: "i", result: { error: "IC0511" } },
      { kind: "management-answered", caller: "boss", result: { error: "IC0511" }, refund: 9n },
      { kind: "ingress-answered", ingress: "j", result: { error: "IC0511" } },
      { kind: "ingress-answered", ingress: "k", result: { payload: "" } },
    ]);
    expect([told(events), ledger.messages, of(session).stops]).toEqual([[["boss", "IC0511", 9n]], 0n, 0]);
  });
});
