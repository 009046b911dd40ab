/** What is set aside for memory that becomes scarce, and what it pays for then. */
import { describe, expect, test } from "vitest";
import { bytes, canisterId, cycles, instructions, nanoseconds, seconds, type Executed, type Parameters } from "../spec/index.ts";
import { all, balances, charged, dry, pass, told } from "./charged-world.ts";
import { boot, type EngineSession } from "./engine.ts";
import { burn, call, consume, ingress, only, reply, trap, uninstall, write, type SmallCanister } from "./small-world.ts";

/** The first page that comes above what is plenty costs 10, the next one 30, then 50, and so on. A page costs 1 a second. */
const scarce = (plenty: number, others: Partial<Parameters> = {}): Partial<Parameters> => {
  const { cores = 1 } = others;
  return {
    storage: { threshold: bytes(cores * plenty * 1024), capacity: bytes(cores * (plenty + 8) * 1024), period: seconds(160) },
    cores,
    heapPages: 8,
    chargePeriod: nanoseconds(10_000_000_000n),
    ...others,
  };
};

const pages = (from: number, to: number) => Array.from({ length: to - from }, (_, at) => write(from + at, "01"));

/** A canister that writes so many pages when it is asked to. */
const writing = (count: number, others: SmallCanister = {}): SmallCanister => ({ go: [...pages(0, count), reply()], ...others });

const asked = (session: EngineSession, ...names: readonly string[]): readonly Executed[] => {
  for (const name of names) session.apply(ingress(`i-${name}-${session.view().height}`, name));
  return only(session.apply(pass(0)).events, "executed");
};

const reserves = (session: EngineSession): readonly bigint[] => session.view().canisters.map(({ reserved }) => reserved);

describe("a page that is written for the first time", () => {
  test("sets nothing aside as long as memory is plenty, and the more the scarcer it is", () => {
    const session = boot(charged({ a: { methods: { go: [write(0, "01"), reply()] } }, b: writing(4) }, scarce(2)));
    expect(asked(session, "a")).toMatchObject([{ reserved: 0n }]);
    expect(asked(session, "b")).toMatchObject([{ reserved: 10n + 30n + 50n, balance: 100_000n - 50n - 105n - 90n }]);
    expect(reserves(session)).toEqual([0n, 90n]);
  });

  test("moves cycles to where the ledger shows them", () => {
    const session = boot(charged({ a: writing(3) }, scarce(0)));
    const [executed] = asked(session, "a");
    const { ledger } = session.apply(pass(0));
    expect(executed!.reserved).toBe(90n);
    expect(ledger).toMatchObject({ balances: executed!.balance, reserved: 90n, burned: 154n });
  });

  test("costs nothing again, whatever its content", () => {
    const session = boot(charged({ a: writing(2) }, scarce(0)));
    asked(session, "a");
    expect(asked(session, "a")).toMatchObject([{ reserved: 0n }]);
  });

  test("costs nothing in an inspection, which leaves nothing", () => {
    const inspect = [...pages(0, 8), { op: "accept-message" }] as const;
    const session = boot(charged({ a: writing(1, { inspect, reservedLimit: 10n }) }, scarce(0)));
    expect(asked(session, "a")).toMatchObject([{ trap: null, reserved: 10n }]);
  });

  test.each([
    [39n, "IC0534"],
    [40n, null],
  ])("sets aside at most the limit of its canister: of %d", (reservedLimit, error) => {
    const session = boot(charged({ a: writing(2, { reservedLimit }) }, scarce(0)));
    expect(asked(session, "a")).toMatchObject([{ trap: error, reserved: error === null ? 40n : 0n }]);
  });

  test("does not meet the limit where nothing is to be set aside", () => {
    const session = boot(charged({ a: writing(2, { reservedLimit: 0n }) }, scarce(2)));
    expect(asked(session, "a")).toMatchObject([{ trap: null, reserved: 0n }]);
  });

  test.each([
    [0, 39n, "IC0532"],
    [0, 40n, null],
    [60, 119n, "IC0532"], // two pages cost 120 in that time, of which 40 are set aside, and 80 have to be left
    [60, 120n, null],
  ])("with a freezing period of %d seconds is not written with %d to spend", (freezing, left, error) => {
    const session = boot(charged({ a: writing(2, { freezing, balance: 50n + 1_100n + left }) }, scarce(0)));
    expect(asked(session, "a")).toMatchObject([{ trap: error, reserved: error === null ? 40n : 0n }]);
  });

  test("is written below the freezing threshold by a callback alone, and not even there with less than has to be set aside", () => {
    const spend = [burn(1_000_000n), write(0, "01")];
    const ended = (plenty: number, freezing: number, go: SmallCanister["go"] & object): readonly (string | null)[] => {
      const session = boot(charged({ a: { freezing, go }, b: {} }, scarce(plenty)));
      return asked(session, "a").flatMap(({ canister, trap: error }) => (canister === "a" ? [error] : []));
    };
    expect(ended(1, 30, spend)).toEqual(["IC0532"]);
    expect(ended(1, 30, [call("b", { onReply: spend }), reply()])).toEqual([null, null]);
    expect(ended(0, 0, [call("b", { onReply: spend }), reply()])).toEqual([null, "IC0532"]);
  });
});

describe("what is set aside is rolled back", () => {
  test("with everything else when the script traps", () => {
    const session = boot(charged({ a: { go: [...pages(0, 3), trap] }, b: writing(1) }, scarce(0)));
    const [failed, other] = asked(session, "a", "b");
    expect(failed).toMatchObject({ trap: "IC0503", reserved: 0n, balance: 100_000n - 50n - 104n });
    expect(other).toMatchObject({ reserved: 10n }); // the core never saw those pages
    expect(reserves(session)).toEqual([0n, 10n]);
  });

  test("but not what a cleanup sets aside", () => {
    const go = [call("b", { onReply: [...pages(0, 3), trap], onCleanup: [write(5, "01")] }), reply()];
    const session = boot(charged({ a: { go }, b: {} }, scarce(0)));
    const executed = asked(session, "a").at(-1)!;
    expect(executed).toMatchObject({ trap: "IC0503", cleanup: "completed", reserved: 10n, wrote: [[5, "01"]] });
    expect(reserves(session)).toEqual([10n, 0n]);
  });
});

describe("a core sees of the memory in use", () => {
  test("its share of what there was when the iteration began, and what grew on it since", () => {
    const one = boot(charged({ a: writing(1), b: writing(1) }, scarce(0)));
    expect(asked(one, "a", "b").map(({ reserved }) => reserved)).toEqual([10n, 30n]);
    const two = boot(charged({ a: writing(1), b: writing(1) }, scarce(0, { cores: 2 })));
    expect(asked(two, "a", "b").map(({ reserved }) => reserved)).toEqual([10n, 10n]);
    // A page on each core, of two in all: the next one is the second of its core.
    two.apply({ kind: "create-canister", canister: charged({ c: writing(1) }).canisters[0]! });
    expect(asked(two, "c")).toMatchObject([{ reserved: 30n }]);
  });

  test("in a later iteration what grew on others", () => {
    const world = { a: writing(1, { go: [write(0, "01"), call("b"), reply()] }), b: writing(1), c: { go: [write(0, "01"), reply()] } };
    const session = boot(charged(world, scarce(0, { cores: 2 })));
    // Three pages where two cores have one each, and a half; only whole bytes count: 10, and 10, then half of each.
    const executed = asked(session, "a", "c").filter(({ wrote }) => wrote.length > 0);
    expect(executed.map(({ canister, reserved }) => [canister, reserved])).toEqual([
      ["a", 10n],
      ["c", 10n],
      ["b", 30n],
    ]);
  });

  test("what it saw when an attempt at a long execution began; and the core of its last slice sees the pages", () => {
    const slices = { sliceInstructionLimit: instructions(100), roundInstructionLimit: instructions(229) };
    const long: SmallCanister = { allocation: 90, go: [consume(150), write(0, "01"), consume(80), write(1, "01"), reply()] };
    const session = boot(charged({ a: long, b: writing(1), c: writing(3) }, scarce(0, slices)));
    expect(asked(session, "c")).toMatchObject([{ reserved: 90n }]);
    expect(asked(session, "a")).toEqual([]);
    expect(session.view().canisters[0]!.execution).toMatchObject({ status: "paused", slices: 2 });
    session.apply(uninstall("c"));
    expect(asked(session, "b").map(({ canister, reserved }) => [canister, reserved])).toEqual([
      ["a", 70n + 90n], // as if the three pages were still there
      ["b", 50n],
    ]);
  });

  test("no page that is gone", () => {
    const session = boot(charged({ a: writing(3), b: writing(1), c: writing(1) }, scarce(0)));
    asked(session, "a");
    session.apply(uninstall("a"));
    expect(asked(session, "b")).toMatchObject([{ reserved: 10n }]);
    expect(only(session.apply({ kind: "delete-canister", canister: canisterId("b") }).events, "canister-deleted")).toHaveLength(1);
    expect(asked(session, "c")).toMatchObject([{ reserved: 10n }]);
    expect(reserves(session)).toEqual([90n, 10n]);
  });
});

describe("what is set aside", () => {
  /** Set aside: 90. What three pages and an allocation of 2 cost: 5 a second. */
  const thrifty = (more: SmallCanister = {}): EngineSession => {
    const session = boot(charged({ a: writing(3, { allocation: 2, ...more }) }, scarce(0)));
    asked(session, "a");
    return session;
  };

  test("pays before the balance does, for all that is charged, until it is used up", () => {
    const session = thrifty();
    const [before] = balances(session);
    expect(told(session, pass(10))).toEqual([all(1, 30n, 20n)]);
    expect([...reserves(session), ...balances(session)]).toEqual([40n, before]);
    expect(session.apply(pass(0)).ledger).toMatchObject({ reserved: 40n, balances: before });
    expect(told(session, pass(10))).toEqual([all(1, 30n, 20n)]);
    expect([...reserves(session), ...balances(session)]).toEqual([0n, before! - 10n]);
    expect(session.apply(pass(10)).ledger).toMatchObject({ reserved: 0n, balances: before! - 60n });
  });

  test("is asked for after many charges at once, too", () => {
    const session = thrifty();
    const [before] = balances(session);
    for (const seconds of [10, 11, 12, 13]) session.apply(pass(seconds));
    expect([...reserves(session), ...balances(session)]).toEqual([0n, before! + 90n - 5n * 46n]);
  });

  test("counts as cycles to go on with, and is burned with the balance when both do not suffice", () => {
    const world = writing(3, { balance: 50n + 1_100n + 90n + 5n, allocation: 2 });
    const session = boot(charged({ a: world }, scarce(0)));
    const [executed] = asked(session, "a");
    session.apply({ kind: "top-up", canister: canisterId("a"), cycles: cycles(0n) });
    const rest = executed!.balance + 90n;
    const seconds = Number(rest / 5n);
    expect(told(session, pass(seconds))).toEqual([all(1, BigInt(3 * seconds), BigInt(2 * seconds))]);
    expect(told(session, pass(10))).toEqual([all(1, 0n, 0n), dry("a", rest % 5n)]);
  });

  test("is burned with the balance, in one sum, when a charge beyond both comes early", () => {
    const session = thrifty({ balance: 2_000n });
    const [rest] = balances(session);
    const { events, ledger } = session.apply(pass(1_000_000));
    expect(only(events, "ran-dry")).toMatchObject([{ burned: rest! + 90n }]);
    expect(ledger).toMatchObject({ balances: 0n, reserved: 0n });
  });

  test("lowers the freezing threshold, at most to nothing", () => {
    const freezing = 50; // for which three pages cost 150
    const session = boot(charged({ a: writing(3, { freezing, methods: { spend: [burn(1_000_000n), reply()] } }) }, scarce(0)));
    asked(session, "a");
    session.apply(ingress("j", "a", "spend"));
    expect(only(session.apply(pass(0)).events, "executed")[0]!.balance).toBe(150n - 90n + 998n);
    const rich = boot(charged({ a: writing(3, { freezing: 20, methods: { spend: [burn(1_000_000n), reply()] } }) }, scarce(0)));
    asked(rich, "a");
    rich.apply(ingress("j", "a", "spend"));
    expect(only(rich.apply(pass(0)).events, "executed")[0]!.balance).toBe(998n);
  });

  test("is burned with a canister that is deleted", () => {
    const session = thrifty();
    const [balance] = balances(session);
    const { events, ledger } = session.apply({ kind: "delete-canister", canister: canisterId("a") });
    expect(only(events, "canister-deleted")).toMatchObject([{ burned: balance! + 90n }]);
    expect(ledger).toMatchObject({ balances: 0n, reserved: 0n });
  });

  test("outlives a restart, and the loss of the code", () => {
    const session = thrifty();
    session.apply(pass(10));
    session.apply({ kind: "restart" });
    expect(reserves(session)).toEqual([40n]);
    session.apply(uninstall("a"));
    expect(told(session, pass(10))).toEqual([all(1, 0n, 20n)]);
    expect(reserves(session)).toEqual([20n]);
  });
});
