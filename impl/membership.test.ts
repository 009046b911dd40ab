/** Canisters that come, go and change what they reserve. */
import { describe, expect, test } from "vitest";
import { canisterId, cycles, percent, type Input } from "../spec/index.ts";
import { boot } from "./engine.ts";
import {
  call,
  consume,
  ingress,
  networked,
  only,
  reply,
  round,
  smallParameters,
  smallWorld,
  write,
  type SmallCanister,
} from "./small-world.ts";

const create = (id: string, said: SmallCanister = {}): Input => ({
  kind: "create-canister",
  canister: smallWorld({ [id]: said }).canisters[0]!,
});
const remove = (id: string): Input => ({ kind: "delete-canister", canister: canisterId(id) });
const allocate = (id: string, count: number): Input => ({
  kind: "set-compute-allocation",
  canister: canisterId(id),
  computeAllocation: percent(count),
});

describe("a canister", () => {
  test("is created where its id is free and what it reserves is there, with a balance that is minted", () => {
    const session = boot(networked(smallWorld({ b: { allocation: 60 } }, { allocatable: 50 }), "s0", { far: "s1" }));
    for (const id of ["b", "far", "aaaaa-aa"])
      expect(session.apply(create(id)).events).toEqual([{ kind: "canister-create-refused", canister: id, error: "IC0205" }]);
    expect(session.apply(create("a", { allocation: 40 })).events).toMatchObject([{ error: "IC0101" }]);
    const { events, ledger } = session.apply(create("a", { allocation: 39, balance: 5n }));
    expect(events).toEqual([{ kind: "canister-created", canister: "a", computeAllocation: 39, balance: 5n }]);
    expect(ledger.minted).toBe(100_005n);
    expect(session.apply(create("c")).events).toMatchObject([{ kind: "canister-created" }]); // nothing is always there
    expect(session.view().canisters.map(({ id }) => id)).toEqual(["a", "b", "c"]);
  });

  test("pays for its creation out of the cycles that come with it, which are to cover that", () => {
    const fees = { ...smallParameters.fees, creation: cycles(260n), subnetSize: 7 };
    const session = boot(smallWorld({ b: {} }, { fees }));
    expect(session.apply(create("a", { balance: 139n })).events).toEqual([
      { kind: "canister-create-refused", canister: "a", error: "IC0403" },
    ]);
    expect(session.apply(create("a", { balance: 140n })).events).toMatchObject([{ kind: "canister-created", balance: 0n }]);
    const { events, ledger } = session.apply(create("c", { balance: 145n }));
    expect(events).toMatchObject([{ kind: "canister-created", balance: 5n }]);
    expect([ledger.balances, ledger.burned, ledger.minted]).toEqual([100_005n, 280n, 100_285n]);
    session.apply({ kind: "set-fees", fees: { ...fees, schedule: "free" } });
    expect(session.apply(create("d", { balance: 0n })).events).toMatchObject([{ kind: "canister-created", balance: 0n }]);
  });

  test("runs like any other, its own and the others' records being their own still", () => {
    const session = boot(smallWorld({ b: { go: [write(0, "01"), reply()] } }));
    session.apply(create("a", { go: [write(0, "02"), reply()], onHeartbeat: [] }));
    for (const id of ["a", "b"]) session.apply(ingress(`i-${id}`, id));
    const changed = session.apply(round()).stateRoot;
    const direct = boot(smallWorld({ a: { go: [write(0, "02"), reply()], onHeartbeat: [] }, b: { go: [write(0, "01"), reply()] } }));
    for (const id of ["a", "b"]) direct.apply(ingress(`i-${id}`, id));
    expect(changed).toBe(direct.apply(round()).stateRoot);
  });

  test("is deleted when it owes nothing and has nothing, burns what it had, and its id never comes back", () => {
    const session = boot(smallWorld({ a: {}, b: {} }));
    const { stateRoot } = boot(smallWorld({ b: {} })).apply({ kind: "restart" });
    const { events, ledger, ...observed } = session.apply(remove("a"));
    expect(events).toEqual([{ kind: "canister-deleted", canister: "a", burned: 100_000n }]);
    expect([ledger.balances, ledger.burned, observed.stateRoot]).toEqual([100_000n, 100_000n, stateRoot]);
    expect(session.apply(remove("a")).events).toEqual([{ kind: "canister-delete-refused", canister: "a", error: "IC0301" }]);
    expect(session.apply(create("a")).events).toMatchObject([{ error: "IC0205" }]);
    session.apply({ kind: "restart" });
    expect(session.apply(create("a")).events).toMatchObject([{ error: "IC0205" }]);
  });

  test("is not deleted while it waits for an answer", () => {
    const session = boot(smallWorld({ a: { go: [call("aaaaa-aa", { method: "raw_rand" })] } }, { tapeLag: 9 }));
    session.apply(ingress("i", "a"));
    session.apply(round());
    expect(session.apply(remove("a")).events).toMatchObject([{ kind: "canister-delete-refused", error: "IC0510" }]);
  });

  test("is not deleted while something waits for it", () => {
    const session = boot(smallWorld({ a: { go: [consume(999), reply()] } }, { cores: 1 }));
    for (const id of ["i", "j", "k", "l", "m"]) session.apply(ingress(id, "a"));
    session.apply(round());
    expect(session.apply(remove("a")).events).toMatchObject([{ kind: "canister-delete-refused", error: "IC0203" }]);
  });

  test("that is gone gets no ingress, and calls to it come back", () => {
    const session = boot(smallWorld({ a: {}, b: { go: [call("a", { onReject: [reply({ kind: "message" })] })] } }));
    for (const id of ["a", "b"]) session.apply(ingress(`i-${id}`, id));
    session.apply(remove("a"));
    session.apply({ kind: "restart" });
    const { events } = session.apply(round());
    expect(only(events, "ingress-answered")).toEqual([
      { kind: "ingress-answered", ingress: "i-a", result: { kind: "reject", code: 3, error: "IC0301" } },
    ]);
    expect(only(events, "request-bounced")).toMatchObject([{ caller: "b", error: "IC0301" }]);
  });

  test("that comes is reached by those that called in vain before", () => {
    const session = boot(smallWorld({ b: { go: [call("a", { onReject: [reply("00")], onReply: [reply("01")] })] } }));
    session.apply(ingress("i", "b"));
    session.apply(round());
    session.apply(create("a"));
    session.apply(ingress("j", "b"));
    const answers = only(session.apply(round()).events, "ingress-answered");
    expect(answers.map(({ ingress: id, result }) => `${id} ${result.kind === "reply" ? result.payload : ""}`)).toEqual(["i 00", "j 01"]);
  });
});

describe("a compute allocation", () => {
  test("falls always, and grows as far as there is something to reserve", () => {
    const session = boot(smallWorld({ a: { allocation: 60 }, b: { allocation: 30 } }, { allocatable: 50 }));
    expect(session.apply(allocate("b", 40)).events).toEqual([{ kind: "allocation-refused", canister: "b", error: "IC0101" }]);
    expect(session.apply(allocate("b", 39)).events).toEqual([{ kind: "allocation-set", canister: "b", computeAllocation: 39 }]);
    expect(session.apply(allocate("nobody", 0)).events).toMatchObject([{ error: "IC0301" }]);
    expect(session.view().canisters.map(({ computeAllocation }) => computeAllocation)).toEqual([60, 39]);
  });

  test("is in the freezing threshold at once, and in the priorities from the next round on", () => {
    const session = boot(smallWorld({ a: { freezing: 1, balance: 150n }, b: {}, c: {} }, { cores: 1 }));
    session.apply(round());
    session.apply(allocate("a", 99));
    expect(session.apply(ingress("i", "a")).events).toMatchObject([{ kind: "ingress-received" }]);
    const before = session.view().canisters.map(({ accumulatedPriority }) => accumulatedPriority);
    session.apply(round());
    const gained = session.view().canisters.map(({ accumulatedPriority }, at) => accumulatedPriority - before[at]!);
    expect(before).toEqual([-200n, 100n, 100n]);
    expect(gained).toEqual([3n * 99n + 1n, 1n - 300n, 1n]);
  });
});
