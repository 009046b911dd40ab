/**
 * Memory that is scarce, for pages and for messages, as a reader of `docs/machine.md` works it out with pencil and paper. A byte costs
 * a cycle a second. With a threshold of 16 bytes, a capacity of 48, and 32 seconds, one core sets aside `g · floor(g / 2)` for
 * g bytes above the threshold: nothing for two pages of 8, then 32, 96, 160 and 224.
 */
import { afterAll, describe, expect, test } from "vitest";
import { converse } from "./conversation.ts";
import { burn, call, canister, consume, fees, ingress, ledger, observing, of, only, rejected, reply, round, write } from "./pencil.ts";

const conversation = converse("machine.py");
const observe = observing(conversation);
afterAll(async () => {
  expect(await conversation.end()).toBe(0);
});

const dear = { ...fees, gibSecond: String(2 ** 30) };
const scarce = { cores: 1, fees: dear, storage: { threshold: 16, capacity: 48, period: 32 }, maxPages: 9 };
const writing = (...pages: number[]) => pages.map((page) => write(page, "01"));
const after = (elapsed: string) => ({ ...round(), elapsed });
/** What is left when a message was paid for, before its instructions are refunded. */
const received = 50 + 1100;

describe("a new page", () => {
  const alice = (...pages: number[]) => ({ ...canister("alice", { m: [...writing(...pages), reply("")] }) });

  test("has cycles set aside, once memory is scarce, and once for each page", async () => {
    const inputs = [ingress("a", "alice", "m"), round(), ingress("b", "alice", "m"), round()];
    const [, grown, , again] = await observe([alice(0, 1, 2, 3)], inputs, scarce);
    expect(only(grown, "executed")).toMatchObject({ trap: null, charged: "105", reserved: "128", balance: "9717" });
    expect(grown!.ledger).toEqual(ledger({ balances: "9717", reserved: "128", burned: "155", minted: "10000" }));
    expect(only(again, "executed")).toMatchObject({ trap: null, reserved: "0" });
    expect(again!.ledger["reserved"]).toBe("128");
  });

  test("costs nothing beyond the capacity", async () => {
    const [, grown] = await observe([alice(0, 1, 2, 3, 4, 5, 6, 7)], [ingress("a", "alice", "m"), round()], scarce);
    expect(only(grown, "executed")).toMatchObject({ trap: null, reserved: "512" });
  });

  test("is seen by its own core at once, by the others in the next iteration", async () => {
    // Either of two cores has a threshold of 8 and a capacity of 24: 64 for a second page, then 192.
    const world = ["alice", "bob"].map((id) => canister(id, { two: writing(0, 1), third: writing(2) }));
    const inputs = [ingress("a", "alice", "two"), ingress("b", "bob", "two"), round(), ingress("c", "bob", "third"), round()];
    const observed = await observe(world, inputs, { ...scarce, cores: 2 });
    expect(of(observed[2], "executed").map(({ reserved }) => reserved)).toEqual(["64", "64"]);
    expect(only(observed[4], "executed")).toMatchObject({ reserved: "192" }); // of 32 bytes in use a core sees 16
  });

  test.each([
    ["is refused where the canister may not set aside so much", { reservedLimit: "127" }, "IC0534"],
    ["is allowed to the last cycle of the limit", { reservedLimit: "128" }, null],
    ["is refused to who cannot pay", { balance: String(received + 127) }, "IC0532"],
    ["is allowed to who can pay with the last cycle", { balance: String(received + 128) }, null],
    // 32 bytes for 9 seconds make 288, of which 128 are set aside.
    ["is refused to who would be frozen then", { balance: String(received + 287), freezingThreshold: 9 }, "IC0532"],
    ["is allowed where what is set aside will pay", { balance: String(received + 288), freezingThreshold: 9 }, null],
  ])("%s", async (_, said, trap) => {
    const [, taken] = await observe([{ ...alice(0, 1, 2, 3), ...said }], [ingress("a", "alice", "m"), round()], scarce);
    expect(only(taken, "executed")).toMatchObject({ trap, reserved: trap ? "0" : "128", wrote: { length: trap ? 0 : 4 } });
    expect(taken!.ledger["reserved"]).toBe(trap ? "0" : "128");
  });

  test("may freeze the canister in a callback, but not in an update", async () => {
    const asking = canister("alice", { ask: [call("nobody", "m", { onReject: writing(0) })], m: writing(0) });
    const inputs = [ingress("a", "alice", "ask"), round(), round(), ingress("b", "alice", "m"), round()];
    const observed = await observe([{ ...asking, freezingThreshold: 9999 }], inputs, scarce);
    expect(only(observed[2], "executed")).toMatchObject({ trap: null, wrote: [[0, "01"]] });
    expect(observed[3]!.events).toEqual([{ kind: "ingress-refused", ingress: "b", error: "IC0207" }]);
    const [, taken] = await observe([{ ...asking, freezingThreshold: 9999 }], [ingress("b", "alice", "m"), round()], scarce);
    expect(only(taken, "executed")).toMatchObject({ trap: "IC0532", wrote: [] });
  });

  test("that a cleanup wrote is told of, not that of its callback", async () => {
    const calling = call("nobody", "m", { onReject: [...writing(0, 1, 2, 3), { op: "trap" }], onCleanup: writing(0, 1, 2) });
    const inputs = [ingress("a", "alice", "ask"), round(), round()];
    const [, , taken] = await observe([canister("alice", { ask: [calling] })], inputs, scarce);
    expect(only(taken, "executed")).toMatchObject({ trap: "IC0503", cleanup: "completed", reserved: "32" });
  });

  test.each([
    [700, "0"],
    [750, "36690935000"],
    [1000, "18382269877500"],
  ])("of a GiB where %i are in use has %s set aside on a subnet of 2026 (facts/cycles.md CYC-4.5)", async (used, reserved) => {
    const gib = 2 ** 30;
    const pages = Array.from({ length: used }, (_, page) => write(page, ""));
    const rich = {
      ...canister("alice", { fill: pages, next: [write(used, "")] }),
      balance: String(10n ** 30n),
      reservedLimit: String(10n ** 30n),
    };
    const inputs = [ingress("a", "alice", "fill"), round(), ingress("b", "alice", "next"), round()];
    const network = { cores: 1, maxPages: 2048, pageSize: gib, fees: { ...fees, gibSecond: "317500" } };
    const storage = { threshold: 750 * gib, capacity: 2048 * gib, period: 300_000_000 };
    const observed = await observe([rich], inputs, { ...network, storage });
    expect(only(observed[3], "executed")).toMatchObject({ trap: null, reserved });
  });
});

describe("a charge", () => {
  const charging = { ...scarce, chargePeriod: "1000000000", ingressLifetime: "999999999999", historyLifetime: "999999999999" };
  const grown = [ingress("a", "alice", "m"), round()];
  const world = [canister("alice", { m: [...writing(0, 1, 2, 3), reply("")] })];

  test("draws on what is set aside first", async () => {
    const [, , first, second] = await observe(world, [...grown, after("3000000000"), after("3000000000")], charging);
    expect(only(first, "resources-charged")).toMatchObject({ memory: "96" });
    expect(first!.ledger).toMatchObject({ balances: "9717", reserved: "32" });
    expect(only(second, "resources-charged")).toMatchObject({ memory: "96" });
    expect(second!.ledger).toMatchObject({ balances: "9653", reserved: "0" });
  });

  test("is covered by both together, or the canister loses both", async () => {
    const poor = [{ ...world[0]!, balance: "1307" }]; // 1024 are left, and 128 set aside: enough for 36 seconds
    const [, , paid] = await observe(poor, [...grown, after("36000000000")], charging);
    expect(paid!.ledger).toMatchObject({ balances: "0", reserved: "0" });
    expect(of(paid, "ran-dry")).toEqual([]);
    const [, , dry] = await observe(poor, [...grown, after("37000000000")], charging);
    expect(only(dry, "ran-dry")).toEqual({ kind: "ran-dry", canister: "alice", burned: "1152" });
    expect(dry!.ledger).toMatchObject({ balances: "0", reserved: "0" });
  });

  test("is made for the places of responses and for replies that wait", async () => {
    const rents = { ...charging, fees: { ...fees, messageGibSecond: String(2 ** 30) }, roundInstructionLimit: 1500 };
    const asking = canister("alice", { ask: [consume(900), call("bob", "m", {})] });
    const both = [asking, canister("bob", { m: [consume(900), reply("0102")] })];
    const [, , charged] = await observe(both, [ingress("a", "alice", "ask"), round(), after("10000000000")], rents);
    expect(only(charged, "resources-charged")).toEqual({
      ...{ kind: "resources-charged", canisters: 2 },
      ...{ memory: "0", messages: String(10 * 64 + 10 * 2), compute: "0" }, // alice has a callback, bob a reply of two bytes
    });
  });
});

describe("the freezing threshold", () => {
  test.each([
    ["1823", "IC0535"], // 1184 for the call; 64 bytes for 10 seconds
    ["1824", null],
    ["1183", "IC0207"],
  ])("counts the place of a response: with %s cycles a call is told %s", async (left, error) => {
    const rents = { fees: { ...fees, messageGibSecond: String(2 ** 30) } };
    const asking = {
      ...canister("alice", { ask: [call("bob", "m", {})] }),
      freezingThreshold: 10,
      balance: String(received + Number(left)),
    };
    const [, taken] = await observe([asking], [ingress("a", "alice", "ask"), round()], rents);
    const refusedCalls = error === null ? [] : [{ callee: "bob", error }];
    expect(only(taken, "executed")).toMatchObject({ trap: null, refusedCalls });
  });

  test("counts the request that is to be executed, which holds a place on either side", async () => {
    const rents = { fees: { ...fees, messageGibSecond: String(2 ** 30) } };
    const bob = (balance: number) => ({ ...canister("bob", { m: [reply("")] }), freezingThreshold: 10, balance: String(balance) });
    const errors = async (balance: number) => {
      const world = [canister("alice", { ask: [call("bob", "m", { onReject: [reply({ kind: "message" })] })] }), bob(balance)];
      const [, taken] = await observe(world, [ingress("a", "alice", "ask"), round()], rents);
      return of(taken, "not-executed").map(({ error }) => error);
    };
    expect(await errors(1100 + 639)).toEqual(["IC0207"]);
    expect(await errors(1100 + 640)).toEqual([]);
  });

  test.each([
    ["a GiB of pages", [], 0, "848880000000"],
    ["a place of 2 MiB and ten percent of a core, too", [call("aaaaa-aa", "raw_rand", {})], 10, "260050487343750"],
  ])("of 30 days is for %s that of facts/cycles.md CYC-GV8", async (_, calls, computeAllocation, threshold) => {
    const free = { execution: "0", tenInstructions: "0", ingress: "0", ingressByte: "0", call: "0", transmissionByte: "0" };
    const rents = { gibSecond: "317500", baseSecond: "10000", messageGibSecond: "317500", percentSecond: "10000000" };
    const body = [write(0, ""), ...calls, burn(String(10n ** 30n)), reply("")];
    const world = [{ ...canister("alice", { m: body }), freezingThreshold: 2_592_000, computeAllocation, balance: String(10n ** 29n) }];
    const changed = { fees: { ...fees, ...free, ...rents }, pageSize: 2 ** 30, maxPayload: 2 ** 21, guaranteedResponseMemory: 2 ** 30 };
    const [, taken] = await observe(world, [ingress("a", "alice", "m"), round()], changed);
    expect(only(taken, "executed")).toMatchObject({ trap: null, balance: threshold });
  });
});

test("what was refused for want of cycles is answered with the error of the page", async () => {
  const world = [{ ...canister("alice", { m: writing(0, 1, 2) }), reservedLimit: "31" }];
  const [, taken] = await observe(world, [ingress("a", "alice", "m"), round()], scarce);
  expect(only(taken, "ingress-answered")).toMatchObject({ result: rejected("IC0534", 5) });
});
