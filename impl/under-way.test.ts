/** Messages that need more than a slice: what is seen while they are under way, and what of them counts elsewhere meanwhile. */
import { describe, expect, test } from "vitest";
import { canisterId, cycles, instructions, type Input, type Parameters } from "../spec/index.ts";
import { boot } from "./engine.ts";
import {
  accept,
  burn,
  bytesOf,
  call,
  consume,
  ingress,
  only,
  reply,
  round,
  setTimer,
  smallWorld,
  uninstall,
  write,
  type SmallCanister,
} from "./small-world.ts";

/** One slice of 100 instructions fits into a round: its counter is 1. */
const oneSlice: Partial<Parameters> = { sliceInstructionLimit: instructions(100), roundInstructionLimit: instructions(110) };
const topUp = (canister: string, count: bigint): Input => ({ kind: "top-up", canister: canisterId(canister), cycles: cycles(count) });
const checkpoint: Input = { ...(round() as Extract<Input, { kind: "round" }>), checkpoint: true };
const led = (canisters: Readonly<Record<string, SmallCanister>>, said: Partial<Parameters> = {}) =>
  boot(smallWorld(canisters, { ...oneSlice, ...said }));

describe("a message of more than a slice", () => {
  // facts/scheduler.md SCH-3.11
  test.each([
    ["that passes its limit by one is paused nine times and traps in the tenth round", 1000, "IC0522"],
    ["that needs all of its limit is paused nine times and completes in the tenth round", 999, null],
  ])("%s", (_, count, trap) => {
    const session = led({ a: { go: [consume(count), reply()] } });
    session.apply(ingress("i", "a"));
    for (let slices = 1; slices < 10; slices++) {
      const { events, ledger } = session.apply(round());
      expect(only(events, "execution-paused")).toMatchObject([
        { slices, instructions: 100 * slices, prepaid: 1100n, since: 1, balance: 98_850n },
      ]);
      expect(only(events, "execution-resumed")).toHaveLength(slices === 1 ? 0 : 1);
      expect([ledger.executions, only(events, "executed")]).toEqual([1100n, []]);
    }
    const { events, ledger } = session.apply(round());
    expect(only(events, "executed")).toMatchObject([{ trap, instructions: 1000, charged: 1100n, balance: 98_850n }]);
    expect(only(events, "execution-finished")).toEqual([
      { kind: "execution-finished", canister: "a", slices: 10, since: 1, postponed: 0n },
    ]);
    expect([ledger.executions, ledger.burned]).toEqual([0n, 1150n]);
  });

  test("is cut anywhere, and several slices of it fit into one turn; then its canister rests", () => {
    const session = led({ a: { go: [consume(250), write(0, "07"), reply()] } }, { roundInstructionLimit: instructions(4000) });
    for (const id of ["i", "j"]) session.apply(ingress(id, "a"));
    const { events } = session.apply(round());
    expect(events.map(({ kind }) => kind).slice(3)).toEqual([
      "turn-began",
      "execution-paused",
      "execution-resumed",
      "execution-paused",
      "execution-resumed",
      "executed",
      "execution-finished",
      "answered",
      "ingress-answered",
      "context-removed",
      "turn-ended",
      "round-ended",
    ]);
    expect(only(events, "turn-ended")).toMatchObject([{ instructions: 252 + 3 * 10, drained: false }]);
    expect(only(session.apply(round()).events, "executed")).toHaveLength(1);
  });

  test("sees the time and the balance of its start, and meets what came meanwhile at its end", () => {
    const look = [write(0, { kind: "time" }), write(1, { kind: "balance" }), consume(150), burn(100n), setTimer(5n), reply()];
    const session = led({ a: { go: look } });
    session.apply(ingress("i", "a"));
    session.apply(round());
    session.apply(topUp("a", 7n));
    const [done] = only(session.apply(round(3n)).events, "executed");
    expect(done).toMatchObject({
      timer: 1006n,
      wrote: [
        [0, "00000000000003e9"],
        [1, "00000000000000000000000000018222"],
      ],
    });
    // 98,850 at the start; less what it burned, with 845 instructions that it did not use, and the 7 that came.
    expect(done!.balance).toBe(98_850n - 100n + 845n + 7n);
  });

  test("lets fees for reception wait, burns them at its end, and does not complete when they cannot be covered", () => {
    const waiting = (balance: bigint) => {
      const session = led({ a: { balance, go: [consume(150), reply()] } });
      session.apply(ingress("i", "a"));
      session.apply(round());
      for (const id of ["j", "k"]) session.apply(ingress(id, "a"));
      return session.apply(round()).events;
    };
    const rich = waiting(5000n);
    expect(only(rich, "ingress-inducted")).toMatchObject([
      { ingress: "j", fee: 50n, balance: 3850n },
      { ingress: "k", fee: 50n, balance: 3850n },
    ]);
    expect(only(rich, "execution-finished")).toMatchObject([{ postponed: 100n }]);
    expect(only(rich, "executed")).toMatchObject([{ trap: null, balance: 3850n + 849n - 100n }]);
    // 99 are left beside the prepayment, enough for each of the fees and not for both.
    const poor = waiting(1249n);
    expect(only(poor, "ingress-answered")[0]).toMatchObject({ ingress: "k", result: { error: "IC0207" } });
    expect(only(poor, "execution-finished")).toMatchObject([{ postponed: 50n }]);
    const spender = led({ a: { balance: 5000n, go: [burn(3849n), consume(150), reply()] } });
    spender.apply(ingress("i", "a"));
    spender.apply(round());
    spender.apply(ingress("j", "a"));
    expect(only(spender.apply(round()).events, "executed")).toMatchObject([{ trap: "IC0207", burned: 0n, balance: 3850n + 848n - 50n }]);
  });
});

describe("a long execution that is aborted", () => {
  test("keeps its message and its prepayment, burns postponed fees, and begins anew with the time of its new start", () => {
    const session = led({ a: { go: [write(0, { kind: "time" }), consume(250), reply()] } });
    session.apply(ingress("i", "a"));
    session.apply(round());
    session.apply(ingress("j", "a"));
    const { events, ledger } = session.apply(checkpoint);
    expect(only(events, "execution-aborted")).toEqual([
      { kind: "execution-aborted", canister: "a", slices: 2, instructions: instructions(200), postponed: 50n, balance: 98_800n },
    ]);
    expect([ledger.executions, ledger.burned]).toEqual([1100n, 100n]);
    expect(session.view().canisters[0]!.execution).toMatchObject({ status: "aborted", since: 1, slices: 0, postponed: 0n });
    session.apply(ingress("k", "a"));
    const afresh = session.apply(round()).events;
    expect(only(afresh, "ingress-inducted")).toMatchObject([{ balance: 98_750n }]);
    expect(only(afresh, "execution-resumed")).toEqual([{ kind: "execution-resumed", canister: "a", afresh: true }]);
    session.apply(round());
    const [done] = only(session.apply(round()).events, "executed");
    expect(done).toMatchObject({ trap: null, wrote: [[0, "00000000000003eb"]] });
  });

  test("is one of those beyond the first few, in the order of the round", () => {
    const worker = { go: [consume(500), reply()] };
    const session = led({ a: worker, b: worker, c: worker }, { cores: 3, maxPausedExecutions: 1 });
    for (const id of ["a", "b", "c"]) session.apply(ingress(`i-${id}`, id));
    expect(only(session.apply(round()).events, "execution-aborted").map(({ canister }) => canister)).toEqual(["b", "c"]);
  });
});

describe("what is executed in slices counts as if it stood in its queue", () => {
  const slow = { go: [consume(250), accept(5n), reply()] };
  const asking = [call("b", { attached: 20n, timeout: 1n, onReject: [reply()], onReply: [reply()] })];

  test("for the slot of its caller, and its cycles are with the executions", () => {
    const twice = { go: [call("b", { attached: 20n }), call("b", { attached: 20n })] };
    const session = led({ a: twice, b: slow }, { queueCapacity: 1, roundInstructionLimit: instructions(310), cores: 1 });
    session.apply(ingress("i", "a"));
    const first = session.apply(round());
    expect(only(first.events, "executed")).toMatchObject([{ calls: [{ callee: "b" }], refusedCalls: [{ callee: "b", error: "IC0201" }] }]);
    expect(only(first.events, "execution-paused")).toHaveLength(2);
    expect([first.ledger.executions, first.ledger.messages]).toEqual([1120n, 0n]);
    session.apply(ingress("k", "a"));
    expect(only(session.apply(round()).events, "executed")[0]).toMatchObject({ canister: "b", accepted: 5n });
  });

  test("for its callback: a response under way is not overtaken by its deadline", () => {
    const patient = { go: [call("b", { timeout: 2n, onReply: [consume(350), reply("01")], onReject: [reply("02")] })] };
    const session = led({ a: patient, b: {} }, { roundInstructionLimit: instructions(180) });
    session.apply(ingress("i", "a"));
    const paused = session.apply(round());
    expect(only(paused.events, "execution-paused")).toMatchObject([{ cause: { kind: "response" }, prepaid: 0n }]);
    expect([paused.ledger.executions, paused.ledger.callbacks]).toEqual([0n, 1164n]);
    const late = session.apply(round(5n));
    expect(only(late.events, "callback-expired")).toEqual([]);
    const answered = [late, session.apply(round()), session.apply(round())].flatMap(({ events }) => only(events, "ingress-answered"));
    expect(answered).toMatchObject([{ result: { kind: "reply", payload: "01" } }]);
  });

  test("and a response to a canister that is gone by then is dropped, and its cycles lost", () => {
    const session = led({ a: { go: asking }, b: slow });
    session.apply(ingress("i", "a"));
    session.apply(round());
    session.apply(round());
    session.apply(round(9n));
    const deleted = session.apply({ kind: "delete-canister", canister: canisterId("a") });
    expect(deleted.events).toMatchObject([{ kind: "canister-deleted" }]);
    const { events, ledger } = session.apply(round());
    expect(only(events, "message-dropped")).toEqual([
      { kind: "message-dropped", reason: "orphaned", message: "response", canister: "b", queue: "output", caller: "a", callback: 0 },
    ]);
    expect(only(events, "cycles-dropped")).toEqual([{ kind: "cycles-dropped", owner: "a", cycles: 15n, fate: "lost" }]);
    expect(ledger.lost).toBe(15n);
  });
});

test("a canister with an execution under way is not uninstalled, and takes no task", () => {
  const session = led({ a: { go: [consume(250), reply()], onHeartbeat: [write(0, bytesOf("01"))] } }, { cores: 1 });
  session.apply(ingress("i", "a"));
  session.apply(round()); // the turn of the heartbeat
  session.apply(round());
  expect(session.view().canisters[0]!.execution).toMatchObject({ status: "paused" });
  expect(session.apply(uninstall("a")).events).toEqual([{ kind: "uninstall-refused", canister: "a", error: "CN0015" }]);
  expect(only(session.apply(round()).events, "tasks-chosen")).toEqual([]);
});
