/**
 * Prices that change, and what it costs to create a canister, as a reader of `docs/machine.md` works it out with pencil and paper. At
 * first an execution of up to 1000 instructions is prepaid with 1100, and a call sets aside 64 and 1100 for its response.
 */
import { afterAll, describe, expect, test } from "vitest";
import { converse } from "./conversation.ts";
import { call, canister, consume, fees, ingress, kinds, ledger, observing, of, only, rejected, reply, round } from "./pencil.ts";

const conversation = converse("machine.py");
const observe = observing(conversation);
afterAll(async () => {
  expect(await conversation.end()).toBe(0);
});

const setFees = (changed: object) => ({ kind: "set-fees", fees: { ...fees, name: "later", ...changed } });

test("prices that were set hold at once, and a restart keeps them", async () => {
  const world = [canister("alice", { m: [reply("")] })];
  const inputs = [setFees({ execution: "300", ingress: "7" }), { kind: "restart" }, ingress("a", "alice", "m"), round()];
  const [set, , , taken] = await observe(world, inputs);
  expect(set!.events).toEqual([{ kind: "fees-set", name: "later" }]);
  expect(set!.ledger).toEqual(ledger({ balances: "10000", minted: "10000" }));
  expect(only(taken, "ingress-inducted")).toMatchObject({ fee: "7" });
  expect(only(taken, "executed")).toMatchObject({ prepaid: "1300", charged: "301", balance: "9692" });
});

describe("a response to a call from before", () => {
  // The round ends behind the call. 1950 are alice's when the response comes, which refunds 7.
  const changed = { roundInstructionLimit: 1500 };
  const asked = (cleanup: object[] = []) => [
    {
      ...canister("alice", { ask: [consume(900), call("bob", "m", { attached: "7", onReply: [reply("dd")], onCleanup: cleanup })] }),
      balance: "4142",
    },
    { ...canister("bob", { m: [reply("02")] }), balance: "99999" },
  ];
  const responding = async (later: object) => {
    const observed = await observe(asked(), [ingress("a", "alice", "ask"), round(), setFees(later), round()], changed);
    expect(only(observed[1], "executed")).toMatchObject({ balance: "1900" });
    expect(observed[2]!.ledger["callbacks"]).toBe("1164");
    return observed[3]!;
  };

  test("pays the prices of now, for what its reserve lacks", async () => {
    const taken = await responding({ execution: "300", transmissionByte: "2" });
    expect(of(taken, "executed")[1]).toMatchObject({
      ...{ canister: "alice", prepaid: "1300", charged: "301", transmissionReserve: "64", transmissionFee: "2", refunded: "7" },
      balance: String(1900 + 7 + 62 + 1100 - 301),
    });
    expect(taken.ledger).toMatchObject({ callbacks: "0", executions: "0" });
  });

  test("gets back what its reserve has beyond", async () => {
    const taken = await responding({ execution: "1" });
    expect(of(taken, "executed")[1]).toMatchObject({ prepaid: "1001", charged: "2", balance: String(1900 + 7 + 63 + 1100 - 2) });
  });

  test("pays for its bytes what its reserve holds at most", async () => {
    const taken = await responding({ transmissionByte: "99" });
    expect(of(taken, "executed")[1]).toMatchObject({ transmissionFee: "64", balance: String(1900 + 7 + 1100 - 101) });
  });

  test("is executed as long as all that it brings can pay", async () => {
    const taken = await responding({ execution: "2069", transmissionByte: "2" }); // 1900, 7, 62 and 1100 make 3069
    expect(of(taken, "executed")[1]).toMatchObject({ canister: "alice", trap: null, prepaid: "3069", balance: "999" });
  });

  test("is refused else: the call is over, and costs the base fee", async () => {
    const taken = await responding({ execution: "2070", transmissionByte: "2" });
    expect(kinds(taken).slice(-7)).toEqual([
      ...["turn-began", "callback-refused", "answered", "ingress-answered", "context-removed", "turn-ended", "round-ended"],
    ]);
    expect(only(taken, "callback-refused")).toEqual({
      ...{ kind: "callback-refused", canister: "alice", callback: 0, error: "IC0207" },
      ...{ refunded: "7", released: "62", transmissionFee: "2", charged: "1100", balance: "1969" }, // all that the reserve has of 2070
    });
    expect(only(taken, "ingress-answered")).toMatchObject({ result: rejected("IC0207", 2) });
    expect(of(taken, "turn-ended")[1]).toMatchObject({ canister: "alice", instructions: 10 });
    expect(taken.ledger).toMatchObject({ callbacks: "0", messages: "0" });
  });

  test("gets back what the base fee leaves of its reserve", async () => {
    const taken = await responding({ execution: "900", tenInstructions: "60" });
    expect(only(taken, "callback-refused")).toMatchObject({ released: String(63 + 200), charged: "900", balance: String(1900 + 7 + 263) });
  });
});

describe("a canister that is created", () => {
  const dear = { fees: { ...fees, subnetSize: 26, creation: "150" } };
  const creating = (said: object = {}) => ({ kind: "create-canister", canister: { ...canister("carol", { m: [reply("")] }), ...said } });

  test("pays for it, has the rest, and runs", async () => {
    const inputs = [creating({ balance: "5000", computeAllocation: 3 }), ingress("a", "carol", "m"), round()];
    const [created, , taken] = await observe([canister("alice", {})], inputs, dear);
    expect(created!.events).toEqual([{ kind: "canister-created", canister: "carol", computeAllocation: 3, balance: "4700" }]);
    expect(created!.ledger).toEqual(ledger({ balances: "14700", burned: "300", minted: "15000" }));
    expect(only(taken, "executed")).toMatchObject({ canister: "carol", trap: null });
  });

  test.each([
    ["IC0205", { id: "alice", computeAllocation: 999, balance: "0" }],
    ["IC0205", { id: "aaaaa-aa" }],
    ["IC0101", { computeAllocation: 190, balance: "0" }], // 10 and 190 of 200
    ["IC0403", { computeAllocation: 189, balance: "299" }],
  ])("is refused with %s, in the order of the rule", async (error, said) => {
    const { id } = { id: "carol", ...said };
    const [refused] = await observe([{ ...canister("alice", {}), computeAllocation: 10 }], [creating(said)], dear);
    expect(refused!.events).toEqual([{ kind: "canister-create-refused", canister: id, error }]);
    expect(refused!.ledger).toEqual(ledger({ balances: "10000", minted: "10000" }));
  });

  test("may get another allocation, as long as there is some", async () => {
    const inputs = [["carol", 1] as const, ["alice", 200] as const, ["alice", 199] as const, ["alice", 5] as const].map(
      ([id, computeAllocation]) => ({ kind: "set-compute-allocation", canister: id, computeAllocation }),
    );
    const observed = await observe([canister("alice", {})], inputs);
    expect(observed.map(({ events }) => events)).toEqual([
      [{ kind: "allocation-refused", canister: "carol", error: "IC0301" }],
      [{ kind: "allocation-refused", canister: "alice", error: "IC0101" }],
      [{ kind: "allocation-set", canister: "alice", computeAllocation: 199 }],
      [{ kind: "allocation-set", canister: "alice", computeAllocation: 5 }],
    ]);
  });
});
