/**
 * Executions of more than one slice as a reader of `docs/machine.md` works them out with pencil and paper. A slice has 100
 * instructions, and a round has time for one.
 */
import { afterAll, describe, expect, test } from "vitest";
import { converse } from "./conversation.ts";
import {
  burn,
  call,
  canister,
  consume,
  fees,
  ingress,
  kinds,
  ledger,
  observing,
  of,
  only,
  quiet,
  rejected,
  reply,
  round,
  uninstall,
  write,
} from "./pencil.ts";

const conversation = converse("machine.py");
const observe = observing(conversation);
afterAll(async () => {
  expect(await conversation.end()).toBe(0);
});

const sliced = { sliceInstructionLimit: 100, roundInstructionLimit: 110, pageSize: 16 };
const setFees = (changed: object) => ({ kind: "set-fees", fees: { ...fees, ...changed } });
const body = [consume(248), write(0, { kind: "time" }), write(1, { kind: "balance" }), reply("01")]; // 251 instructions
const world = [canister("alice", { m: body })];
const started = [ingress("a", "alice", "m"), round()];
const cause = { kind: "update", origin: { kind: "ingress", ingress: "a" }, method: "m", attached: "0" };
const hex = (count: number, bytes: number) => count.toString(16).padStart(2 * bytes, "0");

describe("an execution that is paused", () => {
  test("is seen at its end, as of its start", async () => {
    const observed = await observe(world, [...started, round(), round()], sliced);
    const paused = { kind: "execution-paused", canister: "alice", cause, prepaid: "1100", since: 1, balance: "8850" };
    expect(observed[1]!.events.slice(2)).toEqual([
      { kind: "turn-began", iteration: 1, core: 0, canister: "alice" },
      { ...paused, slices: 1, instructions: 100 },
      { kind: "turn-ended", iteration: 1, core: 0, canister: "alice", instructions: 110, drained: true },
      { kind: "round-ended", height: 1, iterations: 1, instructions: 110 },
    ]);
    expect(observed[1]!.ledger).toEqual(ledger({ balances: "8850", executions: "1100", burned: "50", minted: "10000" }));
    expect(observed[2]!.events.slice(2, 4)).toEqual([
      { kind: "execution-resumed", canister: "alice", afresh: false },
      { ...paused, slices: 2, instructions: 200 },
    ]);
    expect(observed[3]!.events.slice(2, 5)).toEqual([
      { kind: "execution-resumed", canister: "alice", afresh: false },
      {
        ...{ ...quiet, canister: "alice", cause, context: 0, instructions: 251, charged: "351", balance: "9599" },
        wrote: [
          [0, hex(1005, 8)],
          [1, hex(8850, 16)],
        ],
      },
      { kind: "execution-finished", canister: "alice", slices: 3, since: 1, postponed: "0" },
    ]);
    expect(of(observed[3], "turn-ended")).toMatchObject([{ instructions: 61 }]);
    expect(observed[3]!.ledger).toEqual(ledger({ balances: "9599", burned: "401", minted: "10000" }));
  });

  test("keeps the prices of its start; what comes meanwhile pays those of now, and later", async () => {
    const inputs = [...started, setFees({ execution: "300", ingress: "60" }), ingress("b", "alice", "m"), round(), round()];
    const observed = await observe(world, [...inputs, round()], sliced);
    expect(only(observed[4], "ingress-inducted")).toMatchObject({ ingress: "b", fee: "60", balance: "8850" });
    expect(only(observed[5], "executed")).toMatchObject({ prepaid: "1100", charged: "351", balance: "9539" });
    expect(only(observed[5], "execution-finished")).toMatchObject({ postponed: "60" });
    expect(kinds(observed[5]).slice(-2)).toEqual(["turn-ended", "round-ended"]); // alice rests
    expect(only(observed[6], "execution-paused")).toMatchObject({ prepaid: "1300", balance: "8239" });
  });

  test("refuses ingress that it could not pay behind what it postponed", async () => {
    const inputs = [...started, ingress("b", "alice", "m"), ingress("c", "alice", "m"), round()];
    const observed = await observe([{ ...world[0]!, balance: "1249" }], inputs, sliced); // 99 are left
    expect(only(observed[4], "ingress-inducted")).toMatchObject({ ingress: "b" });
    expect(only(observed[4], "ingress-answered")).toMatchObject({ ingress: "c", result: rejected("IC0207", 2) });
  });

  test("gets what is put onto its canister when it is over, and nothing of it burns before", async () => {
    const burning = [canister("alice", { m: [consume(150), burn("99999"), reply("")] })];
    const [, , , taken] = await observe(burning, [...started, { kind: "top-up", canister: "alice", cycles: "5" }, round()], sliced);
    expect(only(taken, "executed")).toMatchObject({ burned: "8850", balance: String(1100 - 252 + 5) });
  });

  test("keeps its canister from being emptied, and its allocation as it is", async () => {
    const inputs = [...started, uninstall("alice"), { kind: "set-compute-allocation", canister: "alice", computeAllocation: 0 }];
    const observed = await observe(world, inputs, sliced);
    expect(only(observed[2], "uninstall-refused")).toMatchObject({ error: "CN0015" });
    expect(only(observed[3], "allocation-refused")).toMatchObject({ error: "CN0015" });
  });

  test("may be that of a response, which is held", async () => {
    const asking = [canister("alice", { m: [call("nobody", "m", { attached: "7", onReject: [consume(150), reply("")] })] })];
    const [, , paused, taken] = await observe(asking, [...started, round(), round()], sliced);
    expect(only(paused, "execution-paused")).toMatchObject({ cause: { kind: "response", callback: 0 }, prepaid: "0" });
    expect(paused!.ledger).toMatchObject({ callbacks: "1164", executions: "7", messages: "0" });
    expect(only(taken, "executed")).toMatchObject({ prepaid: "1100", refunded: "7", instructions: 151 });
    expect(taken!.ledger).toMatchObject({ callbacks: "0", executions: "0" });
  });
});

describe("an execution that is aborted", () => {
  const aborting = { ...sliced, maxPausedExecutions: 0 };

  test("begins again, and pays the prices of now: more, or less", async () => {
    const inputs = [...started, round(), setFees({ execution: "300" }), round(), setFees({}), round()];
    const observed = await observe(world, inputs, aborting);
    const aborted = { kind: "execution-aborted", canister: "alice", slices: 1, instructions: 100, postponed: "0" };
    expect(observed[1]!.events.at(-2)).toEqual({ ...aborted, balance: "8850" });
    expect(kinds(observed[2]).slice(1, 4)).toEqual(["turn-began", "execution-resumed", "execution-paused"]);
    expect(only(observed[2], "execution-resumed")).toMatchObject({ afresh: true });
    expect(observed[4]!.events[3]).toEqual({
      kind: "prepayment-adjusted",
      canister: "alice",
      taken: "200",
      returned: "0",
      balance: "8650",
    });
    expect(only(observed[4], "execution-paused")).toMatchObject({ prepaid: "1300", since: 1, slices: 1 });
    expect(observed[4]!.ledger["executions"]).toBe("1300");
    expect(observed[6]!.events[3]).toEqual({
      kind: "prepayment-adjusted",
      canister: "alice",
      taken: "0",
      returned: "200",
      balance: "8850",
    });
  });

  test.each([
    ["9950", []], // 8850 are there for what 1100 lack
    ["9951", ["IC0207"]],
  ])("is over when it cannot pay a prepayment of %s", async (execution, errors) => {
    const inputs = [...started, setFees({ execution, tenInstructions: "0" }), round()];
    const observed = await observe(world, inputs, aborting);
    expect(of(observed[3], "not-executed").map(({ error }) => error)).toEqual(errors);
    if (errors.length === 0) return expect(only(observed[3], "prepayment-adjusted")).toMatchObject({ taken: "8850", balance: "0" });
    expect(observed[3]!.events.slice(2, 6)).toEqual([
      { kind: "execution-resumed", canister: "alice", afresh: true },
      { kind: "not-executed", canister: "alice", cause, error: "IC0207", charged: "0", balance: "9950" },
      { kind: "answered", canister: "alice", context: null, origin: cause.origin, result: rejected("IC0207", 2), refund: "0" },
      { kind: "ingress-answered", ingress: "a", result: rejected("IC0207", 2) },
    ]);
    expect(observed[3]!.ledger).toEqual(ledger({ balances: "9950", burned: "50", minted: "10000" }));
  });

  test("leaves its canister at rest when it was given up, for that round", async () => {
    const long = [canister("alice", { m: [consume(950), reply("")] })];
    const inputs = [...started, ingress("b", "alice", "m"), setFees({ execution: "9901", tenInstructions: "0" }), round(), round()];
    const observed = await observe(long, inputs, { ...aborting, roundInstructionLimit: 1000 }); // nine slices in a round
    expect(only(observed[1], "execution-aborted")).toMatchObject({ slices: 9, instructions: 900 });
    expect(of(observed[4], "not-executed").map(({ cause: of }) => of)).toEqual([cause]);
    expect(of(observed[4], "turn-ended")).toMatchObject([{ instructions: 10, drained: false }]);
    expect(of(observed[5], "not-executed").map(({ error }) => error)).toEqual(["IC0207"]);
  });

  test("is the one that is last in the order of the round", async () => {
    const three = ["alice", "bob", "carol"].map((id) => canister(id, { m: body }));
    const inputs = [...three.map(({ id }) => ingress(id, id, "m")), round(), round()];
    const observed = await observe(three, inputs, { ...sliced, cores: 3, maxPausedExecutions: 2 });
    expect(only(observed[3], "execution-aborted")).toMatchObject({ canister: "carol" });
  });

  test("refuses a response when its callback cannot be paid any more, and says that it is finished", async () => {
    const asking = [canister("alice", { m: [call("nobody", "m", { onReject: [consume(150), reply("")] })] })];
    const inputs = [...started, round(), setFees({ execution: "99999" }), round()];
    const observed = await observe(asking, inputs, aborting);
    expect(kinds(observed[4]).slice(2, 5)).toEqual(["execution-resumed", "callback-refused", "execution-finished"]);
    expect(only(observed[4], "execution-finished")).toMatchObject({ slices: 1, since: 2 });
  });
});
