/**
 * The example charges its canisters for what they occupy as a reader of `docs/machine.md` works it out with pencil and paper. A page
 * of 8 bytes costs 8 cycles a second, to have any page 5, a percent of compute allocation 3.
 */
import { afterAll, describe, expect, test } from "vitest";
import { converse } from "./conversation.ts";
import {
  call,
  canister,
  fees,
  ingress,
  kinds,
  ledger,
  observing,
  of,
  only,
  rejected,
  replied,
  reply,
  root,
  round,
  setTimer,
  write,
} from "./pencil.ts";

const conversation = converse("machine.py");
const observe = observing(conversation);
afterAll(async () => {
  expect(await conversation.end()).toBe(0);
});

const rents = { ...fees, gibSecond: String(2 ** 30), baseSecond: "5", percentSecond: "3" };
const charging = { fees: rents, chargePeriod: "10000000000", ingressLifetime: "999999999999", historyLifetime: "999999999999" };
const after = (elapsed: string) => ({ ...round(), elapsed });

describe("a charge", () => {
  test("is due when the period is over, for whole seconds, and the rest of a second is never paid", async () => {
    const world = [{ ...canister("alice", {}), computeAllocation: 2 }, canister("bob", {})];
    const inputs = [after("9999999999"), after("1"), after("10999999999"), after("9000000001"), after("1999999998")];
    const observed = await observe(world, inputs, charging);
    expect(observed.map((at) => of(at, "resources-charged"))).toEqual([
      [],
      [{ kind: "resources-charged", canisters: 2, memory: "0", messages: "0", compute: "60" }],
      [{ kind: "resources-charged", canisters: 2, memory: "0", messages: "0", compute: "60" }],
      [],
      [{ kind: "resources-charged", canisters: 2, memory: "0", messages: "0", compute: "60" }],
    ]);
    expect(observed.at(-1)!.ledger).toEqual(ledger({ balances: "19820", burned: "180", minted: "20000" }));
  });

  test("is for the pages that are there, once for having any, and comes behind everything that runs", async () => {
    const world = [canister("alice", { m: [write(0, "01"), write(3, ""), reply("")] })];
    const [, charged] = await observe(world, [ingress("a", "alice", "m"), after("10000000000")], charging);
    expect(kinds(charged).slice(-3)).toEqual(["turn-ended", "resources-charged", "round-ended"]);
    expect(only(charged, "resources-charged")).toMatchObject({ canisters: 1, memory: "210", messages: "0", compute: "0" });
    expect(charged!.ledger).toEqual(ledger({ balances: "9637", burned: "363", minted: "10000" })); // 50 and 103 for the message
  });

  test("is nothing on a free subnet, where nothing else has a price either", async () => {
    const world = [{ ...canister("alice", { m: [write(0, "01"), reply("")] }), computeAllocation: 2, balance: "0", freezingThreshold: 9 }];
    const inputs = [ingress("a", "alice", "m"), after("10000000000")];
    const [, charged] = await observe(world, inputs, { ...charging, fees: { ...rents, schedule: "free" } });
    expect(only(charged, "executed")).toMatchObject({ trap: null, prepaid: "0", charged: "0", balance: "0" });
    expect(only(charged, "resources-charged")).toMatchObject({ canisters: 1, memory: "0", messages: "0", compute: "0" });
  });
});

describe("a canister that cannot pay", () => {
  // After 100 seconds memory is 1300, the allocation 300. The message takes 50 and 103.
  const charged = async (left: number) => {
    const body = [write(0, "01"), setTimer("1"), reply("")];
    const world = [{ ...canister("alice", { m: body }), balance: String(left + 153), computeAllocation: 1 }];
    return observe(world, [ingress("a", "alice", "m"), after("100000000000"), after("10000000000")], charging);
  };

  test("is none that can pay to the last cycle", async () => {
    const [, paid, poor] = await charged(1600);
    expect(only(paid, "resources-charged")).toEqual({
      kind: "resources-charged",
      canisters: 1,
      memory: "1300",
      messages: "0",
      compute: "300",
    });
    expect(paid!.ledger).toEqual(ledger({ balances: "0", burned: "1753", minted: "1753" }));
    expect(kinds(paid)).not.toContain("ran-dry");
    expect(only(poor, "ran-dry")).toEqual({ kind: "ran-dry", canister: "alice", burned: "0" });
  });

  test.each([
    ["the memory pays nothing", 1299, "0", "1299"],
    ["the allocation pays the memory alone", 1599, "1300", "299"],
  ])("for %s, and loses its code, its pages, its timer, its allocation and what is left", async (_, left, memory, burned) => {
    const [, dry, next] = await charged(left);
    expect(kinds(dry).slice(-3)).toEqual(["resources-charged", "ran-dry", "round-ended"]);
    expect(only(dry, "resources-charged")).toMatchObject({ canisters: 1, memory, messages: "0", compute: "0" });
    expect(only(dry, "ran-dry")).toEqual({ kind: "ran-dry", canister: "alice", burned });
    expect(dry!.stateRoot).toBe(root(Number(dry!.events[0]!["time"]), { alice: {} }, { a: replied("") }));
    expect(dry!.ledger).toEqual(ledger({ balances: "0", burned: String(left + 153), minted: String(left + 153) }));
    expect(kinds(next)).toEqual(["round-began", "resources-charged", "round-ended"]);
    expect(only(next, "resources-charged")).toMatchObject({ canisters: 1, memory: "0", messages: "0", compute: "0" });
  });

  test("answers whom it owes something, and still gets back what it attached", async () => {
    const world = [{ ...canister("alice", { m: [call("aaaaa-aa", "raw_rand", { attached: "7" })] }), computeAllocation: 30 }];
    const [, dry, answered] = await observe(world, [ingress("a", "alice", "m"), after("100000000000"), round()], charging);
    expect(kinds(dry).slice(5)).toEqual([
      ...["resources-charged", "ran-dry", "answered", "ingress-answered", "context-deleted", "randomness-asked", "round-ended"],
    ]);
    expect(only(dry, "ran-dry")).toMatchObject({ burned: "8658" }); // of 10000: 50, 101, 7, and 20 and 1164 for the call; 9000 are due
    expect(only(dry, "ingress-answered")).toMatchObject({ result: rejected("IC0406", 4) });
    expect(only(answered, "response-discarded")).toMatchObject({ canister: "alice", refunded: "7", released: "1132", balance: "1139" });
  });
});

test("the reception of a message is scaled in two parts, or as a whole", async () => {
  const inducted = async (ingressScaled: string) => {
    const odd = { ...fees, subnetSize: 3, referenceSubnetSize: 4, ingressScaled }; // 50 and 3 times 2
    const [, taken] = await observe([canister("alice", {})], [ingress("a", "alice", "m", "000000"), round()], { fees: odd });
    return only(taken, "ingress-inducted")!["fee"];
  };
  expect(await inducted("apart")).toBe("40"); // 37.5 and 3 times 1.5
  expect(await inducted("together")).toBe("42");
});

test("the freezing threshold counts what it costs to have any page", async () => {
  const world = [{ ...canister("alice", { m: [write(0, "00"), { op: "burn", cycles: "99999" }, reply("")] }), freezingThreshold: 10 }];
  const [, taken] = await observe(world, [ingress("a", "alice", "m"), round()], { fees: rents });
  expect(only(taken, "executed")).toMatchObject({ burned: String(10_000 - 50 - 1100 - 130), balance: String(130 + 997) });
});
