/** Memory for messages: what a canister pays for making others wait, and for waiting. */
import { describe, expect, test } from "vitest";
import { canisterId, cycles, instructions, nanoseconds, type Executed, type Parameters } from "../spec/index.ts";
import { all, balances, charged, dry, pass, second, told } from "./charged-world.ts";
import { boot, type EngineSession } from "./engine.ts";
import { burn, call, consume, ingress, networked, only, reply, round, smallParameters, type SmallCanister } from "./small-world.ts";

/** Room for one response, of 64 bytes, costs 1 a second. */
const billed: Partial<Parameters> = { fees: { ...smallParameters.fees, messageGibSecond: cycles(2n ** 24n) }, cores: 1 };

/** A world in which a canister `far` is elsewhere, and does not answer. */
const world = (canisters: Readonly<Record<string, SmallCanister>>, others: Partial<Parameters> = {}): EngineSession =>
  boot(networked(charged(canisters, { ...billed, ...others }), "here", { far: "there" }));

const asked = (session: EngineSession, ...names: readonly string[]): readonly Executed[] => {
  for (const name of names) session.apply(ingress(`i-${name}-${session.view().height}`, name));
  return only(session.apply(pass(0)).events, "executed");
};

const topUp = (session: EngineSession, name: string) =>
  session.apply({ kind: "top-up", canister: canisterId(name), cycles: cycles(5_000n) });

const waiting: SmallCanister = { go: [call("far")] };

describe("a canister is charged", () => {
  test("for the response that it waits for, and for the one that it owes", () => {
    const session = world({ a: { go: [call("b")] }, b: waiting, c: {} });
    asked(session, "a");
    const before = balances(session);
    expect(told(session, pass(10))).toEqual([all(3, 0n, 0n, 30n)]);
    expect(balances(session).map((balance, at) => before[at]! - balance)).toEqual([10n, 20n, 0n]);
  });

  test("for nothing of a best-effort call", () => {
    const session = world({ a: { go: [call("b", { timeout: 10n * second })] }, b: {} }, { bestEffortLifetime: nanoseconds(100n * second) });
    session.apply(ingress("i", "a"));
    session.apply(pass(0));
    expect(told(session, pass(10))).toEqual([all(2, 0n, 0n, 0n)]);
  });

  test("before its allocation, and each as long as the rest covers it", () => {
    const rested = (): readonly [EngineSession, number] => {
      const session = world({ a: { ...waiting, allocation: 1 } });
      const { balance } = asked(session, "a")[0]!;
      return [session, Number(balance)];
    };
    const [rich, rest] = rested();
    const half = Math.floor(rest / 2);
    expect(told(rich, pass(half))).toEqual([all(1, 0n, BigInt(half), BigInt(half))]);
    const [poor] = rested();
    expect(told(poor, pass(half + 1))).toEqual([all(1, 0n, 0n, BigInt(half + 1)), dry("a", BigInt(rest - half - 1))]);
    const [poorer] = rested();
    expect(told(poorer, pass(rest + 1))).toEqual([all(1, 0n, 0n, 0n), dry("a", BigInt(rest))]);
  });

  test("by the price of a day of all bytes, rounded once", () => {
    const fees = { ...smallParameters.fees, messageGibSecond: cycles(2n ** 24n / 3n) };
    const session = world({ a: { go: [call("far"), call("far")] } }, { fees });
    asked(session, "a");
    // Of a day: floor(128 · 5,592,405 · 86,400 / 2^30) = 57,599.
    expect(told(session, pass(10))).toEqual([all(1, 0n, 0n, 6n)]);
    expect(told(session, pass(86_400))).toEqual([all(1, 0n, 0n, 57_599n)]);
  });

  test("as long as that lasts, also when nobody touches it meanwhile", () => {
    const session = world({ a: waiting, b: {} });
    asked(session, "a");
    const before = balances(session);
    for (let times = 1; times <= 50; times++) expect(told(session, pass(10))).toEqual([all(2, 0n, 0n, 10n)]);
    expect(balances(session)).toEqual([before[0]! - 500n, before[1]]);
  });
});

describe("the freezing threshold", () => {
  /** For 100 seconds, in which room for a response costs 100. */
  const freezing = 100;
  const held = 50n + 1_100n;
  const cost = 30n + 1_164n;

  test.each([
    [99n, [{ callee: "far", error: "IC0535" }]],
    [100n, []],
  ])("counts the response to a call that is sent: with %d left beside its price", (left, refusedCalls) => {
    const session = world({ a: { ...waiting, freezing, balance: held + cost + left } });
    expect(asked(session, "a")).toMatchObject([{ trap: null, refusedCalls }]);
  });

  test("counts none of a best-effort call", () => {
    const session = world({ a: { go: [call("far", { timeout: 5n })], freezing, balance: held + cost } });
    expect(asked(session, "a")).toMatchObject([{ refusedCalls: [], trap: null }]);
  });

  test("is the last of the conditions of a call", () => {
    const session = world({ a: { ...waiting, freezing, balance: held + cost - 1n } });
    expect(asked(session, "a")).toMatchObject([{ refusedCalls: [{ error: "IC0207" }] }]);
  });

  test("counts calls sent before in the same execution, and in earlier ones", () => {
    const spend: SmallCanister = { freezing, go: [call("far"), burn(10n ** 9n), reply()], methods: { again: [burn(10n ** 9n), reply()] } };
    const session = world({ a: spend });
    expect(asked(session, "a")).toMatchObject([{ balance: 100n + 1_000n - 3n }]);
    topUp(session, "a");
    session.apply(ingress("j", "a", "again"));
    expect(only(session.apply(pass(0)).events, "executed")).toMatchObject([{ balance: 100n + 1_000n - 2n }]);
  });

  test.each([
    [99n, "IC0207"],
    [100n, null],
  ])("counts the request that the canister took, before its context is open: with %d beside the prepayment", (left, error) => {
    const session = world({ a: { go: [call("b")] }, b: { freezing, balance: 1_100n + left } });
    const { events } = (session.apply(ingress("i", "a")), session.apply(pass(0)));
    const refused = only(events, "not-executed").map(({ error: told }) => told);
    expect(refused).toEqual(error === null ? [] : [error]);
  });

  test("counts its context while it is executed, and nothing when that was answered", () => {
    const go = [burn(10n ** 9n), reply()];
    const session = world({ a: { go: [call("b")] }, b: { freezing, go } });
    const [, executed] = asked(session, "a");
    expect(executed).toMatchObject({ canister: "b", balance: 100n + 998n });
    topUp(session, "b");
    expect(asked(session, "b")).toMatchObject([{ balance: 998n }]);
  });

  test("counts of the other messages those that waited when an attempt at a long execution began", () => {
    const slices = { sliceInstructionLimit: instructions(100), roundInstructionLimit: instructions(110), maxPausedExecutions: 2 };
    const slow: SmallCanister = { freezing, go: [consume(250), burn(10n ** 9n), reply()] };
    const finished = (checkpoint: boolean): bigint => {
      const session = world({ a: { go: [call("b")] }, b: slow }, { ...slices, cores: 2 });
      session.apply(ingress("i", "b"));
      session.apply(round());
      session.apply(ingress("j", "a"));
      session.apply({ ...pass(0), checkpoint }); // the request of a comes, and has to wait
      const executed = [round(), round(), round()].flatMap((input) => only(session.apply(input).events, "executed"));
      return executed.find(({ canister }) => canister === "b")!.balance;
    };
    expect(finished(false)).toBe(748n);
    expect(finished(true)).toBe(100n + 748n);
  });
});
